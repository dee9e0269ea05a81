"""Whether the service lives, can work, and what it is."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.deps import Service, TheService
from api.schemas import Health, Version
from corpora.store.errors import StoreError
from corpora.store.migrate import is_current
from nlp.wire import SCHEMA
from workers.queue import BrokerGone, depth
from workers.versions import program_version

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="The process lives")
def healthz() -> Health:
    """Asks nobody else."""
    return Health(status="ok")


@router.get("/readyz", summary="What it needs answers", responses={503: {"model": Health}})
def readyz(here: TheService, response: Response) -> Health:
    """503 where the database does not answer. A broker that is gone is said in `why`, but uploads are accepted all the same."""
    try:
        ready = is_current(here.store)
    except StoreError as error:
        return _unready(response, str(error))
    if not ready:
        return _unready(response, "The database has not been migrated to this version.")
    return Health(status="ok", why=_broker_complaint(here))


@router.get("/version", summary="What runs here")
def get_version() -> Version:
    """The program, its API and the form of its annotations."""
    return Version(name="lexframe", version=program_version(), api="v1", annotations=SCHEMA)


def _unready(response: Response, why: str) -> Health:
    response.status_code = 503
    response.headers["Retry-After"] = "5"
    return Health(status="unavailable", why=why)


def _broker_complaint(here: Service) -> str | None:
    if here.settings.embedded:
        return None
    try:
        depth(here.settings)
    except BrokerGone:
        return "Redis does not answer: documents are accepted, and annotated when it is back."
    return None
