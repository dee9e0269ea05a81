"""Bad and hostile files: each is refused by name, in bounded time."""

from __future__ import annotations

import codecs
import io
import random
import struct
import time
import zipfile

import pytest
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from corpora.readers.errors import ReadingError, error_named
from corpora.readers.model import Limits
from corpora.readers.read import read
from tests.corpora.files import OUTCOMES, TREATY, as_docx, as_html, as_pdf, docx_of, outcome, paragraphs, pdf_of, repacked, saved

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200))
NOISE = random.Random(5).randbytes(5000)
A = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"
BOMB = '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa">{}]><w:document {}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>'
LAUGHS = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True))


def _encrypted_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("password", strength=128))
    canvas.drawString(72, 700, "Secret.")
    canvas.save()
    return out.getvalue()


def _picture_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(72, 72, 400, 600, fill=1)
    canvas.save()
    return out.getvalue()


def _zip(*entries: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


def _encrypted_zip() -> bytes:
    """A Word file with the flag of encryption set on every part."""
    data = bytearray(as_docx(["A"]))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + at] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def _lying_zip() -> bytes:
    """A part of a hundred megabytes that says it has a thousand bytes."""
    data = bytearray(docx_of(A, {"word/big.xml": "<a>" + " " * 100_000_000 + "</a>"}))
    for mark, at, name in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        place = data.find(mark)
        while place >= 0:
            if data[place + name :].startswith(b"word/big.xml"):
                data[place + at : place + at + 4] = struct.pack("<I", 1000)
            place = data.find(mark, place + 4)
    return bytes(data)


def _overlapping_zip() -> bytes:
    """Two parts that share their bytes: the second one's directory entry points at the first."""
    data = bytearray(docx_of(A, {"word/x1.xml": "<a/>", "word/x2.xml": "<a/>"}))
    first, second = data.find(b"PK\x03\x04"), data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", first)
    return bytes(data)


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty_file"),
    "blanks": (b" \r\n\t\n", "empty_file"),
    "a mark and nothing": (codecs.BOM_UTF8, "empty_file"),
    "nulls": (bytes(500), "empty_file"),
    "HTML without words": (b"<html><body><script>x</script></body></html>", "empty_file"),
    "DOCX without words": (docx_of("<w:p/>"), "empty_file"),
    "a picture, whatever its name": (PNG, "not_a_document"),
    "a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + NOISE, "not_a_document"),
    "noise": (NOISE, "not_a_document"),
    "a text with nulls": (b"Words" + bytes(3) + b"words", "not_a_document"),
    "a program": (b"\x7fELF\x02\x01\x01" + bytes(9) + NOISE, "unsupported_format"),
    "gzip": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00" + NOISE, "unsupported_format"),
    "a ZIP archive": (_zip(("a.txt", b"a")), "unsupported_format"),
    "a spreadsheet": (_zip(("[Content_Types].xml", b"<Types>spreadsheetml.sheet.main+xml</Types>")), "unsupported_format"),
    "OpenDocument": (_zip(("mimetype", b"application/vnd.oasis.opendocument.text")), "unsupported_format"),
    "strict OOXML": (
        docx_of("", {"word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body/></w:document>'}),
        "unsupported_format",
    ),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported_format"),
    "RTF": (b"{\\rtf1\\ansi Words}", "unsupported_format"),
    "PostScript": (b"%!PS-Adobe-3.0\nshowpage\n", "unsupported_format"),
    "XML": (b'<?xml version="1.0"?><law><act/></law>', "unsupported_format"),
    "Akoma Ntoso of no namespace": (b'<?xml version="1.0"?><akomaNtoso><act/></akomaNtoso>', "broken_document"),
    "an encrypted PDF": (_encrypted_pdf(), "encrypted"),
    "an encrypted Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "an encrypted archive": (_encrypted_zip(), "encrypted"),
    "a PDF of pictures": (_picture_pdf(), "needs_ocr"),
    "a PDF of blanks": (pdf_of(b" " * 20_000_000), "needs_ocr"),
    "the mark of a PDF and no more": (b"%PDF-1.7\n", "broken_document"),
    "a PDF cut short": (as_pdf(paragraphs(TREATY))[:400], "broken_document"),
    "a DOCX cut short": (as_docx(["A"])[:5000], "broken_document"),
    "a DOCX whose XML is not": (docx_of("<w:p>"), "broken_document"),
    "a DOCX without its main part": (_zip(("[Content_Types].xml", b"wordprocessingml.document.main")), "broken_document"),
    "UTF-16 with an odd byte": (codecs.BOM_UTF16_LE + "Words".encode("utf-16-le") + b"x", "undecodable"),
    "the mark of UTF-8 before Latin-1": (codecs.BOM_UTF8 + "café au lait".encode("latin-1"), "undecodable"),
    # hostile
    "a billion laughs": (docx_of("", {"word/document.xml": BOMB.format(LAUGHS, nsdecls("w"))}), "broken_document"),
    "a document type in another part": (docx_of(A, {"word/styles.xml": '<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>'}), "broken_document"),
    "a document type in UTF-16": (docx_of(A, {"word/theme.xml": '<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")}), "broken_document"),
    "a ZIP bomb": (docx_of(A, {"word/big.xml": " " * 50_000_000}), "limit_exceeded"),
    "a ZIP bomb that lies": (_lying_zip(), "broken_document"),
    "parts that overlap": (_overlapping_zip(), "broken_document"),
    "too many parts": (docx_of(A, {f"word/{n}.bin": "x" for n in range(2001)}), "limit_exceeded"),
    "a part that climbs": (docx_of(A, {"../../evil.xml": "<a/>"}), "broken_document"),
    "a part at the root": (docx_of(A, {"/etc/evil.xml": "<a/>"}), "broken_document"),
    "tables in tables": (docx_of("<w:tbl><w:tr><w:tc>" * 3000 + A + "</w:tc></w:tr></w:tbl>" * 3000), "broken_document"),
    "elements 100,000 deep": (b"<div>a" * 100_000, "limit_exceeded"),
    "2,001 pages": (pdf_of(b"BT /F 12 Tf 72 700 Td (Words) Tj ET", pages=2001), "limit_exceeded"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_files_are_refused_by_name(case: str) -> None:
    data, code = REFUSED[case]
    begun = time.monotonic()
    with pytest.raises(ReadingError) as refused:
        read(data)
    assert refused.value.code == code
    assert str(refused.value).endswith((".", ")"))
    assert time.monotonic() - begun < 5


def test_two_parts_of_one_name_are_refused() -> None:
    data = as_docx(["A"])
    out = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(ReadingError, match="same name"):
        read(out.getvalue())


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (b"Words of a text", Limits(file=10), "too_large"),
        (b"Words of a text", Limits(text=10), "limit_exceeded"),
        (as_html(paragraphs(TREATY)), Limits(text=500), "limit_exceeded"),
        (as_docx(paragraphs(TREATY)), Limits(text=500), "limit_exceeded"),
        (as_pdf(paragraphs(TREATY)), Limits(text=500), "limit_exceeded"),
        (as_docx(["A"]), Limits(main_part=500), "limit_exceeded"),
        (as_docx(["A"]), Limits(unpacked=5000), "limit_exceeded"),
        (b"<div>" * 30 + b"a", Limits(depth=20), "limit_exceeded"),
        (as_pdf(paragraphs(TREATY)), Limits(pages=0), "limit_exceeded"),
        (as_docx(["A"]), Limits(entries=3), "limit_exceeded"),
    ],
)
def test_limits_hold(data: bytes, limits: Limits, code: str) -> None:
    with pytest.raises(ReadingError) as refused:
        read(data, limits)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "data",
    [
        pdf_of(b"BT /F 12 Tf 72 700 Td (Words of a rule) Tj ET /X Do"),
        pdf_of(b"q " * 100_000 + b"BT /F 12 Tf 72 700 Td (Words of a rule) Tj ET"),
        docx_of('<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>Words of a rule</w:t></w:r></w:p>', {
            "word/styles.xml": f'<w:styles {nsdecls("w")}><w:style w:styleId="A"><w:basedOn w:val="B"/></w:style>'
                               f'<w:style w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>',
        }),
    ],
    ids=["a form that draws itself", "states pushed for ever", "styles in a circle"],
)  # fmt: skip
def test_loops_end(data: bytes) -> None:
    assert read(data).text == "Words of a rule\n"


def test_long_texts_without_a_line_break_take_linear_time() -> None:
    for data in (b"a" * 3_000_000, b"<p>" + b"word " * 600_000, b"(a) " * 500_000):
        begun = time.monotonic()
        read(data)
        assert time.monotonic() - begun < 5


WHOLE = {"pdf": as_pdf(paragraphs(TREATY)), "docx": as_docx(paragraphs(TREATY)), "html": as_html(paragraphs(TREATY))}


@pytest.mark.parametrize("kind", WHOLE)
def test_files_cut_anywhere_are_read_or_refused(kind: str) -> None:
    data = WHOLE[kind]
    for at in range(1, len(data), max(1, len(data) // 60)):
        assert outcome(data[:at]) in OUTCOMES


@given(kind=st.sampled_from(sorted(WHOLE)), edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12))
@settings(max_examples=80, deadline=None)
def test_files_with_wrong_bytes_are_read_or_refused(kind: str, edits: list[tuple[float, int]]) -> None:
    data = bytearray(WHOLE[kind])
    for place, byte in edits:
        data[int(place * (len(data) - 1))] = byte
    assert outcome(bytes(data)) in OUTCOMES


@given(
    part=st.sampled_from(["word/document.xml", "word/numbering.xml", "word/styles.xml"]),
    places=st.lists(st.floats(0, 1), min_size=1, max_size=6),
    byte=st.sampled_from(b"<>&\"'0-9ax "),
)
@settings(max_examples=60, deadline=None)
def test_word_parts_with_wrong_bytes_are_read_or_refused(part: str, places: list[float], byte: int) -> None:
    with zipfile.ZipFile(io.BytesIO(WHOLE["docx"])) as archive:
        content = bytearray(archive.read(part))
    for place in places:
        content[int(place * (len(content) - 1))] = byte
    assert outcome(repacked(WHOLE["docx"], {part: bytes(content)})) in OUTCOMES


def test_every_error_comes_back_from_its_code() -> None:
    kinds = ReadingError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds) == 12
    assert all(type(error_named(kind.code, "")) is kind for kind in kinds)


def test_a_word_file_from_the_library_itself_is_read() -> None:
    from docx import Document

    document = Document()
    document.add_paragraph("Words.")
    assert read(saved(document)).text == "Words.\n"
