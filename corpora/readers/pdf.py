"""PDF: the text layer, lines joined to paragraphs, what repeats on every page taken out, pages kept as an offset map."""

from __future__ import annotations

from collections.abc import Sequence

import pypdfium2
import pypdfium2.raw as pdfium

from corpora.readers.errors import BrokenDocument, Encrypted, LimitExceeded, NeedsOcr
from corpora.readers.model import Extract, Limits, Paragraph, Place, laid_out
from corpora.readers.pdf_furniture import footnotes_apart, without_furniture
from corpora.readers.pdf_lines import PdfPage, page_of
from corpora.readers.pdf_paragraphs import Building, paragraphs_of


def read_pdf(data: bytes, limits: Limits) -> Extract:
    """Paragraphs of the text layer; raises Encrypted, BrokenDocument, NeedsOcr (pages, but no text) or LimitExceeded."""
    document = _opened(data)
    try:
        found = _pages(document, limits)
        title = (document.get_metadata_dict().get("Title") or "").strip() or None
    except pypdfium2.PdfiumError as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    finally:
        document.close()
    if not any(page.lines for page in found):
        raise NeedsOcr
    body, notes = footnotes_apart(without_furniture(found))
    built = paragraphs_of(body)
    text, places = laid_out(Paragraph(p.text, p.page + 1) for p in built)
    starts = _page_starts(built, places, len(found), len(text))
    return Extract(
        text,
        "application/pdf",
        title=title,
        pages=tuple(zip(starts, [*starts[1:], len(text)], strict=True)),
        notes=tuple(p.text for page in notes for p in paragraphs_of([PdfPage(tuple(page), 0)])),
        warnings=tuple(_said(found)),
        source_map=places,
    )


def _opened(data: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as wrong:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(wrong).lower():
            raise Encrypted from wrong
        raise BrokenDocument(f"({wrong})") from wrong


def _pages(document: pypdfium2.PdfDocument, limits: Limits) -> list[PdfPage]:
    count = len(document)
    if count == 0:
        raise BrokenDocument("(it has no pages)")
    if count > limits.pages:
        raise LimitExceeded(f"({count} pages; at most {limits.pages} are read)")
    found: list[PdfPage] = []
    size = 0
    for number in range(count):
        page = document[number]
        try:
            found.append(page_of(page))
        finally:
            page.close()
        size += sum(len(line.text) for line in found[-1].lines)
        if size > limits.text:
            raise LimitExceeded(f"(more than {limits.text} characters)")
    return found


def _page_starts(built: Sequence[Building], places: Sequence[Place], pages: int, length: int) -> list[int]:
    """Where in the text each page begins; a page without text begins where the next one does."""
    starts = {number: place.start + offset for p, place in zip(built, places, strict=True) for number, offset in p.pages}
    found: list[int] = []
    for number in reversed(range(pages)):
        found.append(starts.get(number, found[-1] if found else length))
    return found[::-1]


def _said(pages: Sequence[PdfPage]) -> list[str]:
    empty = [str(n) for n, page in enumerate(pages, 1) if not page.lines]
    turned = sum(page.turned for page in pages)
    said = [f"pages without a text layer: {', '.join(empty[:20])}{' …' if len(empty) > 20 else ''}"] if empty else []
    return [*said, f"{turned} lines that run across the page were left out"] if turned else said
