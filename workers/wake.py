"""A bell between processes of one machine: whoever waits is woken by a datagram, and nothing is lost when nobody hears it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from workers.settings import Settings

_LONGEST_ADDRESS = 100


def bell_folder(settings: Settings) -> Path:
    """Where the bells of this store hang, one a process; addresses of sockets are short, so a long path is replaced by its digest."""
    folder = settings.data_dir / "bells"
    if len(str(folder)) + 12 <= _LONGEST_ADDRESS:
        return folder
    return Path(tempfile.gettempdir()) / f"lexframe-{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"


def ring(settings: Settings) -> None:
    """Wakes every waiting process of this store; returns at once, whoever is there."""
    if not hasattr(socket, "AF_UNIX"):
        return
    for address in bell_folder(settings).glob("*.bell"):
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.setblocking(False)
            line.sendto(b"!", str(address))


class Bell:
    """Hears `ring` while it is entered; where sockets cannot be had, waiting is only sleeping."""

    def __init__(self, settings: Settings) -> None:
        self._address = bell_folder(settings) / f"{os.getpid()}.bell"
        self._line: socket.socket | None = None

    def __enter__(self) -> Self:
        with contextlib.suppress(OSError, AttributeError):
            self._address.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._forget_the_dead()
            line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            line.bind(str(self._address))
            self._line = line
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        if self._line is not None:
            self._line.close()
            self._address.unlink(missing_ok=True)

    def wait(self, seconds: float) -> bool:
        """Waits for the bell, at most so long; whether it rang. What rang before is heard as well, and only once."""
        if self._line is None:
            time.sleep(seconds)
            return False
        self._line.settimeout(seconds)
        try:
            self._line.recv(1)
        except OSError:
            return False
        self._drain()
        return True

    def _drain(self) -> None:
        if self._line is not None:
            self._line.setblocking(False)
            with contextlib.suppress(OSError):
                while self._line.recv(1):
                    pass

    def _forget_the_dead(self) -> None:
        """Bells that killed processes left behind."""
        for address in self._address.parent.glob("*.bell"):
            if address == self._address or not _is_heard(address):
                address.unlink(missing_ok=True)


def _is_heard(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        try:
            line.connect(str(address))
        except OSError:
            return False
    return True
