"""What atheris calls: each takes any bytes, and raises only what it must not."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

from corpora import archives
from corpora.readers.detect import detect
from corpora.readers.docx_package import guard
from corpora.readers.errors import ReadingError
from corpora.readers.html import read_html
from corpora.readers.model import Limits
from corpora.readers.text import decoded
from nlp.structure.find import find_structure

LIMITS = Limits(unpacked=5_000_000, entry=5_000_000, main_part=5_000_000)


def target(name: str) -> Callable[[bytes], None]:
    """The target of this name."""
    return {
        "detect": lambda data: _read(lambda: detect(data)),
        "html": lambda data: _read(lambda: read_html(data, LIMITS)),
        "docx": lambda data: _read(lambda: guard(data, LIMITS)),
        "text": lambda data: _read(lambda: decoded(data)),
        "structure": _structure,
        "archive": _archive,
    }[name]


def _read(act: Callable[[], object]) -> None:
    with suppress(ReadingError):
        act()


def _structure(data: bytes) -> None:
    find_structure(data.decode("utf-8", "surrogateescape"))


def _archive(data: bytes) -> None:
    with suppress(archives.BadArchive):
        found = archives.open_archive(io.BytesIO(data))
        for entry in found.entries() if found else ():
            with suppress(archives.Refused):
                list(entry.chunks)
