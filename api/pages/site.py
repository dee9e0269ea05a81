"""The pages, gathered."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import documents, profiles, search, start, static

router = APIRouter()
for view in (static, start, documents, profiles, search):
    router.include_router(view.router)
