"""The main job with real processes: bytes in at the service, a runner of its own, the same JSON out as from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.commands.client import Client

TEXT = """Convention of the Lake States on Safe Harbours

The Parties to this Convention,

Recalling the dignity of every seafarer,

Article 1 – Terms

For the purposes of this Convention, "harbour trafficking" means the recruitment of seafarers by means of force or fraud for the purpose of exploitation.

Article 2 – Offences

Each Party shall make harbour trafficking a criminal offence punishable by imprisonment.

Article 3 – Assistance

1. Each Party shall provide victims with shelter, medical care and legal advice.

2. Each Party may grant victims a residence permit.
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    mine = {key: value for key, value in os.environ.items() if not key.startswith("LEXFRAME_")}
    return mine | {"LEXFRAME_DATA_DIR": str(tmp_path_factory.mktemp("data")), "LEXFRAME_THREADS": "1", "HF_HUB_OFFLINE": "1"}


@pytest.fixture(scope="module")
def service(environment: dict[str, str]) -> Iterator[Client]:
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    url = next(word for word in line.split() if word.startswith("http://"))
    try:
        yield Client(url)
    finally:
        process.terminate()
        process.wait(90)


def run(service: Client, file: Path) -> tuple[dict[str, object], str]:
    accepted = service.upload(file.name, file.read_bytes(), {})
    *_, last = service.states(accepted["job_id"])
    return last, accepted["document_id"]


@pytest.mark.slow
def test_the_service_and_the_command_line_say_the_same(service: Client, environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "harbours.txt"
    file.write_text(TEXT, encoding="utf-8")
    state, document = run(service, file)
    assert state["state"] == "done", state
    command = [sys.executable, "-m", "api.cli", "annotate", str(file), "-o", str(tmp_path)]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    written = json.loads((tmp_path / "harbours.json").read_text(encoding="utf-8"))
    assert service.annotations(document) == written
    assert written["definitions"][0]["term"]["text"] == "harbour trafficking"
    assert {s["strength"] for s in written["statements"]} == {"mandatory"}
    assert written["framing"]["counts"]["crime"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"", "empty_file"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(200), "not_a_document"),
        ("noise.txt", bytes(range(256)) * 40, "not_a_document"),
        ("broken.docx", b"PK\x03\x04" + bytes(300), "broken_document"),
    ],
)
def test_bad_files_fail_with_a_reason_and_harm_nothing(service: Client, tmp_path: Path, name: str, data: bytes, code: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    state, _ = run(service, file)
    assert state["state"] == "failed"
    error = state["error"]
    assert isinstance(error, dict)
    assert error["code"] == code
    assert error["message"].endswith(".") or error["message"].endswith(")")


@pytest.mark.slow
def test_a_french_text_is_kept_and_not_annotated(service: Client, tmp_path: Path) -> None:
    file = tmp_path / "ports.txt"
    file.write_text(
        "Convention sur les ports\n\nLes Parties à la présente Convention sont convenues de ce qui suit pour protéger les marins.\n"
    )
    state, document = run(service, file)
    assert state["state"] == "done"
    found = service.annotations(document)
    assert (found["status"], found["document"]["language"], found["blocks"]) == ("unsupported_language", "fr", [])


def test_the_api_process_loads_no_model() -> None:
    code = "import sys, api.app, api.cli; print([m for m in ('torch', 'spacy', 'transformers') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
