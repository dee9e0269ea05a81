"""What routes ask for: the open service, and who is calling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from api.errors import KeyNeeded
from api.gate import Gate
from api.latch import Latch
from api.pace import Pace
from api.settings import ApiSettings
from corpora.store.keys import EVERY_SPACE, Key, Scope
from corpora.store.session import Store
from corpora.store.tables import DEFAULT_SPACE


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its settings, its open store, the latch that keys open, the gate that uploads pass, and how often who may ask."""

    settings: ApiSettings
    store: Store
    latch: Latch
    gate: Gate
    pace: Pace
    strangers: Pace

    @classmethod
    def opened(cls, settings: ApiSettings, store: Store) -> Service:
        """The service of these settings."""
        latch = Latch(shut=not settings.on_loopback)
        return cls(settings, store, latch, Gate(), Pace(settings.rate), Pace(settings.stranger_rate))


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks: the space that is seen, and the name that the audit log keeps.

    `key` is None for everybody on a machine without keys; `session` is the token of a browser's cookie; `shown` takes the ids of
    documents whose words the answer shows, where the request does not name them: the audit log has them.
    """

    space: str = DEFAULT_SPACE
    actor: str = "local"
    key: Key | None = None
    session: str | None = field(default=None, repr=False)
    shown: set[str] = field(default_factory=set, compare=False, repr=False)

    @property
    def spaces(self) -> tuple[str, ...]:
        """The spaces there are for the caller; `*` for all."""
        return self.key.spaces if self.key else (EVERY_SPACE,)

    def may(self, scope: Scope) -> bool:
        """Whether the caller may do what needs this scope, for pages that show only what can be done."""
        return self.key is None or self.key.allows(scope)


def service_of(request: Request) -> Service:
    """The service that `create_app` opened."""
    service: Service = request.app.state.service
    return service


def caller_of(request: Request) -> Caller:
    """Who calls, as the doorman found out; raises KeyNeeded where nobody was let in."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        raise KeyNeeded
    return caller


TheService = Annotated[Service, Depends(service_of)]
TheCaller = Annotated[Caller, Depends(caller_of)]
