"""`lexframe audit`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from api.commands.keys import opened
from api.terminal import printable
from corpora.store import audit
from corpora.store.audit import MOST_ENTRIES, Entry, Wanted


def show_audit(of: str | None, actor: str | None, action: str | None, space: str | None, most: int, as_json: bool) -> None:
    """Prints one line an entry."""
    for entry in _entries(of, actor, action, space, most):
        print(_json(entry) if as_json else _line(entry))


def _entries(of: str | None, actor: str | None, action: str | None, space: str | None, most: int) -> Iterator[Entry]:
    before, left = None, most
    with opened() as store:
        while left > 0:
            wanted = Wanted(object_id=of, actor=actor, action=action, before=before)
            with store.reading() as tx:
                found = audit.entries(tx, wanted, min(left, MOST_ENTRIES), space=space)
            yield from found
            if not found:
                return
            before, left = found[-1].id, left - len(found)


def _line(entry: Entry) -> str:
    details = " ".join(f"{name}={value}" for name, value in sorted(entry.details.items()) if value is not None)
    return printable(f"{entry.moment:%Y-%m-%d %H:%M:%S}Z  {entry.space}  {entry.actor}  {entry.action}  {entry.object_id}  {details}")


def _json(entry: Entry) -> str:
    kept = {name: getattr(entry, name) for name in Entry.__slots__}
    return json.dumps(kept | {"moment": entry.moment.isoformat()})
