"""The audit log: who uploaded, read, exported, corrected and deleted what, and with which pipeline."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import needs
from api.audit_schemas import AuditOut, EntryOut
from api.deps import TheCaller, TheService
from api.errors import problems
from corpora.store import audit
from corpora.store.audit import MOST_ENTRIES, Wanted
from corpora.store.keys import Scope

router = APIRouter(tags=["audit"], responses=problems(503))
Exact = Annotated[str | None, Query(max_length=255, pattern=r"^[^\x00]*$")]
Before = Annotated[str | None, Query(pattern="^[0-9a-f-]{36}$", description="`id` of the last entry of the page before")]


@router.get("/audit", summary="The audit log of a space, the newest first", dependencies=[needs(Scope.ADMIN)])
def list_audit(
    here: TheService,
    caller: TheCaller,
    object_id: Exact = None,
    actor: Exact = None,
    action: Exact = None,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES)] = 50,
) -> AuditOut:
    """Entries are never changed or deleted. The same reading by the same key is recorded once a minute."""
    wanted = Wanted(object_id=object_id, actor=actor, action=action, before=before)
    with here.store.reading() as tx:
        found = audit.entries(tx, wanted, limit, space=caller.space)
    return AuditOut(items=tuple(EntryOut.of(entry) for entry in found))
