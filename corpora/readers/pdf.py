"""PDF: the text layer, lines joined to paragraphs, what repeats on every page taken out, pages kept as an offset map."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

from corpora.readers.errors import BrokenDocument, Encrypted, LimitExceeded, NeedsOcr
from corpora.readers.model import Extract, Limits

NUMBERED = re.compile(
    r"(?:\(?[a-zA-Z]{1,3}\)|\(?\d{1,3}[A-Za-z]?[.)]|\(?[ivxl]{1,6}\)|[•–—-])\s+\S|(?:Article|Art\.|Section|§|CHAPTER|Chapter|PART|Part)\s*\S+"
)
FOLIO = re.compile(r"(?:page\s*)?[-–— ]*\d{1,4}[-–— ]*(?:(?:of|/)\s*\d{1,4})?|[ivxl]{1,6}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page: its words and where it stands, in points from the lower left."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def read_pdf(data: bytes, limits: Limits) -> Extract:
    """Paragraphs of the text layer; raises Encrypted, BrokenDocument, NeedsOcr (pages, but no text) or LimitExceeded."""
    document = _opened(data)
    try:
        count = len(document)
        if count > limits.pages:
            raise LimitExceeded(f"({count} pages; at most {limits.pages} are read)")
        pages = [_lines(document[i]) for i in range(count)]
        heights = [document[i].get_height() for i in range(count)]
        title = (document.get_metadata_dict().get("Title") or "").strip() or None
    except pypdfium2.PdfiumError as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    finally:
        document.close()
    if not any(pages):
        raise NeedsOcr
    empty = sum(not page for page in pages)
    body = [_without(page, _furniture(pages, heights), height) for page, height in zip(pages, heights, strict=True)]
    text, ranges = _joined(body, limits)
    warnings = (f"{empty} of {count} pages have no text layer",) if empty else ()
    return Extract(text, "application/pdf", title=title, pages=ranges, warnings=warnings)


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as wrong:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(wrong).lower():
            raise Encrypted from wrong
        raise BrokenDocument(f"({wrong})") from wrong


def _lines(page: pypdfium2.PdfPage) -> list[PdfLine]:
    """The lines of a page in reading order, put together from the text's own rectangles."""
    layer = page.get_textpage()
    found: list[PdfLine] = []
    for i in range(layer.count_rects()):
        left, bottom, right, top = layer.get_rect(i)
        words = layer.get_text_bounded(left=left - 0.5, bottom=bottom - 0.2, right=right + 0.5, top=top + 0.2)
        words = re.sub(r"[\s\x00\ufffe\uffff]+", " ", words.replace("\u0002", "-")).strip()
        if words:
            _append(found, PdfLine(words, left, right, top, bottom))
    layer.close()
    return found


def _append(found: list[PdfLine], piece: PdfLine) -> None:
    """A rectangle on the height of the line before it is the rest of that line."""
    if found:
        last = found[-1]
        middle = (piece.top + piece.bottom) / 2
        if last.bottom <= middle <= last.top and piece.left >= last.right - 3:
            gap = " " if piece.left - last.right > 0.8 else ""
            found[-1] = PdfLine(
                last.text + gap + piece.text, last.left, piece.right, max(last.top, piece.top), min(last.bottom, piece.bottom)
            )
            return
    found.append(piece)


def _furniture(pages: Sequence[Sequence[PdfLine]], heights: Sequence[float]) -> frozenset[str]:
    """Lines that stand at the head or foot of at least half of the pages (three or more), page numbers made alike."""
    seen: Counter[str] = Counter()
    for page, height in zip(pages, heights, strict=True):
        seen.update({_alike(line.text) for line in page if _at_edge(line, height)})
    return frozenset(words for words, count in seen.items() if count >= max(3, len(pages) / 2))


def _alike(words: str) -> str:
    return re.sub(r"\d+", "#", words)


def _at_edge(line: PdfLine, height: float) -> bool:
    return line.bottom > height * 0.91 or line.top < height * 0.09


def _without(page: Sequence[PdfLine], furniture: frozenset[str], height: float) -> list[PdfLine]:
    def kept(line: PdfLine) -> bool:
        return not (_at_edge(line, height) and (_alike(line.text) in furniture or FOLIO.fullmatch(line.text)))

    return [line for line in page if kept(line)]


def _joined(pages: Sequence[Sequence[PdfLine]], limits: Limits) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Paragraphs one a line, and the range of each page. A paragraph that runs over a page's end belongs to the page where it begins."""
    everything = [line for page in pages for line in page]
    step = median([a.bottom - b.bottom for p in pages for a, b in itertools.pairwise(p) if 0 < a.bottom - b.bottom < 40] or [12.0])
    widest = max((line.right for line in everything), default=0.0)
    parts: list[str] = []
    starts: list[int] = []
    size = 0
    before: PdfLine | None = None
    for page in pages:
        first = True
        for line in page:
            if before is None or _begins(before, line, step, widest, first):
                parts.append(line.text)
                size += len(line.text) + 2
            else:
                size -= len(parts[-1])
                parts[-1] = _glued(parts[-1], line.text)
                size += len(parts[-1])
            if size > limits.text:
                raise LimitExceeded(f"(more than {limits.text} characters)")
            if first:
                starts.append(size - 2 - len(parts[-1]))
            before, first = line, False
        if first:
            starts.append(size)
    text = "\n\n".join(parts) + "\n"
    ends = [*starts[1:], len(text)]
    return text, tuple((min(a, len(text)), max(a, min(b, len(text)))) for a, b in zip(starts, ends, strict=True))


def _begins(before: PdfLine, line: PdfLine, step: float, widest: float, new_page: bool) -> bool:
    """Whether a line begins a paragraph: after a gap, with a number, or after a line that ends short of the margin."""
    height = max(6.0, before.top - before.bottom)
    short = before.right < widest - max(4.5 * height, 0.12 * widest)
    if not new_page and before.bottom - line.bottom > step * 1.35:
        return True
    if NUMBERED.match(line.text) and (short or before.text.endswith((".", ";", ":", "and", "or", "—"))):
        return True
    if new_page:
        return short or before.text.endswith((".", ";", ":"))
    return False


def _glued(words: str, more: str) -> str:
    """Two lines of a paragraph; a word cut by a hyphen is made whole where its rest goes on in small letters."""
    if words.endswith("\u00ad"):
        return words[:-1] + more
    if re.search(r"[a-z]-$", words) and more[:1].islower():
        return words[:-1] + more
    return f"{words} {more}"
