"""Named hostile files by kind, each made by a few lines. `HOSTILE[kind][name]` makes the bytes."""

from __future__ import annotations

import base64
import bz2
import codecs
import gzip
import io
import lzma
import random
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable

from tests.corpora.files import TREATY, as_docx, as_pdf, docx_of, paragraphs, pdf_of, repacked
from tests.hostile.xml_files import AKN, LAUGHS

Make = Callable[[], bytes]
P = "<w:p><w:r><w:t>Each Party shall protect victims.</w:t></w:r></w:p>"
SHOWN = b"BT /F 12 Tf 72 700 Td (Each Party shall protect victims.) Tj ET"
WORDS = b"Each Party shall protect victims. "
XML = '<?xml version="1.0"?>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(*objects: bytes, trailer: bytes = b"", head: bytes = b"%PDF-1.7\n") -> bytes:
    """A PDF of these numbered objects with a true table of places."""
    out, places = bytearray(head), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(out))
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + tail


def page_with(stream: bytes, filters: bytes = b"", catalog: bytes = b"", page: bytes = b"", more: tuple[bytes, ...] = ()) -> bytes:
    """One page with this content stream."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>" + page + b">>",
        b"<</Length %d%s>>stream\n" % (len(stream), filters) + stream + b"\nendstream",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    )


def flate(times: int, size: int) -> bytes:
    """A content stream packed so many times over."""
    data = SHOWN + b" " * size
    for _ in range(times):
        data = zlib.compress(data, 9)
    return page_with(data, b"/Filter[" + b"/FlateDecode" * times + b"]")


def forms(depth: int) -> bytes:
    """Forms that each draw the next one twice: 2^depth drawings."""
    more = tuple(
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>/Length 10>>stream\n/X Do /X Do\nendstream" % (n + 7)
        for n in range(depth)
    )
    return page_with(SHOWN + b" /X Do", page=b"/XObject<</X 6 0 R>>", more=more).replace(
        b"/Resources<</Font", b"/Resources<</XObject<</X 6 0 R>>/Font", 1
    )


def draws_itself(times: int) -> bytes:
    """A form that draws itself so often, and each of those again: PDFium goes ever more ways, and ends only when it is ended."""
    drawn = b"/X Do " * times
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>/Length %d>>stream\n%s\nendstream" % (
        len(drawn),
        drawn,
    )
    return page_with(SHOWN + b" /X Do", page=b"/XObject<</X 6 0 R>>", more=(form,)).replace(
        b"/Resources<</Font", b"/Resources<</XObject<</X 6 0 R>>/Font", 1
    )


PDF: dict[str, Make] = {
    "flate x1 of 30 MB": lambda: flate(1, 30_000_000),
    "flate x2 of 30 MB": lambda: flate(2, 30_000_000),
    "flate x3 of 30 MB": lambda: flate(3, 30_000_000),
    "flate cut short": lambda: page_with(zlib.compress(SHOWN * 1000)[:-20], b"/Filter/FlateDecode"),
    "flate that is none": lambda: page_with(b"not packed at all", b"/Filter/FlateDecode"),
    "LZW of noise": lambda: page_with(random.Random(1).randbytes(50_000), b"/Filter/LZWDecode"),
    "ASCII85 of z": lambda: page_with(b"z" * 2_000_000 + b"~>", b"/Filter/ASCII85Decode"),
    "ASCIIHex": lambda: page_with(SHOWN.hex().encode() + b">", b"/Filter/ASCIIHexDecode"),
    "run lengths": lambda: page_with(b"\x81 " * 400_000 + b"\x80", b"/Filter/RunLengthDecode"),
    "100 filters": lambda: page_with(SHOWN, b"/Filter[" + b"/ASCIIHexDecode" * 100 + b"]"),
    "a filter of no name": lambda: page_with(SHOWN, b"/Filter/Unheard"),
    "predictor of 2^31 columns": lambda: page_with(zlib.compress(SHOWN), b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647>>"),
    "a million operators": lambda: page_with(b"q Q " * 250_000 + SHOWN),
    "300,000 words at one place": lambda: page_with(b"BT /F 12 Tf 72 700 Td " + b"(a) Tj " * 300_000 + b"ET"),
    "forms 2^28": lambda: forms(28),
    "a form that draws itself": lambda: pdf_of(SHOWN + b" /X Do"),
    "pages in a circle": lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[2 0 R]>>"),
    "a page that is its own parent": lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Page/Parent 2 0 R>>"),
    "pages that never were": lambda: pdf(b"<</Type/Catalog/Pages 9 0 R>>"),
    "minus one pages": lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count -1/Kids[]>>"),
    "two billion pages": lambda: pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 2147483647/Kids[2 0 R]>>"),
    "outlines in a circle": lambda: page_with(SHOWN, catalog=b"/Outlines 6 0 R", more=(b"<</First 6 0 R/Next 6 0 R/Title(a)>>",)),
    "names in a circle": lambda: page_with(SHOWN, catalog=b"/Names 6 0 R", more=(b"<</Kids[6 0 R]/Dests 6 0 R>>",)),
    "a table of places that points at itself": lambda: page_with(SHOWN).replace(b"trailer<<", b"trailer<</Prev 500 "),
    "a table of places at 2^63": lambda: page_with(SHOWN)[:-30] + b"startxref\n9223372036854775807\n%%EOF",
    "no table of places": lambda: page_with(SHOWN).partition(b"xref\n")[0],
    "objects within objects": lambda: pdf(b"[" * 100_000 + b"]" * 100_000),
    "dictionaries 50,000 deep": lambda: pdf(b"<</A " * 50_000 + b">>" * 50_000),
    "20,000 objects": lambda: pdf(b"<</Type/Catalog>>", *([b"0"] * 20_000)),
    "a string of 10 MB": lambda: page_with(b"BT /F 12 Tf (" + b"a" * 10_000_000 + b") Tj ET"),
    "a name of 1 MB": lambda: pdf(b"<</Type/" + b"A" * 1_000_000 + b">>"),
    "a length that lies": lambda: page_with(SHOWN).replace(b"/Length %d" % len(SHOWN), b"/Length 2147483647"),
    "a length that is itself": lambda: page_with(SHOWN).replace(b"/Length %d" % len(SHOWN), b"/Length 4 0 R"),
    "a box of 1e38": lambda: page_with(SHOWN).replace(b"[0 0 600 800]", b"[-1e38 -1e38 1e38 1e38]"),
    "a matrix of no number": lambda: page_with(b"1e999 0 0 -1e999 0 0 cm " + SHOWN),
    "a font that is itself": lambda: page_with(SHOWN).replace(b"/Subtype/Type1", b"/Subtype/Type0/DescendantFonts[5 0 R]/Encoding/Identity-H"),
    "a CMap by path": lambda: page_with(SHOWN).replace(b"/BaseFont/Helvetica", b"/Encoding/..#2f..#2f..#2ftmp#2fevil/BaseFont/Helvetica"),
    "JavaScript": lambda: page_with(SHOWN, catalog=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "a launched program": lambda: page_with(SHOWN, catalog=b"/OpenAction<</S/Launch/F(calc.exe)>>"),
    "an embedded file": lambda: page_with(SHOWN, catalog=b"/Names<</EmbeddedFiles<</Names[(a.exe)6 0 R]>>>>", more=(b"<</F(a.exe)>>",)),
    "a form of XFA with entities": lambda: page_with(SHOWN, catalog=b'/AcroForm<</XFA(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)>>'),
    "encrypted by nobody": lambda: pdf(b"<</Type/Catalog>>", trailer=b"/Encrypt<</Filter/Standard/V 99>>/ID[(a)(b)]"),
    "a mark at byte 900": lambda: b"a" * 900 + page_with(SHOWN),
    "PDF and ZIP at once": lambda: page_with(SHOWN) + as_docx(["A"]),
    "PDF and HTML at once": lambda: b"<html><script>alert(1)</script><!--" + page_with(SHOWN),
    "version 9.9": lambda: page_with(SHOWN).replace(b"%PDF-1.7", b"%PDF-9.9"),
    "nulls between objects": lambda: page_with(SHOWN).replace(b"\n", b"\x00\n\x00"),
    "half a file": lambda: (whole := as_pdf(paragraphs(TREATY)))[: len(whole) // 2],
    "the mark and noise": lambda: b"%PDF-1.7\n" + random.Random(2).randbytes(100_000),
}  # fmt: skip


def docx_with(**parts: str | bytes) -> bytes:
    """A good Word file with further parts; `__` stands for a slash and `_dot_` for a dot."""
    return repacked(docx_of(P), {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()})


def main_part(xml: str | bytes) -> bytes:
    """A Word file with this main part."""
    return repacked(docx_of(P), {"word/document.xml": xml})


def linked(name: str) -> bytes:
    """A Word file with a symbolic link in it."""
    out = io.BytesIO(docx_of(P))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo(name)
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def patched(data: bytes, mark: bytes, at: int, value: bytes) -> bytes:
    """The archive with a field changed in every header of a kind."""
    found = bytearray(data)
    place = found.find(mark)
    while place >= 0:
        found[place + at : place + at + len(value)] = value
        place = found.find(mark, place + 4)
    return bytes(found)


RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
BODY = f"<w:document {W}><w:body>{{}}</w:body></w:document>"

DOCX: dict[str, Make] = {
    "a bomb of blanks": lambda: docx_with(word__x_dot_xml=b" " * 30_000_000),
    "a bomb in the main part": lambda: main_part(BODY.format(P + " " * 40_000_000)),
    "3 million paragraphs": lambda: main_part(BODY.format("<w:p/>" * 3_000_000)),
    "just below the ratio": lambda: main_part(BODY.format(P + " " * 900_000)),
    "a thousand small parts": lambda: docx_with(**{f"word__{n}_dot_xml": "<a/>" for n in range(1000)}),
    "3,000 parts": lambda: docx_with(**{f"word__{n}_dot_bin": "x" for n in range(3000)}),
    "a name of 60,000 letters": lambda: docx_with(**{"a" * 60_000: "x"}),
    "a part that climbs": lambda: docx_with(**{"../../../tmp/evil": "x"}),
    "a part that climbs backwards": lambda: docx_with(**{"..\\..\\evil": "x"}),
    "a part on a drive": lambda: docx_with(**{"C:\\evil": "x"}),
    "a part at the root": lambda: docx_with(**{"/etc/evil": "x"}),
    "a part with a null in its name": lambda: patched(docx_with(evilAAA="x"), b"evilAAA", 4, b"\x00"),
    "a symbolic link": lambda: linked("word/link.xml"),
    "sizes that lie low": lambda: patched(docx_with(word__x_dot_xml=b" " * 5_000_000), b"PK\x01\x02", 24, struct.pack("<I", 10)),
    "sizes that lie high": lambda: patched(docx_of(P), b"PK\x01\x02", 24, struct.pack("<I", 0xFFFFFFF0)),
    "places that lie": lambda: patched(docx_of(P), b"PK\x01\x02", 42, struct.pack("<I", 0)),
    "sums that lie": lambda: patched(docx_of(P), b"PK\x01\x02", 16, b"\x00\x00\x00\x00"),
    "a packing of no name": lambda: patched(docx_of(P), b"PK\x01\x02", 10, struct.pack("<H", 99)),
    "flags of encryption": lambda: patched(docx_of(P), b"PK\x01\x02", 8, struct.pack("<H", 1)),
    "packed by LZMA": lambda: repacked(docx_of(P), {"word/x.xml": b" " * 3_000_000}, packing=zipfile.ZIP_LZMA),
    "packed by bzip2": lambda: repacked(docx_of(P), {"word/x.xml": b" " * 3_000_000}, packing=zipfile.ZIP_BZIP2),
    "an archive in the archive": lambda: docx_with(word__embeddings__x_dot_docx=docx_of(P)),
    "a comment of 65,535 bytes": lambda: docx_of(P)[:-2] + b"\xff\xff" + b"PK\x05\x06" * 16_383 + b"abc",
    "cut before its directory": lambda: (whole := docx_of(P))[: whole.rfind(b"PK\x01\x02")],
    "two directories": lambda: docx_of(P) + docx_of(P.replace("protect", "punish")),
    "bytes before the archive": lambda: b"PK\x03\x04" + bytes(100) + docx_of(P),
    "laughs": lambda: main_part(XML + LAUGHS + BODY.format("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>")),
    "one entity, squared": lambda: main_part(XML + f"<!DOCTYPE z [<!ENTITY a '{'a' * 50_000}'>]>" + BODY.format(f"<w:p><w:r><w:t>{'&a;' * 2000}</w:t></w:r></w:p>")),
    "a file by entity": lambda: main_part(XML + "<!DOCTYPE z [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + BODY.format("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")),
    "a site by entity": lambda: main_part(XML + "<!DOCTYPE z [<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>]>" + BODY.format("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")),
    "a parameter entity": lambda: main_part(XML + "<!DOCTYPE z [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/'> %x;]>" + BODY.format(P)),
    "a foreign document type": lambda: main_part(XML + "<!DOCTYPE z SYSTEM 'http://127.0.0.1:9/z.dtd'>" + BODY.format(P)),
    "a document type behind 70 KB": lambda: main_part(XML + f"<!--{'a' * 70_000}-->" + "<!DOCTYPE z [<!ENTITY x 'evil'>]>" + BODY.format("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")),
    "a document type in UTF-16": lambda: main_part((XML + "<!DOCTYPE z [<!ENTITY x 'evil'>]>" + BODY.format("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")).encode("utf-16")),
    "UTF-7 by its word": lambda: main_part('<?xml version="1.0" encoding="utf-7"?>' + BODY.format(P)),
    "EBCDIC": lambda: main_part(('<?xml version="1.0" encoding="cp037"?>' + BODY.format(P)).encode("cp037")),
    "an inclusion": lambda: main_part(BODY.format('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>' + P)),
    "a style sheet": lambda: main_part(XML + '<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/x.xsl"?>' + BODY.format(P)),
    "100,000 deep": lambda: main_part(BODY.format("<w:a>" * 100_000 + "</w:a>" * 100_000)),
    "tables 200 deep": lambda: main_part(BODY.format("<w:tbl><w:tr><w:tc>" * 60 + P + "</w:tc></w:tr></w:tbl>" * 60)),
    "an attribute of 9 MB": lambda: main_part(BODY.format(f'<w:p w:x="{"a" * 9_000_000}"/>' + P)),
    "20,000 attributes": lambda: main_part(BODY.format("<w:p " + " ".join(f'a{n}="1"' for n in range(20_000)) + "/>" + P)),
    "20,000 namespaces": lambda: main_part(BODY.format("<w:p " + " ".join(f'xmlns:a{n}="b{n}"' for n in range(20_000)) + "/>" + P)),
    "a text of 5 MB": lambda: main_part(BODY.format(f"<w:p><w:r><w:t>{'a' * 5_000_000}</w:t></w:r></w:p>")),
    "a null in the text": lambda: main_part(BODY.format(P.replace("Each", "&#0;"))),
    "a relation to a file": lambda: docx_with(word___rels__document_dot_xml_dot_rels=RELATIONS.format('<Relationship Id="r1" Type="a" Target="file:///etc/passwd" TargetMode="External"/>')),
    "a relation that climbs": lambda: docx_with(word___rels__document_dot_xml_dot_rels=RELATIONS.format('<Relationship Id="r1" Type="a" Target="../../../../etc/passwd"/>')),
    "a relation to itself": lambda: docx_with(word___rels__document_dot_xml_dot_rels=RELATIONS.format('<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="document.xml"/>')),
    "relations that are none": lambda: docx_with(_rels___dot_rels="<a/>"),
    "macros": lambda: docx_with(word__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0" + bytes(500)),
    "styles in a circle": lambda: docx_of(P, {"word/styles.xml": f'<w:styles {W}><w:style w:styleId="A"><w:basedOn w:val="A"/></w:style></w:styles>'}),
    "a numbering of level 2^31": lambda: docx_of('<w:p><w:pPr><w:numPr><w:ilvl w:val="2147483648"/><w:numId w:val="-1"/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>'),
    "numbers that are words": lambda: docx_of('<w:p><w:pPr><w:numPr><w:ilvl w:val="x"/><w:numId w:val=""/></w:numPr></w:pPr><w:r><w:t>a</w:t></w:r></w:p>'),
}  # fmt: skip

HTML: dict[str, Make] = {
    "100,000 deep": lambda: b"<div>" * 100_000 + WORDS,
    "100,000 paragraphs": lambda: b"<p>a" * 100_000,
    "formatting that never ends": lambda: b"<html>" + b"<b><i><font>" * 3000 + b"<p>" * 3000 + WORDS,
    "tables in tables": lambda: b"<table><tr><td>" * 3000 + WORDS,
    "an attribute of 5 MB": lambda: b"<p title='" + b"a" * 5_000_000 + b"'>" + WORDS,
    "10,000 attributes": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(10_000)) + b">" + WORDS,
    "a tag that never ends": lambda: b"<html><p " + b"a" * 3_000_000,
    "a comment that never ends": lambda: b"<html><p>" + WORDS + b"<!--" + b"-" * 2_000_000,
    "a million openings": lambda: b"<html>" + b"<" * 1_000_000,
    "a million ampersands": lambda: b"<html><p>" + b"&" * 1_000_000,
    "characters that are none": lambda: b"<html><p>" + b"&#0;&#xD800;&#x110000;&#99999999999;&#-1;&#x;" * 1000 + WORDS,
    "script": lambda: b"<html><script>alert(1)</script><p onclick=alert(1)>" + WORDS,
    "script in svg": lambda: b"<html><svg><script>alert(1)</script><foreignObject><p>" + WORDS + b"</svg>",
    "a mutation": lambda: (
        b'<html><math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">' + WORDS
    ),
    "data addresses": lambda: b"<html><p><a href='data:text/html,<script>alert(1)</script>'>" + WORDS,
    "a refresh": lambda: b"<html><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'><p>" + WORDS,
    "a base": lambda: b"<html><base href='http://127.0.0.1:9/'><p>" + WORDS,
    "frames": lambda: b"<html><iframe src=file:///etc/passwd></iframe><object data=file:///etc/passwd></object><p>" + WORDS,
    "entities of its own": lambda: b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>&x;' + WORDS,
    "UTF-7": lambda: b"<html><meta charset=utf-7><p>+ADw-script+AD4-alert(1)" + WORDS,
    "UTF-16 by its word, not its bytes": lambda: b"<html><meta charset=utf-16><p>" + WORDS,
    "a charset of no name": lambda: b"<html><meta charset=" + b"x" * 10_000 + b"><p>" + WORDS,
    "an endless title": lambda: b"<html><title>" + b"a" * 1_000_000,
    "plaintext": lambda: b"<html><plaintext>" + WORDS * 1000,
    "templates in templates": lambda: b"<html>" + b"<template>" * 5000 + WORDS,
    "nulls in tags": lambda: b"<html><p>a</p><scr\x00ipt>" + WORDS,
    "lists 4,000 deep": lambda: b"<html>" + b"<ul><li>" * 4000 + WORDS,
    "spans of 10^9 columns": lambda: b"<html><table><tr><td colspan=1000000000 rowspan=1000000000>" + WORDS,
}

TEXT: dict[str, Make] = {
    "10 MB without a break": lambda: b"a" * 10_000_000,
    "10 MB of words without a break": lambda: WORDS * 300_000,
    "10 MB of breaks": lambda: b"a" + b"\n" * 10_000_000,
    "a million list marks": lambda: b"(a) " * 1_000_000,
    "a million section marks": lambda: "§ ".encode() * 1_000_000,
    "deep brackets": lambda: b"(" * 1_000_000 + b")" * 1_000_000,
    "nulls": lambda: WORDS + b"\x00" + WORDS,
    "controls": lambda: WORDS + bytes(range(1, 32)) + WORDS * 20,
    "escapes of a terminal": lambda: WORDS * 50 + b"\x1b]0;evil\x07\x1b[2J" + WORDS,
    "bidi": lambda: WORDS + "\u202etsurt\u2066\u2069".encode() + WORDS,
    "zalgo": lambda: ("a" + "\u0301" * 500).encode() * 1000,
    "emoji only": lambda: "👩‍👩‍👧‍👦".encode() * 10_000,
    "private characters": lambda: "\ue000\uf8ff\U0010fffd".encode() * 1000 + WORDS,
    "lone surrogates in UTF-8": lambda: WORDS + b"\xed\xa0\x80" + WORDS,
    "lone surrogates in UTF-16": lambda: codecs.BOM_UTF16_LE + WORDS.decode().encode("utf-16-le") + b"\x00\xd8" + WORDS.decode().encode("utf-16-le"),
    "overlong UTF-8": lambda: WORDS + b"\xc0\xaf\xe0\x80\xaf" + WORDS,
    "UTF-32": lambda: WORDS.decode().encode("utf-32"),
    "three marks of order": lambda: codecs.BOM_UTF8 * 3 + WORDS,
    "UTF-16 of half a character": lambda: codecs.BOM_UTF16_BE + WORDS.decode().encode("utf-16-be")[:-1],
    "EBCDIC": lambda: (WORDS * 20).decode().encode("cp037"),
    "Shift JIS": lambda: ("人身取引を防止し" * 100).encode("shift_jis"),
    "a hundred languages at once": lambda: "".join(map(chr, range(0x100, 0x3000))).encode(),
    "formulas": lambda: b'=HYPERLINK("http://127.0.0.1:9/","x")\n@SUM(1+1)\n+1\n-1\n' + WORDS,
    "separators of lines": lambda: "a\u2028b\u2029c\x85d\x0be\x0cf".encode() * 1000,
    "a Markdown of 100,000 levels": lambda: b"# a\n\n" + b"> " * 100_000 + WORDS,
    "a Markdown of links in links": lambda: b"# a\n\n" + b"[" * 50_000 + WORDS + b"](x)" * 50_000,
    "a Markdown of stars": lambda: b"# a\n\n" + b"**a" * 200_000,
    "a table of 100,000 columns": lambda: b"# a\n\n" + b"|a" * 100_000 + b"|\n" + b"|-" * 100_000 + b"|\n",
    "words that look like a PDF": lambda: b"The mark %PDF-1.7 begins a file; endobj ends an object. " + WORDS,
}  # fmt: skip


def tar_of(**entries: tarfile.TarInfo) -> bytes:
    """A TAR of these entries without content."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for entry in entries.values():
            archive.addfile(entry)
    return out.getvalue()


def _tar_entry(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    return entry


OTHER: dict[str, Make] = {
    "gzip of a text": lambda: gzip.compress(WORDS * 100),
    "gzip of 20 MB": lambda: gzip.compress(bytes(20_000_000), 1),
    "bzip2": lambda: bz2.compress(bytes(10_000_000)),
    "xz": lambda: lzma.compress(bytes(1_000_000)),
    "a TAR with a device": lambda: tar_of(a=_tar_entry("dev", tarfile.CHRTYPE)),
    "a TAR with a link": lambda: tar_of(a=_tar_entry("link", tarfile.SYMTYPE, "/etc/passwd")),
    "a ZIP of ZIPs": lambda: repacked(docx_of(P), {"[Content_Types].xml": "", "a.zip": docx_of(P)}),
    "an empty ZIP": lambda: b"PK\x05\x06" + bytes(18),
    "RTF with an object": lambda: b"{\\rtf1{\\object\\objdata 01050000}" + WORDS + b"}",
    "an old Word file": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(3).randbytes(20_000),
    "a program of Windows": lambda: b"MZ" + random.Random(4).randbytes(5000),
    "a program of Linux": lambda: b"\x7fELF" + random.Random(5).randbytes(5000),
    "a shell script": lambda: b"#!/bin/sh\nrm -rf /\n",
    "a pickle": lambda: b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.",
    "SVG with a script": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>a</text></svg>',
    "XML with laughs": lambda: (XML + LAUGHS + "<z>&i;</z>").encode(),
    "XML with a file": lambda: b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]><z>&x;</z>',
    "a mail": lambda: b"From: a@b.c\r\nContent-Type: text/html\r\n\r\n<script>alert(1)</script>" + WORDS,
    "base64 of a bomb": lambda: base64.b64encode(gzip.compress(bytes(1_000_000))),
    "JSON 100,000 deep": lambda: b"[" * 100_000 + b"]" * 100_000,
    "a picture with words": lambda: b"\x89PNG\r\n\x1a\n" + WORDS * 100,
    "noise": lambda: random.Random(6).randbytes(300_000),
    "one byte": lambda: b"\xff",
    "a null": lambda: b"\x00",
}  # fmt: skip

HOSTILE: dict[str, dict[str, Make]] = {"pdf": PDF, "docx": DOCX, "akn": AKN, "html": HTML, "text": TEXT, "other": OTHER}
EVERY = [(f"{kind}: {name}", make) for kind, files in HOSTILE.items() for name, make in files.items()]
