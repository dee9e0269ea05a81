"""Runs one job: claim, work under a heartbeat, fenced commit. The same for Celery and for the embedded runner."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from corpora.recognising import recognise
from corpora.store import annotations as kept
from corpora.store import comparisons, documents, jobs
from corpora.store.annotations import Key
from corpora.store.blobs import read_all
from corpora.store.documents import Document
from corpora.store.errors import BlobMissing, StoreError, StoreUnavailable
from corpora.store.jobs import Claim, JobKind
from corpora.store.session import Store, Transaction
from workers.heart import Heart, leave
from workers.settings import Settings, process_name
from workers.work import ClaimLost, JobInput, Json, PermanentFailure, Work

log = logging.getLogger(__name__)

KINDS = (JobKind.COMPARE, JobKind.ANNOTATE)


class Outcome(StrEnum):
    """How a call of `run_job` ended."""

    NOTHING = "nothing"  # no such job, or another has it
    DONE = "done"
    REUSED = "reused"  # the stored result of the same bytes and pipeline was taken
    FAILED = "failed"  # or queued for another attempt
    LOST = "lost"  # cancelled, deleted or taken over: nothing was written


def run_job(
    store: Store,
    job_id: str | None,
    work: Work,
    settings: Settings,
    *,
    stop: threading.Event | None = None,
    end: Callable[[], None] = leave,
) -> Outcome:
    """Runs this job, or with None the next one. Raises StoreError only where the claim itself fails."""
    taken = _claim(store, job_id, settings)
    if taken is None:
        return Outcome.NOTHING
    claim, document = taken
    log.info("job %s: attempt %d", claim.job_id, claim.attempt)
    here = _Here(store, claim, settings, stop or threading.Event(), end)
    try:
        outcome = _guarded(here, partial(_compare, here) if document is None else partial(_annotate, here, document, work))
    except ClaimLost:
        outcome = Outcome.LOST
    except StoreError as error:
        outcome = _failed(store, claim, "store_unavailable", str(error), retry=True)
    log.info("job %s: %s", claim.job_id, outcome)
    return outcome


@dataclass(frozen=True, slots=True)
class _Here:
    """A claimed job and what it runs in."""

    store: Store
    claim: Claim
    settings: Settings
    stop: threading.Event
    end: Callable[[], None]

    def heart(self) -> Heart:
        return Heart(self.store, self.claim, self.settings, self.stop, self.end)


def _claim(store: Store, job_id: str | None, settings: Settings) -> tuple[Claim, Document | None] | None:
    """A claim with its document, if it is for one."""
    with store.transaction() as tx:
        claim = jobs.claim(tx, job_id, settings.lease_seconds, worker=process_name(), kinds=KINDS)
        if claim is None:
            return None
        if claim.kind is JobKind.COMPARE:
            return claim, None
        document = documents.get(tx, document_of(claim), space=claim.space)
        assert document is not None  # a job goes with its document
        return claim, document


def document_of(claim: Claim) -> str:
    """The document of a job that annotates."""
    assert claim.document_id is not None
    return claim.document_id


def _guarded(here: _Here, run: Callable[[], Outcome]) -> Outcome:
    """Runs, and notes what goes wrong."""
    store, claim = here.store, here.claim
    try:
        return run()
    except (PermanentFailure, BlobMissing) as error:
        return _failed(store, claim, getattr(error, "code", "original_missing"), str(error), retry=False)
    except (ClaimLost, StoreError):
        raise
    except MemoryError:
        return _failed(store, claim, "out_of_memory", "There was not enough memory for this.", retry=True)
    except Exception:  # the boundary of one job: whatever a document provokes must not end the worker
        log.exception("job %s: attempt %d of %d broke", claim.job_id, claim.attempt, claim.max_attempts)
        return _failed(store, claim, "internal_error", _unexpected(claim), retry=True)


def _annotate(here: _Here, document: Document, work: Work) -> Outcome:
    key = _key(document, work)
    if _commit_stored(here.store, here.claim, key):
        return Outcome.REUSED
    data = read_all(here.store.blobs, document.sha256)
    with here.heart() as heart:
        found = work.run(JobInput(data, document.title, document.kind, heart.report))
    return Outcome.LOST if heart.lost else _commit_result(here.store, here.claim, key, found)


def _compare(here: _Here) -> Outcome:
    from corpora.comparing import Request, make_kept

    with here.store.reading() as tx:
        asked = comparisons.of_job(tx, here.claim.job_id)
    if asked is None:
        raise PermanentFailure("documents_gone", "A document that was to be compared was deleted.")
    with here.heart() as heart:
        found = make_kept(here.store, Request.of(asked.request), lambda done: heart.report("comparing", done))
    return Outcome.LOST if heart.lost else _commit_comparison(here.store, here.claim, asked.id, found)


def _commit_comparison(store: Store, claim: Claim, comparison_id: str, found: Json) -> Outcome:
    def commit(tx: Transaction) -> bool:
        done = jobs.commit(tx, claim)
        if done:
            comparisons.keep(tx, comparison_id, found)
        return done

    return Outcome.DONE if _persistently(store, claim, commit) else Outcome.LOST


def _key(document: Document, work: Work) -> Key:
    context = kept.params_hash(title=document.title, kind=document.kind)
    return Key(document.space, document.sha256, context, work.digest)


def _commit_stored(store: Store, claim: Claim, key: Key) -> bool:
    """Ends the job with the stored result of this key, if there is one."""
    with store.transaction() as tx:
        known = kept.find(tx, key)
        if known is None:
            return False
        if not jobs.commit(tx, claim):
            raise ClaimLost
        kept.attach(tx, document_of(claim), known)
        recognise(tx, document_of(claim), kept.result(tx, known)["text"], space=claim.space)
        return True


def _commit_result(store: Store, claim: Claim, key: Key, found: Json) -> Outcome:
    """Commits, and while the database is away tries again as long as the lease lasts: the result was dear."""

    def commit(tx: Transaction) -> bool:
        if not jobs.commit(tx, claim):
            return False
        kept.attach(tx, document_of(claim), kept.keep(tx, key, found))
        recognise(tx, document_of(claim), found["text"], space=claim.space)
        return True

    return Outcome.DONE if _persistently(store, claim, commit) else Outcome.LOST


def _failed(store: Store, claim: Claim, code: str, message: str, *, retry: bool) -> Outcome:
    """Notes the error; where not even that can be written, the lease runs out and the reconciler takes over."""
    try:
        noted = _persistently(store, claim, lambda tx: jobs.fail(tx, claim, code, message, retry=retry))
    except StoreError as error:
        log.warning("job %s: %s could not be noted: %s", claim.job_id, code, error)
        return Outcome.LOST
    return Outcome.FAILED if noted else Outcome.LOST


def _persistently(store: Store, claim: Claim, write: Callable[[Transaction], bool]) -> bool:
    patience, wait = time.monotonic() + claim.lease_seconds * 0.8, 0.1
    while True:
        try:
            with store.transaction() as tx:
                return write(tx)
        except StoreUnavailable:
            if time.monotonic() + wait > patience:
                raise
        time.sleep(wait)
        wait = min(wait * 2, 5.0)


def _unexpected(claim: Claim) -> str:
    return f"The job failed unexpectedly (attempt {claim.attempt} of {claim.max_attempts}); the log of the worker says why."
