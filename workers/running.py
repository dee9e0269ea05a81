"""Runs one job: claim, work under a heartbeat, fenced commit. The same for Celery and for the embedded runner."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from corpora.recognising import recognise
from corpora.store import annotations as kept
from corpora.store import audit, documents, jobs, provisions
from corpora.store.annotations import Key
from corpora.store.blobs import read_all
from corpora.store.documents import Document
from corpora.store.errors import BlobMissing, StoreError, StoreUnavailable
from corpora.store.jobs import Claim, JobKind
from corpora.store.points import Point, passing
from corpora.store.session import Store, Transaction
from corpora.store.tallies import End
from workers import tracing
from workers.heart import Heart, leave
from workers.logs import bound
from workers.settings import Settings, process_name
from workers.tally import Tally
from workers.work import ClaimLost, JobInput, Json, PassingFailure, PermanentFailure, Work

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How a call of `run_job` ended."""

    NOTHING = "nothing"  # no such job, or another has it
    DONE = "done"
    REUSED = "reused"  # the stored result of the same bytes and pipeline was taken
    FAILED = "failed"  # or queued for another attempt
    LOST = "lost"  # cancelled, deleted or taken over: nothing was written


@dataclass(frozen=True, slots=True)
class Meanings:
    """Vectors by encoder and words; `before` is the annotation from which blocks were taken over, whose vectors then serve."""

    made: Mapping[str, Mapping[str, bytes]]
    before: str | None

    def keep(self, tx: Transaction, annotation_id: str) -> None:
        """Keeps the vectors of an annotation's provisions."""
        for encoder, vectors in self.made.items():
            earlier = provisions.every_vector(tx, self.before) if self.before else {}
            provisions.keep_vectors(tx, annotation_id, encoder, {**earlier.get(encoder, {}), **vectors})


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
    claim = _claim(store, job_id, settings)
    if claim is None:
        return Outcome.NOTHING
    heart = Heart(store, claim, settings, stop or threading.Event(), end)
    about = {"job_id": claim.job_id, "document_id": claim.document_id, "kind": str(claim.kind), "attempt": claim.attempt}
    traced = {f"lexframe.{name}": value for name, value in about.items()}
    with tracing.span(f"job {claim.kind}", traced, parent=claim.trace) as span, bound(**about, **span.ids):
        outcome = _run(store, claim, work, heart)
        span.note({"lexframe.outcome": str(outcome)})
        if heart.tally.error:
            span.fail(heart.tally.error)
        return outcome


def _run(store: Store, claim: Claim, work: Work, heart: Heart) -> Outcome:
    log.info("job %s: attempt %d", claim.job_id, claim.attempt)
    try:
        outcome = _attempt(store, claim, work, heart)
    except ClaimLost:
        outcome = Outcome.LOST
    except StoreError as error:
        outcome = _failed(store, claim, heart.tally, "store_unavailable", str(error), retry=True)
    log.info("job %s: %s", claim.job_id, outcome)
    return outcome


def _claim(store: Store, job_id: str | None, settings: Settings) -> Claim | None:
    with store.transaction() as tx:
        claim = jobs.claim(tx, job_id, settings.lease_seconds, worker=process_name(), kinds=settings.kinds)
        passing(Point.CLAIM_MADE)
    passing(Point.CLAIM_COMMITTED)
    return claim


def document_of(claim: Claim) -> str:
    """The document of a job that annotates."""
    assert claim.document_id is not None
    return claim.document_id


def _attempt(store: Store, claim: Claim, work: Work, heart: Heart) -> Outcome:
    try:
        if claim.kind is JobKind.EXPORT:
            return _export(store, claim, heart)
        if claim.kind is JobKind.COMPARE:
            return _compare(store, claim, heart)
        return _annotate(store, claim, work, heart)
    except (PermanentFailure, BlobMissing) as error:
        return _failed(store, claim, heart.tally, getattr(error, "code", "original_missing"), str(error), retry=False)
    except PassingFailure as error:
        return _failed(store, claim, heart.tally, error.code, str(error), retry=True)
    except (ClaimLost, StoreError):
        raise
    except MemoryError:
        return _failed(store, claim, heart.tally, "out_of_memory", "There was not enough memory to do the job.", retry=True)
    except Exception:  # the boundary of one job: whatever a document provokes must not end the worker
        log.exception("job %s: attempt %d of %d broke", claim.job_id, claim.attempt, claim.max_attempts)
        return _failed(store, claim, heart.tally, "internal_error", _unexpected(claim), retry=True)


def _annotate(store: Store, claim: Claim, work: Work, heart: Heart) -> Outcome:
    with store.reading() as tx:
        document = documents.get(tx, document_of(claim), space=claim.space)
        known = document and kept.find(tx, _key(document, work))
    if document is None:
        raise ClaimLost  # deleted since
    key = _key(document, work)
    if known and _commit_stored(store, claim, key, heart.tally):  # only then it writes, and on SQLite keeps others from writing
        return Outcome.REUSED
    data, (before_id, before) = read_all(store.blobs, document.sha256), _another_version(store, document, work)
    meant: dict[str, Mapping[str, bytes]] = {}
    passing(Point.RUN_READ)
    with heart:
        passing(Point.RUN_BEGUN)
        found = work.run(JobInput(data, document.title, document.kind, heart.report, before, meant.__setitem__))
    passing(Point.RUN_MADE)
    return Outcome.LOST if heart.lost else _commit_result(store, claim, key, found, Meanings(meant, before_id), heart.tally)


def _another_version(store: Store, document: Document, work: Work) -> tuple[str | None, Json | None]:
    """The newest annotation of another text of the document's work, from which equal blocks may be taken over."""
    if document.work_id is None:
        return None, None
    with store.reading() as tx:
        known = kept.of_another_version(tx, document.id, document.work_id, work.digest, space=document.space)
        return known, kept.result(tx, known) if known else None


def _export(store: Store, claim: Claim, heart: Heart) -> Outcome:
    from workers.exporting import finish_export, write_export

    with heart:
        export, blob = write_export(store, claim, heart)
    done = not heart.lost and _persistently(store, claim, lambda tx: _counted(tx, finish_export(tx, claim, export, blob), heart.tally))
    return Outcome.DONE if done else Outcome.LOST


def _compare(store: Store, claim: Claim, heart: Heart) -> Outcome:
    from workers.comparing import compare, finish_comparison

    with heart:
        comparison_id, found = compare(store, claim, heart)
    done = not heart.lost and _persistently(
        store, claim, lambda tx: _counted(tx, finish_comparison(tx, claim, comparison_id, found), heart.tally)
    )
    return Outcome.DONE if done else Outcome.LOST


def _key(document: Document, work: Work) -> Key:
    context = kept.params_hash(title=document.title, kind=document.kind)
    return Key(document.space, document.sha256, context, work.digest)


def _commit_stored(store: Store, claim: Claim, key: Key, tally: Tally) -> bool:
    """Ends the job with the stored result of this key, if there is one."""
    with store.transaction() as tx:
        known = kept.find(tx, key)
        if known is None:
            return False
        if not jobs.commit(tx, claim):
            raise ClaimLost
        _attach(tx, claim, known, key)
        recognise(tx, document_of(claim), kept.result(tx, known)["text"], space=claim.space)
        tally.write(tx, End.REUSED)
        passing(Point.REUSE_ATTACHED)
        return True


def _commit_result(store: Store, claim: Claim, key: Key, found: Json, meanings: Meanings, tally: Tally) -> Outcome:
    """Commits, and while the database is away tries again as long as the lease lasts: the result was dear."""

    def commit(tx: Transaction) -> bool:
        if not jobs.commit(tx, claim):
            return False
        passing(Point.COMMIT_FENCED)
        annotation_id = kept.keep(tx, key, found)
        passing(Point.COMMIT_KEPT)
        _attach(tx, claim, annotation_id, key)
        meanings.keep(tx, annotation_id)
        recognise(tx, document_of(claim), found["text"], space=claim.space)
        tally.write(tx, End.DONE, characters=len(found["text"]))
        passing(Point.COMMIT_ATTACHED)
        return True

    done = _persistently(store, claim, commit)
    passing(Point.COMMIT_COMMITTED)
    return Outcome.DONE if done else Outcome.LOST


def _attach(tx: Transaction, claim: Claim, annotation_id: str, key: Key) -> None:
    kept.attach(tx, document_of(claim), annotation_id)
    details = {"annotation": annotation_id, "pipeline": key.pipeline_digest}
    audit.record(tx, "annotate", document_of(claim), actor="worker", space=claim.space, details=details)


def _counted(tx: Transaction, done: bool, tally: Tally) -> bool:
    """Whether the job is done; it is counted then."""
    if done:
        tally.write(tx, End.DONE)
    return done


def _failed(store: Store, claim: Claim, tally: Tally, code: str, message: str, *, retry: bool) -> Outcome:
    """Notes the error; where not even that can be written, the lease runs out and the reconciler takes over."""
    again = retry and claim.attempt < claim.max_attempts

    def fail(tx: Transaction) -> bool:
        noted = jobs.fail(tx, claim, code, message, retry=retry)
        if noted:
            tally.write(tx, End.AGAIN if again else End.FAILED, error=code)
        passing(Point.FAIL_NOTED)
        return noted

    try:
        noted = _persistently(store, claim, fail)
        passing(Point.FAIL_COMMITTED)
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
    return f"Annotating the document failed unexpectedly (attempt {claim.attempt} of {claim.max_attempts}); the log of the worker says why."
