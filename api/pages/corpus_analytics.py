"""A corpus in figures: each analysis as a chart with its table, grouped as asked, to look at and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.analytics_schemas import analysis_path
from api.deps import TheCaller, TheService
from api.errors import kind_of, sentence
from api.pages.analysis_charts import said
from api.pages.rendering import page
from api.pages.words import named, percent
from api.routes.corpora import find_corpus
from corpora.analysing import Analysis, BadGrouping, analyse, counted
from corpora.analytics.asked import MEANINGS, TITLES, By, What

router = APIRouter(include_in_schema=False)

MOST_ROWS = 200
Chosen = Annotated[str, Query(max_length=20)]
HEADS = {
    "document_share": "Of documents",
    "provision_share": "Of provisions",
    "statement_share": "Of statements",
    "definition_share": "Of definitions",
    "of_one": "Of the one",
    "of_other": "Of the other",
}
SHARES = frozenset({*HEADS, "mean", "lowest", "lower_quartile", "median", "upper_quartile", "highest", "jaccard"})
LABELS = frozenset({"framing", "label", "layer", "type", "strength", "element", "one", "other"})


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an analysis in words: heads, whether each column holds figures, and the cells; `more` rows are left out."""

    heads: tuple[str, ...]
    figures: tuple[bool, ...]
    cells: tuple[tuple[str, ...], ...]
    more: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An analysis as the page shows it; `file` is its address, to which a form is added."""

    what: What
    title: str
    says: str
    file: str
    table: Table
    meanings: tuple[tuple[str, str], ...]


@router.get("/corpora/{corpus_id}/analytics")
def show_analytics(request: Request, corpus_id: UUID, here: TheService, caller: TheCaller, by: Chosen = "", then: Chosen = "") -> Response:
    """All analyses, grouped as usual or by one or two traits; what cannot be grouped so is said above the form."""
    corpus = find_corpus(here, caller, corpus_id)
    asked = [By(one) for one in dict.fromkeys((by, then)) if one in set(By)]
    found, wrong = [], None
    with here.store.reading() as tx:
        figures = counted(tx, corpus.id, space=caller.space)
        try:
            every = [analyse(tx, corpus.id, what, _fitting(what, asked), space=caller.space, known=figures) for what in What]
            found = [_shown(corpus.id, one) for one in every]
        except BadGrouping as error:
            wrong = error
    values = {"corpus": corpus, "counted": figures, "found": found, "by": by, "then": then}
    status = kind_of(wrong).status if wrong else 200
    return page(request, "corpus_analytics.html", status, here="corpora", wrong=sentence(wrong) if wrong else "", **values)


def _fitting(what: What, asked: Sequence[By]) -> list[By] | None:
    """Co-occurrence is of the corpus as a whole, whatever else is grouped."""
    return list(asked) if asked and what is not What.COOCCURRENCE else None


def _shown(corpus_id: str, found: Analysis) -> Shown:
    by = [("by", one.value) for one in found.by or (By.NONE,)]
    meanings = tuple((head(name), MEANINGS[name]) for name in found.columns)
    return Shown(
        found.what, TITLES[found.what], said(found), f"{analysis_path(corpus_id, found.what)}?{urlencode(by)}", table(found), meanings
    )


def table(found: Analysis) -> Table:
    """The rows as people read them: labels in words, shares in percent."""
    names, labels = found.columns, {*LABELS, *(one.value for one in found.by), "elements"}
    cells = tuple(tuple(_cell(name, row[name]) for name in names) for row in found.rows[:MOST_ROWS])
    return Table(tuple(map(head, names)), tuple(name not in labels for name in names), cells, max(0, len(found.rows) - MOST_ROWS))


def head(column: str) -> str:
    """The head of a column."""
    return HEADS.get(column) or column.replace("_", " ").capitalize()


def _cell(name: str, value: str | int | float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return named(value) if name in LABELS else value
    return percent(value) if name in SHARES else f"{value:,}" if isinstance(value, int) else f"{value:.2f}"
