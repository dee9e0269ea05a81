"""The annotated texts on which a review's decisions are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from corpora.review.errors import BadDecision
from corpora.review.labels import text_digest
from corpora.store import annotations as kept
from corpora.store import reviews
from corpora.store.reviews import Review
from corpora.store.session import Transaction

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReviewedText:
    """An annotated document as it is reviewed: `sha256` is its text's, `blocks` are found by their place."""

    annotation_id: str
    annotated: Json
    sha256: str
    blocks: Mapping[tuple[int, int], Json]


Texts = Callable[[str], ReviewedText]


def reviewed_text(tx: Transaction, review: Review, document_id: str) -> ReviewedText:
    """The text of a document of the review; raises BadDecision where it has no such document."""
    annotation_id = reviews.annotation_of(tx, review.id, document_id)
    if annotation_id is None:
        raise BadDecision("the document is not part of this review")
    annotated = kept.result(tx, annotation_id)
    blocks = {(block["start"], block["end"]): block for block in annotated["blocks"]}
    return ReviewedText(annotation_id, annotated, text_digest(annotated["text"]), blocks)
