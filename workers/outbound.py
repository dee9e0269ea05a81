"""Requests to addresses that users name: never to this machine or its network, whatever a name resolves to.

The name is resolved once, every address of it is checked, and the connection goes to one of those addresses, so that a name which
resolves differently a moment later gains nothing. No redirect is followed, no proxy asked, and all of it takes seconds at most.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
LONGEST_URL = 2000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_UNICAST = ipaddress.ip_network("2000::/3")
# Public by their number, and yet the inside of a cloud: where Azure's machines ask for their settings.
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})


class BadTarget(Exception):
    """This address cannot be a webhook."""


class Unreachable(Exception):
    """The address did not answer in time."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL. `named` are those that the operator lets through to a private address, and without TLS."""

    url: str
    host: str
    port: int
    path: str
    tls: bool
    named: bool


def target(url: str, allowed: Collection[str] = ()) -> Target:
    """Parses a URL; raises BadTarget where nothing may ever be sent there. `allowed` holds hosts, or host:port, named by the operator."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadTarget(f"A webhook is a URL of at most {LONGEST_URL} plain characters.")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise BadTarget("The URL cannot be read.") from None
    if parts.scheme not in {"https", "http"} or not host or "%" in host or "@" in parts.netloc or parts.fragment or port == 0:
        raise BadTarget("A webhook is a URL such as https://host/path, without user, password and fragment.")
    tls, number = parts.scheme == "https", port or (443 if parts.scheme == "https" else 80)
    named = host in allowed or f"{host}:{number}" in allowed
    if not (tls or named):
        raise BadTarget("A webhook needs https://.")
    literal = _literal(host)
    if literal is not None and not (named or is_public(literal)):
        raise BadTarget("A webhook does not lead to this machine or into a private network.")
    return Target(url, host, number, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), tls, named)


def post(to: Target, body: bytes, headers: Mapping[str, str], *, tls: ssl.SSLContext | None = None) -> int:
    """Sends a body and gives the status of the answer, of which nothing else is kept. Raises BadTarget, Unreachable."""
    try:
        return _send(to, addresses(to), body, headers, tls)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unreachable(f"{type(error).__name__} while sending") from error


def addresses(to: Target) -> tuple[str, ...]:
    """What the name resolves to; raises BadTarget where any of it is private, Unreachable where it is nothing."""
    try:
        found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("The name of the host is not known.") from None
    resolved = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not to.named and not all(is_public(_parsed(one)) for one in resolved):
        raise BadTarget("The name of the host leads to this machine or into a private network.")
    return resolved


def is_public(address: Address | None) -> bool:
    """Whether an address is one of the internet's. IPv6 that wraps IPv4 (mapped, NAT64, 6to4, Teredo) is not: nobody needs it here."""
    if isinstance(address, ipaddress.IPv6Address) and (address not in _UNICAST or address.sixtofour or address.teredo):
        return False
    return address is not None and address.is_global and not address.is_multicast and address not in _METADATA


def _parsed(text: str) -> Address | None:
    """None for what is no address, or only one of a network card here."""
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None


def _literal(host: str) -> Address | None:
    """The address that a host is, in any form in which systems read it (127.1, 0x7f000001, 2130706433); None for a name."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host)
    with contextlib.suppress(OSError):
        return ipaddress.IPv4Address(socket.inet_aton(host))
    return None


def _send(to: Target, resolved: tuple[str, ...], body: bytes, headers: Mapping[str, str], tls: ssl.SSLContext | None) -> int:
    until = time.monotonic() + TOTAL_SECONDS
    with _connected(resolved, to.port) as plain:
        line = _secured(plain, to.host, tls) if to.tls else plain
        with line, _cut_after(line, until):
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            connection = http.client.HTTPConnection(to.host, to.port)
            connection.sock = line
            connection.putrequest("POST", to.path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": _host_header(to), "Connection": "close", "Content-Length": str(len(body)), **headers}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            return connection.getresponse().status  # its body is not read at all


def _secured(plain: socket.socket, host: str, tls: ssl.SSLContext | None) -> ssl.SSLSocket:
    """TLS over a connection, with its handshake still to come."""
    return (tls or ssl.create_default_context()).wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _host_header(to: Target) -> str:
    host = f"[{to.host}]" if ":" in to.host else to.host
    return host if to.port == (443 if to.tls else 80) else f"{host}:{to.port}"


def _connected(resolved: tuple[str, ...], port: int) -> socket.socket:
    """A connection to the first of the checked addresses that takes one."""
    last: OSError | None = None
    for address in resolved[:4]:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            last = error
    raise last or OSError("no address")


@contextlib.contextmanager
def _cut_after(line: socket.socket, moment: float) -> Iterator[None]:
    """Cuts a connection at a moment, for timeouts of single reads do not end what drips."""
    clock = threading.Timer(max(0.0, moment - time.monotonic()), _cut, (line,))
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        socket.socket.shutdown(line, socket.SHUT_RDWR)
