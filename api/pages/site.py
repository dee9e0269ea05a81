"""The pages, gathered."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    batches,
    bench,
    comparisons,
    corpora,
    corpus_analytics,
    corpus_exports,
    documents,
    matrices,
    profiles,
    reviews,
    search,
    start,
    static,
    works,
)

router = APIRouter()
VIEWS = (
    static,
    start,
    documents,
    profiles,
    corpora,
    corpus_analytics,
    corpus_exports,
    batches,
    comparisons,
    works,
    matrices,
    search,
    reviews,
    bench,
)
for view in VIEWS:
    router.include_router(view.router)
