"""The pages, gathered."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import bench, comparisons, documents, matrices, profiles, reviews, search, start, static, works

router = APIRouter()
for view in (static, start, documents, profiles, comparisons, works, matrices, search, reviews, bench):
    router.include_router(view.router)
