"""Begins the annotation of a corpus, and wakes whoever runs jobs."""

from __future__ import annotations

from corpora.store import batches
from corpora.store.batches import Which
from corpora.store.session import Store
from workers.queue import notify
from workers.settings import Settings


def begin_batch(settings: Settings, store: Store, corpus_id: str, which: Which = Which.MISSING, *, space: str, actor: str = "local") -> str:
    """Queues the corpus's documents as one batch and returns its id; raises BatchOpen, NothingToAnnotate."""
    with store.transaction() as tx:
        batch_id = batches.start(tx, corpus_id, which, max_attempts=settings.max_attempts, space=space, actor=actor)
    wake(settings)
    return batch_id


def wake(settings: Settings) -> None:
    """Rings for the embedded runner. With Redis the reconciler publishes a batch's jobs, some hundreds at a time."""
    if settings.embedded:
        notify(settings, [])
