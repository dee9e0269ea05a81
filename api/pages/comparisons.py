"""Two texts side by side: aligned by provision, changed words marked, what changed in substance in the margin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api import comparing
from api.deps import Caller, Service, TheCaller, TheService
from api.pages.pairing import LAYERS, Sight, movers, rows, sight, weightiest
from api.pages.rendering import page
from api.pages.shelf import Results
from corpora.store import documents, jobs
from corpora.store.documents import Document, Filters
from corpora.store.jobs import Job

router = APIRouter(include_in_schema=False)

PER_PART = 250
MOST_OFFERED = 200
ALL = "all"
_kept = Results()


@router.get("/compare")
def show_comparison(
    request: Request,
    here: TheService,
    caller: TheCaller,
    wanted: Annotated[Sight, Depends(sight)],
    left: UUID | None = None,
    right: UUID | None = None,
    part: Annotated[str, Query(pattern=r"^(\d{1,5}|all)$")] = "1",
) -> Response:
    """The comparison of two documents or versions; without them, the form that asks which."""
    if left is None or right is None:
        return page(request, "choose_two.html", here="compare", offered=offered(here, caller), left=str(left or ""))
    sides = [comparing.side(here, caller, name) for name in (left, right)]
    answer = _kept.take(tuple(one.annotation.id for one in sides), lambda: comparing.compared(here, caller, left, right))
    if answer.result is None:
        return show_working(request, here, caller, answer.job_id, "The two texts are being compared.")
    found = rows(answer.result, wanted)
    parts = max(1, -(-len(found) // PER_PART))
    number = min(max(int(part), 1), parts) if part != ALL else 0
    return page(
        request,
        "comparison.html",
        here="compare",
        found=answer.result,
        sides=[one.document for one in sides],
        pipelines=list(dict.fromkeys(_said(one.annotation.pipeline) for one in sides)),
        backwards=_backwards(*(one.document for one in sides)),
        rows=found[(number - 1) * PER_PART : number * PER_PART] if number else found,
        total=len(found),
        part=number,
        parts=parts,
        movers=movers(answer.result),
        weightiest=weightiest(answer.result),
        wanted=wanted,
        layers=LAYERS,
        address="/compare?" + urlencode({"left": str(left), "right": str(right)}),
        query=urlencode({"kind": wanted.kind, "layer": wanted.layer, "order": wanted.order} | ({"every": "1"} if wanted.every else {})),
    )


def _said(pipeline: Mapping[str, Any]) -> str:
    """Which pipeline read a side, in a line."""
    models = (f"{name} {digest.removeprefix('sha256:')[:12]}" for name, digest in pipeline.get("models", {}).items())
    return " · ".join((f"{pipeline.get('name', '')} {pipeline.get('version', '')}", *models))


def _backwards(left: Document, right: Document) -> bool:
    """Whether the text that stands as the earlier one is the later by its date."""
    return bool(left.date and right.date and left.date > right.date)


def offered(here: Service, caller: Caller) -> list[Document]:
    """Documents that can be compared: the newest that were annotated, texts of one work beside each other."""
    with here.store.reading() as tx:
        found = documents.page(tx, None, MOST_OFFERED, Filters(), space=caller.space).items
    return sorted((one for one in found if one.framing), key=lambda one: (one.work_id is None, one.work_id or "", one.date or "", one.id))


def show_working(request: Request, here: Service, caller: Caller, job_id: str | None, says: str) -> Response:
    """How far a long comparison is; the page turns to its result by itself."""
    job: Job | None = None
    if job_id is not None:
        with here.store.reading() as tx:
            job = jobs.get(tx, job_id, space=caller.space)
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return page(request, "working.html", here="compare", job=job, says=says, back=back)
