from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpora.store.blobs import Blobs, FolderBlobs, RemoteBlobs, open_blobs, read_all
from corpora.store.errors import BlobMissing, TooLarge


@pytest.fixture(params=["folder", "file", "memory"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    urls = {"folder": str(tmp_path / "a b"), "file": (tmp_path / "c").as_uri(), "memory": f"memory://{secrets.token_hex(4)}"}
    return open_blobs(urls[request.param])


@pytest.mark.parametrize("chunks", [[], [b""], [b"one"], [b"one", b" ", b"two"], [b"x" * 70_000] * 40])
def test_bytes_come_back_under_their_digest(blobs: Blobs, chunks: list[bytes]) -> None:
    stored = blobs.put_stream(chunks, 10_000_000)
    data = b"".join(chunks)
    assert (stored.sha256, stored.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert blobs.has(stored.sha256)
    assert read_all(blobs, stored.sha256) == data


def test_the_same_bytes_are_kept_once_and_deleted_once(blobs: Blobs) -> None:
    first, second = blobs.put_stream([b"same"], 10), blobs.put_stream([b"sa", b"me"], 10)
    assert first == second
    assert list(blobs.older_than(-10)) == [first.sha256]
    blobs.delete(first.sha256)
    blobs.delete(first.sha256)
    assert not blobs.has(first.sha256)


def test_what_is_too_large_is_refused_before_all_of_it_is_read(blobs: Blobs) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            yield b"x" * 1000

    with pytest.raises(TooLarge) as refused:
        blobs.put_stream(endless(), 10_500)
    assert refused.value.limit == 10_500
    assert len(read) == 11
    assert list(blobs.older_than(-10)) == []


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "A" * 64, "0" * 63 + "/"])
def test_what_is_not_there_is_named(blobs: Blobs, name: str) -> None:
    with pytest.raises(BlobMissing):
        blobs.open(name)


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"the beginning"
        raise ConnectionResetError

    with pytest.raises(Exception, match="reached"):
        FolderBlobs(tmp_path).put_stream(broken(), 100)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_beginnings_left_by_a_killed_process_are_swept(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    kept = blobs.put_stream([b"kept"], 100)
    left = tmp_path / "incoming" / "left"
    left.write_bytes(b"the beginning")
    os.utime(left, (time.time() - 7200,) * 2)
    assert blobs.sweep(3600) == 1
    assert not left.exists()
    assert blobs.has(kept.sha256)


def test_urls_choose_the_kind(tmp_path: Path) -> None:
    assert open_blobs(str(tmp_path)) == FolderBlobs(tmp_path)
    assert open_blobs((tmp_path / "a b").as_uri()) == FolderBlobs(tmp_path / "a b")
    assert open_blobs("memory://x/") == RemoteBlobs("memory://x")
