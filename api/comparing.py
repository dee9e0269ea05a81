"""Comparisons for routes and pages: from ids to answers, small ones at once, long ones by a job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from api.deps import Caller, Service
from api.errors import AnnotationFailed, NoSuchDocument, NoSuchWork, TooFewVersions
from api.routes.contents import annotation_of
from corpora.catalogue.described import Described, amending, describe
from corpora.catalogue.find import load_catalogue
from corpora.comparing import Request, annotated, make
from corpora.store import comparisons, documents, works
from corpora.store.annotations import StoredAnnotation
from corpora.store.documents import Document
from corpora.store.works import Held, Version
from nlp.compare.types import Wishes
from nlp.types import AnnotatedDocument
from nlp.wire import Json
from workers.queue import notify

NOW = 600_000
"""Characters of both sides (of all couples) up to which a comparison is made while the client waits: about three seconds."""


@dataclass(frozen=True, slots=True)
class Side:
    """A document that is compared, and the annotation of it that is."""

    document: Document
    annotation: StoredAnnotation


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked for, or the job that makes it."""

    result: Json | None
    job_id: str | None = None


def side(here: Service, caller: Caller, name: UUID) -> Side:
    """The document of this id, or of the version of this id the one that was uploaded last; raises NoSuchDocument, NotAnnotatedYet, …"""
    with here.store.reading() as tx:
        found = documents.get(tx, str(name), space=caller.space)
        if found is None and (version := works.get_version(tx, str(name), space=caller.space)):
            found = documents.get(tx, version.document_ids[-1], space=caller.space)
    if found is None:
        raise NoSuchDocument
    caller.shown.add(found.id)
    annotation = annotation_of(here, found, None)
    if annotation.status != "annotated":
        raise AnnotationFailed(f"{found.filename} was kept, but not annotated: its language is {annotation.language}.")
    return Side(found, annotation)


def load(here: Service, one: Side) -> AnnotatedDocument:
    """The annotated document of a side."""
    with here.store.reading() as tx:
        return annotated(tx, one.annotation.id)


def compared(here: Service, caller: Caller, left: UUID, right: UUID, wishes: Wishes | None = None) -> Answer:
    """The comparison of two documents or versions as the contract has it, or its job; raises UnknownUnit for a wish that names none."""
    sides = [side(here, caller, name) for name in (left, right)]
    asked = wishes or Wishes()
    request = Request("comparison", _annotations(sides), pins=asked.pins, forbidden=asked.forbidden)
    return _answer(here, caller, request, sides, _characters(sides))


def matrix(here: Service, caller: Caller, names: Sequence[UUID], baseline: UUID | None) -> Answer:
    """The matrix of some documents or versions with its tables, or its job; raises NoSuchDocument for a baseline that is none of them."""
    if baseline is not None and baseline not in names:
        raise NoSuchDocument("The baseline is none of the documents.")
    sides = [side(here, caller, name) for name in names]
    request = Request("matrix", _annotations(sides), baseline=names.index(baseline) if baseline else 0)
    return _answer(here, caller, request, sides, _characters(sides) * (len(sides) - 1))


def timeline(here: Service, caller: Caller, work_id: str) -> Answer:
    """How the balance moved over the versions of a work, or the job that says so; raises NoSuchWork, TooFewVersions."""
    chain = [side(here, caller, UUID(one)) for one in texts(here, caller, work_id)]
    if len(chain) < 2:
        raise TooFewVersions
    return _answer(here, caller, Request("timeline", _annotations(chain)), chain, _characters(chain) * 2)


def texts(here: Service, caller: Caller, work_id: str) -> list[str]:
    """A document for each version of a work, the earliest first, then those of no version; raises NoSuchWork."""
    chain, loose = versions(here, caller, work_id)
    return [version.document_ids[-1] for version in chain] + list(loose)


def versions(here: Service, caller: Caller, work_id: str) -> tuple[tuple[Version, ...], tuple[str, ...]]:
    """The versions of a work, and its documents that are of none; raises NoSuchWork."""
    work(here, caller, work_id)
    with here.store.reading() as tx:
        return works.versions_of(tx, work_id, space=caller.space), works.unversioned(tx, work_id, space=caller.space)


def known_works(here: Service, caller: Caller, *, catalogued: bool = False) -> list[Described]:
    """The works of which the space holds something; with `catalogued` also those that only the catalogue knows."""
    held = _held(here, caller)
    ids = sorted({*held, *(load_catalogue().works if catalogued else ())})
    return [one for work_id in ids if (one := describe(load_catalogue(), held, work_id))]


def work(here: Service, caller: Caller, work_id: str) -> tuple[Described, tuple[str, ...]]:
    """A work, and those that amend it; raises NoSuchWork."""
    held = _held(here, caller)
    found = describe(load_catalogue(), held, work_id)
    if found is None:
        raise NoSuchWork
    return found, amending(load_catalogue(), held, work_id)


def _held(here: Service, caller: Caller) -> dict[str, Held]:
    with here.store.reading() as tx:
        return {one.id: one for one in works.held(tx, space=caller.space)}


def _annotations(sides: Sequence[Side]) -> tuple[str, ...]:
    return tuple(one.annotation.id for one in sides)


def _characters(sides: Sequence[Side]) -> int:
    return sum(one.annotation.characters for one in sides)


def _answer(here: Service, caller: Caller, request: Request, sides: Sequence[Side], characters: int) -> Answer:
    loads: list[Callable[[], AnnotatedDocument]] = [partial(load, here, one) for one in sides]
    if characters <= NOW:
        return Answer(make(request, loads))
    with here.store.transaction() as tx:
        attempts, ids = here.settings.max_attempts, [one.document.id for one in sides]
        found = comparisons.ask(tx, request.plain(), ids, space=caller.space, max_attempts=attempts)
    if found.result is None and found.job_id is not None:
        notify(here.settings, [found.job_id])
    return Answer(found.result, None if found.result else found.job_id)
