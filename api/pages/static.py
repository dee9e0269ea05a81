"""Styles and scripts. Their addresses carry a digest of their content, so a browser may keep them for good."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from api.pages.rendering import STATIC, asset

router = APIRouter(include_in_schema=False)

MEDIA_TYPES = {".css": "text/css", ".mjs": "text/javascript", ".svg": "image/svg+xml"}
FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/static/{digest}/{name}")
def get_static(digest: str, name: str) -> FileResponse:
    """A file of ours; the digest of another version of the program leads nowhere."""
    path = STATIC / name
    known = name in {file.name for file in STATIC.iterdir()} and path.suffix in MEDIA_TYPES
    if not known or asset(name) != f"/static/{digest}/{name}":
        raise HTTPException(404)
    return FileResponse(path, media_type=f"{MEDIA_TYPES[path.suffix]}; charset=utf-8", headers=FOR_GOOD)
