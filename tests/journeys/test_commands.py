"""The command line against a running service, and the demo."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.service import program, running

OBEDIENT = "tests.workers.small_work:load_obedient"


def lexframe(environment: dict[str, str], *arguments: str, seconds: float = 60) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "api.cli", *arguments]
    return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=seconds)


def test_uploading_waits_for_each_file_and_names_what_failed(tmp_path: Path) -> None:
    for name, text in {"good.txt": "good words", "bad.txt": "refuse this"}.items():
        (tmp_path / name).write_text(text)
    with running(tmp_path / "data", PIPELINE=OBEDIENT) as service:
        files = [str(tmp_path / name) for name in ("good.txt", "bad.txt", "none.txt")]
        done = lexframe(service.environment, "upload", *files, "--url", service.url, "--work", "w", "--version", "1", "--wait", "--json")
        sent = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 1
        assert [(one["state"], one["framing"]) for one in sent] == [("done", "rights"), ("failed", None)]
        assert sent[1]["error"] == {"code": "refused", "message": "This document asks to be refused."}
        assert "none.txt" in done.stderr
        assert {item["version"] for item in service.http.get("/v1/documents").json()["items"]} == {"1"}


def test_a_version_without_a_work_is_refused_with_the_services_own_words(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with running(tmp_path / "data", PIPELINE=OBEDIENT) as service:
        done = lexframe(service.environment, "upload", str(tmp_path / "a.txt"), "--url", service.url, "--version", "1")
    assert done.returncode == 1
    assert "A version needs a work" in done.stderr


@pytest.mark.slow
def test_the_demo_shows_two_versions_and_ends_by_itself_without_a_terminal(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = lexframe(program(tmp_path), "demo", "--port", port, seconds=580)
    assert done.returncode == 0, done.stderr
    for words in (
        "First draft",
        "Second draft",
        "Framing: ",
        "Definitions (",
        "Victim provisions (",
        "Where to look next",
        "/compare?left=",
    ):
        assert words in done.stdout
    assert f"127.0.0.1:{port}" not in done.stdout
