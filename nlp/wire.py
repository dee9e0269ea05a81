"""The annotated document as the JSON that docs/annotations.md describes, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from nlp.types import AnnotatedDocument, Block

SCHEMA = "lexframe.annotations/1"

Json = dict[str, Any]


def to_json(document: AnnotatedDocument) -> Json:
    """The document as plain values; keys in the order of the contract, so that the same document gives the same bytes."""
    source = document.source
    return {
        "schema": SCHEMA,
        "status": document.status,
        "document": {
            "sha256": source.sha256,
            "media_type": source.media_type,
            "language": source.language,
            "title": source.title,
            "kind": source.kind,
            "characters": len(document.text),
            "warnings": [*source.warnings, *document.warnings],
            "pages": [list(p) for p in source.pages],
            "notes": list(source.notes),
        },
        "pipeline": plain(document.pipeline),
        "text": document.text,
        "framing": plain(document.framing),
        "units": [plain(u) for u in document.units],
        "blocks": [_block(b) for b in document.blocks],
        "definitions": [plain(d) for d in document.definitions],
        "elements": [plain(e) for e in document.elements],
        "statements": [plain(s) for s in document.statements],
        "expansions": [plain(e) for e in document.expansions],
        "references": [plain(r) for r in document.references],
        "uses": [plain(u) for u in document.uses],
        "codings": [plain(c) for c in document.codings],
    }


def plain(value: object) -> Any:
    """Dataclasses to dicts, enums to their values, tuples to lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    return value


def _block(block: Block) -> Json:
    names = ("indicators", "victim", "conditional", "four_p", "undecided", "evidence", "weight", *(["codings"] if block.codings else []))
    place = {"unit": block.unit, "start": block.start, "end": block.end, "framing": block.framing.value}
    return place | {name: plain(getattr(block, name)) for name in names}


def dumps(document: Json) -> str:
    """The bytes that every entrance writes: UTF-8, one-space indents, a final newline; lone surrogates stay escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, ensure_ascii=True, indent=1)
    return text + "\n"


class MisplacedQuote(ValueError):
    """An annotated document quotes words that do not stand where it says."""


def check_quotes(document: Json) -> None:
    """`text[start:end] == text` for every span anywhere in the document; raises MisplacedQuote at the first that does not hold."""
    text = document["text"]
    for span in _spans(value for key, value in document.items() if key != "text"):
        inside = 0 <= span["start"] < span["end"] <= len(text)
        if not inside or text[span["start"] : span["end"]] != span["text"]:
            raise MisplacedQuote(f"{span['start']}:{span['end']} is not {span['text']!r}")


def _spans(value: object) -> Iterable[Json]:
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        for inner in value.values():
            yield from _spans(inner)
    elif isinstance(value, (list, tuple)) or hasattr(value, "__next__"):
        for inner in value:  # type: ignore[attr-defined]
            yield from _spans(inner)
