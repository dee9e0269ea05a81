"""How processes that belong together end together."""

from __future__ import annotations

import os
import signal
import sys
import threading


def stop_with_parent() -> None:
    """Sends this process SIGTERM when its standard input ends, as it does when the parent that holds the other end is gone."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def stop_on_signal(stop: threading.Event, number: int = signal.SIGTERM) -> None:
    """Sets the event on the signal, which by itself interrupts nothing. Only from the main thread."""
    signal.signal(number, lambda signum, frame: stop.set())
