"""Jobs: how an upload gets on."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from api.deps import Caller, Service, TheCaller, TheService
from api.errors import JobHasEnded, JobNotRetryable, NoSuchJob, problems
from api.events import DESCRIBED, LAST, MEDIA_TYPE, job_events
from api.schemas import JobOut
from corpora.store import audit, jobs
from corpora.store.jobs import Job
from workers.queue import notify

router = APIRouter(prefix="/jobs/{job_id}", tags=["jobs"], responses=problems(404, 503))

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: DESCRIBED}, "description": "Events named `job`, each with a job as its data"},
    204: {"description": "The job has ended, and the client has heard so"},
}


@router.get("", summary="A job as it stands")
def get_job(job_id: UUID, here: TheService, caller: TheCaller) -> JobOut:
    """State, stage, progress from 0 to 1, and the error if it failed."""
    return JobOut.of(find_job(here, caller, job_id))


@router.get("/events", summary="A job as it changes (server-sent events)", response_class=Response, responses=_STREAM)
def get_job_events(job_id: UUID, here: TheService, caller: TheCaller, last_event_id: Annotated[str | None, Header()] = None) -> Response:
    """An event for every change until the job has ended; a comment every fifteen seconds keeps the line open.

    A browser's EventSource comes back after the end; it is then told with 204 to stop.
    """
    job = find_job(here, caller, job_id)
    if job.state.ended and last_event_id == LAST:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(job_events(here.store, caller.space, job.id), media_type=MEDIA_TYPE, headers=headers)


@router.post("/cancel", summary="Stop a job that has not ended", responses=problems(403, 409))
def cancel_job(job_id: UUID, here: TheService, caller: TheCaller) -> JobOut:
    """A worker that is at it learns so at its next heartbeat; nothing of its work is kept."""
    find_job(here, caller, job_id)
    with here.store.transaction() as tx:
        if not jobs.cancel(tx, str(job_id), space=caller.space):
            raise JobHasEnded
        audit.record(tx, "cancel_job", str(job_id), actor=caller.actor, space=caller.space)
    return JobOut.of(find_job(here, caller, job_id))


@router.post("/retry", status_code=HTTPStatus.ACCEPTED, summary="Run a failed or cancelled job again", responses=problems(403, 409))
def retry_job(job_id: UUID, here: TheService, caller: TheCaller) -> JobOut:
    """Queues it again with all its attempts."""
    find_job(here, caller, job_id)
    with here.store.transaction() as tx:
        if not jobs.retry(tx, str(job_id), space=caller.space):
            raise JobNotRetryable
        audit.record(tx, "retry_job", str(job_id), actor=caller.actor, space=caller.space)
    notify(here.settings, [str(job_id)])
    return JobOut.of(find_job(here, caller, job_id))


def find_job(here: Service, caller: Caller, job_id: UUID) -> Job:
    """The job, if the caller's space has it; raises NoSuchJob."""
    with here.store.reading() as tx:
        found = jobs.get(tx, str(job_id), space=caller.space)
    if found is None:
        raise NoSuchJob
    return found
