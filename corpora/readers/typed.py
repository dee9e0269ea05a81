"""Typescript to paragraphs: lines of one width, as in preformatted pages, are put together by blank lines, indents and numbers."""

from __future__ import annotations

from corpora.readers.pdf_lines import PdfLine, PdfPage
from corpora.readers.pdf_paragraphs import paragraphs_of

LETTER, HEIGHT = 6.0, 10.0


def typed_paragraphs(text: str) -> list[tuple[str, int]]:
    """The paragraphs of some typed lines, each with the line on which it begins (from 0); letters are of one width."""
    lines = text.expandtabs(8).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    placed = [_line(words, number) for number, words in enumerate(lines) if words.strip()]
    found = paragraphs_of([PdfPage(tuple(placed), 0)]) if placed else []
    return [(" ".join(p.text.split()), round(-p.lines[0].y / HEIGHT)) for p in found]


def _line(words: str, number: int) -> PdfLine:
    stripped = words.strip()
    left = (len(words) - len(words.lstrip())) * LETTER
    return PdfLine(stripped, left, left + len(stripped) * LETTER, -number * HEIGHT, 8.0, len(stripped.split()[0]) * LETTER)
