"""Access keys: who is asking, and, for an admin, the keys that there are."""

from __future__ import annotations

from datetime import UTC
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from api.access import needs
from api.deps import Caller, TheCaller, TheService
from api.errors import NoSuchKey, NotAllowed, problems
from api.key_schemas import KeyIn, KeyMade, KeyOut, KeysOut, WhoOut
from corpora.store import keys
from corpora.store.keys import Key, Scope

router = APIRouter(tags=["keys"], responses=problems(503))


@router.get("/whoami", summary="Who is asking, and what they may do")
def who_am_i(caller: TheCaller) -> WhoOut:
    """For clients that want to know which key and space they have."""
    return WhoOut(actor=caller.actor, space=caller.space, spaces=caller.spaces, scopes=tuple(scope for scope in Scope if caller.may(scope)))


@router.get("/keys", summary="The access keys, the newest first", dependencies=[needs(Scope.ADMIN)])
def list_keys(here: TheService, caller: TheCaller) -> KeysOut:
    """Those whose spaces the caller sees, all of them; revoked and expired ones too."""
    with here.store.reading() as tx:
        found = keys.every(tx)
    return KeysOut(items=tuple(KeyOut.of(key) for key in found if _sees(caller, key)))


@router.post(
    "/keys",
    status_code=HTTPStatus.CREATED,
    summary="Make an access key",
    dependencies=[needs(Scope.ADMIN)],
    responses=problems(403, 422),
)
def make_key(wanted: KeyIn, here: TheService, caller: TheCaller) -> KeyMade:
    """The answer holds the secret, which is told this once. An admin gives only spaces that they see themselves."""
    if caller.key and not caller.key.covers(wanted.spaces):
        raise NotAllowed("An access key can give another key only spaces that it sees itself.")
    expires = wanted.expires.astimezone(UTC) if wanted.expires else None
    with here.store.transaction() as tx:
        key, secret = keys.make(tx, wanted.name, wanted.scopes, wanted.spaces, expires, actor=caller.actor)
    here.latch.shut()
    return KeyMade.with_secret(key, secret)


@router.delete(
    "/keys/{key_id}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Revoke an access key",
    dependencies=[needs(Scope.ADMIN)],
    responses=problems(403, 404),
)
def revoke_key(key_id: UUID, here: TheService, caller: TheCaller) -> None:
    """For good, and at once: sessions that were begun with it end too."""
    with here.store.transaction() as tx:
        key = keys.get(tx, str(key_id))
        if key is None or not _sees(caller, key):
            raise NoSuchKey
        keys.revoke(tx, key.id, actor=caller.actor)


def _sees(caller: Caller, key: Key) -> bool:
    return caller.key is None or caller.key.covers(key.spaces)
