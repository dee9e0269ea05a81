"""Decisions carried to the next version of a document, each with how surely its words were found again."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpora.review.checks import check_open
from corpora.review.errors import NothingToReview
from corpora.review.labels import text_digest
from corpora.store import annotations as kept
from corpora.store import decisions, documents, reviews
from corpora.store.decisions import CarriedAs, Decision, NewDecision
from corpora.store.reviews import Assignment, Coding, Review
from corpora.store.session import Transaction
from nlp.compare.carry import Anchor, Carried, carry
from nlp.compare.compare import compare
from nlp.compare.types import Comparison
from nlp.reading import from_json
from nlp.types import AnnotatedDocument

Json = dict[str, Any]
PLACED = frozenset({CarriedAs.EXACT, CarriedAs.MOVED, CarriedAs.EDITED})
SURE = frozenset({CarriedAs.EXACT, CarriedAs.MOVED})


@dataclass(frozen=True, slots=True)
class Move:
    """From which document of the review to which: ids, the new one's annotation, and both as annotated."""

    left: str
    right: str
    annotation_id: str
    ours: AnnotatedDocument
    theirs: AnnotatedDocument
    comparison: Comparison


def prepare(tx: Transaction, review: Review, left: str, right: str) -> Move:
    """Compares the two versions, which takes seconds and needs no writing; raises NothingToReview."""
    before = [one for one in reviews.assignments_of(tx, review.id) if one.document_id == left]
    after = documents.get(tx, right, space=review.space)
    if not before or after is None or after.annotation_id is None:
        raise NothingToReview("The earlier version is not part of this review, or the later one is not there or not annotated yet.")
    ours, theirs = (from_json(kept.result(tx, one)) for one in (before[0].annotation_id, after.annotation_id))
    return Move(left, right, after.annotation_id, ours, theirs, compare(ours, theirs))


def carry_over(tx: Transaction, review: Review, move: Move, *, actor: str | None = None) -> Counter[CarriedAs]:
    """Adds the later version to the review and carries every decision that stands; how many went over, and how.

    A decision whose words stand where they stood, or elsewhere word for word and only once, counts as before; one on edited words
    goes over to be looked at again, its block uncoded; one that is ambiguous or orphaned is kept without a place. Decisions that
    were carried before are left alone. Raises ReviewClosed.
    """
    check_open(review)
    reviews.assign(tx, review, list(_assignments(tx, review, move)))
    known = {one.carried_from for one in decisions.of_review(tx, review.id, document_id=move.right, undone=True)}
    standing = [one for one in decisions.of_review(tx, review.id, document_id=move.left) if one.id not in known]
    fates = fates_of(move, [(one.start, one.end) for one in standing])
    for one, fate in zip(standing, fates, strict=True):
        decisions.add(tx, review, _carried(one, move, fate), actor=actor)
    _carry_codings(tx, review, move)
    return Counter(_how(fate) for fate in fates)


def _assignments(tx: Transaction, review: Review, move: Move) -> Iterator[Assignment]:
    """Whoever had the earlier version gets the later one, all of it."""
    blocks = tuple((block.start, block.end) for block in move.theirs.blocks)
    for coder in dict.fromkeys(one.coder for one in reviews.assignments_of(tx, review.id) if one.document_id == move.left):
        yield Assignment(coder, move.right, move.annotation_id, blocks)


def fates_of(move: Move, places: Sequence[tuple[int, int]]) -> list[Carried | None]:
    """What became of each place; None where it does not lie in a block, or has been carried without a place before."""
    inside = [_in_a_block(move.ours, start, end) for start, end in places]
    anchors = (Anchor(start, end) for (start, end), known in zip(places, inside, strict=True) if known)
    found = iter(carry(move.comparison, move.ours, move.theirs, anchors))
    return [next(found) if known else None for known in inside]


def _in_a_block(document: AnnotatedDocument, start: int, end: int) -> bool:
    at = bisect_right(document.blocks, start, key=lambda block: block.start) - 1
    return at >= 0 and start < end <= document.blocks[at].end


def _how(fate: Carried | None) -> CarriedAs:
    return CarriedAs(fate.how.value) if fate else CarriedAs.ORPHANED


def _carried(one: Decision, move: Move, fate: Carried | None) -> NewDecision:
    """The decision on the later text; without a place (0:0) and with its earlier words where none or several could be meant."""
    how = _how(fate)
    own = {name: getattr(one, name) for name in NewDecision.__dataclass_fields__}
    new = NewDecision(**own)
    place = fate.places[0] if fate and how in PLACED else None
    start, end, words = (place.start, place.end, place.text) if place else (0, 0, one.quote)
    return replace(
        new,
        document_id=move.right,
        annotation_id=move.annotation_id,
        text_sha256=text_digest(move.theirs.text),
        start=start,
        end=end,
        quote=words,
        carried_from=one.id,
        carried_as=how,
    )


def _carry_codings(tx: Transaction, review: Review, move: Move) -> None:
    """Blocks count as coded where their words are the same and stand for one place only."""
    blocks = {(block.start, block.end) for block in move.theirs.blocks}
    own = [one for one in reviews.codings_of(tx, review.id) if one.document_id == move.left]
    for one, fate in zip(own, fates_of(move, [(c.start, c.end) for c in own]), strict=True):
        place = (fate.places[0].start, fate.places[0].end) if fate and _how(fate) in SURE else None
        if place in blocks and place is not None:
            reviews.mark_coded(tx, review, Coding(one.coder, move.right, *place, one.role))
