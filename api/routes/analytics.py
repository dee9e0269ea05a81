"""Corpora in figures: each analysis as JSON, CSV or chart."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.analytics_schemas import AnalysesOut, AnalysisOut
from api.deps import Caller, Service, TheCaller, TheService
from api.errors import NoSuchCorpus, problems
from api.pages.analysis_charts import chart_of
from api.pages.charts import MEDIA_TYPES, Form, chart_answer
from corpora.analysing import Analysis, analyse, counted
from corpora.analytics.asked import MOST_BY, By, What
from corpora.store import corpora
from corpora.store.session import Transaction

router = APIRouter(prefix="/corpora/{corpus_id}/analytics", tags=["corpora"], responses=problems(404, 503))

FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.partition(";")[0]: {} for form, kind in MEDIA_TYPES.items() if form is not Form.JSON}},
}


@router.get("", summary="The analyses of a corpus, and how many documents they count")
def list_analyses(corpus_id: UUID, here: TheService, caller: TheCaller) -> AnalysesOut:
    """Documents without an annotation, and those in a language that is not annotated, are told apart; docs/method.md has the figures."""
    with here.store.reading() as tx:
        found = _known(tx, caller, corpus_id)
        return AnalysesOut.of(found, counted(tx, found, space=caller.space))


@router.get(
    "/{analysis}", summary="One analysis of a corpus: JSON, CSV or chart", response_model=AnalysisOut, responses=FILES | problems(422)
)
def get_analysis(
    corpus_id: UUID,
    analysis: What,
    here: TheService,
    caller: TheCaller,
    by: Annotated[
        list[By] | None,
        Query(
            max_length=MOST_BY,
            description="groups documents by one or two traits, `none` by nothing; else as is usual for the analysis",
            examples=[["decade", "kind"]],
        ),
    ] = None,
    format: Annotated[
        Form, Query(description="`json`, `csv`, a chart as `svg` or `png`, or its Vega-Lite specification, `vl`")
    ] = Form.JSON,
    dark: Annotated[bool, Query(description="of a chart: for a dark ground")] = False,
) -> AnalysisOut | Response:
    """Figures of the latest annotation of each document. What is not known of a document is `unknown`; nothing is left out for it."""
    found = analysed(here, caller, corpus_id, analysis, by)
    if format is Form.JSON:
        return AnalysisOut.of(str(corpus_id), found)
    return chart_answer([chart_of(found)], analysis.value, format, dark)


def analysed(here: Service, caller: Caller, corpus_id: UUID, what: What, by: list[By] | None = None) -> Analysis:
    """What both entrances show; raises NoSuchCorpus, BadGrouping."""
    with here.store.reading() as tx:
        return analyse(tx, _known(tx, caller, corpus_id), what, by, space=caller.space)


def _known(tx: Transaction, caller: Caller, corpus_id: UUID) -> str:
    found = corpora.get(tx, str(corpus_id), space=caller.space)
    if found is None:
        raise NoSuchCorpus
    return found.id
