"""The list of documents, one document to be read, and a provision with all that was found in it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.deps import Service, TheCaller, TheService
from api.pages.card import card
from api.pages.filtering import Wanted, narrowed, wanted
from api.pages.opening import find_unit, opened, state_of
from api.pages.outline import chunks, outline, ribbon
from api.pages.reading import Provision
from api.pages.rendering import page
from api.routes.documents import find_document
from corpora.store import annotations as kept
from corpora.store import documents
from corpora.store.documents import Document, Filters
from nlp.codebook import codebook
from nlp.types import Framing

router = APIRouter(include_in_schema=False)

ALL = "all"


@router.get("/documents")
def list_documents(
    request: Request,
    here: TheService,
    caller: TheCaller,
    title: Annotated[str, Query(max_length=1000)] = "",
    framing: Annotated[str, Query(max_length=20)] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Documents, the newest first, by part of the title and by framing."""
    chosen = Framing(framing) if framing in set(Framing) else None
    with here.store.reading() as tx:
        found = documents.page(tx, cursor, 50, Filters(title=title or None, framing=chosen), space=caller.space)
    more = urlencode({"title": title, "framing": framing, "cursor": found.next_cursor}) if found.next_cursor else ""
    return page(request, "documents.html", here="documents", found=found.items, more=more, title=title, framing=framing)


@router.get("/documents/{document_id}")
def read_document(
    request: Request,
    document_id: UUID,
    here: TheService,
    caller: TheCaller,
    choice: Annotated[Wanted, Depends(wanted)],
    part: Annotated[str, Query(pattern=r"^(\d{1,6}|all)$")] = "1",
) -> Response:
    """The document as a lawyer reads it; one that is not annotated yet shows how far it is."""
    document = find_document(here, caller, document_id)
    annotation = latest(here, document)
    if annotation is None:
        return show_waiting(request, here, document)
    book = opened(here, annotation)
    if not book.lines:
        return page(request, "plain.html", here="documents", document=document, book=book.document)
    pieces = chunks(book.lines)
    number = min(max(int(part), 1), len(pieces)) if part != ALL else 0
    lines = narrowed(book.lines, choice) if choice.narrows else book.lines if part == ALL else pieces[number - 1]
    values: dict[str, Any] = {
        "document": document,
        "book": book.document,
        "lines": lines,
        "choice": choice,
        "part": 0 if choice.narrows else number,
        "parts": len(pieces),
        "shown": sum(isinstance(line, Provision) for line in lines),
        "outline": outline(pieces),
        "ribbon": ribbon(book.document),
        "labels": codebook().labels,
        "cited": {unit["id"]: unit["label"] for unit in book.document["units"] if unit.get("label")},
    }
    return page(request, "document.html", here="documents", **values)


@router.get("/documents/{document_id}/parts/{number}")
def read_part(request: Request, document_id: UUID, number: int, here: TheService, caller: TheCaller) -> Response:
    """The provisions of one part alone, to be added to a page that shows others."""
    document = find_document(here, caller, document_id)
    annotation = latest(here, document)
    pieces = chunks(opened(here, annotation).lines) if annotation else []
    if not 1 <= number <= len(pieces):
        raise HTTPException(404)
    return page(request, "_lines.html", document=document, lines=pieces[number - 1])


@router.get("/documents/{document_id}/at/{unit}")
def find_place(document_id: UUID, unit: str, here: TheService, caller: TheCaller) -> RedirectResponse:
    """The part of the text in which a unit stands: `art_6__para_3`, whether or not the instrument has parts above its articles."""
    document = find_document(here, caller, document_id)
    annotation = latest(here, document)
    place = find_unit(chunks(opened(here, annotation).lines), unit) if annotation else None
    if place is None:
        raise HTTPException(404)
    number, anchor = place
    return RedirectResponse(f"/documents/{document_id}?part={number}#{quote(anchor)}", 303)


@router.get("/documents/{document_id}/provisions/{at}")
def read_provision(request: Request, document_id: UUID, at: int, here: TheService, caller: TheCaller, bare: bool = False) -> Response:
    """One provision: what was found, why, who found it, and what refers to it. `bare` is the card without the page around it."""
    document = find_document(here, caller, document_id)
    annotation = latest(here, document)
    book = opened(here, annotation) if annotation else None
    if book is None or not 0 <= at < len(book.document.get("blocks", ())):
        raise HTTPException(404)
    template = "_provision.html" if bare else "provision.html"
    return page(request, template, here="documents", document=document, card=card(book, at), book=book.document)


def show_waiting(request: Request, here: Service, document: Document) -> Response:
    """How far a document is that has no annotation yet."""
    return page(request, "waiting.html", here="documents", document=document, job=state_of(here, document))


def latest(here: Service, document: Document) -> kept.StoredAnnotation | None:
    """The document's latest annotation."""
    with here.store.reading() as tx:
        return kept.latest(tx, document.id)
