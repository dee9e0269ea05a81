"""Lines to paragraphs, what repeats, and where pages begin."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpora.readers.pdf_furniture import footnotes_apart, without_furniture
from corpora.readers.pdf_lines import HYPHEN, PdfLine, PdfPage
from corpora.readers.pdf_paragraphs import is_compound, paragraphs_of
from corpora.readers.read import read
from tests.corpora.files import STATUTE, PdfStyle, as_pdf, paragraphs

WIDE = 80  # letters that a full line has here


def _page(*lines: tuple[str, float, float], size: float = 10) -> PdfPage:
    """Lines as (words, left, y), in letters five points wide."""
    return PdfPage(tuple(PdfLine(w, x, x + 5 * len(w), y, size, 5 * len(w.split()[0])) for w, x, y in lines), 800)


def _full(words: str) -> str:
    """The words and as many more as fill a line."""
    return words + " " + "x" * (WIDE - len(words) - 1)


ONE, TWO = _full("One"), _full("two")
ITEM, CAPITALS, HANGING = _full("(a) one") + ";", "A HEADING OF CAPITALS " + "X" * 58, _full("two")[:76]
INLINE = "The (a) first " + "x" * 64 + ";"
JOINING = {
    "a full line goes on": ([(ONE, 50), ("two.", 50)], [ONE + " two."]),
    "a line that ended early does not": ([(ONE, 50), ("two", 50), ("three", 50)], [ONE + " two", "three"]),
    "a number after a full line that is closed": ([(ITEM, 50), ("(b) two", 50)], [ITEM, "(b) two"]),
    "a number inside a sentence": ([(_full("(1) in accordance with paragraph"), 50), ("(2) of it.", 50)], None),
    "a number that goes on with others inside": ([(INLINE, 50), ("(b) second.", 50)], None),
    "a heading after a full line": ([(ONE, 50), ("§ 5. Of things", 50)], [ONE, "§ 5. Of things"]),
    "capitals": ([(CAPITALS, 50), ("Words of it.", 50)], [CAPITALS, "Words of it."]),
    "a word cut in two": ([("x" * 74 + " traf" + HYPHEN, 50), ("ficking.", 50)], ["x" * 74 + " trafficking."]),
    "capitals cut in two": ([("x" * 74 + " TRAF" + HYPHEN, 50), ("FICKING.", 50)], ["x" * 74 + " TRAFFICKING."]),
    "a word with a hyphen of its own": ([("x" * 73 + " self" + HYPHEN, 50), ("help.", 50)], ["x" * 73 + " self-help."]),
    "hanging lines": ([(_full("(a) one"), 50), (HANGING, 70), ("(b) three", 50)], [f"{_full('(a) one')} {HANGING}", "(b) three"]),
    "a first line moved in": ([(TWO[:76], 70), ("goes on", 50)], [TWO[:76] + " goes on"]),
}


@pytest.mark.parametrize("case", JOINING)
def test_lines_to_paragraphs(case: str) -> None:
    lines, expected = JOINING[case]
    placed = [(words, left, 700.0 - 12 * i) for i, (words, left) in enumerate(lines)]
    found = [p.text for p in paragraphs_of([_page(*placed, (_full("A last line that is full"), 50, 500))])][:-1]
    assert found == (expected if expected is not None else [" ".join(words for words, _ in lines)])


def test_a_gap_ends_a_paragraph() -> None:
    found = paragraphs_of([_page((ONE, 50, 700), (TWO, 50, 688), ("Three", 50, 668))])
    assert [p.text for p in found] == [f"{ONE} {TWO}", "Three"]


def test_a_paragraph_goes_on_over_the_page() -> None:
    found = paragraphs_of([_page((_full("One"), 50, 60)), _page(("more of it.", 50, 700), ("Next.", 50, 688))])
    assert [p.text for p in found] == [_full("One") + " more of it.", "Next."]
    assert [p.pages for p in found] == [[(0, 0), (1, WIDE + 1)], []]


def test_columns_are_read_one_after_the_other() -> None:
    left, right = [("a" * 38, 50, y) for y in (700, 688)], [("b" * 38, 300, y) for y in (700, 688)]
    assert [p.text for p in paragraphs_of([_page(*left, *right)])] == [" ".join(["a" * 38] * 2 + ["b" * 38] * 2)]


@pytest.mark.parametrize(
    ("head", "tail", "known", "expected"),
    [
        ("traf", "ficking", [], False), ("gender", "based", [], True), ("child", "friendly", ["child-friendly"], True),
        ("with", "out", ["with", "out"], False), ("some", "body", ["some", "body"], False), ("co", "operation", ["cooperation"], False),
        ("re", "entry", ["re-entry"], True),
    ],
)  # fmt: skip
def test_hyphens_at_the_end_of_a_line(head: str, tail: str, known: list[str], expected: bool) -> None:
    assert is_compound(head, tail, frozenset(known)) is expected


def _furnished(head: str, foot: str, pages: int) -> list[list[str]]:
    made = [
        _page(
            (head.format(n), 50, 770),
            (f"Body {'abcdefgh'[n % 8]} of page", 50, 700),
            ("Article 5", 50, 690),
            (foot.format(n + 11), 290, 30),
        )
        for n in range(pages)
    ]
    return [[line.text for line in page.lines] for page in without_furniture(made)]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Official Records", "{}"),
        ("Act {}", "- {} -"),
        ("Official Records", "Page {} of 40"),
        ("114 STAT. {}", "[{}]"),
        ("A/55/383", "A/55/383 {}"),
    ],
)
@pytest.mark.parametrize("pages", [2, 5, 9])
def test_what_repeats_at_the_edges_is_left_out(head: str, foot: str, pages: int) -> None:
    assert all(len(page) == 2 and page[0].startswith("Body") and page[1] == "Article 5" for page in _furnished(head, foot, pages))


def test_what_stands_once_is_kept_but_for_a_page_number() -> None:
    assert _furnished("Once only", "7", 1) == [["Once only", "Body a of page", "Article 5"]]


def test_small_type_at_the_foot_that_begins_with_a_mark_is_a_note() -> None:
    body = _page((_full("One"), 50, 700), (_full("two"), 50, 688))
    note = _page(("1 See article 5 of the", 50, 90), ("Convention.", 50, 80), size=8)
    kept, notes = footnotes_apart([PdfPage(body.lines + note.lines, 800)])
    assert kept[0].lines == body.lines
    assert [line.text for line in notes[0]] == ["1 See article 5 of the", "Convention."]


def test_a_raised_number_is_left_out_and_its_note_stands_apart() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    text = canvas.beginText(72, 700)
    text.setFont("Helvetica", 12)
    text.textOut("Persons have rights")
    text.setFont("Helvetica", 7)
    text.setRise(5)
    text.textOut("12")
    text.setRise(0)
    text.setFont("Helvetica", 12)
    text.textOut(" under this Act of 1998.")
    canvas.drawText(text)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(72, 80, "12 As amended.")
    canvas.save()
    found = read(out.getvalue())
    assert (found.text, found.notes) == ("Persons have rights under this Act of 1998.\n", ("12 As amended.",))


def test_pages_cover_the_text_and_say_where_each_begins() -> None:
    found = read(as_pdf(paragraphs(STATUTE), PdfStyle(page=(595, 300))))
    assert found.pages[0][0] == 0
    assert found.pages[-1][1] == len(found.text)
    assert all(a[1] == b[0] for a, b in zip(found.pages, found.pages[1:], strict=False))
    assert all(p.start >= found.pages[p.source - 1][0] for p in found.source_map)


def test_a_page_without_text_is_said() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    for words in ("Words on the first page of it", "", "Words on the last page of it"):
        if words:
            canvas.drawString(72, 600, words)
        else:
            canvas.rect(72, 600, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    found = read(out.getvalue())
    assert found.warnings == ("pages without a text layer: 2",)
    assert found.pages[1][0] == found.pages[1][1] == found.pages[2][0]


def test_turned_pages_read_like_upright_ones() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    canvas.translate(600, 0)
    canvas.rotate(90)
    canvas.drawString(72, 500, "A sentence that stands on its side")
    canvas.drawString(72, 470, "and another below it.")
    canvas.save()
    assert paragraphs(read(out.getvalue()).text) == ["A sentence that stands on its side", "and another below it."]
