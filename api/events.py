"""A job's changes as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.concurrency import run_in_threadpool

from api.schemas import JobOut
from corpora.store import jobs
from corpora.store.errors import StoreUnavailable
from corpora.store.session import Store

MEDIA_TYPE = "text/event-stream"
# For the API's description; `itemSchema` is of OpenAPI 3.2, as FastAPI uses it for streams.
DESCRIBED: dict[str, Any] = {
    "itemSchema": {
        "type": "object",
        "required": ["data"],
        "properties": {
            "event": {"type": "string", "enum": ["job", "gone"]},
            "id": {"type": "string", "const": "end"},
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"anyOf": [{"$ref": "#/components/schemas/JobOut"}, {"type": "object", "maxProperties": 0}]},
            },
        },
    },
}
LAST = "end"
POLL_SECONDS, BEAT_SECONDS, LONGEST_SECONDS = 0.3, 15.0, 3600.0


async def job_events(store: Store, space: str, job_id: str) -> AsyncIterator[str]:
    """Events until the job has ended or is gone, or an hour is over (the client then comes back); holds no thread while it waits."""
    began = heard = time.monotonic()
    yield "retry: 2000\n\n"
    said = None
    while time.monotonic() - began < LONGEST_SECONDS:
        try:
            job = await run_in_threadpool(_look, store, space, job_id)
        except StoreUnavailable:
            job = said
        else:
            if job is None:
                yield f"event: gone\nid: {LAST}\ndata: {{}}\n\n"
                return
        if job is not None and job != said:
            said, heard = job, time.monotonic()
            yield _event(job)
            if job.state.ended:
                return
        if time.monotonic() - heard > BEAT_SECONDS:
            heard = time.monotonic()
            yield ": still here\n\n"
        await asyncio.sleep(POLL_SECONDS)


def _event(job: JobOut) -> str:
    name = f"id: {LAST}\n" if job.state.ended else ""
    return f"event: job\n{name}data: {job.model_dump_json()}\n\n"


def _look(store: Store, space: str, job_id: str) -> JobOut | None:
    with store.reading() as tx:
        job = jobs.get(tx, job_id, space=space)
    return None if job is None else JobOut.of(job)
