"""Which changes matter most: what a reader should see first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nlp.compare.types import MEANINGFUL, Change, ChangeKind, Comparison, Pair

WEIGHT = {
    ChangeKind.TYPE_CHANGED: 1.0,
    ChangeKind.STRENGTH_RAISED: 0.95,
    ChangeKind.STRENGTH_LOWERED: 0.95,
    ChangeKind.BEARER_CHANGED: 0.85,
    ChangeKind.CONDITION_ADDED: 0.85,
    ChangeKind.CONDITION_DROPPED: 0.85,
    ChangeKind.EXCEPTION_ADDED: 0.85,
    ChangeKind.EXCEPTION_DROPPED: 0.85,
    ChangeKind.MADE_CONDITIONAL: 0.95,
    ChangeKind.MADE_UNCONDITIONAL: 0.95,
    ChangeKind.DEFINITION_WIDENED: 0.9,
    ChangeKind.DEFINITION_NARROWED: 0.9,
    ChangeKind.DEFINITION_CHANGED: 0.75,
    ChangeKind.ELEMENT_ADDED: 0.85,
    ChangeKind.ELEMENT_DROPPED: 0.85,
    ChangeKind.VICTIM_GAINED: 0.8,
    ChangeKind.VICTIM_LOST: 0.8,
    ChangeKind.TERM_ADDED: 0.6,
    ChangeKind.TERM_DROPPED: 0.6,
    ChangeKind.STATEMENT_ADDED: 0.55,
    ChangeKind.STATEMENT_DROPPED: 0.55,
    ChangeKind.ACTION_CHANGED: 0.5,
    ChangeKind.FRAMING_CHANGED: 0.5,
    ChangeKind.INDICATOR_GAINED: 0.3,
    ChangeKind.INDICATOR_LOST: 0.3,
}
DRIFT = 0.5


@dataclass(frozen=True, slots=True)
class Ranked:
    """A change with the pair that it is in (its index among the comparison's pairs), and how much it matters."""

    pair: int
    change: Change
    worth: float


def ranked(found: Comparison, least: float = MEANINGFUL) -> tuple[Ranked, ...]:
    """The changes that are at least so sure, the weightiest first; a pair's part in the drift lifts its changes."""
    every = (Ranked(n, change, _worth(found, pair, change)) for n, pair in enumerate(found.pairs) for change in _sure(pair, least))
    return tuple(sorted(every, key=lambda one: (-one.worth, one.pair, one.change.kind.value, one.change.about)))


def _sure(pair: Pair, least: float) -> Iterator[Change]:
    return (change for change in pair.changes if change.sureness >= least)


def _worth(found: Comparison, pair: Pair, change: Change) -> float:
    most = abs(found.drift.contributions[0][1]) if found.drift.contributions else 0.0
    lifted = DRIFT * abs(pair.drift) / most if most else 0.0
    return round(WEIGHT[change.kind] * change.sureness + lifted * change.sureness, 4)
