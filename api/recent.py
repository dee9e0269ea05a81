"""What was used last is kept in memory, so that turning a page does not make the whole again; it goes when anything is deleted."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_every: WeakSet[Recent[Any, Any]] = WeakSet()


class Recent(Generic[Key, Value]):
    """The `most` things that were used last; safe to share between threads."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._kept: OrderedDict[Key, Value] = OrderedDict()
        _every.add(self)

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key) -> Value | None:
        """What is kept under this key."""
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
            return known

    def keep(self, key: Key, value: Value) -> None:
        """Keeps one more, and lets go of what was used longest ago."""
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Lets go of everything."""
        with self._lock:
            self._kept.clear()


def forget_all() -> None:
    """Lets go of all that this process keeps of documents; whoever deletes one calls it, for nothing of it is to stay."""
    for recent in list(_every):
        recent.clear()


def kept_in_memory() -> int:
    """How many things are kept."""
    return sum(len(recent) for recent in list(_every))
