"""Search: provisions by words, by what they carry, and by what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import Caller, Service, TheCaller, TheService
from api.errors import problems
from api.search_schemas import LikeQuery, SearchOut, SearchQuery
from corpora import searching
from corpora.codebooks import MODEL
from corpora.searching import Results

router = APIRouter(prefix="/search", tags=["search"], responses=problems(422, 503))


@router.get("", summary="Find provisions by words, labels or meaning")
def search_provisions(asked: Annotated[SearchQuery, Query()], here: TheService, caller: TheCaller) -> SearchOut:
    """The latest annotation of each document is searched. Without words, the conditions alone choose."""
    return SearchOut.of(search(here, caller, asked))


@router.get("/like", summary="Find provisions that mean the like of one", responses=problems(404, 409))
def search_like(asked: Annotated[LikeQuery, Query()], here: TheService, caller: TheCaller) -> SearchOut:
    """`document` and `unit` name a provision; the nearest others come first. With `elsewhere`, only those of other documents."""
    return SearchOut.of(like(here, caller, asked))


def search(here: Service, caller: Caller, asked: SearchQuery) -> Results:
    """What both entrances ask the store; raises BadQuery."""
    with here.store.reading() as tx:
        return _noticed(caller, searching.search(tx, asked.search(model_of(here)), space=caller.space))


def like(here: Service, caller: Caller, asked: LikeQuery) -> Results:
    """The same for provisions like one; raises NoSuchProvision or NoMeaning."""
    with here.store.reading() as tx:
        return _noticed(caller, searching.like(tx, str(asked.document), asked.unit, asked.search(model_of(here)), space=caller.space))


def _noticed(caller: Caller, found: Results) -> Results:
    caller.shown.update(hit.found.home.id for hit in found.hits)
    return found


def model_of(here: Service) -> Path:
    """The folder of the model that workers read with."""
    return here.settings.model or MODEL
