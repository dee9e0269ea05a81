"""Corpora: listed and made, filled, annotated, and looked through document by document."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from api.corpus_forms import CorpusForm, read_corpus_form
from api.deps import Caller, Service, TheCaller, TheService
from api.errors import kind_of, sentence
from api.pages.batches import Run, run_of
from api.pages.rendering import page
from api.routes.corpora import batches_of, begin, create_corpus, delete_corpus, fill_corpus, find_corpus
from corpora.archives import BadArchive
from corpora.manifests import BadManifest
from corpora.store import corpora, documents
from corpora.store.batches import Which
from corpora.store.documents import Filters
from corpora.store.errors import BadCorpusName, CorpusExists
from corpora.store.jobs import JobState
from nlp.types import Framing

router = APIRouter(include_in_schema=False)

PER_PAGE = 50
Words = Annotated[str, Query(max_length=1000)]


@router.get("/corpora")
def list_corpora(request: Request, here: TheService, caller: TheCaller) -> Response:
    """All corpora with their counts, and the form for a new one."""
    return _list(request, here, caller)


@router.post("/corpora")
def make_corpus(
    request: Request,
    here: TheService,
    caller: TheCaller,
    name: Annotated[str, Form(max_length=255)] = "",
    description: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Makes an empty corpus and goes to it; a name that will not do is said beside the form."""
    try:
        made = create_corpus(here, caller, name, description or None)
    except (CorpusExists, BadCorpusName) as error:
        return _list(request, here, caller, name=name, description=description, wrong=error)
    return RedirectResponse(f"/corpora/{made}", 303)


@router.get("/corpora/{corpus_id}")
def show_corpus(
    request: Request,
    corpus_id: UUID,
    here: TheService,
    caller: TheCaller,
    title: Words = "",
    framing: Words = "",
    state: Words = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """How its annotation stands, its documents, and the form for more of them."""
    asked = {"title": title, "framing": framing, "state": state}
    return _show(request, here, caller, corpus_id, asked=asked, cursor=cursor)


@router.post("/corpora/{corpus_id}/documents")
def add_documents(
    request: Request, corpus_id: UUID, here: TheService, caller: TheCaller, form: Annotated[CorpusForm, Depends(read_corpus_form)]
) -> Response:
    """Takes in files and archives; what was left out is told by name, and why."""
    try:
        filled = fill_corpus(here, caller, corpus_id, form)
    except (BadArchive, BadManifest) as error:
        return _show(request, here, caller, corpus_id, wrong=error)
    if not (filled.skipped or filled.refused or filled.unused):
        return RedirectResponse(f"/corpora/{corpus_id}", 303)
    return page(request, "filled.html", here="corpora", corpus=find_corpus(here, caller, corpus_id), filled=filled)


@router.post("/corpora/{corpus_id}/annotate")
def annotate(corpus_id: UUID, here: TheService, caller: TheCaller, which: Annotated[Which, Form()] = Which.MISSING) -> RedirectResponse:
    """Begins a batch, and shows how it gets on."""
    begin(here, caller, corpus_id, which)
    return RedirectResponse(f"/corpora/{corpus_id}#annotation", 303)


@router.post("/corpora/{corpus_id}/delete")
def delete(corpus_id: UUID, here: TheService, caller: TheCaller, with_documents: Annotated[bool, Form()] = False) -> RedirectResponse:
    """Deletes the corpus, with its documents where asked."""
    delete_corpus(corpus_id, here, caller, with_documents)
    return RedirectResponse("/corpora", 303)


def _list(
    request: Request, here: Service, caller: Caller, *, name: str = "", description: str = "", wrong: Exception | None = None
) -> Response:
    with here.store.reading() as tx:
        found = corpora.all_of(tx, space=caller.space)
    values = {"found": found, "name": name, "description": description, "wrong": sentence(wrong) if wrong else ""}
    return page(request, "corpora.html", kind_of(wrong).status if wrong else 200, here="corpora", **values)


def _show(
    request: Request,
    here: Service,
    caller: Caller,
    corpus_id: UUID,
    *,
    asked: dict[str, str] | None = None,
    cursor: str | None = None,
    wrong: Exception | None = None,
) -> Response:
    corpus = find_corpus(here, caller, corpus_id)
    narrowed = {name: value for name, value in (asked or {}).items() if value}
    runs = batches_of(here, caller, corpus_id)
    with here.store.reading() as tx:
        found = documents.page(tx, cursor, PER_PAGE, _filters(corpus.id, narrowed), space=caller.space)
        paths = corpora.paths_of(tx, [one.id for one in found.items])
        states = corpora.states(tx, corpus.id)
    latest: Run | None = run_of(here, caller, runs[0]) if runs else None
    values: dict[str, Any] = {
        "corpus": corpus,
        "run": latest,
        "earlier": runs[1:],
        "states": states,
        "found": found.items,
        "paths": paths,
        "more": urlencode({**narrowed, "cursor": found.next_cursor}) if found.next_cursor else "",
        "asked": narrowed,
        "limit": here.settings.max_upload_bytes,
        "wrong": sentence(wrong) if wrong else "",
    }
    return page(request, "corpus.html", kind_of(wrong).status if wrong else 200, here="corpora", **values)


def _filters(corpus_id: str, narrowed: dict[str, str]) -> Filters:
    """What a browser asks for that there is not narrows nothing."""
    framing, state = narrowed.get("framing"), narrowed.get("state")
    return Filters(
        corpus=corpus_id,
        title=narrowed.get("title"),
        framing=framing if framing in set(Framing) else None,
        state=state if state in set(JobState) else None,
    )
