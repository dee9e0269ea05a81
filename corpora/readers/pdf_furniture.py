"""What stands on a page without belonging to the text: running headers, footers, page numbers, and footnotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from corpora.readers.pdf_lines import PdfLine, PdfPage

EDGE, DEEP = 0.15, 3
FOLIO = re.compile(r"(?:page\s*)?[-–—\[( ]*(?:\d{1,4}|[ivxl]{1,7})[-–—\]) ]*(?:(?:of|/)\s*\d{1,4})?", re.IGNORECASE)
NOTE = re.compile(r"(?:\d{1,3}[.)]?\s*|[*†‡§]+\s*|\[\d{1,3}\]\s*)(?=[^\W\d_]|[“\"'‘(])")
SMALL = 0.92


def without_furniture(pages: Sequence[PdfPage]) -> list[PdfPage]:
    """The pages without what repeats at their head and foot, and without page numbers."""
    edges = [_edges(page) for page in pages]
    seen = Counter(key for number, edge in enumerate(edges) for line in {*edge[0], *edge[1]} for key in _keys(line, number))
    enough = 3 if len(pages) > 5 else 2

    def repeats(line: PdfLine, number: int) -> bool:
        return any(seen[key] >= (2 if isinstance(key, Counting) else enough) for key in _keys(line, number))

    found = []
    for number, (page, ends) in enumerate(zip(pages, edges, strict=True)):
        gone = {line for edge in ends for line in _peeled(edge, {x for x in edge if repeats(x, number) or _is_folio(x, page)})}
        found.append(replace(page, lines=tuple(line for line in page.lines if line not in gone)))
    return found


def _peeled(edge: Sequence[PdfLine], furniture: set[PdfLine]) -> set[PdfLine]:
    """The furniture at an edge, as far inwards as no line of the text stands further out; lines of one height go each by itself."""
    stays = [line.y for line in edge if line not in furniture]
    outermost = edge[0].y if edge else 0.0
    reach = min((abs(y - outermost) for y in stays), default=inf)
    return {line for line in furniture if abs(line.y - outermost) <= reach + 0.5 * line.size}


@dataclass(frozen=True, slots=True)
class Repeated:
    """Words at a height (in steps of four points)."""

    text: str
    place: int


@dataclass(frozen=True, slots=True)
class Counting:
    """A line without one of its numbers, its height, and how far that number is ahead of the page's own."""

    text: str
    place: int
    ahead: int


def _keys(line: PdfLine, number: int) -> list[Repeated | Counting]:
    """What a line at the edge of a page has in common with its fellows on other pages, if it is furniture."""
    place = round(line.y / 4)
    numbers = [
        Counting(f"{line.text[: m.start()]}#{line.text[m.end() :]}", place, int(m[0]) - number) for m in re.finditer(r"\d{1,6}", line.text)
    ]
    return [Repeated(line.text, place), *numbers]


def _edges(page: PdfPage) -> tuple[list[PdfLine], list[PdfLine]]:
    """The lines at the head and at the foot where furniture can stand, from the outermost inwards."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    top = [line for line in ordered[:DEEP] if line.y > page.height * (1 - EDGE)]
    foot = [line for line in ordered[: -DEEP - 1 : -1] if line.y < page.height * EDGE]
    return top, foot


def _is_folio(line: PdfLine, page: PdfPage) -> bool:
    """A page number alone, outermost on its page and clear of the text."""
    if not FOLIO.fullmatch(line.text):
        return False
    others = [other.y for other in page.lines if other is not line]
    above = min((y - line.y for y in others if y > line.y), default=inf)
    below = min((line.y - y for y in others if y < line.y), default=inf)
    return bool(others) and max(above, below) == inf and min(above, below) > 1.6 * line.size


def footnotes_apart(pages: Sequence[PdfPage]) -> tuple[list[PdfPage], list[list[PdfLine]]]:
    """The pages without the small type at their foot that begins with a note's mark, and that type page by page."""
    body = body_size(pages)
    kept, notes = [], []
    for page in pages:
        at = _notes_begin(page.lines, body)
        kept.append(replace(page, lines=page.lines[:at]))
        notes.append(list(page.lines[at:]))
    return kept, notes


def body_size(pages: Sequence[PdfPage]) -> float:
    """The size in which most letters are set."""
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            letters[round(line.size * 2) / 2] += len(line.text)
    return max(letters, key=lambda size: (letters[size], size), default=10.0)


def _notes_begin(lines: Sequence[PdfLine], body: float) -> int:
    """Where the small type at the end of a page begins; the page's end where that is not notes, or where all type is small."""
    at = len(lines)
    while at > 0 and lines[at - 1].size < SMALL * body:
        at -= 1
    lowest = min((line.y for line in lines[:at]), default=0.0)
    if at == 0 or at == len(lines) or not NOTE.match(lines[at].text) or lines[at].y > lowest:
        return len(lines)
    return at
