"""`lexframe keys`: access keys, made and ended in the database itself."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from api.commands.refused import Refused
from api.settings import from_environment
from api.terminal import printable
from corpora.store import keys
from corpora.store.identity import utc_now
from corpora.store.keys import Key, Scope
from corpora.store.migrate import migrate
from corpora.store.session import Store, open_store


def add_key(name: str, scopes: Sequence[str], spaces: Sequence[str], days: int | None, as_json: bool) -> None:
    """Makes a key and prints its secret alone on standard output; raises Refused, BadKey."""
    expires = utc_now() + timedelta(days=days) if days else None
    with opened() as store, store.transaction() as tx:
        key, secret = keys.make(tx, name, _scopes(scopes), spaces, expires, actor="command line")
    if as_json:
        print(json.dumps({**_shown(key), "secret": secret}))
        return
    print(f"Key {key.id} ({printable(key.name)}): {_sentence(key)}. This secret is not shown again:", file=sys.stderr)
    print(secret)


def list_keys(as_json: bool) -> None:
    """Prints all keys."""
    with opened() as store, store.reading() as tx:
        found = keys.every(tx)
    if as_json:
        print(json.dumps([_shown(key) for key in found]))
        return
    for key in found:
        print(f"{key.id}  {key.prefix}…  {printable(key.name)}: {_sentence(key)}; last used {_moment(key.last_used) or 'never'}")
    if not found:
        print("There are no keys: the service is open to everybody on this machine, and listens to no other.", file=sys.stderr)


def revoke_key(wanted: str) -> None:
    """Revokes the key with this id or prefix; raises Refused where none, or more than one, is meant."""
    with opened() as store, store.transaction() as tx:
        meant = [key for key in keys.every(tx) if wanted and (key.id == wanted or key.prefix.startswith(wanted) or wanted == key.name)]
        if len(meant) != 1:
            raise Refused(f"{len(meant) or 'no'} keys are meant by {wanted!r}; `lexframe keys list` shows their ids")
        keys.revoke(tx, meant[0].id, actor="command line")
    print(f"Key {meant[0].id} ({printable(meant[0].name)}) is revoked.")


@contextmanager
def opened() -> Iterator[Store]:
    """The store that the environment names, brought up to date."""
    settings = from_environment(os.environ)
    store = open_store(settings.database_url, settings.blob_url)
    try:
        migrate(store)
        yield store
    finally:
        store.close()


def _scopes(names: Sequence[str]) -> tuple[Scope, ...]:
    wrong = [name for name in names if name not in set(Scope)]
    if wrong:
        raise Refused(f"there is no scope {wrong[0]!r}: {', '.join(Scope)} are possible")
    return tuple(map(Scope, names))


def _sentence(key: Key) -> str:
    end = f"revoked {_moment(key.revoked)}" if key.revoked else f"until {_moment(key.expires)}" if key.expires else "without end"
    return f"{' '.join(key.scopes)} in {' '.join(key.spaces)}, {end}"


def _moment(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC") if moment else ""


def _shown(key: Key) -> dict[str, Any]:
    moments = {
        name: value.isoformat() if (value := getattr(key, name)) else None for name in ("created", "expires", "revoked", "last_used")
    }
    return {name: getattr(key, name) for name in ("id", "name", "prefix", "scopes", "spaces")} | moments
