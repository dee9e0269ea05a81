"""Documents as the files of other tools."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from api.deps import TheCaller, TheService
from api.errors import problems
from api.export_schemas import FormatName
from api.routes.contents import INERT, Pipeline, Tags, annotation_of, attachment, knows, result_of, tagged, unchanged
from api.routes.documents import find_document
from api.schemas import FormatOut, FormatsOut
from corpora.exporting import item_of
from corpora.exports.formats import FORMATS

router = APIRouter(tags=["exports"], responses=problems(503))

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {one.media_type: {} for one in FORMATS.values()}, "description": "OK"},
    304: {"description": "Not changed"},
}


@router.get("/formats", summary="The formats of exports")
def list_formats() -> FormatsOut:
    """Each with its ending and media type, for one document and for many."""
    return FormatsOut(items=tuple(FormatOut.of(one) for one in FORMATS.values()))


@router.get(
    "/documents/{document_id}/export",
    summary="A document as a file of another tool",
    response_class=Response,
    responses=_FILE | problems(404, 409, 422),
)
def export_document(
    document_id: UUID,
    here: TheService,
    caller: TheCaller,
    format: Annotated[FormatName, Query(description="see /v1/formats")],
    pipeline: Pipeline = None,
    if_none_match: Tags = None,
) -> Response:
    """Every mark of the annotation with its place in the text; sent piece by piece as it is written."""
    document = find_document(here, caller, document_id)
    stored = annotation_of(here, document, pipeline)
    chosen = FORMATS[str(format)]
    tag = f'"{stored.id}+{chosen.name}"'
    if knows(if_none_match, tag):
        return unchanged(tag)
    item = item_of(document, result_of(here, stored))
    name = f"{document.filename.rpartition('.')[0] or document.filename}{chosen.suffix}"
    headers = tagged(tag) | INERT | {"Content-Disposition": attachment(name), "X-Accel-Buffering": "no"}
    return StreamingResponse(_pieces(chosen.one(item)), media_type=chosen.media_type, headers=headers)


def _pieces(found: Iterator[bytes]) -> Iterator[bytes]:
    yield from found
