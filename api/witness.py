"""Who read what: an entry in the audit log before the first byte of an answer leaves.

What shows content follows from the routes: every way in that reads, except the lists and states in `QUIET`. A new route is recorded
unless it is named there, so that none is forgotten.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import Request

from api.access import READING, Door
from api.deps import Caller, Service
from corpora.store import annotations as kept
from corpora.store import audit
from corpora.store.keys import Scope

# Names, counts and states, but no words of a document.
QUIET = re.compile(
    r"/|/metrics|/recent|/documents|/review|/corpora(?:/[^/]+(?:/exports|/analytics)?)?|/batches/.*|/static/.*|/logout"
    r"|/v1/(?:whoami|formats|keys|audit|webhooks.*|jobs.*|batches.*|exports/[^/]+|works(?:/[^/]+(?:/versions)?)?"
    r"|corpora(?:/[^/]+(?:/batches|/exports|/documents|/known|/analytics(?:/[^/]+)?)?)?"
    r"|documents(?:/[^/]+)?|reviews(?:/[^/]+)?)"
)
EXPORTS = re.compile(r".*/(?:(?:compare/)?export|original|exports/[^/]+/file|gold|reference)$")
NOTED_EVERY = 60.0
MOST_REMEMBERED = 10_000


def is_content(door: Door) -> bool:
    """Whether what lies behind a door shows what stands in documents."""
    reads = bool(door.methods & READING) or door.scope is Scope.READ
    return door.scope is not None and reads and QUIET.fullmatch(door.path) is None


@dataclass(frozen=True, slots=True)
class Witness:
    """Writes entries; that somebody reads the same thing once a minute at most: a page is many requests."""

    _noted: dict[tuple[str, ...], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, here: Service, caller: Caller, door: Door, request: Request) -> None:
        """Records a reading; raises StoreError where that is not possible, and then nothing is shown."""
        action = "export" if EXPORTS.fullmatch(door.path) else "read"
        pipeline = request.query_params.get("pipeline", "")
        objects = dict.fromkeys((*_named(door, request), *sorted(caller.shown))) or {door.path: None}
        due = [one for one in objects if action == "export" or self._is_due((caller.actor, caller.space, one, pipeline))]
        if not due:
            return
        with here.store.transaction() as tx:
            for object_id in due:
                known = kept.latest(tx, object_id)
                details = {"route": door.path, "pipeline": pipeline[:64] or (known.pipeline_digest if known else None)}
                if "format" in request.query_params:
                    details["format"] = request.query_params["format"][:32]
                audit.record(tx, action, object_id, actor=caller.actor, space=caller.space, details=details)

    def _is_due(self, entry: tuple[str, ...]) -> bool:
        now = time.monotonic()
        with self._lock:
            if len(self._noted) >= MOST_REMEMBERED:
                self._noted.clear()
            if now - self._noted.get(entry, -NOTED_EVERY) < NOTED_EVERY:
                return False
            self._noted[entry] = now
            return True


def _named(door: Door, request: Request) -> tuple[str, ...]:
    """The ids that a request names: in its path, and documents in its query."""
    found = door.pattern.match(request.scope["path"])
    in_path = list(found.groupdict().values()) if found else []
    asked = [one for name in ("left", "right", "document") for one in request.query_params.getlist(name)]
    ids = [str(value) for value in (*in_path, *asked) if _is_id(str(value))]
    return tuple(dict.fromkeys(ids)) or tuple(str(value)[:255] for value in in_path[:1])


def _is_id(value: str) -> bool:
    try:
        return str(UUID(value)) == value.lower()
    except ValueError:
        return False
