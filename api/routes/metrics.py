"""The numbers of the service, for Prometheus."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from api.access import needs
from api.deps import TheService
from api.errors import problems
from api.metrics import exposed
from corpora.store.keys import Scope

router = APIRouter(tags=["service"], responses=problems(503))

_EXAMPLE = 'lexframe_jobs{kind="annotate",state="queued"} 12.0\n'
_TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}, "example": _EXAMPLE}}, "description": "Prometheus' text format"}
}


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses=_TEXT,
    dependencies=[needs(Scope.METRICS, everywhere=True)],
)
def get_metrics(request: Request, here: TheService) -> Response:
    """Jobs, workers on all machines, and requests to this process. They tell of all spaces together, and hold no word of a document."""
    return Response(exposed(request.app.state.requests, here.settings, here.store), media_type=CONTENT_TYPE_LATEST)
