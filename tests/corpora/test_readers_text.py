"""Plain text is the file as decoded, whatever its encoding; formats, titles and languages are told by content."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.readers.detect import Format, detect
from corpora.readers.language import language_of
from corpora.readers.read import read
from corpora.readers.text import decoded
from corpora.readers.title import title_of
from tests.corpora.files import OUTCOMES, STATUTE, as_docx, as_html, as_pdf, docx_of, outcome, paragraphs

WORDS = "Victims’ rights — “§ 5” of the café’s owner\r\nshall be protected.\r\n\tAnd so on.\n"


@pytest.mark.parametrize(
    ("data", "warnings"),
    [
        (WORDS.encode(), ()),
        (codecs.BOM_UTF8 + WORDS.encode(), ()),
        (WORDS.encode("utf-16"), ()),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), ()),
        (codecs.BOM_UTF32_LE + WORDS.encode("utf-32-le"), ()),
        (WORDS.encode("utf-16-le"), ("the encoding was guessed: utf-16-le",)),
        (WORDS.encode("utf-16-be"), ("the encoding was guessed: utf-16-be",)),
        ((WORDS + STATUTE).encode("cp1252"), ("the encoding was guessed: cp1252",)),
    ],
)
def test_encodings_give_the_same_words(data: bytes, warnings: tuple[str, ...]) -> None:
    found = read(data)
    assert found.text.startswith(WORDS)
    assert (found.media_type, found.language, found.warnings) == ("text/plain", "en", warnings)


@pytest.mark.parametrize("encoding", ["koi8-r", "cp1251", "iso8859_7", "cp1252"])
def test_texts_in_other_scripts_are_guessed(encoding: str) -> None:
    words = {
        "iso8859_7": "Κανείς δεν κρατείται σε δουλεία ή ειλωτεία. ",
        "cp1252": "Nul ne sera tenu en esclavage. Ça été décrété à l’été. ",
    }
    text = words.get(encoding, "Никто не должен содержаться в рабстве или в подневольном состоянии. ") * 20
    assert decoded(text.encode(encoding))[0] == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"], include_characters="\r\n\t"), min_size=1))
@settings(max_examples=150)
def test_decoding_changes_nothing(text: str) -> None:
    data = text.encode()
    if not data.startswith(tuple(mark for mark, _ in [(codecs.BOM_UTF8, 0), (codecs.BOM_UTF16_LE, 0), (codecs.BOM_UTF16_BE, 0)])):
        assert decoded(data)[0] == text


@given(st.binary(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    assert outcome(data) in OUTCOMES


def test_markdown_is_kept_as_it_is() -> None:
    text = "# A policy paper\r\n\r\n* first\r\n* second\r\n"
    found = read(text.encode())
    assert (found.text, found.media_type, found.title) == (text, "text/markdown", "A policy paper")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Plain words.", Format.TEXT),
        (b"BM is how this text begins", Format.TEXT),
        (b"MZ and so does this one", Format.TEXT),
        (b"The mark %PDF-1.4 is spoken of here", Format.TEXT),
        (b"1. # is not a heading here", Format.TEXT),
        (b"<p>a</p>", Format.HTML),
        (b"\n <?xml version='1.0'?><!DOCTYPE html><html></html>", Format.HTML),
        (codecs.BOM_UTF8 + b"<!doctype HTML><title>x</title>", Format.HTML),
        ("<html></html>".encode("utf-16"), Format.HTML),
        (b"# Head\n\n- item\n", Format.MARKDOWN),
        (as_html(["A"]), Format.HTML),
        (as_pdf(["A"]), Format.PDF),
        (b"\r\n\r\n" + as_pdf(["A"]), Format.PDF),
        (b"X-Mail: junk\n" + as_pdf(["A"]), Format.PDF),
        (as_docx(["A"]), Format.DOCX),
    ],
)
def test_formats_are_told_by_content(data: bytes, expected: Format) -> None:
    assert detect(data) is expected


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        ("Protocol on the Rights of Victims\n\nText.", "Microsoft Word - draft7.doc", "Protocol on the Rights of Victims"),
        ("Skip to the main content of this page\n\nText.", "Protocol on Victims", "Protocol on Victims"),
        ("the parties agree that\n\n", "Microsoft Word - draft7.doc", None),
        ("the parties agree that\n\n", "untitled", None),
        ("the parties agree that\n\n", "protocol.pdf", None),
        ("The Parties Agree On This Sentence.\n\n", None, None),
        ("# Plan of Action\n\nText.", None, "Plan of Action"),
        ("", None, None),
    ],
)
def test_titles(text: str, stated: str | None, expected: str | None) -> None:
    assert title_of(text, stated) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Each State Party shall adopt such measures as may be necessary.", "en"),
        ("Chaque État Partie adopte les mesures législatives nécessaires.", "fr"),
        ("Ley contra la trata de personas", "es"),
        ("Никто не должен содержаться в рабстве.", "ru"),
        ("Κανείς δεν κρατείται σε δουλεία.", "el"),
        ("لا يجوز استرقاق أحد", "ar"),
        ("禁止贩卖人口", "zh"),
        ("Convention on Persons", "en"),
        ("Article 5", "en"),
        ("1. 2. 3.", "und"),
        ("", "und"),
    ],
)
def test_languages(text: str, expected: str) -> None:
    assert language_of(text) == expected


def test_a_title_in_another_language_does_not_decide() -> None:
    assert language_of("Loi relative à la protection des personnes. Act on the protection of persons.\n\n" + STATUTE) == "en"


def test_a_french_file_is_read_and_marked() -> None:
    assert read(as_html(["Nul ne sera tenu en esclavage ni en servitude.", "La traite des esclaves est interdite."])).language == "fr"


@pytest.mark.shared
def test_every_instrument_is_english_and_unchanged(instruments: Path) -> None:
    for path in sorted(instruments.glob("*.txt"))[::8]:
        found = read(path.read_bytes())
        assert (found.language, found.text) == ("en", path.read_bytes().decode())


def test_paragraphs_and_places_agree_in_every_format() -> None:
    for data in (
        as_html(paragraphs(STATUTE)),
        as_docx(paragraphs(STATUTE)),
        as_pdf(paragraphs(STATUTE)),
        docx_of("<w:p/>" * 3 + "<w:p><w:r><w:t>a</w:t></w:r></w:p>"),
    ):
        found = read(data)
        assert [found.text[p.start : p.end] for p in found.source_map] == paragraphs(found.text)
