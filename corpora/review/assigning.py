"""Who codes what: whole documents, or the blocks of which the machine is least sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corpora.review.labels import uncertainty
from corpora.store.reviews import AssignedBy, Assignment

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Codable:
    """A document that can be coded: its id, and its annotation as kept."""

    document_id: str
    annotation_id: str
    annotated: Json


@dataclass(frozen=True, slots=True)
class Share:
    """How work is shared out: `per_document` coders see each document (None: all); `most` blocks go to each coder (None: all)."""

    by: AssignedBy = AssignedBy.DOCUMENT
    per_document: int | None = None
    most: int | None = None


def share_out(documents: Sequence[Codable], coders: Sequence[str], share: Share) -> list[Assignment]:
    """Assignments in the order of coding; documents go round the coders so that each has about as many."""
    given = [(coder, document) for document, who in zip(documents, _rounds(len(documents), coders, share), strict=True) for coder in who]
    return [one for coder in coders for one in _of_coder(coder, [d for c, d in given if c == coder], share) if one.blocks]


def _rounds(documents: int, coders: Sequence[str], share: Share) -> list[list[str]]:
    """The coders of each document."""
    many = min(share.per_document or len(coders), len(coders))
    return [[coders[(i * many + j) % len(coders)] for j in range(many)] for i in range(documents)]


def _of_coder(coder: str, documents: Sequence[Codable], share: Share) -> list[Assignment]:
    if share.by is AssignedBy.DOCUMENT:
        blocks = [(d, [(b["start"], b["end"]) for b in d.annotated.get("blocks", ())]) for d in documents]
        return [Assignment(coder, d.document_id, d.annotation_id, tuple(found[: share.most])) for d, found in blocks]
    every = [(i, b) for i, d in enumerate(documents) for b in d.annotated.get("blocks", ())]
    ranked = [(uncertainty(b.get("undecided", {})), i, (b["start"], b["end"])) for i, b in every]
    ranked = sorted((one for one in ranked if one[0] > 0), key=lambda one: (-one[0], one[1:]))[: share.most]
    order = list(dict.fromkeys(i for _, i, _ in ranked))
    chosen = [(documents[i], tuple(block for _, at, block in ranked if at == i)) for i in order]
    return [Assignment(coder, d.document_id, d.annotation_id, blocks) for d, blocks in chosen]
