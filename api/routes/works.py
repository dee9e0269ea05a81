"""Works (instruments) and their versions."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from api import comparing
from api.deps import TheCaller, TheService
from api.errors import NoSuchVersion, problems
from api.routes.comparisons import ANSWERS, respond
from api.work_schemas import VersionChanges, VersionOut, VersionsOut, WorkChanges, WorkDetail, WorkOut, WorksOut
from corpora.store import works

router = APIRouter(prefix="/works", tags=["works"], responses=problems(503))

WorkId = Annotated[str, Path(min_length=1, max_length=255, description="id of a work", examples=["crc"])]


@router.get("", summary="The works of which there are documents")
def list_works(
    here: TheService,
    caller: TheCaller,
    catalogue: Annotated[bool, Query(description="also works of the catalogue of which there is no document")] = False,
) -> WorksOut:
    """Each with what the catalogue and users say of it."""
    return WorksOut(items=tuple(WorkOut.of(one) for one in comparing.known_works(here, caller, catalogued=catalogue)))


@router.get("/{work_id}", summary="One work", responses=problems(404))
def get_work(work_id: WorkId, here: TheService, caller: TheCaller) -> WorkDetail:
    """Its facts, what it cites and amends, and what amends it."""
    return WorkDetail.with_amending(*comparing.work(here, caller, work_id))


@router.patch("/{work_id}", summary="Correct what is said of a work", responses=problems(403, 404))
def correct_work(work_id: WorkId, changes: WorkChanges, here: TheService, caller: TheCaller) -> WorkDetail:
    """What is set stands over what the catalogue says; null takes it back. A work that nobody knew is made."""
    with here.store.transaction() as tx:
        works.set_facts(tx, work_id, changes.said(), space=caller.space, actor=caller.actor)
    return get_work(work_id, here, caller)


@router.get("/{work_id}/versions", summary="The versions of a work, the earliest first", responses=problems(404))
def list_versions(work_id: WorkId, here: TheService, caller: TheCaller) -> VersionsOut:
    """With the documents that carry each; documents of no named version come last."""
    chain, loose = comparing.versions(here, caller, work_id)
    rest = [VersionOut(id=None, label=None, date=None, amended_by=(), documents=(one,)) for one in loose]
    return VersionsOut(work=work_id, items=(*(VersionOut.of(one) for one in chain), *rest))


@router.patch("/{work_id}/versions/{version_id}", summary="Correct a version", responses=problems(403, 404, 409))
def correct_version(work_id: WorkId, version_id: UUID, changes: VersionChanges, here: TheService, caller: TheCaller) -> VersionOut:
    """Its label, its date (versions stand in that order), and the works that made it of the text before."""
    said = changes.said()
    with here.store.transaction() as tx:
        found = works.get_version(tx, str(version_id), space=caller.space)
        if found is None or found.work_id != work_id:
            raise NoSuchVersion
        if said:
            works.set_version(tx, found.id, said, space=caller.space, actor=caller.actor)
        changed = works.get_version(tx, found.id, space=caller.space)
    assert changed is not None
    return VersionOut.of(changed)


@router.get(
    "/{work_id}/timeline",
    summary="How the balance moved over the versions of a work, and why",
    response_class=Response,
    responses=ANSWERS | problems(404, 409),
)
def get_timeline(work_id: WorkId, here: TheService, caller: TheCaller) -> Response:
    """A step for each version, by date, with the provisions that moved it most."""
    return respond(comparing.timeline(here, caller, work_id))
