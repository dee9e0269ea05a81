"""Whether the service lives, can work, and what it is."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from sqlalchemy import text

from api.deps import Here
from api.schemas import Health, Version
from corpora.store.errors import StoreUnavailable
from workers.queue import BrokerGone, depth

router = APIRouter(tags=["service"])

WELCOME = """Lexframe

POST a document:   curl -F file=@treaty.pdf http://HOST/v1/documents
Its job:           /v1/jobs/{id}, as a stream /v1/jobs/{id}/events
Its annotations:   /v1/documents/{id}/annotations
Everything else:   /v1/openapi.json
"""


@router.get("/", response_class=PlainTextResponse, summary="Where to look next")
def welcome() -> str:
    return WELCOME


@router.get("/healthz", summary="The process lives")
def healthz() -> Health:
    return Health(status="ok")


@router.get("/readyz", summary="The parts that it needs answer", responses={503: {"model": Health}})
def readyz(here: Here, response: Response) -> Health:
    """503 where the database does not answer. A broker that is gone is said, but uploads are accepted all the same."""
    parts = {"database": "ok", "broker": "embedded" if here.settings.embedded else "ok"}
    try:
        with here.store.reading() as tx:
            tx.execute(text("SELECT 1"))
    except StoreUnavailable:
        parts["database"] = "unavailable"
    if not here.settings.embedded:
        try:
            depth(here.settings)
        except BrokerGone:
            parts["broker"] = "unavailable"
    if parts["database"] != "ok":
        response.status_code = 503
        response.headers["Retry-After"] = "5"
        return Health(status="unavailable", parts=parts)
    return Health(status="ok", parts=parts)


@router.get("/version", summary="What runs here")
def get_version() -> Version:
    from api.app import program_version

    return Version(name="lexframe", version=program_version(), api="v1")
