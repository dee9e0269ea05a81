"""How often somebody may ask: a bucket for each key that fills at a steady rate, and holds a minute's worth."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

MOST_BUCKETS = 10_000


class Pace:
    """Counts in this process; `per_minute` 0 lets everything through."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._rate, self._clock = float(per_minute), per_minute / 60.0, clock
        self._buckets: dict[str, tuple[float, float]] = {}  # what was left, and when
        self._lock = threading.Lock()

    def wait(self, who: str) -> float:
        """Takes one from somebody's bucket; seconds until there is one again, where it is empty."""
        if not self._most:
            return 0.0
        now = self._clock()
        with self._lock:
            left = self._left(who, now)
            if left < 1.0:
                return (1.0 - left) / self._rate
            if len(self._buckets) >= MOST_BUCKETS:
                self._forget_full_ones(now)
            self._buckets[who] = (left - 1.0, now)
            return 0.0

    def _left(self, who: str, now: float) -> float:
        left, since = self._buckets.get(who, (self._most, now))
        return min(self._most, left + (now - since) * self._rate)

    def _forget_full_ones(self, now: float) -> None:
        """A full bucket is as good as none; where all are in use, they are all filled rather than that memory grows."""
        self._buckets = {who: one for who, one in self._buckets.items() if self._left(who, now) < self._most}
        if len(self._buckets) >= MOST_BUCKETS:
            self._buckets.clear()
