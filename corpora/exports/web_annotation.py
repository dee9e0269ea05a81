"""W3C Web Annotation (JSON-LD): every mark with a position and a quote selector."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

from corpora.exports.archive import dump
from corpora.exports.item import Item
from corpora.exports.marks import Mark, marks

MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
VOCABULARY = "urn:lexframe:vocabulary:"
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"lexframe": VOCABULARY}]
AROUND = 32

Json = dict[str, Any]


def write_web_annotation(item: Item) -> Iterator[bytes]:
    """An annotation collection whose one page holds an annotation for each mark."""
    iri = document_iri(item)
    pipeline = item.annotated["pipeline"]
    maker = {"id": f"{iri}#pipeline", "type": "Software", "name": f"{pipeline['name']} {pipeline['version']}"}
    head = {"@context": CONTEXT, "id": f"{iri}#annotations", "type": "AnnotationCollection", "label": item.heading, "generator": maker}
    yield dump(head)[:-1] + b', "first": {"type": "AnnotationPage", "startIndex": 0, "items": ['
    total = 0
    for mark in marks(item.annotated):
        yield (b",\n" if total else b"\n") + dump(annotation(item.text, mark, iri, maker["id"]))
        total += 1
    yield b'\n]}, "total": %d}\n' % total


def document_iri(item: Item) -> str:
    """The document by its content: a named information URI (RFC 6920) of the original bytes."""
    digest = bytes.fromhex(item.annotated["document"]["sha256"])
    return f"ni:///sha-256;{urlsafe_b64encode(digest).decode().rstrip('=')}"


def annotation(text: str, mark: Mark, iri: str, maker: str) -> Json:
    """One mark: its label as a tag, its other values as terms of Lexframe's vocabulary, its links to other marks."""
    tag: Json = {"type": "TextualBody", "purpose": "tagging", "value": f"{mark.layer}/{mark.label}"}
    tag |= {f"lexframe:{name}": value for name, value in mark.values.items()}
    links = [{"type": "SpecificResource", "purpose": "linking", "source": f"{iri}#{to}", "lexframe:role": role} for role, to in mark.links]
    return {
        "id": f"{iri}#{mark.id}",
        "type": "Annotation",
        "motivation": "tagging",
        "generator": maker,
        "body": [tag, *links],
        "target": {"source": iri, "selector": selectors(text, mark.start, mark.end)},
    }


def selectors(text: str, start: int, end: int) -> list[Json]:
    """The same range by position (code points) and by its words with those around it."""
    quoted = {"type": "TextQuoteSelector", "exact": text[start:end]}
    around = {"prefix": text[max(start - AROUND, 0) : start], "suffix": text[end : end + AROUND]}
    return [{"type": "TextPositionSelector", "start": start, "end": end}, quoted | {k: v for k, v in around.items() if v}]
