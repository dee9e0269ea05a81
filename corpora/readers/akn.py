"""Akoma Ntoso: our own exports give back the very text they were made of, documents of others one paragraph a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from lxml import etree

from corpora.exports.akn import NAMESPACE
from corpora.exports.akn_read import NotAkomaNtoso, document_of, read_akn
from corpora.readers.errors import BrokenDocument
from corpora.readers.model import Extract, Limits, Place

MEDIA_TYPE = "application/akn+xml"
PARAGRAPHS = frozenset(f"{{{NAMESPACE}}}{name}" for name in ("num", "heading", "subheading", "p", "block", "docTitle", "longTitle"))
LEFT_OUT = frozenset(f"{{{NAMESPACE}}}{name}" for name in ("meta", "authorialNote", "remark"))
WORDS = etree.XPath(".//text()[not(ancestor::a:authorialNote or ancestor::a:remark)]", namespaces={"a": NAMESPACE})
NUM = f"{{{NAMESPACE}}}num"


def read_akn_file(data: bytes, limits: Limits) -> Extract:
    """The text of a document; raises BrokenDocument."""
    try:
        found = read_akn(data)
    except NotAkomaNtoso as wrong:
        raise BrokenDocument(f"({wrong})") from wrong
    if found.exact:
        return Extract(found.text, MEDIA_TYPE)
    lines, places, at = [], [], 0
    for words, line in _numbered(document_of(data)):
        places.append(Place(at, at + len(words), line))
        lines.append(words)
        at += len(words) + 2
    return Extract("\n\n".join(lines) + "\n", MEDIA_TYPE, source_map=tuple(places))


def _numbered(document: etree._Element) -> Iterator[tuple[str, int]]:
    """Paragraphs, a number before the words that follow it."""
    number = ""
    for element, words in _paragraphs(document):
        if element.tag == NUM:
            number = f"{number}{words} "
        elif words:
            yield number + words, cast(int, element.sourceline or 0)
            number = ""
    if number:
        yield number.rstrip(), 0


def _paragraphs(document: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Elements that hold a paragraph, with its words; what lies in one is part of it."""
    walk = etree.iterwalk(document, events=("start",))
    for _, element in walk:
        if element.tag in LEFT_OUT:
            walk.skip_subtree()
        elif element.tag in PARAGRAPHS:
            found = cast(Iterable[str], WORDS(element))
            yield element, " ".join("".join(found).split())
            walk.skip_subtree()
