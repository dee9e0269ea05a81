"""Original bytes, addressed by their SHA-256: in a folder, or in anything that fsspec opens."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast
from urllib.parse import urlsplit
from urllib.request import url2pathname

import fsspec

from corpora.store.errors import BlobMissing, StoreError, StoreFull, StoreUnavailable, TooLarge
from corpora.store.identity import new_id
from corpora.store.points import Point, passing

log = logging.getLogger(__name__)

SPOOL = 1 << 20  # bytes in memory, before they go to a file
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """Bytes that are in the store; `size` in bytes."""

    sha256: str
    size: int


class Blobs(Protocol):
    """A place for original bytes. Writing the same bytes twice keeps them once."""

    def put_stream(self, chunks: Iterable[bytes], limit: int) -> StoredBlob:
        """Keeps the bytes while hashing them; raises TooLarge as soon as `limit` bytes are passed, StoreFull where space ends."""
        ...

    def open(self, sha256: str) -> IO[bytes]:
        """The bytes as a binary file to read; raises BlobMissing."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether the bytes are there."""
        ...

    def delete(self, sha256: str) -> None:
        """Removes the bytes; nothing happens where they are not there."""
        ...

    def older_than(self, seconds: float) -> Iterator[str]:
        """Digests of what was written longer ago than that."""
        ...

    def sweep(self, seconds: float) -> int:
        """Removes the beginnings of uploads that broke off longer ago than that; how many."""
        ...


def open_blobs(url: str) -> Blobs:
    """A folder for a path or a file:// URL, else the fsspec file system that the URL names (`s3://bucket/prefix`, `memory://name`)."""
    scheme = urlsplit(url).scheme
    if len(scheme) <= 1:
        return FolderBlobs(Path(url))
    if scheme == "file":
        return FolderBlobs(Path(url2pathname(urlsplit(url).path)))
    return RemoteBlobs(url.rstrip("/"))


def read_all(blobs: Blobs, sha256: str) -> bytes:
    """The bytes at once."""
    with blobs.open(sha256) as file:
        return file.read()


@dataclass(frozen=True, slots=True)
class FolderBlobs:
    """Files named by their digest under `root`; a file is complete and on the disk before it has its name."""

    root: Path

    def put_stream(self, chunks: Iterable[bytes], limit: int) -> StoredBlob:
        with _named_errors():
            incoming = self.root / "incoming"
            incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
            beginning = incoming / new_id()
            try:
                return self._keep(beginning, chunks, limit)
            finally:
                beginning.unlink(missing_ok=True)

    def _keep(self, beginning: Path, chunks: Iterable[bytes], limit: int) -> StoredBlob:
        with beginning.open("xb") as file:
            stored = _copy(chunks, file, limit)
            file.flush()
            os.fsync(file.fileno())
        passing(Point.ACCEPT_WRITTEN)
        path = self._path(stored.sha256)
        if not path.parent.exists():
            path.parent.mkdir(exist_ok=True)
            _sync_folder(self.root)
        beginning.replace(path)
        _sync_folder(path.parent)
        passing(Point.ACCEPT_KEPT)
        return stored

    def open(self, sha256: str) -> IO[bytes]:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissing(sha256) from None
        except OSError as error:
            raise StoreUnavailable from error

    def has(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def delete(self, sha256: str) -> None:
        with _named_errors():
            self._path(sha256).unlink(missing_ok=True)

    def older_than(self, seconds: float) -> Iterator[str]:
        for path in self.root.glob("??/*"):
            if _is_old(path, seconds):
                yield path.name

    def sweep(self, seconds: float) -> int:
        old = [path for path in self.root.glob("incoming/*") if _is_old(path, seconds)]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / _checked(sha256)


@dataclass(frozen=True, slots=True)
class RemoteBlobs:
    """Objects named by their digest under `url`; bytes are spooled on the way, to know their name before they are sent."""

    url: str

    def put_stream(self, chunks: Iterable[bytes], limit: int) -> StoredBlob:
        with _named_errors(), tempfile.SpooledTemporaryFile(max_size=SPOOL) as spool:
            stored = _copy(chunks, spool, limit)
            spool.seek(0)
            with self._at(stored.sha256) as (fs, path), _written_to(fs, path) as target:
                shutil.copyfileobj(spool, target, SPOOL)
        return stored

    def open(self, sha256: str) -> IO[bytes]:
        with contextlib.ExitStack() as stack:
            spool = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=SPOOL))
            with _named_errors(), self._at(sha256) as (fs, path), fs.open(path, "rb") as file:
                shutil.copyfileobj(file, spool, SPOOL)
            spool.seek(0)
            stack.pop_all()
        return cast(IO[bytes], spool)

    def has(self, sha256: str) -> bool:
        with self._at(sha256) as (fs, path):
            return bool(fs.isfile(path))

    def delete(self, sha256: str) -> None:
        with contextlib.suppress(BlobMissing), self._at(sha256) as (fs, path):
            fs.rm_file(path)

    def older_than(self, seconds: float) -> Iterator[str]:
        with self._fs() as (fs, root):
            for path in fs.find(root):
                if time.time() - _written(fs, path) > seconds:
                    yield path.rpartition("/")[2]

    def sweep(self, seconds: float) -> int:
        return 0

    @contextlib.contextmanager
    def _at(self, sha256: str) -> Iterator[tuple[Any, str]]:
        name = f"{sha256[:2]}/{_checked(sha256)}"
        try:
            with self._fs() as (fs, root):
                yield fs, f"{root}/{name}"
        except FileNotFoundError:
            raise BlobMissing(sha256) from None

    @contextlib.contextmanager
    def _fs(self) -> Iterator[tuple[Any, str]]:
        """The file system and the path of `url` in it; raises StoreUnavailable for whatever its library raises but FileNotFoundError.

        Listings are not kept: other machines write and delete in the same place.
        """
        try:
            yield fsspec.core.url_to_fs(self.url, use_listings_cache=False)
        except (StoreError, FileNotFoundError):
            raise
        except Exception as error:  # each library has its own, which need not be OSErrors
            log.warning("%s: %s: %s", self.url, type(error).__name__, error)
            raise StoreUnavailable from error


@contextlib.contextmanager
def _written_to(fs: Any, path: str) -> Iterator[IO[bytes]]:
    """A new file; its folder is made where the file system wants one. Raises StoreUnavailable where the whole place is not there."""
    try:
        try:
            target = fs.open(path, "wb")
        except FileNotFoundError:
            fs.makedirs(fs._parent(path), exist_ok=True)
            target = fs.open(path, "wb")
        with target:
            yield target
    except FileNotFoundError as error:
        raise StoreUnavailable from error


def _written(fs: Any, path: str) -> float:
    """Seconds since 1970; now where the file system does not tell."""
    try:
        return float(fs.modified(path).timestamp())
    except (NotImplementedError, FileNotFoundError):
        return time.time()


def _copy(chunks: Iterable[bytes], target: Any, limit: int) -> StoredBlob:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        digest.update(chunk)
        target.write(chunk)
    return StoredBlob(digest.hexdigest(), size)


def _checked(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise BlobMissing(sha256)
    return sha256


def _is_old(path: Path, seconds: float) -> bool:
    try:
        return time.time() - path.stat().st_mtime > seconds
    except FileNotFoundError:
        return False


def _sync_folder(path: Path) -> None:
    """Puts a rename on the disk; folders cannot be opened on Windows."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise (StoreFull if error.errno in _FULL else StoreUnavailable)() from error
