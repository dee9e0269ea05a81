"""Whole files made malformed: bytes flipped, cut, doubled, spliced and exchanged for what parsers stumble over."""

from __future__ import annotations

import copy
import io
import random
import zipfile
from collections.abc import Callable, Iterator

from lxml import etree

from corpora.exports.akn import write_akn
from corpora.exports.item import Item
from nlp.wire import to_json
from tests.annotated import document
from tests.corpora.files import STATUTE, TREATY, as_docx, as_html, as_pdf, docx_of, paragraphs, pdf_of
from tests.corpora.test_readers_akn import THEIRS

WORDS = {
    "pdf": (b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"startxref", b"<<", b">>", b"[", b"]", b"(", b"/Kids", b"/Parent",
            b"/Count -1", b"/Length 99999999", b"/Filter/FlateDecode", b"/Filter[/ASCIIHexDecode/LZWDecode]", b" 0 R", b"3 0 R", b"BT", b"ET", b"Tj",
            b"TJ", b"Do", b"q", b"Q", b"1e99", b"-2147483648", b"/Encrypt 1 0 R", b"/JS(app.alert(1))", b"/Type/ObjStm", b"%%EOF"),
    "docx": (b"<w:p>", b"</w:p>", b"<w:tbl>", b"<w:tc>", b"<w:r>", b"<w:t>", b"</w:t>", b"&amp;", b"&#0;", b"&#x10FFFF;", b"&x;", b"<!DOCTYPE a>",
             b"<![CDATA[", b"]]>", b"<!--", b"-->", b'w:val="', b'w:ilvl="99"', b"<w:numPr>", b"\xff\xfe", b"\x00", b"<?xml ", b"xmlns:w=''", b"<w:footnoteReference w:id='9'/>"),
    "akn": (b"<act>", b"</act>", b"<body>", b"<section eId='a'>", b"</section>", b"<num>", b"<p>", b"</p>", b"<meta>", b"<def>", b"<ref href='#x'>", b"<lex:mark>",
            b"<lex:text sha256=''/>", b'start="', b'end="-1"', b'probability="nan"', b'weight="1e999"', b"&amp;", b"&#0;", b"&#x10FFFF;", b"&x;", b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
            b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?x y?>", b"\xff\xfe", b"\x00", b"xmlns='urn:x'", b"xmlns:lex='urn:x'", b"<authorialNote>"),
    "html": (b"<div>", b"</div>", b"<p>", b"<table>", b"<td>", b"<script>", b"</script>", b"<style>", b"<svg>", b"<math>", b"<!--", b"-->", b"<![CDATA[",
             b"&#0;", b"&#xD800;", b"&#x110000;", b"&amp", b"<meta charset=utf-7>", b"<base href=", b"<template>", b"<select>", b"<plaintext>", b"<a href='javascript:", b"\x00", b"<pre>"),
    "markdown": (b"#", b"**", b"[x](", b"![", b"```", b"|", b"> ", b"- ", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x00", b"\r", b"\xc0\xaf", b"1. ", b"<script>"),
    "text": (b"Article 1", b"(a)", b"(i)", b"\xa7", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\x1b[2J", b"\r", b"\x85", b"%PDF-", b"PK\x03\x04"),
}  # fmt: skip
VALUES = (
    "",
    "-1",
    "0",
    "x",
    "9",
    "4294967296",
    "9" * 20,
    "9" * 5000,
    "nan",
    "1e999",
    "true",
    "../x",
    "#",
    "\u202e",
    "<p>",
    "a" * 5000,
    "٣",
    " 1 ",
)
SHORT = {"statute": paragraphs(STATUTE)[:14], "treaty": paragraphs(TREATY)[:14]}
MARKED = "\n\n".join(
    ["# A Statute", "**Article 1** of [this](https://example.org)", *SHORT["statute"], "| a | b |\n| - | - |\n| c | d |"]
).encode()


def seeds() -> dict[str, list[bytes]]:
    """Small whole files of each format."""
    shown = b"BT /F 12 Tf 72 700 Td (Article 1. Each Party shall protect victims.) Tj ET /X Do"
    plain = ["\n\n".join(words).encode() for words in SHORT.values()]
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Article 1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    return {
        "pdf": [pdf_of(shown), pdf_of(shown, pages=3), *(as_pdf(words) for words in SHORT.values())],
        "docx": [docx_of(table), *(as_docx(words) for words in SHORT.values())],
        "akn": [THEIRS, b"".join(write_akn(Item(name="x", annotated=to_json(document()))))],
        "html": [as_html(words) for words in SHORT.values()],
        "markdown": [MARKED],
        "text": [*plain, plain[0].decode().encode("utf-16"), plain[1].decode().encode("cp1252", "replace")],
    }


def malformed(kind: str, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many malformed files of a format, named so that each can be made again."""
    whole = seeds()[kind]
    for number in range(count):
        rng = random.Random(f"{kind} {seed} {number}")
        yield f"{kind}-{seed}-{number}", _one(kind, rng, whole)


def _one(kind: str, rng: random.Random, whole: list[bytes]) -> bytes:
    data = rng.choice(whole)
    if kind == "docx" and rng.random() < 0.8:
        return _inside(rng, data, kind)
    if kind == "akn" and rng.random() < 0.5:
        return rearranged(rng, data)
    return edited(rng, data, WORDS[kind], whole)


def _inside(rng: random.Random, data: bytes, kind: str) -> bytes:
    """The archive is whole, a part of it is not: so that it is the reader that meets it, not the check of sums."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "word/document.xml" if rng.random() < 0.6 else rng.choice(sorted(parts))
    is_tree = name.endswith((".xml", ".rels")) and rng.random() < 0.5
    parts[name] = rearranged(rng, parts[name]) if is_tree else edited(rng, parts[name], WORDS[kind], list(parts.values()))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return out.getvalue()


def rearranged(rng: random.Random, data: bytes) -> bytes:
    """XML that is still well-formed, of which elements, attributes and texts are not where and what they were."""
    root = etree.fromstring(data)
    for _ in range(rng.choice((1, 2, 5, 20))):
        rng.choice(MOVES)(rng, [one for one in root.iter() if isinstance(one.tag, str)])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=rng.random() < 0.5)


def _value(rng: random.Random, elements: list[etree._Element]) -> None:
    known = [(one, name) for one in elements for name in one.attrib]
    if known:
        one, name = rng.choice(known)
        one.set(name, rng.choice(VALUES))


def _nameless(rng: random.Random, elements: list[etree._Element]) -> None:
    one = rng.choice(elements)
    for name in list(one.attrib)[:1]:
        del one.attrib[name]


def _moved(rng: random.Random, elements: list[etree._Element]) -> None:
    one, into = rng.choice(elements), rng.choice(elements)
    if into not in list(one.iter()):
        into.insert(rng.randrange(len(into) + 1), one)


def _copied(rng: random.Random, elements: list[etree._Element]) -> None:
    one, into = rng.choice(elements), rng.choice(elements)
    if len(elements) < 5000:
        for _ in range(rng.choice((1, 1, 10))):
            into.append(copy.deepcopy(one))


def _gone(rng: random.Random, elements: list[etree._Element]) -> None:
    one = rng.choice(elements)
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _renamed(rng: random.Random, elements: list[etree._Element]) -> None:
    rng.choice(elements).tag = rng.choice(elements).tag


def _said(rng: random.Random, elements: list[etree._Element]) -> None:
    rng.choice(elements).text = rng.choice(VALUES)


Move = Callable[[random.Random, list[etree._Element]], None]
MOVES: tuple[Move, ...] = (_value, _value, _nameless, _moved, _copied, _gone, _renamed, _said)


def edited(rng: random.Random, data: bytes, words: tuple[bytes, ...], others: list[bytes]) -> bytes:
    """Bytes that were flipped, cut, doubled, spliced and exchanged for some words, at most two million of them."""
    found = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 8, 30))):
        rng.choice(EDITS)(rng, found, words, others)
    return bytes(found[:2_000_000])


def _place(rng: random.Random, found: bytearray) -> int:
    return rng.randrange(len(found) + 1)


def _flip(rng: random.Random, found: bytearray, words: tuple[bytes, ...], others: list[bytes]) -> None:
    if found:
        found[rng.randrange(len(found))] = rng.randrange(256)


def _cut(rng: random.Random, found: bytearray, words: tuple[bytes, ...], others: list[bytes]) -> None:
    at = _place(rng, found)
    del found[at : at + rng.choice((1, 4, 64, 4096))]


def _end(rng: random.Random, found: bytearray, words: tuple[bytes, ...], others: list[bytes]) -> None:
    if rng.random() < 0.3:
        del found[_place(rng, found) :]


def _double(rng: random.Random, found: bytearray, words: tuple[bytes, ...], others: list[bytes]) -> None:
    at = _place(rng, found)
    found[at:at] = found[at : at + rng.choice((8, 100, 2000))] * rng.choice((1, 2, 50))


def _word(rng: random.Random, found: bytearray, words: tuple[bytes, ...], others: list[bytes]) -> None:
    at = _place(rng, found)
    word = rng.choice(words)
    found[at : at + rng.choice((0, 1, 5))] = word * min(rng.choice((1, 1, 1, 2, 300)), 1 + 20_000 // len(word))


def _splice(rng: random.Random, found: bytearray, words: tuple[bytes, ...], others: list[bytes]) -> None:
    other = rng.choice(others)
    begin = rng.randrange(len(other) + 1)
    at = _place(rng, found)
    found[at : at + rng.choice((0, 50))] = other[begin : begin + rng.choice((10, 500, 5000))]


def _number(rng: random.Random, found: bytearray, words: tuple[bytes, ...], others: list[bytes]) -> None:
    figures = [i for i, byte in enumerate(found) if 48 <= byte <= 57]
    if figures:
        at = rng.choice(figures)
        found[at : at + 1] = rng.choice((b"0", b"-1", b"4294967296", b"99999999999999999999", b"1e308", b"0x", b"2147483647"))


EDITS: tuple[Callable[[random.Random, bytearray, tuple[bytes, ...], list[bytes]], None], ...] = (
    _flip,
    _cut,
    _end,
    _double,
    _word,
    _splice,
    _number,
)
