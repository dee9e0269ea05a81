"""The one door through which the API wakes workers. It sends names and ids, and neither waits nor fails."""

from __future__ import annotations

from collections.abc import Sequence

from workers.settings import Settings


def notify(settings: Settings, job_ids: Sequence[str]) -> None:
    """Tells whoever runs jobs that these wait; returns at once. What gets lost here the reconciler sends later."""
    raise NotImplementedError
