"""Templates and static files: everything is escaped, and an asset's address changes with the assets."""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from api.pages import words
from api.sessions import csrf_field
from api.terminal import printable
from workers.versions import program_version

STATIC = Path(str(resources.files("api"))) / "static"
MEDIA_TYPE = "text/html"
# Characters that steer a display instead of showing anything, and what stands for them.
_STEERING = {"Cc", "Cf", "Cs", "Co"}
_KEPT = frozenset("\n\t\u00ad\u200c\u200d")


def wants_page(request: Request) -> bool:
    """Whether a browser asks, rather than a program."""
    return MEDIA_TYPE in request.headers.get("accept", "")


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page; `here` is the section of the site that is marked in its navigation."""
    caller = getattr(request.state, "caller", None)
    body = _environment().get_template(template).render(request=request, caller=caller, **values)
    return HTMLResponse(body.encode("utf-8", "replace"), status)


def asset(name: str) -> str:
    """Where a static file is. The digest is of them all, since scripts import each other, and lets them be cached for ever."""
    return f"/static/{_digest()}/{name}"


@cache
def _digest() -> str:
    files = sorted(STATIC.iterdir())
    return hashlib.sha256(b"".join(file.name.encode() + file.read_bytes() for file in files)).hexdigest()[:12]


def shown(text: str | None) -> Markup:
    """A stranger's words: escaped, and with characters that would steer the display made visible."""
    plain = text or ""
    if plain.isascii() and plain.isprintable():
        return escape(plain)
    return Markup("").join(_visible(c) if _steers(c) else escape(c) for c in plain)


def bare(text: str | None) -> str:
    """A stranger's words for an attribute or a title, where no mark-up can stand: steering characters are replaced."""
    return printable(text or "")


def _steers(character: str) -> bool:
    return character not in _KEPT and unicodedata.category(character) in _STEERING


def _visible(character: str) -> Markup:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return Markup('<abbr class="steers" title="{}">U+{:04X}</abbr>').format(name, ord(character))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("api"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "named": words.named,
        "percent": words.percent,
        "spread": words.spread,
        "signed": words.signed,
        "lasting": words.lasting,
        "amount": words.amount,
        "moment": words.moment,
        "dated": words.dated,
        "figure_of": words.coefficient,
        "count_of": words.count,
        "shortened": words.shortened,
        "shown": shown,
        "bare": bare,
    }
    environment.globals |= {"asset": asset, "words": words, "csrf_field": csrf_field, "version": program_version()}
    return environment
