"""The profile of a document, and its charts to take away."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.deps import TheCaller, TheService
from api.pages.charts import Form, chart_answer
from api.pages.documents import latest, show_waiting
from api.pages.opening import opened
from api.pages.profiling import charts_of, profile
from api.pages.rendering import page
from api.pages.words import ROLES
from api.routes.contents import annotation_of
from api.routes.documents import find_document

router = APIRouter(include_in_schema=False)


@router.get("/documents/{document_id}/profile")
def show_profile(request: Request, document_id: UUID, here: TheService, caller: TheCaller) -> Response:
    """How the document is framed, what it gives to victims, how firmly it speaks, and how it defines."""
    document = find_document(here, caller, document_id)
    annotation = latest(here, document)
    if annotation is None:
        return show_waiting(request, here, document)
    book = opened(here, annotation)
    if not book.lines:
        return page(request, "plain.html", here="documents", document=document, book=book.document)
    found = profile(book.document)
    return page(request, "profile.html", here="documents", document=document, book=book.document, profile=found, roles=ROLES)


@router.get("/documents/{document_id}/charts/{chart}.{form}")
def get_chart(document_id: UUID, chart: str, form: Form, here: TheService, caller: TheCaller, dark: bool = False) -> Response:
    """A chart of the profile as SVG, PNG, its data, or its specification."""
    annotation = annotation_of(here, find_document(here, caller, document_id), None)
    return chart_answer(charts_of(opened(here, annotation).document), chart, form, dark)
