"""The annotation of a corpus as it gets on: progress by document and stage, what failed and why, and the orders that steer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.corpus_schemas import BatchOut
from api.deps import Caller, Service, TheCaller, TheService
from api.errors import NoSuchJob
from api.pages.rendering import page
from api.routes.batches import cancel_batch, find_batch, pause_batch, resume_batch, retry_batch
from api.routes.corpora import batches_of, find_corpus
from api.routes.jobs import find_job, retry_job
from corpora.store import batches, corpora, documents, jobs
from corpora.store.batches import Batch, Failure
from corpora.store.documents import Filters
from corpora.store.jobs import Job, JobState

router = APIRouter(include_in_schema=False)

MOST_AT_WORK = 8
MOST_FAILURES = 20


@dataclass(frozen=True, slots=True)
class Run:
    """A batch as a page shows it: documents at work as (path, job), and the first of its failures."""

    batch: Batch
    at_work: tuple[tuple[str, Job], ...]
    failures: tuple[Failure, ...]
    next_after: str | None

    @property
    def left(self) -> int:
        """Documents that have not ended."""
        return self.batch.documents - self.batch.ended

    @property
    def retryable(self) -> int:
        """Documents that failed or were cancelled."""
        return self.batch.states[JobState.FAILED] + self.batch.states[JobState.CANCELLED]


class Order(StrEnum):
    """What can be done to a batch."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY = "retry"


ORDERS: dict[Order, Callable[[UUID, Service, Caller], BatchOut]] = {
    Order.PAUSE: pause_batch,
    Order.RESUME: resume_batch,
    Order.CANCEL: cancel_batch,
    Order.RETRY: retry_batch,
}


@router.get("/batches/{batch_id}")
def show_batch(request: Request, batch_id: UUID, here: TheService, caller: TheCaller, after: UUID | None = None) -> Response:
    """One batch by itself, with all that failed in it, page by page."""
    batch = find_batch(here, caller, str(batch_id))
    corpus = find_corpus(here, caller, UUID(batch.corpus_id))
    run = run_of(here, caller, batch, str(after) if after else None, batches.MOST_FAILURES)
    return page(request, "batch.html", here="corpora", corpus=corpus, run=run)


@router.get("/batches/{batch_id}/progress")
def show_progress(request: Request, batch_id: UUID, here: TheService, caller: TheCaller) -> Response:
    """The figures alone, for a page that keeps them up to date."""
    return page(request, "_progress.html", run=run_of(here, caller, find_batch(here, caller, str(batch_id))))


@router.post("/batches/{batch_id}/jobs/{failure_id}/retry")
def retry_one(batch_id: UUID, failure_id: UUID, here: TheService, caller: TheCaller) -> RedirectResponse:
    """Tries one document again."""
    batch = find_batch(here, caller, str(batch_id))
    if find_job(here, caller, failure_id).batch_id != batch.id:
        raise NoSuchJob
    retry_job(failure_id, here, caller)
    return _back(here, caller, batch.id)


@router.post("/batches/{batch_id}/{order}")
def give_order(batch_id: UUID, order: Order, here: TheService, caller: TheCaller) -> RedirectResponse:
    """Pauses, resumes, cancels, or tries again what failed."""
    ORDERS[order](batch_id, here, caller)
    return _back(here, caller, str(batch_id))


def run_of(here: Service, caller: Caller, batch: Batch, after: str | None = None, most: int = MOST_FAILURES) -> Run:
    """The batch with what is being read at the moment, and with the failures after one."""
    with here.store.reading() as tx:
        failures = batches.failures(tx, batch.id, after, most)
        wanted = Filters(corpus=batch.corpus_id, state=JobState.RUNNING)
        busy = documents.page(tx, None, MOST_AT_WORK, wanted, space=caller.space).items if batch.states[JobState.RUNNING] else ()
        found = [(one, jobs.get(tx, one.job_id, space=caller.space)) for one in busy if one.job_id]
        paths = corpora.paths_of(tx, [one.id for one, _ in found])
    at_work = [(paths[one.id], job) for one, job in found if job and job.batch_id == batch.id and one.id in paths]
    return Run(batch, tuple(at_work), failures, failures[-1].job_id if len(failures) == most else None)


def _back(here: Service, caller: Caller, batch_id: str) -> RedirectResponse:
    """To where the batch is shown: the corpus for its latest, else its own page."""
    batch = find_batch(here, caller, batch_id)
    latest = batches_of(here, caller, UUID(batch.corpus_id))[0]
    at = f"/corpora/{batch.corpus_id}" if latest.id == batch.id else f"/batches/{batch.id}"
    return RedirectResponse(f"{at}#annotation", 303)
