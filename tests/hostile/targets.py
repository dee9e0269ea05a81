"""What atheris calls: each takes any bytes, and raises only what it must not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from corpora.readers.akn import read_akn_file
from corpora.readers.detect import detect
from corpora.readers.docx import read_docx
from corpora.readers.docx_package import guard
from corpora.readers.errors import ReadingError
from corpora.readers.html import read_html
from corpora.readers.model import Limits
from corpora.readers.text import decoded
from nlp.structure.find import find_structure
from tests.corpora.files import docx_of, repacked
from tests.hostile.sides import NAMED, SIDES

WORD = docx_of("<w:p/>")
LIMITS = Limits(unpacked=5_000_000, entry=5_000_000, main_part=5_000_000)


def target(name: str) -> Callable[[bytes], None]:
    """The target of this name."""
    return {
        "detect": lambda data: _read(lambda: detect(data)),
        "html": lambda data: _read(lambda: read_html(data, LIMITS)),
        "docx": lambda data: _read(lambda: guard(data, LIMITS)),
        "text": lambda data: _read(lambda: decoded(data)),
        "structure": _structure,
        "akn": lambda data: _read(lambda: read_akn_file(data, LIMITS)),
        "main part": lambda data: _read(lambda: read_docx(repacked(WORD, {"word/document.xml": data}), LIMITS)),
        **{side: _side(side) for side in SIDES},
    }[name]


def _read(act: Callable[[], object]) -> None:
    with suppress(ReadingError):
        act()


def _structure(data: bytes) -> None:
    find_structure(data.decode("utf-8", "surrogateescape"))


def _side(side: str) -> Callable[[bytes], None]:
    def act(data: bytes) -> None:
        with suppress(*NAMED):
            SIDES[side][1](data)

    return act
