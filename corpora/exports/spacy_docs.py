"""spaCy DocBin: one Doc a document, tokenised by spaCy, with a span group for each layer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from corpora.exports.item import Item
from corpora.exports.marks import Mark, marks

if TYPE_CHECKING:
    from spacy.tokens import Doc

Json = dict[str, Any]


@cache
def _blank() -> Any:
    import spacy

    return spacy.blank("en")


def write_spacy(item: Item) -> Iterator[bytes]:
    """One document as the bytes of a DocBin.

    A mark whose ends are not ends of tokens is widened to them; the exact range stands in `doc.user_data["lexframe"]`, which
    also has what the marks say and link to, under the span's id.
    """
    from spacy.tokens import DocBin

    yield DocBin(docs=[as_doc(item)], store_user_data=True).to_bytes()


def as_doc(item: Item) -> Doc:
    """The document as a Doc; `doc.text` is the stored text."""
    doc: Doc = _blank().make_doc(item.text)
    groups: dict[str, list[Any]] = {}
    said: dict[str, Json] = {}
    for mark in marks(item.annotated):
        span = doc.char_span(mark.start, mark.end, label=mark.label, span_id=mark.id, alignment_mode="expand")
        if span is not None:
            groups.setdefault(mark.layer, []).append(span)
            said[mark.id] = _said(mark)
    for layer, spans in groups.items():
        doc.spans[layer] = spans
    doc.user_data["lexframe"] = {"name": item.name, "sha256": item.annotated["document"]["sha256"], "marks": said}
    return doc


def _said(mark: Mark) -> Json:
    links = {"links": [list(link) for link in mark.links]} if mark.links else {}
    return {"start": mark.start, "end": mark.end, **mark.values, **links}
