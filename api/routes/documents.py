"""Documents: taken in, listed, shown, deleted."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Response

from api.deps import Caller, Service, TheCaller, TheService
from api.errors import NoSuchDocument, problems
from api.forms import UPLOAD_BODY, Form, read_form
from api.recent import forget_all
from api.schemas import AcceptedOut, DocumentDetail, PageOut, job_path
from api.work_schemas import DocumentChanges
from corpora.store import annotations as kept
from corpora.store import documents
from corpora.store.documents import Accepted, Document, Filters, NewDocument
from corpora.store.jobs import JobState
from nlp.types import Framing
from workers.queue import notify

log = logging.getLogger(__name__)

router = APIRouter(prefix="/documents", tags=["documents"], responses=problems(503))

Exact = Annotated[str | None, Query(max_length=255)]
Key = Annotated[
    str | None, Header(min_length=1, max_length=255, pattern=r"^[\x20-\x7e]+$", description="The same key and upload: the same job.")
]
_JOB_ADDRESS = {"headers": {"Location": {"description": "where the job is found", "schema": {"type": "string"}}}}
_CHUNK = 1 << 20


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    summary="Upload a document and have it annotated",
    openapi_extra=UPLOAD_BODY,
    responses=problems(400, 403, 413, 422)
    | {202: _JOB_ADDRESS, 200: {"model": AcceptedOut, "description": "The same upload under the same key came before", **_JOB_ADDRESS}},
)
def upload_document(
    here: TheService,
    caller: TheCaller,
    response: Response,
    form: Annotated[Form, Depends(read_form)],
    idempotency_key: Key = None,
) -> AcceptedOut:
    """Keeps the bytes, queues a job, and answers with its address. With an `Idempotency-Key` a repeated upload makes no second document."""
    accepted = take_in(here, caller, form.file.file, form.file.filename, form.fields, key=idempotency_key)
    if accepted.replayed:
        response.status_code = HTTPStatus.OK
    response.headers["Location"] = job_path(accepted.job_id)
    return AcceptedOut.of(accepted)


@router.get("", summary="Documents, the newest first", responses=problems(400))
def list_documents(
    here: TheService,
    caller: TheCaller,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=documents.MOST_ITEMS)] = 50,
    title: Annotated[str | None, Query(max_length=1000, description="part of the title or of the file name")] = None,
    body: Exact = None,
    kind: Exact = None,
    work: Exact = None,
    version: Exact = None,
    framing: Framing | None = None,
    state: Annotated[JobState | None, Query(description="of the latest job")] = None,
    sha256: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="of the original file")] = None,
) -> PageOut:
    """One page. Without filters, all documents; several filters narrow together."""
    filters = Filters(title=title, body=body, kind=kind, work=work, version=version, framing=framing, state=state, sha256=sha256)
    with here.store.reading() as tx:
        return PageOut.of(documents.page(tx, cursor, limit, filters, space=caller.space))


@router.get("/{document_id}", summary="One document, with the annotations there are of it", responses=problems(404))
def get_document(document_id: UUID, here: TheService, caller: TheCaller) -> DocumentDetail:
    """What is known of a document; what was found in it is at `/annotations`."""
    document = find_document(here, caller, document_id)
    with here.store.reading() as tx:
        return DocumentDetail.with_annotations(document, kept.all_of(tx, document.id))


@router.patch("/{document_id}", summary="Correct what is said of a document", responses=problems(403, 404))
def correct_document(document_id: UUID, changes: DocumentChanges, here: TheService, caller: TheCaller) -> DocumentDetail:
    """Title, date, body, kind, work, version. Annotations stay as they are: they were made with the title and kind of their time."""
    said = changes.said()
    if said.get("work", "") is None:
        said["version"] = None
    with here.store.transaction() as tx:
        if not documents.set_metadata(tx, str(document_id), said, space=caller.space, actor=caller.actor):
            raise NoSuchDocument
    return get_document(document_id, here, caller)


@router.delete(
    "/{document_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Delete a document with all that was made of it",
    responses=problems(403, 404),
)
def delete_document(document_id: UUID, here: TheService, caller: TheCaller) -> None:
    """Deletes the row, its jobs and annotations, and the original bytes unless another document has the same."""
    with here.store.transaction() as tx:
        gone = documents.delete(tx, str(document_id), space=caller.space, actor=caller.actor)
    if not gone:
        raise NoSuchDocument
    forget_all()


def take_in(
    here: Service, caller: Caller, file: IO[bytes], filename: str | None, fields: Mapping[str, Any], *, key: str | None = None
) -> Accepted:
    """Keeps the bytes and queues a job, unless the key stands for an earlier upload; raises TooManyWaiting and what the store raises."""
    here.gate.check(here.store, here.settings.max_queued)
    blob = here.store.blobs.put_stream(_chunks(file), here.settings.max_upload_bytes)
    new = NewDocument(sha256=blob.sha256, size=blob.size, filename=filename, **fields)
    with here.store.transaction() as tx:
        accepted = documents.accept(tx, new, key, here.settings.max_attempts, space=caller.space, actor=caller.actor)
    if not accepted.replayed:
        log.info("job %s: accepted", accepted.job_id, extra={"job_id": accepted.job_id, "document_id": accepted.document_id})
        notify(here.settings, [accepted.job_id])
    return accepted


def find_document(here: Service, caller: Caller, document_id: UUID) -> Document:
    """The document, if the caller's space has it; raises NoSuchDocument."""
    with here.store.reading() as tx:
        found = documents.get(tx, str(document_id), space=caller.space)
    if found is None:
        raise NoSuchDocument
    return found


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
