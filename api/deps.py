"""What routes ask for: the open service, and who is calling."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from api.gate import Gate
from api.settings import ApiSettings
from corpora.store.session import Store
from corpora.store.tables import DEFAULT_SPACE


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its settings, its open store, and the gate that uploads pass."""

    settings: ApiSettings
    store: Store
    gate: Gate = field(default_factory=Gate)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks: the space that is seen, and the name that the audit log keeps."""

    space: str = DEFAULT_SPACE
    actor: str = "local"


def service_of(request: Request) -> Service:
    """The service that `create_app` opened."""
    service: Service = request.app.state.service
    return service


def caller_of(request: Request) -> Caller:
    """Who calls. On loopback without keys: everybody, and the one space there is."""
    return Caller()


TheService = Annotated[Service, Depends(service_of)]
TheCaller = Annotated[Caller, Depends(caller_of)]
