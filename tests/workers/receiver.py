"""A receiver of webhooks on this machine, which answers as it is told."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.servers import free_port


@dataclass(frozen=True)
class Request:
    path: str
    headers: Message
    body: bytes


@dataclass
class Receiver:
    """What came in, and what is answered: the statuses in their order, the last one for ever; a number of seconds waits before."""

    port: int
    scheme: str = "http"
    answers: list[int] = field(default_factory=lambda: [200])
    more_headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    came: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}/hook?of=lexframe"

    @property
    def hosts(self) -> str:
        return f"localhost:{self.port}"

    def next_status(self) -> int:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextlib.contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""
    receiver = Receiver(free_port(), "https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.came.append(Request(self.path, self.headers, body))
            time.sleep(receiver.pause)
            with contextlib.suppress(OSError):
                self.send_response(receiver.next_status())
                for name, value in receiver.more_headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"x" * 10)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", receiver.port), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
