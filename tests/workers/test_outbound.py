"""Where a webhook may lead: nowhere inside."""

from __future__ import annotations

import contextlib
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import free_port
from tests.workers.receiver import receiving
from workers import outbound
from workers.outbound import BadTarget, Unreachable, addresses, is_public, post, target

INSIDE = [
    "127.0.0.1", "127.255.0.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1",
    "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "2002:7f00:1::1", "2002:a00:1::", "2001:0:7f00:1::1", "2001::1", "64:ff9b::808:808", "::ffff:8.8.8.8",
]  # fmt: skip
FORMS = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://0x7f.1/",
    "https://0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[0:0:0:0:0:0:0:1]/",
    "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/", "https://10.0.0.1:8080/", "https://127.0.0.1./",
    "https://[64:ff9b::127.0.0.1]/", "https://[2002:7f00:1::]/", "https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/",
    "https://user@example.org/", "https://user:pass@example.org/", "https://127.0.0.1@example.org/", "https://example.org@127.0.0.1/",
    "https://example.org#@127.0.0.1/", "https://example.org/\\@127.0.0.1/", "https://example.org\\.127.0.0.1/",
    "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/", "//example.org/", "example.org", "",
    "https://", "https:///path", "https://example.org:0/", "https://example.org:99999/", "https://example.org:x/", "https://[::1",
    "https://example.org/a b", "https://example.org/\r\nHost: x", "https://exämple.org/", "https://①②⑦.0.0.1/", "https://example.org/\x00",
    "https://example.org/" + "a" * 2000, "javascript:alert(1)", "HTTPS://127.0.0.1/", "https://%31%32%37.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_the_inside_are_none_of_the_internet(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("url", FORMS)
def test_urls_that_lead_inside_or_nowhere_are_refused(url: str) -> None:
    with pytest.raises(BadTarget):
        target(url)


def test_what_is_no_secret_way_in_is_taken() -> None:
    to = target("https://Example.org:8443/a/b?c=d")
    assert (to.host, to.port, to.path, to.tls, to.named) == ("example.org", 8443, "/a/b?c=d", True, False)
    assert target("https://example.org").path == "/"


@pytest.mark.parametrize(
    ("url", "allowed", "taken"),
    [
        ("http://hooks.internal/x", {"hooks.internal"}, True),
        ("http://hooks.internal:81/x", {"hooks.internal:81"}, True),
        ("http://hooks.internal:82/x", {"hooks.internal:81"}, False),
        ("http://10.1.2.3/x", {"10.1.2.3"}, True),
        ("http://10.1.2.4/x", {"10.1.2.3"}, False),
        ("http://x.hooks.internal/x", {"hooks.internal"}, False),
    ],
)
def test_the_operator_lets_single_hosts_through(url: str, allowed: set[str], taken: bool) -> None:
    if taken:
        assert target(url, allowed).named
    else:
        with pytest.raises(BadTarget):
            target(url, allowed)


def answers_of(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Has the name `rebound.example` resolve to these addresses, one answer after the other; the list of names that were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def stub(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host != "rebound.example":
            return real(host, port, *rest, **more)
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", stub)
    return asked


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_resolves_inside_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    answers_of(monkeypatch, [address])
    with pytest.raises(BadTarget):
        post(target("https://rebound.example/"), b"{}", {})


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers_of(monkeypatch, ["1.1.1.1", "127.0.0.1"])
    with pytest.raises(BadTarget):
        addresses(target("https://rebound.example/"))


def test_a_name_that_resolves_otherwise_a_moment_later_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers_of(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    went: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        went.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        post(target("https://rebound.example/"), b"{}", {})
    assert (asked, went) == (["rebound.example"], [("1.1.1.1", 443)])


def test_a_redirect_is_not_followed() -> None:
    with receiving() as inside, receiving() as outside:
        outside.answers, outside.more_headers = [307], {"Location": inside.url}
        assert post(target(outside.url, {outside.hosts}), b"{}", {}) == 307
    assert inside.came == []


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as proxy, receiving() as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://localhost:{proxy.port}")
        assert post(target(receiver.url, {receiver.hosts}), b"{}", {"x": "y"}) == 200
    assert (proxy.came, receiver.came[0].path, receiver.came[0].headers["x"]) == ([], "/hook?of=lexframe", "y")


def test_nobody_there_is_said() -> None:
    port = free_port()
    with pytest.raises(Unreachable):
        post(target(f"http://localhost:{port}/", {"localhost"}), b"{}", {})
    with pytest.raises(Unreachable, match="not known"):
        post(target("https://nobody.invalid/"), b"{}", {})


@pytest.mark.parametrize(("beginning", "drops", "status"), [(b"HTTP/1.1 2", b"0", 0), (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n", 200)])
def test_an_answer_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch, beginning: bytes, drops: bytes, status: int) -> None:
    monkeypatch.setattr(outbound, "TOTAL_SECONDS", 1.0)
    began, found = time.monotonic(), 0
    with pouring(beginning, drops, 0.1) as port, contextlib.suppress(Unreachable):
        found = post(target(f"http://localhost:{port}/", {"localhost"}), b"{}", {})
    assert found == status
    assert time.monotonic() - began < 3


def test_an_endless_answer_is_not_read() -> None:
    with pouring(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536, 0) as port:
        assert post(target(f"http://localhost:{port}/", {"localhost"}), b"{}", {}) == 200


@contextlib.contextmanager
def pouring(beginning: bytes, drops: bytes, pause: float) -> Iterator[int]:
    """The port of a listener that sends the beginning of an answer, and then drops without end."""

    def pour() -> None:
        line, _ = listener.accept()
        with contextlib.suppress(OSError), line:
            line.sendall(beginning)
            while True:
                line.sendall(drops)
                time.sleep(pause)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=pour, daemon=True).start()
        yield listener.getsockname()[1]


def test_the_certificate_is_checked_against_the_name(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing: apt-get install openssl")
    for name in ("localhost", "other.example"):
        made = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout {name}.key -out {name}.crt -days 2 -subj /CN={name}"
        subprocess.run([*made.split(), "-addext", f"subjectAltName=DNS:{name}"], cwd=tmp_path, check=True, capture_output=True)
    assert certified(tmp_path, "localhost", trusts="localhost") == 200
    assert certified(tmp_path, "localhost", trusts=None) == 0
    assert certified(tmp_path, "other.example", trusts="other.example") == 0


def certified(folder: Path, name: str, *, trusts: str | None) -> int:
    """The status of a delivery to a receiver with this certificate; 0 where it was not made."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
    client = ssl.create_default_context(cafile=str(folder / f"{trusts}.crt") if trusts else None)
    with receiving(server) as receiver:
        try:
            return post(target(receiver.url, {"localhost"}), b"{}", {}, tls=client)
        except Unreachable:
            assert receiver.came == []
            return 0
