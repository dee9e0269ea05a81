"""What a document holds: its text, its original file, its annotations."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import IO, Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from api.deps import Service, TheCaller, TheService
from api.errors import AnnotationFailed, NoSuchAnnotation, NotAnnotatedYet, problems
from api.routes.documents import find_document
from api.schemas import Layer
from corpora.store import annotations as kept
from corpora.store import jobs
from corpora.store.annotations import StoredAnnotation
from corpora.store.documents import Document
from corpora.store.jobs import JobState
from nlp.wire import Json, dumps

router = APIRouter(prefix="/documents/{document_id}", tags=["contents"], responses=problems(404, 503))

Pipeline = Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="`pipeline_digest` of an earlier annotation; else the latest")]
Tags = Annotated[str | None, Header(max_length=1000)]
# A stranger's words and files are shown or saved by a browser, never run.
INERT = {"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'"}
SHOWN_AS_THEY_ARE = {"application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
_HEAD = ("schema", "status", "document", "pipeline")
_CHUNK = 1 << 18


def _content(media_type: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": schema}}, "description": "OK"}, 304: {"description": "Not changed"}}


@router.get(
    "/annotations",
    summary="The annotated document, whole or by layer",
    response_class=Response,
    responses=_content("application/json", {"type": "object"}) | problems(409),
)
def get_annotations(
    document_id: UUID,
    here: TheService,
    caller: TheCaller,
    layer: Annotated[list[Layer] | None, Query(description="only these layers, without the text")] = None,
    pipeline: Pipeline = None,
    if_none_match: Tags = None,
) -> Response:
    """The same bytes that `lexframe annotate` writes; docs/annotations.md says what they hold."""
    stored = annotation_of(here, find_document(here, caller, document_id), pipeline)
    tag = f'"{"+".join([stored.id, *sorted(set(layer or ()))])}"'
    if knows(if_none_match, tag):
        return unchanged(tag)
    found = result_of(here, stored)
    body = {name: found[name] for name in (*_HEAD, *Layer) if name in found and (name in _HEAD or name in layer)} if layer else found
    return Response(dumps(body), media_type="application/json", headers=tagged(tag))


@router.get(
    "/text",
    summary="The text to which offsets refer",
    response_class=Response,
    responses=_content("text/plain", {"type": "string"}) | problems(409),
)
def get_text(document_id: UUID, here: TheService, caller: TheCaller, if_none_match: Tags = None) -> Response:
    """UTF-8. A lone surrogate, which UTF-8 cannot hold, is replaced by one character, so that offsets stay true."""
    stored = annotation_of(here, find_document(here, caller, document_id), None)
    tag = f'"{stored.id}+text"'
    if knows(if_none_match, tag):
        return unchanged(tag)
    text: str = result_of(here, stored)["text"]
    return Response(text.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8", headers=tagged(tag) | INERT)


@router.get(
    "/original",
    summary="The file as it was uploaded",
    response_class=Response,
    responses=_content("application/octet-stream", {"type": "string", "format": "binary"}),
)
def get_original(document_id: UUID, here: TheService, caller: TheCaller, if_none_match: Tags = None) -> Response:
    """The original bytes, to be saved rather than shown."""
    document = find_document(here, caller, document_id)
    tag = f'"{document.sha256}"'
    if knows(if_none_match, tag):
        return unchanged(tag)
    file = here.store.blobs.open(document.sha256)
    headers = tagged(tag) | INERT | {"Content-Disposition": attachment(document.filename), "Content-Length": str(document.size)}
    return StreamingResponse(chunks(file), media_type=_media_type(here, document), headers=headers)


def annotation_of(here: Service, document: Document, pipeline: str | None) -> StoredAnnotation:
    """The latest annotation, or a pipeline's; raises NoSuchAnnotation, NotAnnotatedYet or AnnotationFailed."""
    with here.store.reading() as tx:
        found = kept.by_pipeline(tx, document.id, pipeline) if pipeline else kept.latest(tx, document.id)
        job = jobs.get(tx, document.job_id, space=document.space) if document.job_id else None
    if found is not None:
        return found
    if pipeline:
        raise NoSuchAnnotation
    if job is None or not job.state.ended or job.state is JobState.DONE:
        raise NotAnnotatedYet
    raise AnnotationFailed(job.error_message or f"The job was {job.state}.")


def result_of(here: Service, stored: StoredAnnotation) -> Json:
    """The annotated document."""
    with here.store.reading() as tx:
        return kept.result(tx, stored.id)


def _media_type(here: Service, document: Document) -> str:
    """What the reader found the file to be, where a browser can do nothing with it but show or save it."""
    with here.store.reading() as tx:
        found = kept.latest(tx, document.id)
    known = found.media_type if found else None
    return known if known in SHOWN_AS_THEY_ARE else "application/octet-stream"


def attachment(filename: str) -> str:
    """A Content-Disposition (RFC 6266) whose file name is encoded after RFC 5987 (now 8187)."""
    return f"attachment; filename*=UTF-8''{quote(filename, safe='')}"


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """A file piece by piece, closed at its end."""
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def knows(if_none_match: str | None, tag: str) -> bool:
    """Whether the client has this very answer (RFC 9110, 13.1.2)."""
    known = [part.strip().removeprefix("W/") for part in (if_none_match or "").split(",")]
    return tag in known or "*" in known


def tagged(tag: str) -> dict[str, str]:
    """Headers of an answer that a client may keep and ask for again by its tag."""
    return {"ETag": tag, "Cache-Control": "private, no-cache"}


def unchanged(tag: str) -> Response:
    """The answer to a client that has this very answer."""
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=tagged(tag))
