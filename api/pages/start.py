"""The first page: documents are dropped here, and watched while they are read."""

from __future__ import annotations

import io
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from api.deps import Caller, Service, TheCaller, TheService
from api.forms import Forms, read_forms
from api.pages.rendering import page, wants_page
from api.routes.documents import delete_document, take_in
from api.routes.jobs import cancel_job, retry_job
from corpora.samples import Sample, sample_bytes, samples
from corpora.store import documents, searching
from corpora.store.documents import Accepted

router = APIRouter()

RECENT = 12
WELCOME = """Lexframe

Send a document:   curl -F file=@treaty.pdf http://HOST/v1/documents
Its job:           /v1/jobs/{id}, as a stream /v1/jobs/{id}/events
Its annotations:   /v1/documents/{id}/annotations
All documents:     /v1/documents
Everything else:   /v1/openapi.json
"""


@router.get(
    "/",
    summary="The first page for a browser, where to look next for a program",
    response_class=Response,
    responses={200: {"content": {"text/html": {}, "text/plain": {}}}},
)
def start(request: Request, here: TheService, caller: TheCaller) -> Response:
    """The form, the recent documents and, on a first visit, the samples; a few lines for a program that asks."""
    if not wants_page(request):
        return PlainTextResponse(WELCOME)
    with here.store.reading() as tx:
        recent = documents.page(tx, None, RECENT, space=caller.space)
        known, _ = searching.choices(tx, space=caller.space)
    return page(request, "start.html", here="start", recent=recent, works=known, samples=samples(), limit=here.settings.max_upload_bytes)


@router.get("/recent", include_in_schema=False)
def recent(request: Request, here: TheService, caller: TheCaller) -> Response:
    """The list of recent documents alone."""
    with here.store.reading() as tx:
        found = documents.page(tx, None, RECENT, space=caller.space)
    return page(request, "_recent.html", recent=found)


@router.post("/upload", include_in_schema=False)
def upload(here: TheService, caller: TheCaller, forms: Annotated[Forms, Depends(read_forms)]) -> RedirectResponse:
    """Takes in every file of the form; one alone is shown at once, several are watched from the first page."""
    named = {**forms.fields, **({"title": None, "version": None} if len(forms.files) > 1 else {})}
    taken = [take_in(here, caller, file.file, file.filename, named) for file in forms.files]
    return _on_to(taken)


@router.post("/samples", include_in_schema=False)
def take_samples(here: TheService, caller: TheCaller) -> RedirectResponse:
    """Takes in the sample instruments, those that are there already but once."""
    return _on_to([_take_sample(here, caller, sample) for sample in samples()])


@router.post("/documents/{document_id}/delete", include_in_schema=False)
def delete(document_id: UUID, here: TheService, caller: TheCaller) -> RedirectResponse:
    """Deletes a document with all that was made of it."""
    delete_document(document_id, here, caller)
    return RedirectResponse("/documents", 303)


@router.post("/jobs/{job_id}/retry", include_in_schema=False)
def retry(job_id: UUID, here: TheService, caller: TheCaller) -> RedirectResponse:
    """Runs a failed job again and goes back to its document."""
    return RedirectResponse(f"/documents/{retry_job(job_id, here, caller).document_id}", 303)


@router.post("/jobs/{job_id}/cancel", include_in_schema=False)
def cancel(job_id: UUID, here: TheService, caller: TheCaller) -> RedirectResponse:
    """Stops a job and goes back to its document."""
    return RedirectResponse(f"/documents/{cancel_job(job_id, here, caller).document_id}", 303)


def _take_sample(here: Service, caller: Caller, sample: Sample) -> Accepted:
    data = io.BytesIO(sample_bytes(sample.name))
    return take_in(
        here, caller, data, sample.file, described(sample), key=f"sample {sample.name} {sha256(data.getvalue()).hexdigest()[:12]}"
    )


def described(sample: Sample) -> Mapping[str, Any]:
    """What is said of a sample with its upload."""
    same = {name: getattr(sample, name) for name in ("title", "kind", "body", "work", "version")}
    return {**same, "date": sample.date.isoformat()}


def _on_to(taken: list[Accepted]) -> RedirectResponse:
    return RedirectResponse(f"/documents/{taken[0].document_id}" if len(taken) == 1 else "/#recent", 303)
