"""What each route asks of its caller: a scope that is declared, or else follows from the method. No route is open by omission.

A route for everybody carries `dependencies=[PUBLIC]`; one that needs more than its method says, `dependencies=[needs(Scope.REVIEW)]`.
Both work on a route, on a router and on `include_router`; the innermost counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Depends
from fastapi.params import Depends as Dependency
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from corpora.store.keys import Scope

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Programs' own files and the description of the API: the same for everybody, and in the repository anyway.
OPEN_PATHS = ("/v1/openapi.json", "/static")


@dataclass(frozen=True, slots=True)
class Need:
    """Declares what a route needs; None for nothing. The doorman reads it, so that calling it does nothing.

    What is `everywhere` tells of all spaces together, and needs a key that sees them all.
    """

    scope: Scope | None
    everywhere: bool = False

    async def __call__(self) -> None:
        return None


def needs(scope: Scope, *, everywhere: bool = False) -> Any:
    """Declares that a route, or each route of a router, needs this scope, and in every space where it is `everywhere`."""
    return Depends(Need(scope, everywhere))


PUBLIC = Depends(Need(None))


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: paths, methods (all, where empty), and the scope that opens it, None where it stands open."""

    name: str
    path: str
    pattern: re.Pattern[str]
    methods: frozenset[str]
    scope: Scope | None
    declared: bool
    everywhere: bool = False

    def leads(self, method: str, path: str) -> bool:
        """Whether a request goes through here."""
        return (not self.methods or method in self.methods) and self.pattern.match(path) is not None


def doors(routes: Sequence[BaseRoute]) -> tuple[Door, ...]:
    """A door for each route and method, in the order in which routes are tried."""
    return tuple(door for route in iter_route_contexts(routes) for door in _doors_of(route))


def _doors_of(route: Any) -> Iterable[Door]:
    path, pattern = str(route.path), route.path_regex
    declared = _declared(getattr(route, "dependencies", ()))
    is_open = path.startswith(OPEN_PATHS)
    for method in sorted(route.methods or {""}):
        scope = None if is_open else declared.scope if declared else _by_method(method)
        name = str(getattr(route, "name", "") or path)
        everywhere = declared is not None and declared.everywhere
        yield Door(name, path, pattern, frozenset({method} if method else ()), scope, declared is not None or is_open, everywhere)


def _declared(dependencies: Iterable[Dependency]) -> Need | None:
    found = [one.dependency for one in dependencies if isinstance(one.dependency, Need)]
    return found[-1] if found else None


def _by_method(method: str) -> Scope:
    return Scope.READ if method in READING else Scope.WRITE
