"""Corpora: made, filled, annotated as a whole."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query, Response

from api.corpus_forms import CORPUS_BODY, CorpusForm, read_corpus_form
from api.corpus_schemas import (
    BatchesOut,
    BatchOut,
    CorporaOut,
    CorpusOut,
    DigestsIn,
    DigestsOut,
    FilledOut,
    NewBatchIn,
    NewCorpusIn,
    batch_path,
    corpus_path,
)
from api.deps import Caller, Service, TheCaller, TheService
from api.errors import NoSuchCorpus, problems
from api.recent import forget_all
from api.routes.batches import find_batch
from api.schemas import PageOut
from corpora.archives import ArchiveLimits
from corpora.filling import Filled, Target, fill
from corpora.store import batches, corpora, documents
from corpora.store.batches import Batch, Which
from corpora.store.corpora import Corpus
from corpora.store.documents import Filters
from corpora.store.jobs import JobState
from workers.batching import begin_batch

router = APIRouter(prefix="/corpora", tags=["corpora"], responses=problems(503))


@router.post("", status_code=HTTPStatus.CREATED, summary="Make an empty corpus", responses=problems(403, 409))
def make_corpus(new: NewCorpusIn, here: TheService, caller: TheCaller, response: Response) -> CorpusOut:
    """Names are unique in a space."""
    corpus_id = create_corpus(here, caller, new.name, new.description)
    response.headers["Location"] = corpus_path(corpus_id)
    return CorpusOut.of(find_corpus(here, caller, UUID(corpus_id)))


@router.get("", summary="Corpora, by name")
def list_corpora(
    here: TheService, caller: TheCaller, name: Annotated[str | None, Query(max_length=255, description="only the one of this name")] = None
) -> CorporaOut:
    """All corpora of the space."""
    with here.store.reading() as tx:
        if name is None:
            found = corpora.all_of(tx, space=caller.space)
        else:
            one = corpora.named(tx, name, space=caller.space)
            found = () if one is None else (one,)
    return CorporaOut(items=tuple(CorpusOut.of(corpus) for corpus in found))


@router.get("/{corpus_id}", summary="A corpus", responses=problems(404))
def get_corpus(corpus_id: UUID, here: TheService, caller: TheCaller) -> CorpusOut:
    """How many documents it has, and how many of them are annotated."""
    return CorpusOut.of(find_corpus(here, caller, corpus_id))


@router.delete("/{corpus_id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a corpus", responses=problems(403, 404))
def delete_corpus(
    corpus_id: UUID,
    here: TheService,
    caller: TheCaller,
    with_documents: Annotated[bool, Query(description="delete its documents as well")] = False,
) -> None:
    """Deletes the corpus with its batches and exports. Its documents stay, unless asked otherwise."""
    with here.store.transaction() as tx:
        if not corpora.delete(tx, str(corpus_id), with_documents=with_documents, space=caller.space, actor=caller.actor):
            raise NoSuchCorpus
    forget_all()


@router.post(
    "/{corpus_id}/documents",
    summary="Add files, or archives of files",
    openapi_extra=CORPUS_BODY,
    responses=problems(400, 403, 404, 413),
)
def add_to_corpus(
    corpus_id: UUID, here: TheService, caller: TheCaller, form: Annotated[CorpusForm, Depends(read_corpus_form)]
) -> FilledOut:
    """Keeps each file; what the corpus has by digest is skipped, so that a broken-off upload is simply repeated.

    ZIP and TAR archives are read within limits on entries, size and ratio; a manifest at their top (`manifest.csv`, `.jsonl` or `.toml`)
    describes their files. Nothing is annotated yet.
    """
    return FilledOut.of(fill_corpus(here, caller, corpus_id, form))


@router.post("/{corpus_id}/known", summary="Which of these files the corpus has", responses=problems(403, 404))
def known_in_corpus(corpus_id: UUID, digests: DigestsIn, here: TheService, caller: TheCaller) -> DigestsOut:
    """Lets a client send only what is missing."""
    corpus = find_corpus(here, caller, corpus_id)
    with here.store.reading() as tx:
        return DigestsOut(known=tuple(sorted(corpora.known_digests(tx, corpus.id, digests.sha256))))


@router.get("/{corpus_id}/documents", summary="The documents of a corpus, the newest first", responses=problems(400, 404))
def list_corpus_documents(
    corpus_id: UUID,
    here: TheService,
    caller: TheCaller,
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=documents.MOST_ITEMS)] = 50,
    state: Annotated[JobState | None, Query(description="of the latest job")] = None,
) -> PageOut:
    """One page."""
    filters = Filters(corpus=find_corpus(here, caller, corpus_id).id, state=state)
    with here.store.reading() as tx:
        return PageOut.of(documents.page(tx, cursor, limit, filters, space=caller.space))


@router.post(
    "/{corpus_id}/annotate", status_code=HTTPStatus.ACCEPTED, summary="Annotate a corpus as one batch", responses=problems(403, 404, 409)
)
def annotate_corpus(
    corpus_id: UUID, here: TheService, caller: TheCaller, response: Response, order: Annotated[NewBatchIn | None, Body()] = None
) -> BatchOut:
    """Queues its documents behind single uploads; the batch is followed, paused, cancelled and repaired at its address."""
    batch_id = begin(here, caller, corpus_id, (order or NewBatchIn()).which)  # type: ignore[call-arg]
    response.headers["Location"] = batch_path(batch_id)
    return BatchOut.of(find_batch(here, caller, batch_id))


@router.get("/{corpus_id}/batches", summary="The batches of a corpus, the latest first", responses=problems(404))
def list_batches(corpus_id: UUID, here: TheService, caller: TheCaller) -> BatchesOut:
    """All of them."""
    return BatchesOut(items=tuple(BatchOut.of(batch) for batch in batches_of(here, caller, corpus_id)))


def create_corpus(here: Service, caller: Caller, name: str, description: str | None) -> str:
    """Makes an empty corpus and returns its id; raises CorpusExists, BadCorpusName."""
    with here.store.transaction() as tx:
        return corpora.create(tx, name, description, space=caller.space, actor=caller.actor)


def fill_corpus(here: Service, caller: Caller, corpus_id: UUID, form: CorpusForm) -> Filled:
    """Takes in the files of the form; raises NoSuchCorpus, BadArchive, BadManifest."""
    settings = here.settings
    limits = ArchiveLimits(entries=settings.max_corpus_files, total=settings.max_corpus_bytes, file=settings.max_upload_bytes)
    target = Target(here.store, find_corpus(here, caller, corpus_id).id, caller.space, caller.actor, limits)
    return fill(target, form.files, form.manifest)


def begin(here: Service, caller: Caller, corpus_id: UUID, which: Which) -> str:
    """Begins a batch and returns its id; raises NoSuchCorpus, TooManyWaiting, BatchOpen, NothingToAnnotate."""
    here.gate.check(here.store, here.settings.max_queued)
    corpus = find_corpus(here, caller, corpus_id)
    return begin_batch(here.settings, here.store, corpus.id, which, space=caller.space, actor=caller.actor)


def batches_of(here: Service, caller: Caller, corpus_id: UUID) -> tuple[Batch, ...]:
    """The batches of a corpus, the latest first; raises NoSuchCorpus."""
    corpus = find_corpus(here, caller, corpus_id)
    with here.store.reading() as tx:
        return batches.of_corpus(tx, corpus.id, space=caller.space)


def find_corpus(here: Service, caller: Caller, corpus_id: UUID) -> Corpus:
    """The corpus, if the caller's space has it; raises NoSuchCorpus."""
    with here.store.reading() as tx:
        found = corpora.get(tx, str(corpus_id), space=caller.space)
    if found is None:
        raise NoSuchCorpus
    return found
