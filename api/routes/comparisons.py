"""What changed: comparisons of two documents, and matrices of many."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from api.access import needs
from api.comparing import Answer, compared, matrix, side
from api.deps import TheCaller, TheService
from api.errors import BadWish, problems
from api.routes.contents import INERT, attachment
from api.schemas import job_path
from api.work_schemas import MatrixRequest
from corpora.exports.comparisons import COMPARISON_FORMATS
from corpora.store.keys import Scope
from nlp.compare.types import UnknownUnit, Wishes
from nlp.compare.wire import USUAL, Part, narrowed
from nlp.wire import dumps

router = APIRouter(tags=["comparisons"], responses=problems(404, 409, 503))

ReportName = StrEnum("ReportName", {name.upper(): name for name in COMPARISON_FORMATS})  # type: ignore[misc]
REPORTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {one.media_type: {} for one in COMPARISON_FORMATS.values()}, "description": "OK"},
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object"}}}, "description": "docs/comparison.md says what it holds"},
    202: {
        "description": "It takes long: a job makes it. Ask again at the same address when the job is done.",
        "content": {"application/json": {"schema": {"type": "object", "properties": {"job_id": {"type": "string"}}}}},
        "headers": {"Location": {"description": "where the job is found", "schema": {"type": "string"}}},
    },
}
Couple = Annotated[
    list[str] | None, Query(max_length=200, description="LEFT~RIGHT: unit ids of provisions", examples=["art_6__para_1~art_7__para_1"])
]


@router.get(
    "/compare", summary="What changed between two documents or versions", response_class=Response, responses=ANSWERS | problems(422)
)
def compare_documents(
    left: Annotated[UUID, Query(description="id of a document, or of a version")],
    right: Annotated[UUID, Query(description="the later one")],
    here: TheService,
    caller: TheCaller,
    include: Annotated[list[Part] | None, Query(description="parts beside the summary; else all but unchanged provisions")] = None,
    pin: Couple = None,
    forbid: Couple = None,
) -> Response:
    """Provisions aligned, what each change of words means, and why the balance moved. Pinned and forbidden pairs are obeyed."""
    try:
        found = compared(here, caller, left, right, Wishes(_couples(pin), _couples(forbid)))
    except UnknownUnit as error:
        raise BadWish(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    return respond(found, tuple(include or USUAL))


@router.get(
    "/compare/export",
    summary="A comparison as a report or as tables",
    response_class=Response,
    responses=ANSWERS | REPORTS | problems(422),
)
def export_comparison(
    left: Annotated[UUID, Query(description="id of a document, or of a version")],
    right: Annotated[UUID, Query(description="the later one")],
    format: Annotated[ReportName, Query(description="report: html, docx; the table of changes: csv, parquet")],
    here: TheService,
    caller: TheCaller,
) -> Response:
    """What changed, to be filed or counted. Of long texts a job makes the comparison first."""
    found, chosen = compared(here, caller, left, right), COMPARISON_FORMATS[str(format)]
    if found.result is None:
        return respond(found)
    names = [side(here, caller, one).document for one in (left, right)]
    titles = [one.title or one.filename for one in names]
    headers = INERT | {"Content-Disposition": attachment(f"comparison{chosen.suffix}"), "Cache-Control": "private, no-cache"}
    return StreamingResponse(chosen.write(found.result, *titles), media_type=chosen.media_type, headers=headers)


@router.post(
    "/matrix",
    summary="Every document of a set against every other, with coverage and definition tables",
    response_class=Response,
    responses=ANSWERS,
    dependencies=[needs(Scope.READ)],
)
def compare_many(asked: MatrixRequest, here: TheService, caller: TheCaller) -> Response:
    """How much of each is kept in each, how the balance differs, which victim provisions each makes, and how each defines trafficking."""
    return respond(matrix(here, caller, asked.documents, asked.baseline))


def respond(found: Answer, include: tuple[Part, ...] | None = None) -> Response:
    """The answer, or where its job is found."""
    if found.result is not None:
        body = narrowed(found.result, include) if include is not None else found.result
        return Response(dumps(body), media_type="application/json", headers={"Cache-Control": "private, no-cache"})
    assert found.job_id is not None
    headers = {"Location": job_path(found.job_id), "Retry-After": "2"}
    return Response(dumps({"job_id": found.job_id}), HTTPStatus.ACCEPTED, headers, "application/json")


def _couples(said: list[str] | None) -> tuple[tuple[str, str], ...]:
    found = [tuple(one.split("~")) for one in said or ()]
    if any(len(one) != 2 for one in found):
        raise BadWish
    return tuple((one[0], one[1]) for one in found)
