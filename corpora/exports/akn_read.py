"""Akoma Ntoso read back: text, structure, definitions and references with their offsets, and Lexframe's own marks where it has them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpora.exports.akn import MARKS, NAMESPACE
from corpora.exports.akn_tree import HIERARCHY
from corpora.exports.marks import Mark, Value
from corpora.exports.xml import SPACE, storable

_LEX = f"{{{MARKS}}}"
_KINDS = HIERARCHY | {"hcontainer", "preamble", "recital", "conclusions", "longTitle"}
_NAMES = {"longTitle": "title"}
_NUMBERS = {"probability", "weight"}


class NotAkomaNtoso(ValueError):
    """The file is not an Akoma Ntoso 3.0 document."""


@dataclass(frozen=True, slots=True)
class Found:
    """An element of the document with its range of the text; `target` is where a reference leads."""

    id: str | None
    kind: str
    start: int
    end: int
    target: str | None = None


@dataclass(slots=True)
class ReadAkn:
    """What an Akoma Ntoso document holds. `exact` says that the text is, character by character, the one that was exported."""

    text: str = ""
    units: list[Found] = field(default_factory=list)
    definitions: list[Found] = field(default_factory=list)
    references: list[Found] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    exact: bool = False


def read_akn(data: bytes) -> ReadAkn:
    """Reads a document; raises NotAkomaNtoso. No entity is resolved and nothing is fetched."""
    document = document_of(data)
    root = document.getroottree().getroot()
    found = ReadAkn()
    found.text = "".join(_walk(document, found))
    found.units = [_trimmed(one, found.text) for one in found.units]
    kept = root.find(f".//{_LEX}text")
    found.exact = kept is not None and kept.get("sha256") == hashlib.sha256(storable(found.text).encode()).hexdigest()
    found.marks = [_mark(one) for one in root.iter(f"{_LEX}mark")]
    return found


def document_of(data: bytes) -> etree._Element:
    """The element that holds the document, the first that is no comment; raises NotAkomaNtoso. Nothing is resolved or fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as wrong:
        raise NotAkomaNtoso(str(wrong)) from wrong
    found = next((one for one in root if isinstance(one.tag, str)), None)
    if root.tag != f"{{{NAMESPACE}}}akomaNtoso" or found is None:
        raise NotAkomaNtoso(f"its root element is {root.tag}, or empty")
    return found


def _mark(element: etree._Element) -> Mark:
    """A mark; raises NotAkomaNtoso where a place or a probability is no number."""
    try:
        return _read_mark(element)
    except ValueError as wrong:
        raise NotAkomaNtoso(f"line {element.sourceline}: a mark whose number is none") from wrong


def _walk(document: etree._Element, found: ReadAkn) -> Iterator[str]:
    """The text in the order of the document, without its metadata; elements are noted with where they begin and end."""
    at, starts = 0, [0]
    walk = etree.iterwalk(document, events=("start", "end"))
    for event, one in walk:
        if event == "start" and one.tag == f"{{{NAMESPACE}}}meta":
            walk.skip_subtree()
        if event == "start":
            starts.append(at)
            words = "" if one.tag == f"{{{NAMESPACE}}}meta" else one.text or ""
        else:
            _note(one, found, starts.pop(), at)
            words = "" if one is document else one.tail or ""
        at += len(words)
        yield words


def _note(element: etree._Element, found: ReadAkn, start: int, end: int) -> None:
    tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
    if tag == "def":
        found.definitions.append(Found(None, tag, start, end, element.get("refersTo")))
    elif tag == "ref":
        found.references.append(Found(None, tag, start, end, element.get("href")))
    elif tag in _KINDS and element.get("eId"):
        kind = element.get("name") or _NAMES.get(tag, tag)
        found.units.append(Found(element.get("eId"), kind, start, end))


def _trimmed(one: Found, text: str) -> Found:
    """An element without the white space at its ends."""
    start, end = one.start, one.end
    while start < end and text[start] in SPACE:
        start += 1
    while end > start and text[end - 1] in SPACE:
        end -= 1
    return Found(one.id, one.kind, start, end, one.target)


def _read_mark(element: etree._Element) -> Mark:
    values: dict[str, Value] = {}
    for name, said in element.attrib.items():
        if isinstance(name, str) and name.startswith(_LEX):
            short = name.removeprefix(_LEX)
            values[short] = float(said) if short in _NUMBERS else True if said == "True" else str(said)
    links = tuple((one.get("role", ""), one.get("to", "")) for one in element)
    place = int(element.get("start", "0")), int(element.get("end", "0"))
    return Mark(element.get("id", ""), element.get("layer", ""), element.get("label", ""), *place, element.get("unit", ""), values, links)
