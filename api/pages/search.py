"""The search page: provisions by words, by labels and by meaning, each with its labels, its instrument and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.deps import Caller, Service, TheCaller, TheService
from api.errors import sentence
from api.pages.documents import latest
from api.pages.opening import opened
from api.pages.rendering import bare, page
from api.pages.words import named, shortened
from api.routes.documents import find_document
from api.routes.search import like, search
from api.search_schemas import LikeQuery, Paged, SearchLayer, SearchQuery, page_path
from corpora.search.query import BadQuery
from corpora.searching import By, Hit, NoMeaning, NothingAsked, Results, Snippet
from corpora.store import corpora, searching
from corpora.store.searching import Carried
from nlp.codebook import codebook
from nlp.types import BearerClass, Framing, StatementType, Strength

router = APIRouter(include_in_schema=False)

Query = TypeVar("Query", bound=Paged)
MANY = frozenset({"label"})
LISTS: dict[str, type[StrEnum]] = {
    "framing": Framing,
    "layer": SearchLayer,
    "statement": StatementType,
    "strength": Strength,
    "bearer": BearerClass,
}
MOST_SAID = 1200


@dataclass(frozen=True, slots=True)
class Shown:
    """A result as the page shows it: its words cut at the marks, and its statements apart from its labels; what is alike is said once."""

    hit: Hit
    where: str
    pieces: tuple[tuple[str, bool], ...]
    labels: tuple[Carried, ...]
    statements: tuple[Carried, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A provision that others are held against: where it stands, and its words."""

    place: str
    title: str
    words: str


@router.get("/search")
def search_page(request: Request, here: TheService, caller: TheCaller) -> Response:
    """The form, and what is found; what cannot be searched is said above the form."""
    asked, wrong = _read(request, SearchQuery)
    found: Results | None = None
    if asked is not None:
        try:
            found = search(here, caller, asked)
        except NothingAsked as error:
            wrong = sentence(error) if _said(request) else ""
        except BadQuery as error:
            wrong = str(error)
    return _page(request, here, caller, "/search", wrong=wrong, found=found)


@router.get("/search/like")
def like_page(request: Request, here: TheService, caller: TheCaller) -> Response:
    """Provisions that mean the like of one, which stands above them."""
    asked, wrong = _read(request, LikeQuery)
    found: Results | None = None
    if asked is not None:
        try:
            found = like(here, caller, asked)
        except NoMeaning as error:
            wrong = sentence(error)
    original = _original(here, caller, asked) if asked else None
    return _page(request, here, caller, "/search/like", wrong=wrong, found=found, model_of=asked, original=original)


def _original(here: Service, caller: Caller, asked: LikeQuery) -> Original | None:
    """The provision that others are held against; None where its document is not annotated."""
    document = find_document(here, caller, asked.document)
    annotation = latest(here, document)
    if annotation is None:
        return None
    caller.shown.add(document.id)
    found = opened(here, annotation).document
    inside = [one for one in found["blocks"] if one["unit"] == asked.unit or one["unit"].startswith(f"{asked.unit}__")]
    names = {unit["id"]: unit.get("label") for unit in found["units"]}
    words = "\n".join(found["text"][one["start"] : one["end"]] for one in inside)
    return Original(names.get(asked.unit) or asked.unit, document.title or document.filename, shortened(words, MOST_SAID))


def _page(
    request: Request,
    here: Service,
    caller: Caller,
    at: str,
    *,
    wrong: str,
    found: Results | None,
    model_of: LikeQuery | None = None,
    original: Original | None = None,
) -> Response:
    with here.store.reading() as tx:
        works, kinds = searching.choices(tx, space=caller.space)
        sets = corpora.all_of(tx, space=caller.space)
    values: dict[str, Any] = {
        "asked": _said(request),
        "wrong": wrong,
        "found": found,
        "hits": [_shown(hit) for hit in found.hits] if found else [],
        "at": at,
        "like": model_of,
        "original": original,
        "like_at": page_path(str(model_of.document), model_of.unit) if model_of else "",
        "by_meaning": bool(model_of) or _said(request).get("by") == By.MEANING,
        "pages": _pages(request, at, found),
        "lists": {
            **{name: [(one.value, named(one)) for one in kind] for name, kind in LISTS.items()},
            "work": [(one, bare(one)) for one in works],
            "kind": [(one, bare(one)) for one in kinds],
            "corpus": [(one.id, bare(one.name)) for one in sets],
        },
        "labels": codebook().labels,
    }
    return page(request, "search.html", 422 if wrong else 200, here="search", **values)


def _read(request: Request, model: type[Query]) -> tuple[Query | None, str]:
    """What the form says, empty fields left out; or what is wrong with it, in a sentence."""
    try:
        return model.model_validate(_said(request)), ""
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return None, f"{' '.join(str(part) for part in first['loc'][:1]).capitalize() or 'The search'}: {first['msg']}."


def _said(request: Request) -> dict[str, Any]:
    given = request.query_params
    return {name: given.getlist(name) if name in MANY else given[name] for name in given if any(given.getlist(name))}


def _pages(request: Request, at: str, found: Results | None) -> dict[str, str]:
    """Addresses of the page before and the next."""
    if found is None:
        return {}
    offset, limit = (int(request.query_params.get(name) or usual) for name, usual in (("offset", 0), ("limit", 20)))
    others = [(name, value) for name, value in request.query_params.multi_items() if name != "offset" and value]
    wanted = {"next": found.next_offset, "prev": max(0, offset - limit) if offset else None}
    return {name: f"{at}?{urlencode([*others, ('offset', place)])}" for name, place in wanted.items() if place is not None}


def _shown(hit: Hit) -> Shown:
    carried = hit.found.carried
    return Shown(
        hit=hit,
        where=page_path(hit.found.home.id, hit.found.unit),
        pieces=tuple(pieces(hit.snippet)),
        labels=tuple(dict.fromkeys(one for one in carried if one.layer != "statements")),
        statements=tuple(dict.fromkeys(one for one in carried if one.layer == "statements")),
    )


def pieces(snippet: Snippet) -> Iterator[tuple[str, bool]]:
    """The words of a snippet in order, each with whether it was searched for."""
    at = 0
    for start, end in snippet.marks:
        yield snippet.text[at:start], False
        yield snippet.text[start:end], True
        at = end
    yield snippet.text[at:], False
