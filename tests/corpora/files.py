"""Makers of test files: the same paragraphs as HTML, as DOCX with Word's own numbers, and as PDF."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from corpora.readers.errors import ReadingError
from corpora.readers.read import read

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx")

STATUTE = """Protection of Carried Persons Act

Part I Preliminary

1. Short title and commencement

(1) This Act may be cited as the Protection of Carried Persons Act, and comes into force on a day that the Minister appoints by order published in the Gazette.

(2) Different days may be appointed for different provisions.

2. Interpretation

In this Act, unless the context otherwise requires—

“carried person” means a person who has been moved, housed or handed over by means of force, fraud or the abuse of a position of vulnerability, whether or not across a border;

“Minister” means the Minister responsible for justice.

3. Offence of carrying

(1) A person who, for the purpose of exploitation—

(a) recruits, moves or harbours another person;

(b) receives another person from a carrier, knowing or having reason to believe that—

(i) the person did not consent; or

(ii) the person is a child,

whatever the means; or

(c) pays or is paid for any of these acts,

commits an offence and is liable on conviction on indictment to imprisonment for a term not exceeding 14 years.

(2) It is no defence that the carried person consented.

4. Assistance

(1) A carried person is entitled, irrespective of any cooperation with an investigation, to—

(a) safe and suitable accommodation;

(b) medical treatment and psychological counselling;

(c) legal aid and an interpreter; and

(d) a period of reflection of not less than ninety days.

(2) No carried person shall be detained, charged or prosecuted for an unlawful act that was a direct consequence of being carried.
"""

TREATY = """Model Convention on Persons Held to Service

The States Parties to this Convention,

Recognizing that persons who are held to service through debt, threat or deceit are entitled to protection,

Have agreed as follows:

I. General provisions

Article 1

Use of terms

For the purposes of this Convention:

a) "Person held to service" shall mean any person whose labour or services are obtained by coercion, deception or the abuse of authority, or by the giving of payments to a person who controls another;

b) "Child" shall mean any person under eighteen years of age.

Article 2

Criminalization

1. Each State Party shall adopt such legislative measures as may be necessary to establish as criminal offences the acts set forth in article 1, when committed intentionally.

2. Each State Party shall also establish as criminal offences:

a) Subject to the basic concepts of its legal system, attempting to commit such an offence; and

b) Participating as an accomplice in such an offence.

Article 3

Assistance and protection

1. In appropriate cases and to the extent possible under its domestic law, each State Party shall protect the privacy and identity of persons held to service.

2. Each State Party shall consider measures for their recovery, including:

a) Appropriate housing;

b) Counselling and information in a language that they understand; and

c) Medical, psychological and material assistance.
"""

PAPER = """Out of the Shadows: A Policy Paper on Forced Service

Executive summary

The number of people reported as held to service has doubled in ten years, and nine in ten of them never see a lawyer. This paper asks what the law does for them, where it stops, and what a government that wished to do better could do within one parliament.

What we found

Victims are treated first as witnesses and only then as people with rights. Shelters close when a trial ends; residence permits lapse on the day of the verdict.

• Only four in a hundred victims received compensation.

• No agency is charged with following a case from identification to recovery.

• In three regions out of eleven there is no interpreter for the languages that most of the victims speak, and hearings are put off for months.

The police told us that they find the rules on reflection periods hard to apply. The periods begin on different days in different regions, nobody tells the shelters, and a victim who has travelled from one region to another may lose the days that are left. Judges said the same of compensation: the fund exists, its forms are long, and the decision comes after the victim has gone home.

What should change

The ministry should publish, by the end of next year, a plan with a budget, a named official and a yearly report to parliament. Survivors' organisations should be paid for their part in it.

Parliament should give every victim a right to a lawyer from the first interview, whether or not there is a prosecution, and should put the shelters on a footing that does not depend upon the outcome of a trial.
"""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text in the form in which extracted texts are kept."""
    return [p.strip() for p in re.split(r"\n\s*\n", text) if p.strip()]


def text_of(words: Sequence[str]) -> str:
    """The text that reading these paragraphs should give."""
    return "\n\n".join(words) + "\n"


# --- HTML -------------------------------------------------------------------------------------------------------------


def as_html(words: Sequence[str]) -> bytes:
    """A page with navigation, a script, headings and paragraphs, as an agency's site might have it."""
    body = "\n".join(f"<{_html_tag(i, p)}>{html.escape(p)}</{_html_tag(i, p)}>" for i, p in enumerate(words))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Documents</title><style>p{margin:0}</style></head>\n'
        '<body><nav><ul><li><a href="/">Home</a></li></ul></nav><script>var a = "<p>no</p>";</script>\n'
        f"<main><article>\n{body}\n</article></main></body></html>\n"
    ).encode()


def _html_tag(place: int, words: str) -> str:
    return "h1" if place == 0 else "h2" if is_heading(words) else "p"


def is_heading(words: str) -> bool:
    """Short, without a full stop: what an author would set as a heading."""
    return len(words) < 90 and not words.endswith((".", ",", ";", ":", "—", "or", "and", "–")) and not words.startswith(("•", "(", "a)"))


# --- DOCX -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListLevel:
    """A level of a Word list: its number format and its pattern with `%n`."""

    form: str
    pattern: str


TREATY_LEVELS = (ListLevel("decimal", "%1."), ListLevel("lowerLetter", "%2)"), ListLevel("lowerRoman", "%3)"))
STATUTE_LEVELS = (
    ListLevel("decimal", "%1."),
    ListLevel("decimal", "(%2)"),
    ListLevel("lowerLetter", "(%3)"),
    ListLevel("lowerRoman", "(%4)"),
)
CODE_LEVELS = (
    ListLevel("lowerLetter", "(%1)"), ListLevel("decimal", "(%2)"), ListLevel("upperLetter", "(%3)"), ListLevel("lowerRoman", "(%4)"),
    ListLevel("upperRoman", "(%5)"),
)  # fmt: skip
ALL_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "lowerLetter": lambda n: chr(96 + n) if n <= 26 else chr(70 + n) * 2,
    "upperLetter": lambda n: chr(64 + n) if n <= 26 else chr(38 + n) * 2,
    "lowerRoman": lambda n: ROMAN[n - 1] if n <= len(ROMAN) else "?",
    "upperRoman": lambda n: ROMAN[n - 1].upper() if n <= len(ROMAN) else "?",
}


@dataclass(slots=True)
class WordLists:
    """Gives paragraphs to one multi-level list, and starts a list anew where the count would be wrong."""

    document: Any
    levels: Sequence[ListLevel]
    number: int = 0
    counts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.counts = [0] * len(self.levels)
        numbering = self.document.part.numbering_part.element
        abstract = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{v.form}"/><w:lvlText w:val="{v.pattern}"/></w:lvl>'
            for i, v in enumerate(self.levels)
        )
        numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="700">{abstract}</w:abstractNum>'))
        self._new_list(None)

    def place(self, words: str) -> tuple[int, str] | None:
        """The level of a typed number and the words behind it; None where no level prints such a number."""
        found = [(i, n, rest) for i in range(len(self.levels)) for n, rest in [self._typed(i, words)] if n]
        if not found:
            return None
        level, count, rest = next(((i, n, r) for i, n, r in found if n == self.counts[i] + 1), found[0])
        if count != self.counts[level] + 1:
            self._new_list((level, count))
        self.counts[level] = count
        self.counts[level + 1 :] = [0] * (len(self.levels) - level - 1)
        return level, rest

    def _typed(self, level: int, words: str) -> tuple[int, str]:
        pattern = self.levels[level].pattern
        for n in range(1, 53):
            start = re.sub(r"%\d", ALL_FORMS[self.levels[level].form](n), pattern) + " "
            if words.startswith(start):
                return n, words[len(start) :]
        return 0, words

    def _new_list(self, start: tuple[int, int] | None) -> None:
        self.number = 700 if start is None else self.number + 1
        over = f'<w:lvlOverride w:ilvl="{start[0]}"><w:startOverride w:val="{start[1]}"/></w:lvlOverride>' if start else ""
        num = f'<w:num {nsdecls("w")} w:numId="{self.number}"><w:abstractNumId w:val="700"/>{over}</w:num>'
        self.document.part.numbering_part.element.append(parse_xml(num))


def as_docx(words: Sequence[str], levels: Sequence[ListLevel] = TREATY_LEVELS) -> bytes:
    """A Word file in which every number that `levels` can print is generated and not typed."""
    document = Document()
    lists = WordLists(document, levels)
    for i, p in enumerate(words):
        placed = lists.place(p)
        style = "Title" if i == 0 else "Heading 2" if placed is None and is_heading(p) else None
        added = document.add_paragraph(placed[1] if placed else p, style=style)
        if placed:
            marks = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{placed[0]}"/><w:numId w:val="{lists.number}"/></w:numPr>'
            added._p.get_or_add_pPr().append(parse_xml(marks))
    return saved(document)


def saved(document: Any) -> bytes:
    """The bytes of a python-docx document."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def docx_of(body: str, parts: dict[str, str] | None = None) -> bytes:
    """A Word file with this XML as its body, and parts replaced or added by name."""
    document = Document()
    filled = {"word/document.xml": f'<?xml version="1.0"?><w:document {nsdecls("w")}><w:body>{body}</w:body></w:document>', **(parts or {})}
    return repacked(saved(document), filled)


def repacked(data: bytes, parts: Mapping[str, str | bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The archive with these parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", packing) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


# --- PDF --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PdfStyle:
    """How a page is set. `indents` moves numbered paragraphs in by their mark; `gap` is the blank between paragraphs, in lines."""

    font: str = "Helvetica"
    size: float = 11
    gap: float = 0.6
    first_indent: float = 0
    indents: bool = False
    header: str | None = "Official Records, Sixth Session"
    folio: str | None = "{page}"
    hyphenate: bool = False
    justified: bool = False
    bold_headings: bool = False
    columns: int = 1
    margin: float = 72
    page: tuple[float, float] = A4


def as_pdf(words: Sequence[str], style: PdfStyle | None = None) -> bytes:
    """Wrapped lines with a running header and page numbers."""
    out = io.BytesIO()
    setter = _Setter(Canvas(out, pagesize=(style or PdfStyle()).page, invariant=True), style or PdfStyle())
    for i, p in enumerate(words):
        setter.paragraph(p, heading=i == 0 or is_heading(p))
    setter.finish()
    return out.getvalue()


@dataclass(slots=True)
class _Setter:
    canvas: Any
    style: PdfStyle
    page: int = 1
    column: int = 0
    y: float = 0

    def __post_init__(self) -> None:
        self.y = self._top

    @property
    def _top(self) -> float:
        return self.style.page[1] - self.style.margin - self.style.size

    @property
    def _width(self) -> float:
        return (self.style.page[0] - 2 * self.style.margin - 20 * (self.style.columns - 1)) / self.style.columns

    @property
    def _left(self) -> float:
        return self.style.margin + self.column * (self._width + 20)

    def paragraph(self, words: str, *, heading: bool) -> None:
        style = self.style
        font = f"{style.font}-Bold" if heading and style.bold_headings else style.font
        indent = 24.0 if style.indents and re.match(r"\(?\w{1,3}\)", words) else 0.0
        first = indent if heading else indent + style.first_indent
        lines = _wrapped(words, font, style.size, self._width - indent, self._width - first, style.hyphenate)
        for i, line in enumerate(lines):
            last = i == len(lines) - 1
            self._line(
                line, font, first if i == 0 else indent, self._width - (first if i == 0 else indent), fill=style.justified and not last
            )
        self.y -= style.gap * style.size * 1.25

    def _line(self, words: str, font: str, indent: float, width: float, *, fill: bool) -> None:
        if self.y < self.style.margin:
            self._next()
        size = self.style.size
        text = self.canvas.beginText(self._left + indent, self.y)
        text.setFont(font, size)
        blanks = words.count(" ")
        text.setWordSpace((width - stringWidth(words, font, size)) / blanks if fill and blanks else 0)
        text.textOut(words)
        self.canvas.drawText(text)
        self.y -= size * 1.25

    def _next(self) -> None:
        self.y = self._top
        self.column += 1
        if self.column == self.style.columns:
            self._furniture()
            self.canvas.showPage()
            self.page, self.column = self.page + 1, 0

    def _furniture(self) -> None:
        self.canvas.setFont(self.style.font, 9)
        if self.style.header:
            self.canvas.drawString(self.style.margin, self.style.page[1] - 40, self.style.header)
        if self.style.folio:
            self.canvas.drawCentredString(self.style.page[0] / 2, 36, self.style.folio.format(page=self.page))

    def finish(self) -> None:
        self._furniture()
        self.canvas.showPage()
        self.canvas.save()


def _wrapped(words: str, font: str, size: float, width: float, first: float, hyphenate: bool) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in words.split(" "):
        room = first if not lines else width
        longer = f"{line} {word}" if line else word
        if stringWidth(longer, font, size) <= room:
            line = longer
            continue
        head = _hyphenated(line, word, font, size, room) if hyphenate else ""
        if head:
            lines.append(f"{line} {head}-")
            line = word[len(head) :]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


def _hyphenated(line: str, word: str, font: str, size: float, room: float) -> str:
    """As many letters of the word as fit before a hyphen, three on either side at the least."""
    if not re.fullmatch(r"[a-z]{7,}[.,;]?", word) or not line:
        return ""
    fits = [n for n in range(3, len(word) - 3) if stringWidth(f"{line} {word[:n]}-", font, size) <= room]
    return word[: fits[-1]] if fits else ""


def pdf_of(content: bytes, pages: int = 1) -> bytes:
    """A PDF written by hand: pages that share one content stream, with Helvetica as /F and a form /X that draws itself."""
    packed = zlib.compress(content, 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b" ".join([b"3 0 R"] * pages)),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length 5>>stream\n/X Do\nendstream",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(out),
    )


def outcome(data: bytes) -> str:
    """`read` where a file gives words, else the code of its refusal; whatever else is raised is a fault."""
    try:
        return "read" if read(data).text.strip() else "no words"
    except ReadingError as refused:
        return refused.code


OUTCOMES = frozenset(["read", *(kind.code for kind in ReadingError.__subclasses__())])
