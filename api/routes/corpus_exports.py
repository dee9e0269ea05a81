"""Whole corpora as files of other tools: made by a job, fetched as often as wanted."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from api.deps import Caller, Service, TheCaller, TheService
from api.errors import ExportFailed, ExportNotReady, NoSuchExport, problems
from api.export_schemas import ExportOut, ExportsOut, FormatName, NewExportIn, export_path
from api.routes.contents import INERT, attachment, chunks
from api.routes.corpora import find_corpus
from corpora.exports.formats import FORMATS
from corpora.store import exports
from corpora.store.exports import Export
from corpora.store.jobs import JobKind
from workers.broker import queue_of
from workers.queue import notify

router = APIRouter(tags=["exports"], responses=problems(404, 503))

_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {one.many_media_type: {} for one in FORMATS.values()}, "description": "OK"},
}


@router.post(
    "/corpora/{corpus_id}/exports", status_code=HTTPStatus.ACCEPTED, summary="Have a corpus written as one file", responses=problems(403)
)
def export_corpus(corpus_id: UUID, order: NewExportIn, here: TheService, caller: TheCaller, response: Response) -> ExportOut:
    """A job writes every annotated document of the corpus; documents that are added or annotated later are not in it."""
    export = begin_export(here, caller, corpus_id, order.format)
    response.headers["Location"] = export_path(export.id)
    return ExportOut.of(export)


@router.get("/corpora/{corpus_id}/exports", summary="The exports of a corpus, the latest first")
def list_exports(corpus_id: UUID, here: TheService, caller: TheCaller) -> ExportsOut:
    """All that are kept. They go with the corpus, and whenever a document that they hold is deleted."""
    return ExportsOut(items=tuple(ExportOut.of(one) for one in exports_of(here, caller, corpus_id)))


@router.get("/exports/{export_id}", summary="An export as it stands")
def get_export(export_id: UUID, here: TheService, caller: TheCaller) -> ExportOut:
    """Its job can be followed at `links.job`; once that is done, the file is there."""
    return ExportOut.of(_find(here, caller, export_id))


@router.get("/exports/{export_id}/file", summary="The file of an export", response_class=Response, responses=_FILE | problems(409))
def get_export_file(export_id: UUID, here: TheService, caller: TheCaller) -> Response:
    """Sent piece by piece; 409 until it is there."""
    export = _find(here, caller, export_id)
    if export.sha256 is None or export.size is None:
        raise ExportFailed(export.error_message or f"The export was {export.state}.") if export.state.ended else ExportNotReady
    corpus = find_corpus(here, caller, UUID(export.corpus_id))
    caller.shown.add(corpus.id)
    chosen = FORMATS[export.format]
    name = f"{corpus.name}{chosen.many_suffix}"
    headers = INERT | {"Content-Disposition": attachment(name), "Content-Length": str(export.size)}
    return StreamingResponse(chunks(here.store.blobs.open(export.sha256)), media_type=chosen.many_media_type, headers=headers)


@router.delete("/exports/{export_id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete an export", responses=problems(403))
def delete_export(export_id: UUID, here: TheService, caller: TheCaller) -> None:
    """Its file goes, and a job that still writes it is cancelled; the corpus and its documents stay as they are."""
    with here.store.transaction() as tx:
        if exports.discard(tx, str(export_id), space=caller.space, actor=caller.actor) is None:
            raise NoSuchExport


def begin_export(here: Service, caller: Caller, corpus_id: UUID, format_name: FormatName) -> Export:
    """Queues the export; raises NoSuchCorpus, TooManyWaiting."""
    here.gate.check(here.store, here.settings.max_queued)
    corpus = find_corpus(here, caller, corpus_id)
    attempts = here.settings.max_attempts
    with here.store.transaction() as tx:
        export = exports.start(tx, corpus.id, str(format_name), max_attempts=attempts, space=caller.space, actor=caller.actor)
    notify(here.settings, [export.job_id], queue_of(JobKind.EXPORT))
    return export


def exports_of(here: Service, caller: Caller, corpus_id: UUID) -> tuple[Export, ...]:
    """The exports of a corpus, the latest first; raises NoSuchCorpus."""
    corpus = find_corpus(here, caller, corpus_id)
    with here.store.reading() as tx:
        return exports.of_corpus(tx, corpus.id, space=caller.space)


def _find(here: Service, caller: Caller, export_id: UUID) -> Export:
    with here.store.reading() as tx:
        found = exports.get(tx, str(export_id), space=caller.space)
    if found is None:
        raise NoSuchExport
    return found
