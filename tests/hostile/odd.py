"""Requests as the service knows them, of which one text at a time is what no person types: nulls, lone surrogates, text that runs backwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

from tests.api.keyed import bearer
from tests.api.world import MORE, World, filled

ODD = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\u202eslavrever",
    "\x1b[2J",
    "a" * 200_000,
    "=1+1",
    "../../etc/passwd",
    "'; DROP TABLE documents;--",
    "İ" * 300,
    "",
)
PATHS = ("%00", "%ED%A0%80", "%FF", "..%2F..%2Fetc%2Fpasswd", "%E2%80%AE", "a" * 5000)


def odd_requests(route: str, world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address and further arguments of each request for `METHOD PATH`; only texts of the body, the query or the path are odd."""
    named = world.named("admin")
    path = route.split()[1]
    more = {kind: filled(value, named) for kind, value in MORE.get(route, {}).items()}
    for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        for odd in PATHS:
            yield filled(path.replace(f"{{{name}}}", odd), named), more
    for kind in more.keys() & {"json", "params", "data"}:
        for changed in _changed(more[kind]):
            yield filled(path, named), {**more, **_sent(kind, changed)}
    if "files" in more:
        for odd in ODD:
            yield filled(path, named), {**more, "data": {"title": odd.encode("utf-8", "surrogatepass")}}
            yield filled(path, named), {**more, "files": {"file": (odd.encode("utf-8", "surrogatepass").decode("latin-1"), b"An Act")}}


def asked(world: World, route: str, address: str, more: dict[str, Any]) -> Any:
    """The answer to one of them."""
    headers = {**more.pop("headers", {}), **bearer(world.secrets["admin"])}
    world.served.client.cookies.clear()
    return world.served.client.request(route.split()[0], address, headers=headers, follow_redirects=False, **more)


def _changed(known: Any) -> Iterator[Any]:
    """The value with one of its texts exchanged for an odd one, for each text and each odd one."""
    if isinstance(known, str):
        yield from ODD
    elif isinstance(known, dict):
        for name, value in known.items():
            yield from ({**known, name: changed} for changed in _changed(value))
    elif isinstance(known, list):
        for at, value in enumerate(known):
            yield from ([*known[:at], changed, *known[at + 1 :]] for changed in _changed(value))


def _sent(kind: str, value: Any) -> dict[str, Any]:
    """As bytes of ours, since clients refuse to send some of it."""
    if kind == "json":
        return {"json": None, "content": json.dumps(value), "headers": {"Content-Type": "application/json"}}
    pairs = [(name, one) for name, many in value.items() for one in (many if isinstance(many, list) else [many])]
    coded = urlencode(pairs, quote_via=quote, errors="surrogatepass")
    if kind == "params":
        return {"params": coded[:60_000]}
    return {"data": None, "content": coded, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
