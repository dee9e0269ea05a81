"""What holds for every answer by every route, made from the routes: security headers, and no change by a forged request."""

from __future__ import annotations

import pytest

from api.access import READING
from tests.api.keyed import log_in
from tests.api.service import slug
from tests.api.test_access import EXPECTED, world
from tests.api.test_security import ALWAYS
from tests.api.world import World

__all__ = ["world"]
CHANGING = [route for route, scope in EXPECTED.items() if route.split()[0] not in READING and scope != "public"]


@pytest.mark.parametrize("route", EXPECTED)
def test_every_answer_carries_the_security_headers(world: World, route: str) -> None:
    """Whatever it is: a page, a file, a stream of events, a refusal."""
    unknown = world.unknown()
    reads = route.split()[0] in READING
    for who, ids in (("admin", None if reads else unknown), ("admin", unknown), ("read", unknown), ("no key", unknown)):
        headers = world.ask(route, who, ids).headers
        assert {name: headers.get(name) for name in ALWAYS} == ALWAYS
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert not [name for name in headers if name.startswith("access-control-")]
        assert "server" not in headers
        assert "set-cookie" not in headers or route in {"POST /login", "POST /logout"}
        assert "public" not in headers["cache-control"] or route == "GET /static/{digest}/{name}"


@pytest.mark.parametrize("route", CHANGING)
@pytest.mark.parametrize("token", [None, "", "x", "é" * 64])
def test_a_change_that_no_page_of_the_session_sent_is_refused(world: World, route: str, token: str | None) -> None:
    """As a page of another site would have the browser send it: with the cookie, and without the token that it cannot read."""
    log_in(world.served, world.secrets["admin"])
    cookies = dict(world.served.client.cookies)
    path = route.split()[1]
    for name, value in world.unknown().items():
        path = path.replace(f"{{{name}}}", value)
    headers = {} if token is None else {"X-CSRF-Token": token.encode()}
    answer = world.served.client.request(route.split()[0], path, headers=headers, cookies=cookies, follow_redirects=False)
    world.served.client.cookies.clear()
    assert (answer.status_code, slug(answer)) == (403, "forged-form")
