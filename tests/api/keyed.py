"""A service that asks for keys, and keys for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from corpora.store import keys
from corpora.store.keys import Scope
from tests.api.service import Served


def new_key(served: Served, *scopes: Scope, spaces: Iterable[str] = ("default",), expires: datetime | None = None) -> tuple[str, str]:
    """The id and the secret of a key; the service asks for keys from then on."""
    with served.store.transaction() as tx:
        key, secret = keys.make(tx, f"{'+'.join(scopes)} key {len(keys.every(tx))}", scopes, spaces, expires)
    served.client.app.state.service.latch.shut()
    return key.id, secret


def bearer(secret: str, space: str | None = None) -> dict[str, str]:
    """Headers with a key."""
    return {"Authorization": f"Bearer {secret}"} | ({"Lexframe-Space": space} if space else {})


def log_in(served: Served, secret: str, **more: str) -> Any:
    """The answer to a login; the client's cookies hold the session then."""
    return served.client.post("/login", data={"key": secret, **more}, follow_redirects=False)
