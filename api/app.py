"""The service, put together: read this as a table of contents."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from api import answering, errors
from api.access import PUBLIC
from api.deps import Service
from api.description import describe
from api.door import Doorman
from api.metrics import RequestCounts
from api.pages import login, site
from api.requests import Requests
from api.routes import (
    analytics,
    audit,
    batches,
    codebooks,
    comparisons,
    contents,
    corpora,
    corpus_exports,
    documents,
    exports,
    health,
    jobs,
    keys,
    metrics,
    reviews,
    search,
    webhooks,
    works,
)
from api.security import BodyLimit, OwnNameOnly, SecurityHeaders
from api.sessions import check_request
from api.settings import ApiSettings
from corpora.store.migrate import migrate
from corpora.store.session import open_store
from workers.embedded import start_runner
from workers.recovery import Recovery
from workers.versions import program_version

NOUNS = (
    documents,
    contents,
    exports,
    jobs,
    corpora,
    analytics,
    corpus_exports,
    batches,
    works,
    comparisons,
    keys,
    audit,
    reviews,
    codebooks,
    search,
    webhooks,
)
DESCRIPTION = (
    "Definitions, obligations, victim provisions and framing of instruments against human trafficking, each with its place in the text."
)


def create_app(settings: ApiSettings, *, runner: bool = True) -> FastAPI:
    """The application. With `runner`, and no Redis configured, it starts the process that annotates; it loads no model itself."""
    app = FastAPI(
        title="Lexframe",
        version=program_version(),
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        generate_unique_id_function=_operation_name,
        responses=errors.problems(421, 500),
        dependencies=[Depends(check_request)],
    )
    app.state.settings, app.state.runner, app.state.requests = settings, runner, RequestCounts()
    answering.install(app)
    app.include_router(site.router)
    app.include_router(login.router)
    app.include_router(health.router, dependencies=[PUBLIC])
    app.include_router(metrics.router)
    for noun in NOUNS:
        app.include_router(noun.router, prefix="/v1", responses=errors.problems(422))
    describe(app)
    app.add_middleware(Doorman)
    app.add_middleware(
        BodyLimit, most=settings.max_request_bytes, most_of_corpus=settings.max_corpus_bytes, file_limit=settings.max_upload_bytes
    )
    app.add_middleware(OwnNameOnly, any_host=not settings.on_loopback)
    app.add_middleware(SecurityHeaders, on_loopback=settings.on_loopback)
    app.add_middleware(Requests)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Opens the store, brings its tables up to date, and starts the reconciler and (embedded) the runner."""
    settings: ApiSettings = app.state.settings
    store = open_store(settings.database_url, settings.blob_url)
    migrate(store)
    app.state.service = Service.opened(settings, store)
    recovery = Recovery(settings, store)
    recovery.start()
    supervisor = start_runner(settings) if app.state.runner and settings.embedded else None
    try:
        yield
    finally:
        if supervisor:
            supervisor.stop()
        recovery.stop()
        store.close()


def _operation_name(route: APIRoute) -> str:
    """Operations are named in the API's description as their functions are here."""
    return route.name
