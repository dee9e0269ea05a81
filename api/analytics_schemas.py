"""Analyses of corpora as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from pydantic import Field

from api.corpus_schemas import corpus_path
from api.schemas import Wire
from corpora.analysing import Analysis
from corpora.analytics.asked import COLUMNS, MEANINGS, TITLES, USUAL, By, What
from corpora.store.analytics import Counted

FORMATS = ("csv", "svg", "png", "vl")


class CountedOut(Wire):
    """How many documents of a corpus the figures count, and how many they do not."""

    documents: int = Field(description="all documents of the corpus", examples=[120])
    counted: int = Field(description="those that are annotated; all figures are of these", examples=[112])
    unannotated: int = Field(description="not annotated yet, or failed", examples=[5])
    unsupported: Mapping[str, int] = Field(description="kept and not annotated, since the text is of this language", examples=[{"fr": 3}])
    pipelines: Mapping[str, int] = Field(
        description="counted documents by `pipeline_digest`; of more than one, annotate all anew before you compare"
    )

    @classmethod
    def of(cls, counted: Counted) -> CountedOut:
        return cls(**{name: getattr(counted, name) for name in cls.model_fields})


class AnalysisKindOut(Wire):
    """An analysis that can be asked for."""

    analysis: What
    title: str
    by: tuple[By, ...] = Field(description="how it is grouped where nothing else is asked for")
    columns: tuple[str, ...]
    link: str


class AnalysesOut(Wire):
    """All analyses of a corpus, and what they count."""

    corpus_id: str
    counted: CountedOut
    items: tuple[AnalysisKindOut, ...]

    @classmethod
    def of(cls, corpus_id: str, counted: Counted) -> AnalysesOut:
        return cls(corpus_id=corpus_id, counted=CountedOut.of(counted), items=tuple(_kind(corpus_id, what) for what in What))


class AnalysisOut(Wire):
    """An analysis of a corpus: what is counted, what each column means, and a row for each figure of each group."""

    corpus_id: str
    analysis: What
    title: str
    by: tuple[By, ...] = Field(description="what documents are grouped by; empty for the corpus as a whole")
    counted: CountedOut
    columns: Mapping[str, str] = Field(description="what each column of the rows means", examples=[{"framing": MEANINGS["framing"]}])
    rows: tuple[Mapping[str, str | int | float | None], ...] = Field(
        examples=[[{"year": "2005", "framing": "rights", "documents": 3, "document_share": 0.75, "provisions": 41, "provision_share": 0.4}]]
    )
    links: Mapping[str, str]

    @classmethod
    def of(cls, corpus_id: str, found: Analysis) -> AnalysisOut:
        by = [("by", one.value) for one in found.by or (By.NONE,)]
        at = analysis_path(corpus_id, found.what)
        return cls(
            corpus_id=corpus_id,
            analysis=found.what,
            title=TITLES[found.what],
            by=found.by,
            counted=CountedOut.of(found.counted),
            columns={name: MEANINGS[name] for name in found.columns},
            rows=found.rows,
            links={"self": f"{at}?{urlencode(by)}", **{one: f"{at}?{urlencode([*by, ('format', one)])}" for one in FORMATS}},
        )


def analysis_path(corpus_id: str, what: What) -> str:
    """Where an analysis is found."""
    return f"{corpus_path(corpus_id)}/analytics/{what.value}"


def _kind(corpus_id: str, what: What) -> AnalysisKindOut:
    link = analysis_path(corpus_id, what)
    return AnalysisKindOut(analysis=what, title=TITLES[what], by=USUAL[what], columns=COLUMNS[what], link=link)
