"""What Word generates, tracks and hides."""

from __future__ import annotations

import pytest
from docx.oxml.ns import nsdecls

from corpora.readers.counting import letters, repeated_letters, roman
from corpora.readers.docx_numbers import printed
from corpora.readers.model import Place
from corpora.readers.read import read
from tests.corpora.files import docx_of, paragraphs

STYLES = f"""<?xml version="1.0"?><w:styles {nsdecls("w")}>
<w:style w:type="paragraph" w:styleId="Clause"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Item"><w:basedOn w:val="Clause"/></w:style>
<w:style w:type="paragraph" w:styleId="Plain"><w:basedOn w:val="Clause"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr></w:style>
<w:style w:type="numbering" w:styleId="House"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
</w:styles>"""


def _level(depth: int, form: str, pattern: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{pattern}"/></w:lvl>'


LEVELS = "".join(
    [
        _level(0, "decimal", "%1."),
        _level(1, "lowerLetter", "(%2)", '<w:pStyle w:val="Item"/>'),
        _level(2, "lowerRoman", "(%3)"),
        _level(3, "upperLetter", "%1.%2(%4)", "<w:isLgl/>"),
    ]
)
PARTS = _level(0, "upperRoman", "Part %1") + _level(1, "decimal", "§ %2", '<w:lvlRestart w:val="0"/>')
NUMBERING = f"""<?xml version="1.0"?><w:numbering {nsdecls("w")}>
<w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum>
<w:abstractNum w:abstractNumId="1">{_level(0, "bullet", "x")}</w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="House"/></w:abstractNum>
<w:abstractNum w:abstractNumId="3">{PARTS}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="3"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="1">{_level(1, "upperLetter", "%2)")}</w:lvlOverride></w:num>
</w:numbering>"""


def _p(words: str, *, number: int | None = None, level: int = 0, style: str = "", marks: str = "") -> str:
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number is not None else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    run = words if words.startswith("<") else f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'
    return f"<w:p><w:pPr>{styled}{listed}{marks}</w:pPr>{run}</w:p>"


def _read(body: str, **more: str) -> list[str]:
    return paragraphs(read(_file(body, **more)).text)


def _file(body: str, **more: str) -> bytes:
    parts = {"word/numbering.xml": NUMBERING, "word/styles.xml": STYLES}
    return docx_of(body, {**parts, **{f"word/{name}.xml": part for name, part in more.items()}})


NUMBERS = {
    "levels restart under the next number": (
        _p("a", number=1) + _p("b", number=1, level=1) + _p("c", number=1, level=1) + _p("d", number=1) + _p("e", number=1, level=1),
        ["1. a", "(a) b", "(b) c", "2. d", "(a) e"],
    ),
    "three deep, and back": (
        _p("a", number=1)
        + _p("b", number=1, level=1)
        + _p("c", number=1, level=2)
        + _p("d", number=1, level=2)
        + _p("e", number=1, level=1),
        ["1. a", "(a) b", "(i) c", "(ii) d", "(b) e"],
    ),
    "plain paragraphs do not break a list": (_p("a", number=1) + _p("between") + _p("b", number=1), ["1. a", "between", "2. b"]),
    "two lists of one definition count on": (_p("a", number=1) + _p("b", number=6), ["1. a", "2. b"]),
    "an override starts anew, once": (_p("a", number=1) + _p("b", number=2) + _p("c", number=2), ["1. a", "1. b", "2. c"]),
    "an override replaces a level": (_p("a", number=6, level=1) + _p("b", number=6, level=1), ["A) a", "B) b"]),
    "several numbers in a pattern, as figures": (
        _p("a", number=1) + _p("b", number=1, level=1) + _p("c", number=1, level=3),
        ["1. a", "(a) b", "1.1(1) c"],
    ),
    "bullets": (_p("a", number=3), ["• a"]),
    "by style": (_p("a", style="Clause") + _p("b", style="Clause"), ["1. a", "2. b"]),
    "by the style below, at the level that names it": (_p("a", style="Clause") + _p("b", style="Item"), ["1. a", "(a) b"]),
    "a style that takes the number away": (_p("a", style="Plain"), ["a"]),
    "a paragraph that takes its style's number away": (_p("a", style="Clause", number=0) + _p("b", style="Clause"), ["a", "1. b"]),
    "through a list style": (_p("a", number=4) + _p("b", number=4, level=1), ["1. a", "(a) b"]),
    "a level that never restarts": (
        _p("a", number=5) + _p("b", number=5, level=1) + _p("c", number=5) + _p("d", number=5, level=1),
        ["Part I a", "§ 1 b", "Part II c", "§ 2 d"],
    ),
    "a list that is not defined": (_p("a", number=99), ["a"]),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_numbers_are_part_of_the_text(case: str) -> None:
    body, expected = NUMBERS[case]
    assert _read(body) == expected


@pytest.mark.parametrize(
    ("count", "form", "expected"),
    [
        (27, "lowerLetter", "aa"), (28, "lowerLetter", "bb"), (53, "upperLetter", "AAA"), (4, "lowerRoman", "iv"),
        (1999, "upperRoman", "MCMXCIX"), (3, "decimalZero", "03"), (2, "ordinal", "2nd"), (11, "ordinal", "11th"), (5, "none", ""),
        (0, "lowerLetter", "0"), (7, "hebrew1", "7"),
    ],
)  # fmt: skip
def test_forms_of_numbers(count: int, form: str, expected: str) -> None:
    assert printed(count, form) == expected


def test_browsers_and_word_part_after_z() -> None:
    assert [letters(n) for n in (1, 26, 27, 28)] == ["a", "z", "aa", "ab"]
    assert [repeated_letters(n) for n in (1, 26, 27, 28)] == ["a", "z", "aa", "bb"]
    assert [roman(n) for n in (9, 40, 4000)] == ["ix", "xl", "4000"]


RUN = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
BOX = "<w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r>"
CONTENTS = {
    "a tab is a blank": ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>", ["a b"]),
    "a line break ends a line": ("<w:p><w:r><w:t>Article 1</w:t><w:br/><w:t>Use of terms</w:t></w:r></w:p>", ["Article 1", "Use of terms"]),
    "hyphens that do not break": ("<w:p><w:r><w:t>anti</w:t><w:noBreakHyphen/><w:t>slavery</w:t></w:r></w:p>", ["anti-slavery"]),
    "hidden words": ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>no</w:t></w:r><w:r><w:t>yes</w:t></w:r></w:p>", ["yes"]),
    "tables row by row": (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
        ["a", "b"],
    ),
    "content controls": ("<w:sdt><w:sdtContent><w:p><w:r><w:t>a</w:t></w:r></w:p></w:sdtContent></w:sdt>", ["a"]),
    "text boxes follow their paragraph": (f"<w:p>{RUN.format('before ')}{BOX}{RUN.format('after')}</w:p>", ["before after", "boxed"]),
    "what a field shows": (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>REF x</w:instrText><w:fldChar w:fldCharType='separate'/></w:r>"
        "<w:r><w:t>article 3</w:t></w:r></w:p>",
        ["article 3"],
    ),
    "links": ("<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>", ["link"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTENTS)
def test_what_a_paragraph_holds(case: str) -> None:
    body, expected = CONTENTS[case]
    assert _read(body) == expected


def test_tracked_changes_are_accepted_and_said() -> None:
    found = read(
        _file(
            "<w:p>"
            + RUN.format("shall ")
            + f"<w:del>{RUN.format('not ').replace('w:t', 'w:delText')}</w:del>"
            + f"<w:ins>{RUN.format('may ')}</w:ins>"
            + "</w:p>"
        )
    )
    assert found.text == "shall may\n"
    assert found.warnings == ("tracked changes: 1 insertions taken, 1 deletions dropped",)


def test_a_deleted_paragraph_mark_joins_and_is_not_counted() -> None:
    gone = "<w:rPr><w:del/></w:rPr>"
    assert _read(_p("one ", number=1, marks=gone) + _p("and two", number=1) + _p("three", number=1)) == ["1. one and two", "2. three"]


def test_notes_stand_apart() -> None:
    notes = (
        f'<?xml version="1.0"?><w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        f'<w:footnote w:id="1"><w:p>{RUN.format("See article 5.")}</w:p></w:footnote></w:footnotes>'
    )
    found = read(_file(f'<w:p>{RUN.format("A rule")}<w:r><w:footnoteReference w:id="1"/></w:r>{RUN.format(".")}</w:p>', footnotes=notes))
    assert (found.text, found.notes) == ("A rule.\n", ("See article 5.",))


def test_a_table_of_contents_is_left_out_and_said() -> None:
    found = read(_file(_p("Article 1 ... 3", style="TOC1") + _p("Article 1")))
    assert (found.text, found.warnings) == ("Article 1\n", ("a table of contents was left out (1 lines)",))


def test_places_are_the_paragraphs_of_the_file() -> None:
    assert read(_file(_p("one") + _p("") + _p("two"))).source_map == (Place(0, 3, 1), Place(5, 8, 3))
