"""ZIP archives and JSON lists written piece by piece, so that a corpus need never stand in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from io import RawIOBase
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

PIECE = 1 << 16
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same documents give the same bytes


class _Outlet(RawIOBase):
    """A file that can only be written, from which the written bytes are taken."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self.size += len(piece)
        return len(piece)

    def take(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return found


def stream_zip(entries: Iterable[tuple[str, Iterable[bytes]]], *, stored: frozenset[str] = frozenset()) -> Iterator[bytes]:
    """A ZIP archive of (name, content) entries; those named in `stored` are not compressed."""
    outlet = _Outlet()
    with ZipFile(outlet, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        for name, content in entries:
            info = ZipInfo(name, _LONG_AGO)
            info.compress_type = ZIP_STORED if name in stored else ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=False) as file:
                for piece in content:
                    file.write(piece)
                    if outlet.size >= PIECE:
                        yield outlet.take()
            yield outlet.take()
    yield outlet.take()


def stream_json_list(values: Iterable[Any]) -> Iterator[bytes]:
    """A JSON list, one value to a line."""
    yield b"["
    for i, value in enumerate(values):
        yield (b",\n" if i else b"\n") + dump(value)
    yield b"\n]\n"


def dump(value: Any) -> bytes:
    """JSON as UTF-8; lone surrogates, which UTF-8 cannot hold, stay escaped."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def gather(pieces: Iterable[str], most: int = PIECE) -> Iterator[bytes]:
    """Small pieces of text joined to larger ones, as UTF-8; a lone surrogate becomes one replacement character."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= most:
            yield "".join(held).encode("utf-8", "replace")
            held, size = [], 0
    if held:
        yield "".join(held).encode("utf-8", "replace")
