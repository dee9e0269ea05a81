"""A chain of versions: how the balance moved from each to the next, and what did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp.compare.compare import compare
from nlp.compare.types import Comparison, Drift, Head, Kind
from nlp.types import AnnotatedDocument

MOST_REASONS = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """A pair of provisions that moved the balance: its part in the shift, and the words (of the later text, if they stand there)."""

    kind: Kind
    left: str | None
    right: str | None
    words: str
    drift: float


@dataclass(frozen=True, slots=True)
class Step:
    """A version, and what changed since the one before it (nothing is told of the first)."""

    head: Head
    kinds: Mapping[str, int]
    changes: Mapping[str, int]
    drift: Drift | None
    reasons: tuple[Reason, ...]


def timeline(documents: Iterable[AnnotatedDocument]) -> tuple[Step, ...]:
    """A step for each version, in the order given."""
    steps: list[Step] = []
    before: AnnotatedDocument | None = None
    for document in documents:
        found = compare(before or document, document)
        steps.append(_step(found) if before else Step(found.right, {}, {}, None, ()))
        before = document
    return tuple(steps)


def reasons(found: Comparison, most: int = MOST_REASONS) -> tuple[Reason, ...]:
    """The pairs that moved the balance most, the strongest first."""
    return tuple(_reason(found, at, part) for at, part in found.drift.contributions[:most])


def _step(found: Comparison) -> Step:
    return Step(found.right, found.counts, found.changes, found.drift, reasons(found))


def _reason(found: Comparison, at: int, part: float) -> Reason:
    pair = found.pairs[at]
    shown = pair.right or pair.left
    return Reason(pair.kind, _labels(pair.left), _labels(pair.right), shown[0].text, part)


def _labels(places: Sequence[object]) -> str | None:
    return ", ".join(getattr(place, "label", "") for place in places) or None
