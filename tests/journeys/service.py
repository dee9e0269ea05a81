"""Lexframe as its users have it: the program in processes of its own, spoken to over HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.servers import end, free_port, until

LOADING = 180.0
TREATY = """Draft Convention on the Protection of Carried Persons

The States Parties to this Convention,

Recognizing that persons who are carried into service are entitled to dignity and to the protection of their human rights,

Have agreed as follows:

Article 1

Use of terms

For the purposes of this Convention:

(a) “Trafficking in persons” shall mean the recruitment, transport or harbouring of persons, by means of force, fraud or the abuse of a position of vulnerability, for the purpose of exploitation;

(b) “Child” shall mean any person under eighteen years of age.

Article 2

Criminalization

1. Each State Party shall establish as criminal offences the acts set forth in article 1, when committed intentionally.

2. The consent of a victim shall be irrelevant where any of the means set forth in article 1 has been used.

Article 3

Assistance

1. Each State Party shall consider providing victims with appropriate housing, medical care and legal assistance, in cooperation with non-governmental organizations.

2. No victim shall be detained or prosecuted for unlawful acts that were a direct consequence of being trafficked.
"""


@dataclass(frozen=True)
class Running:
    """A service in its own process."""

    url: str
    environment: dict[str, str]
    http: httpx.Client

    def upload(self, data: bytes, name: str = "draft.txt", **fields: str) -> dict[str, Any]:
        answer = self.http.post("/v1/documents", files={"file": (name, data)}, data=fields)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    def ended(self, job_id: str, seconds: float = LOADING) -> dict[str, Any]:
        """The job once it has ended, as its events tell."""
        last: dict[str, Any] = {}
        with self.http.stream("GET", f"/v1/jobs/{job_id}/events", timeout=seconds) as answer:
            for line in answer.iter_lines():
                if line.startswith("data: "):
                    last = json.loads(line[6:])
        assert last["state"] in {"done", "failed", "cancelled"}, last
        return last

    def annotated(self, data: bytes, name: str = "draft.txt", **fields: str) -> bytes:
        accepted = self.upload(data, name, **fields)
        job = self.ended(accepted["job_id"])
        assert job["state"] == "done", job
        return self.http.get(f"/v1/documents/{accepted['document_id']}/annotations").content


def program(folder: Path, **variables: str) -> dict[str, str]:
    """The environment of the program, with settings of ours only."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("LEXFRAME_")}
    quick = {"POLL_SECONDS": "0.1", "GRACE_SECONDS": "1", "LOG_LEVEL": "WARNING", "DATA_DIR": str(folder)}
    return mine | {f"LEXFRAME_{name}": value for name, value in {**quick, **variables}.items()}


@contextlib.contextmanager
def process(environment: dict[str, str], log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """`lexframe` with these arguments, until the block ends."""
    with log.open("wb") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "api.cli", *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        yield started
    finally:
        end(started)


@contextlib.contextmanager
def running(folder: Path, **variables: str) -> Iterator[Running]:
    """`lexframe serve` on a free port, once it is ready."""
    folder.mkdir(parents=True, exist_ok=True)
    environment, port, log = program(folder, **variables), free_port(), folder / "serve.log"
    url = f"http://127.0.0.1:{port}"
    with process(environment, log, "serve", "--port", str(port)) as started, httpx.Client(base_url=url, timeout=60) as http:

        def ready() -> bool:
            assert started.poll() is None, log.read_text()
            with contextlib.suppress(httpx.TransportError):
                return http.get("/readyz").status_code == 200
            return False

        until(ready, 60)
        yield Running(url, environment, http)


def by_command_line(folder: Path, data: bytes, name: str) -> bytes:
    """What `lexframe annotate` writes for a file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    command = [sys.executable, "-m", "api.cli", "annotate", str(folder / name), "-o", str(folder / "out")]
    done = subprocess.run(command, env=program(folder / "data"), capture_output=True, text=True, check=False, timeout=LOADING)
    assert done.returncode == 0, done.stderr
    return (folder / "out" / name).with_suffix(".json").read_bytes()
