"""Instruments with their versions, and how the balance moved from each to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from api import comparing
from api.deps import Caller, Service, TheCaller, TheService
from api.pages.charts import Chart, Form, chart_answer, course
from api.pages.comparisons import show_working
from api.pages.rendering import page
from api.pages.shelf import Results
from corpora.catalogue.described import Described
from corpora.store import documents, works
from corpora.store.documents import Document
from nlp.compare.types import Kind

router = APIRouter(include_in_schema=False)
WorkId = Annotated[str, Path(min_length=1, max_length=255)]
Json = dict[str, Any]

_kept = Results()


@router.get("/works")
def list_works(request: Request, here: TheService, caller: TheCaller) -> Response:
    """The instruments of which there are documents."""
    with here.store.reading() as tx:
        newest = works.newest(tx, space=caller.space)
    return page(request, "works.html", here="works", works=[_named(one, newest) for one in comparing.known_works(here, caller)])


@router.get("/works/{work_id}")
def show_work(request: Request, work_id: WorkId, here: TheService, caller: TheCaller) -> Response:
    """What is known of an instrument, its versions, and its timeline where there are two or more texts."""
    known, amended_by = comparing.work(here, caller, work_id)
    with here.store.reading() as tx:
        work = _named(known, works.newest(tx, space=caller.space))
    texts = _documents(here, caller, comparing.texts(here, caller, work_id))
    ready = len(texts) > 1 and all(one.status == "annotated" for one in texts)
    answer = _timeline(here, caller, work_id, texts) if ready else None
    if answer and answer.result is None:
        return show_working(request, here, caller, answer.job_id, "The versions are being compared.")
    steps = answer.result["steps"] if answer and answer.result else []
    chart = _chart(texts, steps) if steps else None
    values: Json = {"work": work, "amended_by": amended_by, "texts": texts, "steps": steps, "chart": chart, "kinds": tuple(Kind)}
    return page(request, "work.html", here="works", **values)


@router.get("/works/{work_id}/balance.{form}")
def get_timeline_chart(work_id: WorkId, form: Form, here: TheService, caller: TheCaller, dark: bool = False) -> Response:
    """The course of the balance as SVG, PNG, its data, or its specification."""
    texts = _documents(here, caller, comparing.texts(here, caller, work_id))
    answer = _timeline(here, caller, work_id, texts)
    return chart_answer([_chart(texts, answer.result["steps"])] if answer.result else [], "balance", form, dark)


def _named(work: Described, newest: Mapping[str, works.Newest]) -> Described:
    """The work, with what its newest document says where nothing else is known of it."""
    latest = newest.get(work.id)
    if latest is None:
        return work
    return replace(work, title=work.title or latest.title, body=work.body or latest.body, kind=work.kind or latest.kind)


def _timeline(here: Service, caller: Caller, work_id: str, texts: list[Document]) -> comparing.Answer:
    key = tuple(one.annotation_id or "" for one in texts)
    return _kept.take(("timeline", *key), lambda: comparing.timeline(here, caller, work_id))


def _documents(here: Service, caller: Caller, ids: list[str]) -> list[Document]:
    with here.store.reading() as tx:
        found = [documents.get(tx, one, space=caller.space) for one in ids]
    texts = [one for one in found if one]
    caller.shown.update(one.id for one in texts)
    return texts


def _chart(texts: list[Document], steps: list[Json]) -> Chart:
    rows = [_point(text, step["document"]["framing"]) for text, step in zip(texts, steps, strict=False)]
    says = "; ".join(f"{row['version']}: rights share {row['share']:.0%}" for row in rows)
    return Chart("balance", says, rows, course(value="share", low="low", high="high", label="version"))


def _point(text: Document, framing: Json) -> Json:
    low, high = framing["interval"] or (None, None)
    name = f"{text.short_name} ({text.date[:4]})" if text.date else text.short_name
    return {"version": name, "share": framing["scores"]["rights"], "low": low, "high": high}
