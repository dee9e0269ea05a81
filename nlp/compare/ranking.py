"""Which changes matter most: what a reader should see first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

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
    ChangeKind.READ_OTHERWISE: 0.0,
}
DRIFT, REPEATED = 0.5, 0.2
# what turns a duty or a right into another is news each time
EACH = frozenset(k for k in ChangeKind if k.value.startswith(("statement.type", "statement.strength", "victim.made")))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A change with the pair that it is in (its index among the comparison's pairs), and how much it matters."""

    pair: int
    change: Change
    worth: float


def ranked(found: Comparison, least: float = MEANINGFUL) -> tuple[Ranked, ...]:
    """The changes that are at least so sure, the weightiest first.

    A pair's part in the drift lifts its changes; the same change told again elsewhere (one more victim provision of a type, a body
    renamed throughout) says less each time, so that one kind doesn't hide the others. That equal words were read otherwise stands last.
    """
    every = [Ranked(n, change, _worth(found, pair, change)) for n, pair in enumerate(found.pairs) for change in _sure(pair, least)]
    return tuple(sorted(_dampened(sorted(every, key=_order)), key=_order))


def _order(one: Ranked) -> tuple[float, int, str, str]:
    return -one.worth, one.pair, one.change.kind.value, one.change.about


def _dampened(every: list[Ranked]) -> Iterator[Ranked]:
    told: Counter[tuple[ChangeKind, str | None, str | None]] = Counter()
    for one in every:
        same = (one.change.kind, one.change.before, one.change.after)
        times = 0 if one.change.kind in EACH else told[same]
        yield replace(one, worth=round(one.worth / (1 + REPEATED * times), 4))
        told[same] += 1


def _sure(pair: Pair, least: float) -> Iterator[Change]:
    return (change for change in pair.changes if change.sureness >= least)


def _worth(found: Comparison, pair: Pair, change: Change) -> float:
    most = abs(found.drift.contributions[0][1]) if found.drift.contributions else 0.0
    lifted = DRIFT * abs(pair.drift) / most if most and WEIGHT[change.kind] else 0.0
    return round(WEIGHT[change.kind] * change.sureness + lifted * change.sureness, 4)
