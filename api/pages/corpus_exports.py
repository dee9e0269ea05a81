"""The exports of a corpus: ordered in a format, watched while they are written, fetched."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.deps import TheCaller, TheService
from api.export_schemas import FormatName
from api.pages.rendering import page
from api.routes.corpora import find_corpus
from api.routes.corpus_exports import begin_export, delete_export, exports_of
from corpora.exports.formats import FORMATS

router = APIRouter(include_in_schema=False)


@router.get("/corpora/{corpus_id}/exports")
def show_exports(request: Request, corpus_id: UUID, here: TheService, caller: TheCaller) -> Response:
    """The form, and the exports there are, the latest first."""
    corpus = find_corpus(here, caller, corpus_id)
    return page(request, "corpus_exports.html", here="corpora", corpus=corpus, found=exports_of(here, caller, corpus_id), formats=FORMATS)


@router.post("/corpora/{corpus_id}/exports")
def order_export(corpus_id: UUID, here: TheService, caller: TheCaller, format: Annotated[FormatName, Form()]) -> RedirectResponse:
    """Has the corpus written in a format."""
    begin_export(here, caller, corpus_id, format)
    return RedirectResponse(f"/corpora/{corpus_id}/exports", 303)


@router.post("/corpora/{corpus_id}/exports/{export_id}/delete")
def delete(corpus_id: UUID, export_id: UUID, here: TheService, caller: TheCaller) -> RedirectResponse:
    """Deletes one export with its file."""
    delete_export(export_id, here, caller)
    return RedirectResponse(f"/corpora/{corpus_id}/exports", 303)
