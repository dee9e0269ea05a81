"""Corpora in figures: framing over time, by body and kind, what provisions carry, how firmly they speak, how they define."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpora.analytics.asked import COLUMNS, MOST_BY, USUAL, By, What
from corpora.analytics.counts import gathered
from corpora.analytics.groups import groups_of
from corpora.analytics.rows import LAYERS, Row, rows_of
from corpora.catalogue.find import load_catalogue
from corpora.store import analytics
from corpora.store.analytics import Catalogued, Counted, Which
from corpora.store.facts import FactLayer
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE


class BadGrouping(Exception):
    """Documents are grouped by at most two different traits, and by one kind of time; co-occurrence is of the corpus as a whole."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """An analysis: how many documents are counted, and its rows (columns of the groups, then those of `asked.COLUMNS`)."""

    what: What
    by: tuple[By, ...]
    counted: Counted
    rows: tuple[Row, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        return (*(one.value for one in self.by), *COLUMNS[self.what])


def analyse(
    tx: Transaction,
    corpus_id: str,
    what: What,
    by: Sequence[By] | None = None,
    *,
    space: str = DEFAULT_SPACE,
    known: Counted | None = None,
) -> Analysis:
    """One analysis of a corpus, grouped as it usually is where nothing is said; raises BadGrouping.

    `known` is what `counted` says of the corpus, for who makes several analyses of one.
    """
    asked = grouping(what, by)
    which = Which(corpus_id, space, tuple(one.trait for one in asked), _catalogued())
    outcomes = analytics.outcomes(tx, which)
    groups = groups_of(asked, ((one.group, one.documents) for one in outcomes))
    layers = LAYERS[what]
    labelled = analytics.labelled(tx, which, layers) if layers else []
    defining = analytics.with_any(tx, which, (FactLayer.ELEMENT, FactLayer.OFFENCE)) if what is What.DEFINITIONS else {}
    counts = gathered(groups, outcomes, labelled, defining)
    return Analysis(what, asked, known or counted(tx, corpus_id, space=space), rows_of(what, counts))


def counted(tx: Transaction, corpus_id: str, *, space: str = DEFAULT_SPACE) -> Counted:
    """How many documents of a corpus are counted, and how many are not, and why."""
    return analytics.counted(tx, Which(corpus_id, space))


def grouping(what: What, by: Sequence[By] | None) -> tuple[By, ...]:
    """What an analysis is grouped by; raises BadGrouping."""
    if not by:
        return USUAL[what]
    asked = tuple(one for one in by if one is not By.NONE)
    same = len({one.trait for one in asked}) < len(asked)
    if same or len(asked) > MOST_BY or (asked and len(asked) < len(by)) or (asked and what is What.COOCCURRENCE):
        raise BadGrouping
    return asked


@cache
def _catalogued() -> dict[str, Catalogued]:
    return {work.id: Catalogued(work.body, work.kind, work.adopted.isoformat()) for work in load_catalogue().works.values()}
