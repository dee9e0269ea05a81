"""ZIP and TAR archives, read entry by entry within limits. Nothing is unpacked to disk, and no name in them is used as a path."""

from __future__ import annotations

import bz2
import gzip
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import IO, cast

from corpora.manifests import NAMES, clean_path

CHUNK = 1 << 18
RATIO_FROM = 1 << 20  # small files may be packed as tightly as they like
DIRECTORY_PER_ENTRY = 1 << 10  # bytes of a ZIP's directory for one entry, its name included
_END_OF_ZIP, _END_OF_ZIP64 = struct.Struct("<4s4H2LH"), struct.Struct("<4sQ2H2L4Q")
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class BadArchive(Exception):
    """The archive cannot be read, or is larger than the limits; the message says which."""


class Refused(Exception):
    """One file is not taken; the message says why."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Sizes in bytes; `ratio` is unpacked over packed."""

    entries: int = 20_000
    total: int = 4 << 30
    file: int = 50 << 20
    ratio: int = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive, read before the next is asked for. Reading raises Refused, or BadArchive where nothing more can be read."""

    path: str
    chunks: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class _Listed:
    """An entry as the archive lists it: `refusal` says why it is not taken, `packed` its size in the archive, 0 where unknown."""

    path: str
    refusal: str | None
    packed: int
    open: Callable[[], IO[bytes] | None]


@dataclass(slots=True)
class Archive:
    """An archive in a seekable file."""

    file: IO[bytes]
    list: Callable[[IO[bytes], ArchiveLimits], Iterator[_Listed]]
    limits: ArchiveLimits = field(default_factory=ArchiveLimits)

    def manifest(self) -> tuple[str, bytes] | None:
        """Path and bytes of the manifest that lies highest in the archive, None where there is none. Raises BadArchive, Refused."""
        found = [one.path for one in self._listed() if PurePosixPath(one.path).name.lower() in NAMES and not one.refusal]
        wanted = min(found, key=lambda path: (path.count("/"), path), default=None)
        for entry in self.entries():
            if entry.path == wanted:
                return wanted, b"".join(entry.chunks)
        return None

    def entries(self) -> Iterator[Entry]:
        """Every file, folders and the litter of file managers left out. Raises BadArchive."""
        total = _Total(self.limits.total)
        for one in self._listed():
            if one.refusal or not _is_litter(one.path):
                yield Entry(one.path, _chunks(one, self.limits, total))

    def _listed(self) -> Iterator[_Listed]:
        self.file.seek(0)
        try:
            for count, one in enumerate(self.list(self.file, self.limits), 1):
                if count > self.limits.entries:
                    raise BadArchive(f"The archive has more than {self.limits.entries} entries.")
                cleaned = clean_path(one.path)
                yield _Listed(
                    cleaned or one.path, one.refusal or ("" if cleaned else "its path leads out of the archive"), one.packed, one.open
                )
        except _DAMAGED as error:
            raise BadArchive("The archive is damaged.") from error


def open_archive(file: IO[bytes], limits: ArchiveLimits | None = None) -> Archive | None:
    """The archive that a seekable file is; None where it is another kind of file. A DOCX is a ZIP, but no archive. Raises BadArchive."""
    limits = limits or ArchiveLimits()
    file.seek(0)
    begins = file.read(4)
    archive = None
    if begins == b"PK\x03\x04" and not _is_document(file, limits):
        archive = Archive(file, _zip_entries, limits)
    elif begins[:2] != b"PK" and _is_tar(file):
        archive = Archive(file, _tar_entries, limits)
    file.seek(0)
    return archive


@dataclass(slots=True)
class _Total:
    """What may still be unpacked of an archive, in bytes."""

    left: int

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise BadArchive("The archive unpacks to more than is allowed.")


def _chunks(one: _Listed, limits: ArchiveLimits, total: _Total) -> Iterator[bytes]:
    if one.refusal:
        raise Refused(one.refusal)
    size = 0
    try:
        stream = one.open()
        assert stream is not None
        with stream:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                total.spend(len(chunk))
                if size > limits.file:
                    raise Refused(f"it is larger than {limits.file} bytes")
                if one.packed and size > max(RATIO_FROM, one.packed * limits.ratio):
                    raise Refused(f"it unpacks to more than {limits.ratio} times its size")
                yield chunk
    except _DAMAGED as error:
        raise Refused("it is damaged, or packed in an unknown way") from error


def _zip_entries(file: IO[bytes], limits: ArchiveLimits) -> Iterator[_Listed]:
    _check_directory(file, limits)
    with zipfile.ZipFile(file) as opened:
        for info in opened.infolist():
            if not info.filename.endswith("/"):  # `is_dir` falls over an empty name
                yield _Listed(info.filename, _refusal_of_zip(info), info.compress_size, partial(opened.open, info))


def _refusal_of_zip(info: zipfile.ZipInfo) -> str | None:
    mode = info.external_attr >> 16
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return "it is a link or a device, not a file"
    return None


def _check_directory(file: IO[bytes], limits: ArchiveLimits) -> None:
    """Raises BadArchive for a directory of so many bytes that reading it would take much memory; `zipfile` reads all of it at once."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_536 - 1024))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_OF_ZIP.size:
        raise BadArchive("The archive is damaged: its directory is missing.")
    directory = _END_OF_ZIP.unpack_from(tail, at)[5]
    wide = tail.rfind(b"PK\x06\x06", 0, at)
    if wide >= 0 and at - wide >= _END_OF_ZIP64.size:
        directory = max(_END_OF_ZIP64.unpack_from(tail, wide)[8], 0 if directory == 0xFFFFFFFF else directory)
    if directory > limits.entries * DIRECTORY_PER_ENTRY:
        raise BadArchive(f"The archive has more than {limits.entries} entries.")


def _is_document(file: IO[bytes], limits: ArchiveLimits) -> bool:
    """Whether a ZIP is an Office document."""
    _check_directory(file, limits)
    try:
        with zipfile.ZipFile(file) as opened:
            return "[Content_Types].xml" in opened.NameToInfo
    except _DAMAGED as error:
        raise BadArchive("The archive is damaged.") from error


def _tar_entries(file: IO[bytes], limits: ArchiveLimits) -> Iterator[_Listed]:
    """Sizes are those of the headers, which a TAR cannot belie; they are summed up first, since passing over a file means unpacking it."""
    total = _Total(limits.total)
    with _opened_tar(file) as opened:
        for info in opened:
            total.spend(info.size)
            opened.members = []  # type: ignore[attr-defined]  # else all headers stay in memory
            if not info.isdir():
                refusal = None if info.isreg() else "it is a link or a device, not a file"
                yield _Listed(info.name, refusal, 0, partial(opened.extractfile, info))


def _is_tar(file: IO[bytes]) -> bool:
    try:
        with _opened_tar(file) as opened:
            return opened.next() is not None
    except _DAMAGED:
        return False


def _opened_tar(file: IO[bytes]) -> tarfile.TarFile:
    file.seek(0)
    begins = file.read(3)
    file.seek(0)
    stream: IO[bytes] = file
    if begins[:2] == b"\x1f\x8b":
        stream = cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    elif begins == b"BZh":
        stream = cast(IO[bytes], bz2.BZ2File(file))
    return tarfile.TarFile(fileobj=cast(IO[bytes], _Careful(stream)))


class _Careful:
    """A file that is never read much at once; `tarfile` would read a name of any length into memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        if size > 2 * CHUNK:
            raise tarfile.ReadError("a header is too long")
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _is_litter(path: str) -> bool:
    parts = path.split("/")
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in {"thumbs.db", "desktop.ini"}
