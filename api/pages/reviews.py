"""The list of reviews with the way into each, and the form that starts one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.access import needs
from api.deps import Caller, TheCaller, TheService
from api.pages.comparisons import offered
from api.pages.rendering import page
from api.pages.seat import knows_names
from api.routes.reviews import get_agreement
from corpora import reviewing
from corpora.review.assigning import Share
from corpora.reviewing import Progress
from corpora.store import corpora, documents, reviews
from corpora.store.documents import Filters
from corpora.store.keys import Scope
from corpora.store.reviews import AssignedBy, Review
from corpora.store.session import Transaction
from nlp.codebook import codebook

router = APIRouter(include_in_schema=False, dependencies=[needs(Scope.REVIEW)])

MOST_LISTED = 50
MOST_DOCUMENTS = 1000
FIGURES = {
    "percent": "Percent agreement",
    "alpha": "Krippendorff’s α",
    "ac1": "Gwet’s AC1",
    "fleiss": "Fleiss’ κ",
    "cohen": "Cohen’s κ",
    "f1": "F1",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A review with how far each coder is."""

    review: Review
    progress: tuple[Progress, ...]
    documents: tuple[tuple[str, str], ...]


@router.get("/review")
def list_reviews(request: Request, here: TheService, caller: TheCaller, document: UUID | None = None, start: int | None = None) -> Response:
    """Reviews with the way into each, and the form that starts one; of one document, where that is named."""
    with here.store.reading() as tx:
        found = [_listed(tx, one) for one in reviews.listed(tx, space=caller.space)[:MOST_LISTED]]
        sets = corpora.all_of(tx, space=caller.space)
        named = documents.get(tx, str(document), space=caller.space) if document else None
    if named:
        found = [one for one in found if named.id in {name for name, _ in one.documents}]
    values: dict[str, Any] = {
        "found": found,
        "offered": offered(here, caller),
        "corpora": sets,
        "named": named,
        "place": f"&document={named.id}&start={start}" if named and start is not None else "",
        "layers": tuple(dict.fromkeys(label.layer for label in codebook().labels)),
        "knows_names": knows_names(caller),
    }
    return page(request, "reviews.html", here="review", **values)


@router.post("/review")
def start_review(
    here: TheService,
    caller: TheCaller,
    coders: Annotated[str, Form(max_length=10_000)] = "",
    document: Annotated[list[UUID] | None, Form(max_length=MOST_DOCUMENTS)] = None,
    corpus: Annotated[str, Form(max_length=36)] = "",
    name: Annotated[str, Form(max_length=255)] = "",
    layer: Annotated[list[str] | None, Form()] = None,
    by: Annotated[AssignedBy, Form()] = AssignedBy.DOCUMENT,
    most: Annotated[str, Form(pattern=r"^\d{0,6}$")] = "",
    blind: Annotated[bool, Form()] = False,
) -> RedirectResponse:
    """Starts a review and goes on to its first provision."""
    names = tuple(one.strip() for one in coders.replace(",", "\n").splitlines() if one.strip())
    share = Share(by, None, int(most) if int(most or 0) else None)
    with here.store.transaction() as tx:
        ids = [*(str(one) for one in document or ()), *_of_corpus(tx, corpus, caller)]
        layers = tuple(layer) if layer else None
        order = reviewing.Order(name=name, document_ids=tuple(ids), coders=names, blind=blind, share=share, layers=layers)
        review = reviewing.start_review(tx, order, space=caller.space, actor=caller.actor)
    own = review.coders == (caller.actor,) or (len(review.coders) == 1 and knows_names(caller))
    return RedirectResponse(f"/review/{review.id}?{urlencode({'coder': review.coders[0]})}" if own else f"/review#r{review.id}", 303)


@router.post("/review/{review_id}/close")
def close(review_id: UUID, here: TheService, caller: TheCaller) -> RedirectResponse:
    """Ends a review: nothing is decided any more, and coders see what the others decided."""
    with here.store.transaction() as tx:
        review = reviewing.find_review(tx, str(review_id), space=caller.space)
        reviews.close(tx, review, actor=caller.actor)
    return RedirectResponse(f"/review#r{review.id}", 303)


@router.get("/review/{review_id}/agreement")
def show_agreement(
    request: Request, review_id: UUID, here: TheService, caller: TheCaller, coder: Annotated[str | None, Query(max_length=255)] = None
) -> Response:
    """How far coders agree, with each other and with the model, over all and for each label."""
    with here.store.reading() as tx:
        review = reviewing.find_review(tx, str(review_id), space=caller.space)
    found = get_agreement(review_id, here, caller, coder)
    given = {key: one for key, one in found.labels.items() if any(one.prevalence[1:])}
    return page(request, "agreement.html", here="review", review=review, found=found, labels=given, figures=FIGURES)


def _listed(tx: Transaction, review: Review) -> Listed:
    found = [documents.get(tx, one.document_id, space=review.space) for one in reviewing.documents_of(tx, review)]
    return Listed(review, tuple(reviewing.progress(tx, review)), tuple((one.id, one.title or one.filename) for one in found if one))


def _of_corpus(tx: Transaction, corpus: str, caller: Caller) -> list[str]:
    """The annotated documents of a corpus, at most a thousand."""
    found: list[str] = []
    cursor: str | None = None
    while corpus and len(found) < MOST_DOCUMENTS:
        part = documents.page(tx, cursor, MOST_DOCUMENTS, Filters(corpus=corpus), space=caller.space)
        found += [one.id for one in part.items if one.annotation_id]
        cursor = part.next_cursor
        if cursor is None:
            break
    return found[:MOST_DOCUMENTS]
