"""The same instrument in every format gives the same text, and so the same units."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document

from corpora.annotating import annotate_bytes, default_annotator
from corpora.readers.model import ReadText
from corpora.readers.read import read
from nlp.structure.find import find_structure
from nlp.wire import to_json
from tests.corpora.files import (
    CODE_LEVELS,
    PAPER,
    STATUTE,
    STATUTE_LEVELS,
    TREATY,
    TREATY_LEVELS,
    ListLevel,
    PdfStyle,
    as_docx,
    as_html,
    as_pdf,
    paragraphs,
    text_of,
)

LOW = (595.0, 300.0)
SETTINGS = {
    "gaps": PdfStyle(page=LOW),
    "first lines moved in": PdfStyle(page=LOW, gap=0, first_indent=24, justified=True, font="Times-Roman"),
    "lists moved in": PdfStyle(page=LOW, indents=True, bold_headings=True, folio="Page {page} of 9"),
    "cut words": PdfStyle(page=LOW, hyphenate=True, justified=True, font="Times-Roman", folio="- {page} -"),
    "two columns": PdfStyle(page=LOW, size=9, columns=2, hyphenate=True, justified=True, gap=0.4),
}
OWN = {"treaty": (TREATY, TREATY_LEVELS), "statute": (STATUTE, STATUTE_LEVELS), "paper": (PAPER, CODE_LEVELS)}
REAL = [
    ("un-trafficking-protocol-2000", TREATY_LEVELS),
    ("crc-1989", CODE_LEVELS),
    ("us-tvpra-2013", CODE_LEVELS),
    ("ie-sexual-offences-act-2017-2017", STATUTE_LEVELS),
    ("us-nap-fact-sheet-2021", CODE_LEVELS),
]


def _check(read_back: ReadText, text: str) -> None:
    expected = text_of(paragraphs(text))
    assert read_back.text == expected
    assert read_back.language == "en"
    assert find_structure(read_back.text) == find_structure(expected)
    assert read_back.title == read(text.encode()).title


@pytest.mark.parametrize("name", OWN)
def test_html_gives_the_text(name: str) -> None:
    _check(read(as_html(paragraphs(OWN[name][0]))), OWN[name][0])


@pytest.mark.parametrize("name", OWN)
def test_docx_with_generated_numbers_gives_the_text(name: str) -> None:
    text, levels = OWN[name]
    _check(read(as_docx(paragraphs(text), levels)), text)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("name", OWN)
def test_pdf_gives_the_text(name: str, setting: str) -> None:
    found = read(as_pdf(paragraphs(OWN[name][0]), SETTINGS[setting]))
    assert len(found.pages) > 1
    _check(found, OWN[name][0])


@pytest.mark.parametrize("name", ["treaty", "statute"])
def test_the_numbers_in_the_docx_are_generated(name: str) -> None:
    """Else the test above would show nothing."""
    text, levels = OWN[name]
    typed = [p.text for p in Document(io.BytesIO(as_docx(paragraphs(text), levels))).paragraphs]
    assert not any(p.startswith(("(a)", "a)", "(1)", "1.")) for p in typed)
    assert any(p.startswith(("(a)", "a)")) for p in paragraphs(text))


@pytest.mark.shared
@pytest.mark.parametrize(("name", "levels"), REAL)
def test_real_instruments_in_four_formats(name: str, levels: tuple[ListLevel, ...], instruments: Path) -> None:
    text = (instruments / f"{name}.txt").read_text(encoding="utf-8")
    words = paragraphs(text)
    for made in (as_html(words), as_docx(words, levels), as_pdf(words), as_pdf(words, PdfStyle(hyphenate=True, justified=True))):
        _check(read(made), text)


@pytest.mark.shared
@pytest.mark.slow
def test_a_real_instrument_has_the_same_units_and_labels_in_four_formats(instruments: Path) -> None:
    words = paragraphs((instruments / "un-trafficking-protocol-2000.txt").read_text(encoding="utf-8"))
    made = (text_of(words).encode(), as_html(words), as_docx(words, TREATY_LEVELS), as_pdf(words))
    annotator = default_annotator()
    text, *others = (to_json(annotate_bytes(data, annotator=annotator)) for data in made)
    assert len({one["document"]["media_type"] for one in (text, *others)}) == 4
    assert any(block["victim"] for block in text["blocks"])
    for one in others:
        assert {**one, "document": None} == {**text, "document": None}


@pytest.mark.shared
def test_typed_paragraphs_survive_harder_settings(instruments: Path) -> None:
    """Without gaps, in columns and with lists moved in, 99 of 100 paragraphs come back whole."""
    words = paragraphs((instruments / "us-tvpra-2013.txt").read_text(encoding="utf-8"))
    for setting in (PdfStyle(gap=0, first_indent=24, justified=True), PdfStyle(indents=True), PdfStyle(columns=2, size=9, gap=0.4)):
        found = set(paragraphs(read(as_pdf(words, setting)).text))
        assert sum(p in found for p in words) >= 0.99 * len(words)
