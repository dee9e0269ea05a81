"""The pages, gathered."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import comparisons, documents, matrices, profiles, search, start, static, works

router = APIRouter()
for view in (static, start, documents, profiles, comparisons, works, matrices, search):
    router.include_router(view.router)
