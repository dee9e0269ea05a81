"""Whether a decision or a review can be as it is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from corpora.review.errors import BadDecision, BadReview, ReviewClosed
from corpora.review.labels import machine_labels
from corpora.store.decisions import Action, NewDecision
from corpora.store.reviews import Review
from nlp.codebook import codebook

Json = dict[str, Any]
MOST_CODERS = 50
# layers of findings that can be decided on, with the part whose place names the finding
FINDINGS = {"definitions": "term", "statements": "trigger", "references": None, "elements": None}


def check_action(wanted: NewDecision, annotated: Json, review: Review) -> None:
    """A correction says what is right, a remark says something, and an acceptance or rejection is of what it said; raises BadDecision."""
    if wanted.action is Action.CORRECT and not wanted.replacement:
        raise BadDecision("a correction needs `replacement`: what is right instead")
    if wanted.action is Action.COMMENT and not (wanted.comment or "").strip():
        raise BadDecision("a comment needs words")
    if wanted.action is Action.CORRECT and wanted.label is not None:
        check_labels([f"{wanted.layer}/{(wanted.replacement or {}).get('label')}"], review)
    if wanted.action in {Action.ACCEPT, Action.REJECT, Action.CORRECT} and not _machine_says(wanted, annotated):
        raise BadDecision("the machine says nothing of the kind there; use `add` for what it missed")


def _machine_says(wanted: NewDecision, annotated: Json) -> bool:
    if wanted.label is not None:
        key = f"{wanted.layer}/{wanted.label}"
        here = [b for b in annotated["blocks"] if (b["start"], b["end"]) == (wanted.start, wanted.end)]
        return any(key in machine_labels(block, [wanted.layer]) for block in here)
    spans = [one[part] if (part := FINDINGS[wanted.layer]) else one for one in annotated.get(wanted.layer, ())]
    return any((span["start"], span["end"]) == (wanted.start, wanted.end) for span in spans)


def check_labels(keys: Iterable[str], review: Review) -> None:
    """Raises BadDecision where a label is not one of the review's codebook and layers."""
    known = {label.key for label in codebook().labels if label.layer in review.layers}
    unknown = sorted(set(keys) - known)
    if unknown:
        raise BadDecision(f"{unknown[0]!r} is not a label of codebook {review.codebook} in {', '.join(review.layers)}")


def check_open(review: Review) -> None:
    """Raises ReviewClosed."""
    if review.closed is not None:
        raise ReviewClosed


def check_order(coders: Sequence[str], layers: Sequence[str], known: Sequence[str]) -> None:
    """Raises BadReview where coders or layers are not what a review can have."""
    if not 1 <= len(coders) <= MOST_CODERS or not all(coders):
        raise BadReview(f"a review has 1 to {MOST_CODERS} coders, each with a name")
    if not layers or set(layers) - set(known):
        raise BadReview(f"the codebook has the layers {', '.join(known)}")
