from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable

import pytest

from corpora.archives import Archive, ArchiveLimits, BadArchive, Refused, open_archive

FILES = {"a.txt": b"An Act", "folder/b.txt": b"A Protocol"}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out


def tarred(files: dict[str, bytes], mode: str = "w") -> io.BytesIO:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out


def gz(files: dict[str, bytes]) -> io.BytesIO:
    return tarred(files, "w:gz")


def bz2(files: dict[str, bytes]) -> io.BytesIO:
    return tarred(files, "w:bz2")


def opened(data: io.BytesIO, **limits: int) -> Archive:
    archive = open_archive(data, ArchiveLimits(**limits))
    assert archive is not None
    return archive


def read(archive: Archive) -> dict[str, bytes | str]:
    """The bytes of each entry, or why it is refused."""
    found: dict[str, bytes | str] = {}
    for entry in archive.entries():
        try:
            found[entry.path] = b"".join(entry.chunks)
        except Refused as refused:
            found[entry.path] = str(refused)
    return found


ALL = pytest.mark.parametrize("make", [zipped, tarred, gz, bz2])
Make = Callable[[dict[str, bytes]], io.BytesIO]


@ALL
def test_files_are_read_in_their_order_and_litter_is_left_out(make: Make) -> None:
    more = {**FILES, "__MACOSX/a.txt": b"x", ".DS_Store": b"x", "folder/Thumbs.db": b"x"}
    assert read(opened(make(more))) == FILES


@ALL
def test_the_highest_manifest_is_found(make: Make) -> None:
    manifests = {"deep/down/manifest.csv": b"deep", "deep/Manifest.toml": b"high"}
    assert opened(make({**FILES, **manifests})).manifest() == ("deep/Manifest.toml", b"high")
    assert opened(make(FILES)).manifest() is None


@pytest.mark.parametrize("data", [b"", b"An Act", b"PK", b"PK\x05\x06" + b"\0" * 18, b"\x1f\x8b not gzip", b"BZh not bzip", b"\0" * 2000])
def test_other_files_are_no_archives(data: bytes) -> None:
    assert open_archive(io.BytesIO(data)) is None


def test_an_office_document_is_no_archive() -> None:
    assert open_archive(zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})) is None


@ALL
@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/../../b.txt", "C:/x.txt", "..\\up.txt"])
def test_a_path_that_leads_out_is_refused_and_the_others_are_read(make: Make, name: str) -> None:
    found = read(opened(make({name: b"x", **FILES})))
    assert {path: found[path] for path in FILES} == FILES
    assert next(iter(found.values())) == "its path leads out of the archive"


def test_a_file_without_a_name_is_refused_and_the_others_are_read() -> None:
    """Found by the fuzz: such an archive was answered as a defect of the service."""
    found = zipped({"a.txt": b"x", **FILES}).getvalue()
    at = found.index(b"PK\x01\x02")
    changed = found[: at + 28] + struct.pack("<HH", 0, 5) + found[at + 32 : at + 46] + b"\xfe\xca\x01\x00x" + found[at + 51 :]
    assert "its path leads out of the archive" in read(opened(io.BytesIO(changed))).values()


@ALL
def test_too_many_entries(make: Make) -> None:
    with pytest.raises(BadArchive, match="more than 5 entries"):
        read(opened(make({f"{n}.txt": b"x" for n in range(6)}), entries=5))


@ALL
def test_one_file_too_large_is_refused_and_the_others_are_read(make: Make) -> None:
    found = read(opened(make({"large.txt": b"x" * 2000, **FILES}), file=1000))
    assert found == {"large.txt": "it is larger than 1000 bytes", **FILES}


@ALL
def test_too_much_altogether(make: Make) -> None:
    with pytest.raises(BadArchive, match="more than is allowed"):
        read(opened(make({f"{n}.txt": b"x" * 1000 for n in range(6)}), total=5000))


def test_a_file_that_unpacks_to_far_more_than_its_size_is_refused() -> None:
    found = read(opened(zipped({"bomb.txt": b"\0" * (4 << 20), **FILES})))
    assert found == {"bomb.txt": "it unpacks to more than 100 times its size", **FILES}


def test_links_devices_and_encrypted_files_are_refused() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"{kind!r}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert set(read(opened(out)).values()) == {"it is a link or a device, not a file"}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive_:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive_.writestr(link, "/etc/passwd")
    assert read(opened(out)) == {"link.txt": "it is a link or a device, not a file"}
    flagged = bytearray(zipped({"secret.txt": b"x"}, zipfile.ZIP_STORED).getvalue())
    flagged[flagged.index(b"PK\x01\x02") + 8] |= 1
    assert read(opened(io.BytesIO(bytes(flagged)))) == {"secret.txt": "it is encrypted"}


def test_a_directory_that_claims_to_be_huge_is_not_read() -> None:
    data = bytearray(zipped(FILES).getvalue())
    at = data.rindex(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 0x7FFFFFFF)
    with pytest.raises(BadArchive, match="entries"):
        open_archive(io.BytesIO(bytes(data)))


def test_a_header_that_claims_to_be_huge_is_not_read() -> None:
    name = tarfile.TarInfo("././@LongLink")
    name.type, name.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    archive = io.BytesIO(tarred(FILES).getvalue()[:2048] + name.tobuf(tarfile.GNU_FORMAT) + b"\0" * 4096)
    with pytest.raises(BadArchive, match="damaged"):
        read(opened(archive))


@ALL
def test_a_damaged_archive_says_so(make: Make) -> None:
    data = make({name: bytes(range(256)) * 400 for name in ("a.txt", "b.txt")}).getvalue()
    for cut in (len(data) // 2, len(data) - len(data) // 8):
        try:
            archive = open_archive(io.BytesIO(data[:cut]))
            found = read(archive) if archive else {}
        except BadArchive:
            continue
        assert all(isinstance(value, bytes) or "damaged" in value for value in found.values())
