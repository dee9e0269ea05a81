"""Jobs: how an upload gets on."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from api.deps import Here, Service
from api.errors import NotFound, WrongState
from api.schemas import JobBody, Problem
from corpora.store import jobs
from workers.queue import notify

router = APIRouter(tags=["jobs"], responses={404: {"model": Problem}, 503: {"model": Problem}})

POLL_SECONDS, BEAT_SECONDS, LONGEST_STREAM = 0.3, 10.0, 3600.0


@router.get("/jobs/{job_id}", summary="A job's state")
def get_job(job_id: str, here: Here) -> JobBody:
    return JobBody.of(_job(here, job_id))


@router.get("/jobs/{job_id}/events", summary="A job's states as they change (server-sent events)", response_class=StreamingResponse)
def job_events(job_id: str, here: Here) -> StreamingResponse:
    """Events named `job` with the body of `/v1/jobs/{id}`, until the job has ended; a comment every ten seconds keeps the line open."""
    _job(here, job_id)
    return StreamingResponse(_events(here, job_id), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/jobs/{job_id}/cancel", summary="Stop a job that has not ended", responses={409: {"model": Problem}})
def cancel_job(job_id: str, here: Here) -> JobBody:
    job = _job(here, job_id)
    with here.store.transaction() as tx:
        done = jobs.cancel(tx, job_id)
    if not done:
        raise WrongState(f"A job that is {job.state.value} cannot be cancelled.")
    return JobBody.of(_job(here, job_id))


@router.post("/jobs/{job_id}/retry", status_code=HTTPStatus.ACCEPTED, summary="Try a failed job again", responses={409: {"model": Problem}})
def retry_job(job_id: str, here: Here) -> JobBody:
    job = _job(here, job_id)
    with here.store.transaction() as tx:
        done = jobs.retry(tx, job_id)
    if not done:
        raise WrongState(f"A job that is {job.state.value} cannot be tried again.")
    notify(here.settings, [job_id])
    return JobBody.of(_job(here, job_id))


def _job(here: Service, job_id: str) -> jobs.Job:
    with here.store.reading() as tx:
        found = jobs.get(tx, job_id)
    if found is None:
        raise NotFound("job")
    return found


def _events(here: Service, job_id: str) -> Iterator[str]:
    began = beat = time.monotonic()
    last = ""
    while time.monotonic() - began < LONGEST_STREAM:
        with here.store.reading() as tx:
            job = jobs.get(tx, job_id)
        if job is None:
            yield "event: gone\ndata: {}\n\n"
            return
        body = json.dumps(JobBody.of(job).model_dump(mode="json"))
        if body != last:
            last, beat = body, time.monotonic()
            yield f"event: job\ndata: {body}\n\n"
        if job.state.ended:
            return
        if time.monotonic() - beat > BEAT_SECONDS:
            beat = time.monotonic()
            yield ": still here\n\n"
        time.sleep(POLL_SECONDS)
