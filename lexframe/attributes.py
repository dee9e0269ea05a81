"""Findings on a Doc: typed extension attributes over plain values, so that Docs can be saved and sent between processes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spacy.tokens import Doc, Span

from nlp.reading import built
from nlp.types import Block, Definition, Element, Reference, Statement
from nlp.wire import plain

Finding = Definition | Statement | Reference | Block | Element
LAYERS: dict[str, type] = {
    "lexframe_definitions": Definition,
    "lexframe_elements": Element,
    "lexframe_statements": Statement,
    "lexframe_references": Reference,
    "lexframe_provisions": Block,
}


def register() -> None:
    """Makes `doc._.lexframe_…` (tuples of `nlp.types`, None before their component ran) and `span._.lexframe`, the finding of a span."""
    for layer in LAYERS:
        if not Doc.has_extension(layer):
            Doc.set_extension(layer, getter=_getter(layer), setter=_setter(layer))
    if not Doc.has_extension("lexframe_title"):
        Doc.set_extension("lexframe_title", default=None)
    if not Span.has_extension("lexframe"):
        Span.set_extension("lexframe", getter=_finding)


def kept(doc: Doc, layer: str) -> tuple[Any, ...] | None:
    """The findings of a layer, None where its component has not run."""
    values = doc.user_data.get(layer)
    return None if values is None else tuple(built(LAYERS[layer], value) for value in values)


def keep(doc: Doc, layer: str, findings: Sequence[Finding]) -> None:
    """Keeps the findings of a layer as plain values."""
    doc.user_data[layer] = [plain(one) for one in findings]


def spans(doc: Doc, name: str, found: Sequence[tuple[int, int, str, str]]) -> None:
    """A span group of (start, end, label, id) in code points; a span whose ends are not ends of tokens is widened to them."""
    group = [doc.char_span(start, end, label=label, span_id=key, alignment_mode="expand") for start, end, label, key in found]
    doc.spans[name] = [span for span in group if span is not None]


def _getter(layer: str) -> Any:
    return lambda doc: kept(doc, layer)


def _setter(layer: str) -> Any:
    return lambda doc, findings: keep(doc, layer, findings)


def _finding(span: Span) -> Finding | None:
    """The finding that a span of ours stands for; its exact offsets are those of the finding."""
    layer, _, number = span.id_.rpartition(":")
    values = span.doc.user_data.get(layer)
    if values is None or not number.isdigit():
        return None
    found: Finding = built(LAYERS[layer], values[int(number)])
    return found
