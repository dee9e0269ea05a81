"""What the store counted, gathered into the groups that are shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpora.analytics.groups import Group, Groups
from corpora.store.analytics import Labelled, Outcome, Raw
from corpora.store.facts import FactLayer


@dataclass(frozen=True, slots=True)
class Counts:
    """Of each group: documents by framing, documents by rights share in ten-thousandths (None where they have none), and by label
    and layer the documents that have it and how often they have it.

    `sums` are over all labels of a layer; `defining` are documents that have an element in a definition or an offence.
    """

    groups: Groups
    framed: Counter[tuple[Group, str]] = field(default_factory=Counter)
    balances: dict[Group, Counter[int | None]] = field(default_factory=lambda: defaultdict(Counter))
    documents: Counter[tuple[Group, str, str]] = field(default_factory=Counter)
    numbers: Counter[tuple[Group, str, str]] = field(default_factory=Counter)
    sums: Counter[tuple[Group, str]] = field(default_factory=Counter)
    defining: Counter[tuple[Group, str]] = field(default_factory=Counter)

    def labels(self, layer: FactLayer) -> set[str]:
        """The labels that were found in a layer."""
        return {label for _, where, label in self.numbers if where == layer}


def gathered(groups: Groups, outcomes: Sequence[Outcome], labelled: Iterable[Labelled], defining: Mapping[tuple[Raw, str], int]) -> Counts:
    """The counts of a corpus by the groups that are shown."""
    counts = Counts(groups)
    for outcome in outcomes:
        group = groups.of(outcome.group)
        counts.framed[group, outcome.framing] += outcome.documents
        counts.balances[group][outcome.balance] += outcome.documents
    for one in labelled:
        group = groups.of(one.group)
        counts.documents[group, one.layer, one.label] += one.documents
        counts.numbers[group, one.layer, one.label] += one.number
        counts.sums[group, one.layer] += one.number
    for (raw, label), number in defining.items():
        counts.defining[groups.of(raw), label] += number
    return counts
