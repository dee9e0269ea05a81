"""A browser's session: its cookie, and the token that forms of its pages carry.

Pages that post a form put `csrf_field(request)` into it; scripts send `csrf_token(request)` in the header `X-CSRF-Token`.
"""

from __future__ import annotations

import hashlib
import hmac

from fastapi import Request
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.responses import Response

from api.access import READING
from api.deps import Caller, service_of
from api.errors import ForgedForm, KeyNeeded
from api.forms import parsed
from corpora.store.sessions import LONGEST

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def cookie_name(request: Request) -> str:
    """Off this machine the name binds the cookie to this host and to TLS; on it, browsers have plain HTTP."""
    return "lexframe" if service_of(request).settings.on_loopback else "__Host-lexframe"


def cookie_of(request: Request) -> str | None:
    """The session's token that came with the request."""
    return request.cookies.get(cookie_name(request))


def give_cookie(request: Request, response: Response, token: str) -> None:
    """Sets the session's cookie: not for scripts, not for other sites, and only over TLS where others can listen."""
    secure = not service_of(request).settings.on_loopback
    age = int(LONGEST.total_seconds())
    response.set_cookie(cookie_name(request), token, max_age=age, path="/", secure=secure, httponly=True, samesite="lax")


def take_cookie(request: Request, response: Response) -> None:
    """Removes the session's cookie."""
    secure = not service_of(request).settings.on_loopback
    response.delete_cookie(cookie_name(request), path="/", secure=secure, httponly=True, samesite="lax")


def csrf_token(request: Request) -> str:
    """What forms of this session carry; empty without a session, where there is nothing to steal."""
    caller: Caller | None = getattr(request.state, "caller", None)
    return _token(caller.session) if caller and caller.session else ""


def csrf_field(request: Request) -> Markup:
    """The hidden field for a form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request))


async def check_request(request: Request) -> None:
    """Every route depends on this: the doorman has seen the request, and a session's change comes from a page of that session."""
    if not hasattr(request.state, "door"):
        raise KeyNeeded
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or caller.session is None or request.method in READING:
        return
    given = request.headers.get(HEADER) or await _from_form(request)
    if not hmac.compare_digest(given.encode(), _token(caller.session).encode()):
        raise ForgedForm


async def _from_form(request: Request) -> str:
    if not request.headers.get("content-type", "").lower().startswith(FORMS):
        return ""
    found = (await parsed(request)).get(FIELD, "")
    return "" if isinstance(found, UploadFile) else found


def _token(session: str) -> str:
    return hmac.new(session.encode(), b"csrf", hashlib.sha256).hexdigest()
