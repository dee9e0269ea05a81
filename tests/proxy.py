"""A TCP proxy on the loopback whose lines can go dead without a word: bytes are swallowed, and nobody is told."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """Lines from a port of its own to `target`; `silence` kills those that are there, later ones work."""

    target: int
    listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    lines: list[Line] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def silence(self) -> int:
        """From now on nothing passes on the lines that are open; how many those are."""
        alive = [line for line in self.lines if not (line.over.is_set() or line.silent.is_set())]
        for line in alive:
            line.silent.set()
        return len(alive)

    def serve(self) -> None:
        """Takes lines until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                try:
                    self.lines.append(Line(near, socket.create_connection(("127.0.0.1", self.target))))
                except OSError:
                    near.close()


@dataclass
class Line:
    """One client's line: two threads that carry bytes, and when silent go on reading them."""

    near: socket.socket
    far: socket.socket
    silent: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        for one, other in ((self.near, self.far), (self.far, self.near)):
            threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                if not self.silent.is_set():
                    other.sendall(data)
        self.over.set()
        if not self.silent.is_set():  # of a silent line the other end learns nothing
            for end in (one, other):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.over.set()
        for end in (self.near, self.far):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """A proxy before the server at that port of the loopback."""
    here = Proxy(target)
    threading.Thread(target=here.serve, daemon=True).start()
    try:
        yield here
    finally:
        with contextlib.suppress(OSError):
            here.listener.shutdown(socket.SHUT_RDWR)  # `accept` is not woken by a close
        here.listener.close()
        for line in here.lines:
            line.close()
