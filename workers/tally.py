"""What one attempt at a job is counted as; written in the transaction that ends it, so that the counts tell neither more nor less."""

from __future__ import annotations

import time
from collections.abc import Callable

from corpora.store import tallies
from corpora.store.jobs import JobKind
from corpora.store.session import Transaction
from corpora.store.tallies import Count, Counted, End
from workers import tracing
from workers.settings import process_name
from workers.tracing import Span

STAGES = frozenset({"reading", "structure", "syntax", "statements", "provisions", "framing", "exporting", "comparing"})
OTHER = "other"
"""The stages of pipelines of one's own, whose names are no business of the metrics."""


class Tally:
    """Of one attempt, from its claim on."""

    def __init__(self, kind: JobKind, clock: Callable[[], float] = time.monotonic) -> None:
        self._kind, self._clock = kind, clock
        self._began = clock()
        self._stage: str | None = None
        self._since = self._began
        self._stages: dict[str, float] = {}
        self._span = Span()
        self.error = ""  # the code with which it ended

    def enter(self, stage: str) -> None:
        """A stage begins; that before it ends."""
        self.leave()
        self._stage = stage if stage in STAGES else OTHER
        self._span = tracing.start(f"stage {self._stage}", {})

    def leave(self) -> None:
        """The stage ends."""
        now = self._clock()
        if self._stage is not None:
            self._stages[self._stage] = self._stages.get(self._stage, 0.0) + now - self._since
            self._span.end()
        self._stage, self._since = None, now

    def write(self, tx: Transaction, end: End, *, error: str = "", characters: int = 0) -> None:
        """Adds the attempt to the counts; the last statement of its transaction."""
        self.leave()
        self.error = error
        counted: dict[Counted, float] = {
            (Count.ATTEMPTS, f"{self._kind}/{end}"): 1,
            (Count.SECONDS, self._kind): self._clock() - self._began,
            (Count.CHARACTERS, ""): characters,
        }
        counted |= {(Count.STAGES, stage): seconds for stage, seconds in self._stages.items()}
        counted |= {(Count.ERRORS, error): 1} if error else {}
        tallies.add(tx, counted, process_name())
