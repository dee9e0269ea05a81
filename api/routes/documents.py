"""Documents: taken in, listed, shown, deleted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Header, Query, Response, UploadFile
from fastapi.responses import JSONResponse, StreamingResponse

from api.deps import Here, Service
from api.errors import Malformed, NotFound, NotReady, QueueFull
from api.schemas import AcceptedBody, AnnotationBody, DocumentBody, DocumentPage, Problem
from corpora.store import annotations as kept
from corpora.store import documents, jobs
from corpora.store.annotations import StoredAnnotation
from corpora.store.documents import Document, Filters, NewDocument
from corpora.store.jobs import JobState
from nlp.layers import LAYERS
from workers.queue import notify

router = APIRouter(tags=["documents"], responses={404: {"model": Problem}, 503: {"model": Problem}})

CHUNK = 1 << 20
Field = Annotated[str | None, Form(max_length=1000)]


@router.post(
    "/documents",
    status_code=HTTPStatus.ACCEPTED,
    summary="Upload a document and have it annotated",
    responses={code: {"model": Problem} for code in (400, 413, 422, 429, 507)},
)
def upload(
    here: Here,
    response: Response,
    file: UploadFile,
    title: Field = None,
    date: Field = None,
    body: Field = None,
    kind: Field = None,
    work: Field = None,
    version: Field = None,
    idempotency_key: Annotated[str | None, Header(max_length=255)] = None,
) -> AcceptedBody:
    """Keeps the bytes, queues a job, and answers with its address. The same `Idempotency-Key` with the same upload gives the same job."""
    if version and not work:
        raise Malformed("A version needs a work: say which instrument it is a version of.")
    _refuse_when_full(here)
    blob = here.store.blobs.put_stream(_chunks(file), here.settings.max_upload_bytes)
    new = NewDocument(
        sha256=blob.sha256, size=blob.size, filename=file.filename, title=title, date=date, body=body, kind=kind, work=work, version=version
    )
    with here.store.transaction() as tx:
        accepted = documents.accept(tx, new, idempotency_key, here.settings.max_attempts)
    notify(here.settings, [accepted.job_id])
    links = _links(accepted.document_id, accepted.job_id)
    response.headers["Location"] = links["job"]
    if accepted.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return AcceptedBody(document=accepted.document_id, job=accepted.job_id, links=links)


@router.get("/documents", summary="Documents, the newest first", responses={400: {"model": Problem}})
def list_documents(
    here: Here,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    title: Annotated[str | None, Query(max_length=1000)] = None,
    body: Annotated[str | None, Query(max_length=1000)] = None,
    kind: Annotated[str | None, Query(max_length=255)] = None,
    work: Annotated[str | None, Query(max_length=255)] = None,
    version: Annotated[str | None, Query(max_length=255)] = None,
    framing: Annotated[str | None, Query(max_length=20)] = None,
    state: Annotated[str | None, Query(max_length=20)] = None,
) -> DocumentPage:
    filters = Filters(title=title, body=body, kind=kind, work=work, version=version, framing=framing, state=state)
    with here.store.reading() as tx:
        page = documents.page(tx, cursor, limit, filters)
    return DocumentPage(items=[DocumentBody.of(d) for d in page.items], next=page.next_cursor)


@router.get("/documents/{document_id}", summary="One document")
def get_document(document_id: str, here: Here) -> DocumentBody:
    return DocumentBody.of(_document(here, document_id))


@router.delete("/documents/{document_id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a document with all that was made of it")
def delete_document(document_id: str, here: Here) -> Response:
    with here.store.transaction() as tx:
        gone = documents.delete(tx, document_id)
    if not gone:
        raise NotFound("document")
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/documents/{document_id}/text", summary="The text to which offsets refer", responses={409: {"model": Problem}})
def get_text(document_id: str, here: Here) -> Response:
    _, found = _annotated(here, document_id)
    return Response(found["text"].encode("utf-8", "surrogatepass"), media_type="text/plain; charset=utf-8", headers=_inert())


@router.get("/documents/{document_id}/original", summary="The file as it was uploaded", response_class=StreamingResponse)
def get_original(document_id: str, here: Here) -> StreamingResponse:
    document = _document(here, document_id)
    file = here.store.blobs.open(document.sha256)

    def chunks() -> Iterator[bytes]:
        with file:
            while chunk := file.read(CHUNK):
                yield chunk

    name = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.filename, safe='')}",
        "Content-Length": str(document.size),
    }
    return StreamingResponse(chunks(), media_type="application/octet-stream", headers=_inert() | name)


@router.get(
    "/documents/{document_id}/annotations", summary="The annotated document, whole or by layer", responses={409: {"model": Problem}}
)
def get_annotations(
    document_id: str,
    here: Here,
    layer: Annotated[list[str] | None, Query(description="Only these layers, for example `definitions`")] = None,
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """The same JSON as `lexframe annotate` writes. With `layer`, the framing, source and pipeline come with just the layers named."""
    unknown = set(layer or ()) - set(LAYERS)
    if unknown:
        raise Malformed(f"There is no layer {sorted(unknown)[0]!r}; the layers are {', '.join(LAYERS)}.")
    stored, found = _annotated(here, document_id)
    tag = f'"{hashlib.sha256(f"{stored.id} {sorted(layer or ())}".encode()).hexdigest()[:32]}"'
    if if_none_match == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    if layer:
        found = {key: value for key, value in found.items() if key in layer or key not in (*LAYERS, "text")}
    return JSONResponse(found, headers={"ETag": tag})


@router.get("/documents/{document_id}/annotations/all", summary="Every annotation that was made of it, the latest first")
def list_annotations(document_id: str, here: Here) -> list[AnnotationBody]:
    _document(here, document_id)
    with here.store.reading() as tx:
        return [AnnotationBody.of(a) for a in kept.all_of(tx, document_id)]


def _document(here: Service, document_id: str) -> Document:
    with here.store.reading() as tx:
        found = documents.get(tx, document_id)
    if found is None:
        raise NotFound("document")
    return found


def _annotated(here: Service, document_id: str) -> tuple[StoredAnnotation, dict[str, Any]]:
    document = _document(here, document_id)
    with here.store.reading() as tx:
        stored = kept.latest(tx, document_id)
        if stored is None:
            raise NotReady(f"The document has no annotations; its job is {document.state.value if document.state else 'unknown'}.")
        return stored, kept.result(tx, stored.id)


def _refuse_when_full(here: Service) -> None:
    with here.store.reading() as tx:
        waiting = jobs.counts(tx).get(JobState.QUEUED, 0)
    if waiting >= here.settings.max_queued:
        raise QueueFull(f"{waiting} documents are waiting, as many as are allowed to; try again later.")


def _chunks(file: UploadFile) -> Iterator[bytes]:
    while chunk := file.file.read(CHUNK):
        yield chunk


def _links(document_id: str, job_id: str) -> dict[str, str]:
    return {
        "document": f"/v1/documents/{document_id}",
        "job": f"/v1/jobs/{job_id}",
        "events": f"/v1/jobs/{job_id}/events",
        "annotations": f"/v1/documents/{document_id}/annotations",
    }


def _inert() -> dict[str, str]:
    """A stranger's text is never run in our pages."""
    return {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
