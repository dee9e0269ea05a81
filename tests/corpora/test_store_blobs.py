from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
import s3fs
from botocore.exceptions import EndpointConnectionError
from moto.server import ThreadedMotoServer

from corpora.store.blobs import Blobs, FolderBlobs, RemoteBlobs, open_blobs, read_all
from corpora.store.errors import BlobMissing, StoreUnavailable, TooLarge


@pytest.fixture(scope="module")
def s3_server() -> Iterator[ThreadedMotoServer]:
    """A server that speaks S3, with a bucket `papers`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        server.start()
        host, port = server.get_host_and_port()
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setattr(s3fs.S3FileSystem, "retries", 1)
        s3fs.S3FileSystem().mkdir("papers")
        yield server
        server.stop()
        s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture(params=["folder", "file", "memory", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    name = secrets.token_hex(4)
    urls = {"folder": str(tmp_path / "a b"), "file": (tmp_path / "c").as_uri(), "memory": f"memory://{name}", "s3": f"s3://papers/{name}"}
    if request.param == "s3":
        request.getfixturevalue("s3_server")
    return open_blobs(urls[request.param])


def test_what_others_write_and_delete_in_a_bucket_is_seen(s3_server: ThreadedMotoServer) -> None:
    mine = open_blobs("s3://papers/shared")
    kept = mine.put_stream([b"kept"], 10).sha256
    assert list(mine.older_than(-10)) == [kept]
    theirs = s3fs.S3FileSystem(skip_instance_cache=True)
    theirs.rm_file(f"papers/shared/{kept[:2]}/{kept}")
    assert not mine.has(kept)
    with pytest.raises(BlobMissing):
        mine.open(kept)
    theirs.pipe_file(f"papers/shared/{kept[:2]}/{kept}", b"kept")
    assert read_all(mine, kept) == b"kept"


def test_a_bucket_that_is_not_there_is_an_unavailable_store(s3_server: ThreadedMotoServer) -> None:
    with pytest.raises(StoreUnavailable):
        open_blobs("s3://no-such-bucket/files").put_stream([b"x"], 10)


def test_a_place_whose_library_fails_in_its_own_way_is_an_unavailable_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """As botocore does, whose errors are no OSErrors."""
    blobs = open_blobs(f"memory://{secrets.token_hex(4)}")
    kept = blobs.put_stream([b"kept"], 10).sha256

    def gone(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1")

    for way in ("_open", "isfile", "rm_file", "find"):
        monkeypatch.setattr(fsspec.get_filesystem_class("memory"), way, gone)
    for ask in (lambda: blobs.put_stream([b"x"], 10), lambda: blobs.open(kept), lambda: blobs.has(kept), lambda: blobs.delete(kept)):
        with pytest.raises(StoreUnavailable):
            ask()
    with pytest.raises(StoreUnavailable):
        list(blobs.older_than(0))


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
