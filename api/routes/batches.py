"""Batches: the annotation of a corpus, followed and steered."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.corpus_schemas import BatchOut, FailuresOut
from api.deps import Caller, Service, TheCaller, TheService
from api.errors import BatchHasEnded, BatchNotPaused, BatchNotRunning, NoSuchBatch, NothingFailed, problems
from corpora.store import audit, batches
from corpora.store.batches import MOST_FAILURES, Batch
from workers.batching import wake

router = APIRouter(prefix="/batches/{batch_id}", tags=["batches"], responses=problems(404, 503))


@router.get("", summary="A batch as it stands")
def get_batch(batch_id: UUID, here: TheService, caller: TheCaller) -> BatchOut:
    """Progress by document and stage, with an estimate of the time that is left."""
    return BatchOut.of(find_batch(here, caller, str(batch_id)))


@router.get("/failures", summary="What could not be annotated, and why")
def list_failures(
    batch_id: UUID,
    here: TheService,
    caller: TheCaller,
    after: Annotated[UUID | None, Query(description="`next_after` of the page before")] = None,
) -> FailuresOut:
    """At most two hundred at a time."""
    batch = find_batch(here, caller, str(batch_id))
    with here.store.reading() as tx:
        return FailuresOut.of(batches.failures(tx, batch.id, str(after) if after else None), MOST_FAILURES)


@router.post("/pause", summary="Hold back what has not begun", responses=problems(403, 409))
def pause_batch(batch_id: UUID, here: TheService, caller: TheCaller) -> BatchOut:
    """Documents that are being annotated are finished."""
    batch = find_batch(here, caller, str(batch_id))
    with here.store.transaction() as tx:
        if not batches.pause(tx, batch.id):
            raise BatchNotRunning
        audit.record(tx, "pause_batch", batch.id, actor=caller.actor, space=caller.space)
    return BatchOut.of(find_batch(here, caller, batch.id))


@router.post("/resume", summary="Let a paused batch go on", responses=problems(403, 409))
def resume_batch(batch_id: UUID, here: TheService, caller: TheCaller) -> BatchOut:
    """Queues what was held back."""
    batch = find_batch(here, caller, str(batch_id))
    with here.store.transaction() as tx:
        if not batches.resume(tx, batch.id):
            raise BatchNotPaused
        audit.record(tx, "resume_batch", batch.id, actor=caller.actor, space=caller.space)
    wake(here.settings)
    return BatchOut.of(find_batch(here, caller, batch.id))


@router.post("/cancel", summary="Stop a batch", responses=problems(403, 409))
def cancel_batch(batch_id: UUID, here: TheService, caller: TheCaller) -> BatchOut:
    """What is annotated already stays; nothing else of the batch is begun or kept."""
    batch = find_batch(here, caller, str(batch_id))
    with here.store.transaction() as tx:
        if not batches.cancel(tx, batch.id):
            raise BatchHasEnded
        audit.record(tx, "cancel_batch", batch.id, actor=caller.actor, space=caller.space)
    return BatchOut.of(find_batch(here, caller, batch.id))


@router.post(
    "/retry", status_code=HTTPStatus.ACCEPTED, summary="Try the failed and cancelled documents again", responses=problems(403, 409)
)
def retry_batch(batch_id: UUID, here: TheService, caller: TheCaller) -> BatchOut:
    """With all their attempts."""
    batch = find_batch(here, caller, str(batch_id))
    with here.store.transaction() as tx:
        if not batches.retry(tx, batch.id):
            raise NothingFailed
        audit.record(tx, "retry_batch", batch.id, actor=caller.actor, space=caller.space)
    wake(here.settings)
    return BatchOut.of(find_batch(here, caller, batch.id))


def find_batch(here: Service, caller: Caller, batch_id: str) -> Batch:
    """The batch, if the caller's space has it; raises NoSuchBatch."""
    with here.store.reading() as tx:
        found = batches.get(tx, batch_id, space=caller.space)
    if found is None:
        raise NoSuchBatch
    return found
