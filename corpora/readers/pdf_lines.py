"""The lines of a PDF page: words with where they stand and how they are set, in reading order."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

HYPHEN = "\u00ad"
SPACES = re.compile(r"[\s\x00\ufffe\uffff]+")
UNPAIRED = re.compile(r"[\ud800-\udfff]")
BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page, in points from the lower left, turned upright; `y` is its baseline, `word` the width of its first word.

    A line that ends in a soft hyphen (U+00AD) was cut inside a word, or at a word's own hyphen. `bold` is of its first and last letter.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    word: float
    bold: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class PdfPage:
    """The lines of a page and its height; `turned` counts lines left out because they run across the others."""

    lines: tuple[PdfLine, ...]
    height: float
    turned: int = 0


def page_of(page: pypdfium2.PdfPage) -> PdfPage:
    """The upright lines of a page. Letters that stand raised and small, such as the number of a footnote, are left out."""
    layer = page.get_textpage()
    try:
        runs = [run for run in _runs(layer) if run]
        turns = [_turn(layer, run) for run in runs]
        if not runs:
            return PdfPage((), page.get_height())
        most = max(sorted(set(turns)), key=lambda turn: sum(len(r) for r, t in zip(runs, turns, strict=True) if t == turn))
        lines = [line for r, t in zip(runs, turns, strict=True) if t == most and (line := _line(layer, r, most)) is not None]
        height = page.get_height() if most in (0, 180) else page.get_width()
        return PdfPage(tuple(_rejoined(lines)), height, sum(t != most for t in turns))
    finally:
        layer.close()


@dataclass(frozen=True, slots=True)
class _Letter:
    index: int
    code: int


def _runs(layer: pypdfium2.PdfTextPage) -> Iterator[list[_Letter]]:
    """Letters between the line ends that PDFium sets, and after the hyphens at which it joins two lines."""
    run: list[_Letter] = []
    for index in range(layer.count_chars()):
        code = pdfium.FPDFText_GetUnicode(layer.raw, index)
        if code in (10, 13):
            yield run
            run = []
        elif code in (2, 0xFFFE) or (code == 0 and pdfium.FPDFText_IsHyphen(layer.raw, index) == 1):
            yield [*run, _Letter(index, ord(HYPHEN))]
            run = []
        else:
            run.append(_Letter(index, code))
    yield run


def _turn(layer: pypdfium2.PdfTextPage, run: list[_Letter]) -> int:
    """How far a run is turned, to the nearest right angle; 45 where it is near none."""
    degrees = math.degrees(pdfium.FPDFText_GetCharAngle(layer.raw, _first(run).index)) % 360
    nearest = round(degrees / 90) * 90
    return nearest % 360 if abs(degrees - nearest) < 3 else 45


def _first(run: list[_Letter]) -> _Letter:
    return next((letter for letter in run if letter.code > 32), run[0])


def _line(layer: pypdfium2.PdfTextPage, run: list[_Letter], turn: int) -> PdfLine | None:
    while run and run[-1].code <= 32:
        run = run[:-1]
    while run and run[0].code <= 32:
        run = run[1:]
    if not run:
        return None
    size = max(_size(layer, run[0].index), _size(layer, run[-1].index), _size(layer, run[len(run) // 2].index))
    y = _origin(layer, run[len(run) // 2].index, turn)[1]
    kept = [letter for letter in run if not _raised(layer, letter, size, y, turn)]
    words = SPACES.sub(" ", UNPAIRED.sub("\ufffd", "".join(chr(letter.code) for letter in kept))).strip()
    if not words:
        return None
    left = _origin(layer, run[0].index, turn)[0]
    blank = next((i for i, letter in enumerate(run) if letter.code == 32), len(run))
    right = _right(layer, run[-1].index, turn)
    word = _right(layer, run[blank - 1].index, turn) - left
    return PdfLine(words, left, right, y, size, max(0.0, word), (_bold(layer, run[0].index), _bold(layer, run[-1].index)))


def _raised(layer: pypdfium2.PdfTextPage, letter: _Letter, size: float, y: float, turn: int) -> bool:
    if not 48 <= letter.code <= 57:
        return False
    own = _size(layer, letter.index)
    return own < 0.8 * size and _origin(layer, letter.index, turn)[1] > y + 0.15 * size


def _size(layer: pypdfium2.PdfTextPage, index: int) -> float:
    """The font's size times the scale of the text matrix, in points: files that set type 1 and scale it are common."""
    matrix = pdfium.FS_MATRIX()
    scaled = pdfium.FPDFText_GetMatrix(layer.raw, index, matrix)
    scale = math.hypot(matrix.c, matrix.d) if scaled else 1.0
    size = float(pdfium.FPDFText_GetFontSize(layer.raw, index)) * scale
    return size if 0.5 < size < 1000 else 10.0


def _origin(layer: pypdfium2.PdfTextPage, index: int, turn: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(layer.raw, index, x, y)
    return _upright(x.value, y.value, turn)


def _right(layer: pypdfium2.PdfTextPage, index: int, turn: int) -> float:
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(layer.raw, index, box):
        return _origin(layer, index, turn)[0]
    corners = [_upright(x, y, turn)[0] for x in (box.left, box.right) for y in (box.bottom, box.top)]
    return max(corners)


def _upright(x: float, y: float, turn: int) -> tuple[float, float]:
    match turn:
        case 90:
            return -y, x
        case 180:
            return -x, -y
        case 270:
            return y, -x
        case _:
            return x, y


def _bold(layer: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    size = pdfium.FPDFText_GetFontInfo(layer.raw, index, name, 128, flags)
    return bool(size) and BOLD.search(name.value.decode("utf-8", "replace")) is not None


def _rejoined(lines: list[PdfLine]) -> Iterator[PdfLine]:
    """Pieces that PDFium parted although they stand one behind another on the same baseline are one line again."""
    last: PdfLine | None = None
    for line in lines:
        if last is None:
            last = line
        elif abs(line.y - last.y) < 0.25 * last.size and -1 < line.left - last.right < 4 * last.size and not last.text.endswith(HYPHEN):
            gap = " " if line.left - last.right > 0.12 * last.size else ""
            last = replace(last, text=last.text + gap + line.text, right=line.right, bold=(last.bold[0], line.bold[1]))
        else:
            yield last
            last = line
    if last is not None:
        yield last
