"""A report as a Word document: the body as XML, piece by piece, in a frame of python-docx, whose own tables grow slow with size."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache

from corpora.exports.archive import gather, stream_zip
from corpora.exports.report import Section, Table, steady
from corpora.exports.xml import content

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BODY = "word/document.xml"
_MARK = b"LEXFRAME-BODY"


def write_docx(sections: Iterable[Section]) -> Iterator[bytes]:
    """The report; opens in any word processor, and its text can be edited."""
    head, tail, parts = _frame()
    body = _joined(head, gather(_pieces(sections)), tail)
    return stream_zip([*((name, [data]) for name, data in parts), (_BODY, body)])


@cache
def _frame() -> tuple[bytes, bytes, tuple[tuple[str, bytes], ...]]:
    """An empty landscape document of python-docx: what stands before and after its body, and its other parts."""
    from docx import Document
    from docx.enum.section import WD_ORIENT

    made = Document()
    page = made.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, page.page_height, page.page_width
    made.core_properties.author, made.core_properties.title = "Lexframe", "Report"
    made.add_paragraph(_MARK.decode())
    file = io.BytesIO()
    made.save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts.pop(_BODY)
    at = body.index(_MARK)
    first, last = body.rindex(b"<w:p>", 0, at), body.index(b"</w:p>", at) + len(b"</w:p>")
    return body[:first], body[last:], tuple(parts.items())


def _joined(head: bytes, body: Iterable[bytes], tail: bytes) -> Iterator[bytes]:
    yield head
    yield from body
    yield tail


def _pieces(sections: Iterable[Section]) -> Iterator[str]:
    for i, section in enumerate(sections):
        yield _paragraph(section.heading, "Title" if i == 0 else "Heading1")
        yield from (_paragraph(words) for words in section.paragraphs)
        if section.table and section.table.rows:
            yield from _table(section.table)


def _table(table: Table) -> Iterator[str]:
    yield '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/></w:tblPr><w:tblGrid>'
    yield "<w:gridCol/>" * len(table.head) + "</w:tblGrid>"
    yield "<w:tr><w:trPr><w:tblHeader/></w:trPr>" + "".join(_cell(name, bold=True) for name in table.head) + "</w:tr>"
    for row in table.rows:
        yield "<w:tr>" + "".join(_cell(cell) for cell in row) + "</w:tr>"
    yield "</w:tbl>" + _paragraph("")


def _cell(words: str, *, bold: bool = False) -> str:
    style = '<w:rPr><w:b/><w:sz w:val="18"/></w:rPr>' if bold else '<w:rPr><w:sz w:val="18"/></w:rPr>'
    return f'<w:tc><w:tcPr/><w:p><w:r>{style}<w:t xml:space="preserve">{content(steady(words))}</w:t></w:r></w:p></w:tc>'


def _paragraph(words: str, style: str | None = None) -> str:
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{kind}<w:r><w:t xml:space="preserve">{content(steady(words))}</w:t></w:r></w:p>'
