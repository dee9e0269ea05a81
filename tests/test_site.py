"""The documentation: it is built without a warning, and every command and snippet in it runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.codebook import codebook

ROOT = Path(__file__).parents[1]
PAGES = (
    "tutorial.md",
    "how-to/compare.md",
    "how-to/corpus.md",
    "how-to/search.md",
    "how-to/review.md",
    "how-to/python.md",
    "how-to/exports.md",
    pytest.param("codebooks.md", marks=pytest.mark.chaos),  # trains: half a minute
)
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the project's folder looks to a reader: the samples (of each its first provisions, for speed), and the program in .venv/bin."""
    made = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "corpora" / "samples", made / "corpora" / "samples")
    for sample in (made / "corpora" / "samples").glob("*.txt"):
        sample.write_text(sample.read_text(encoding="utf-8")[:7_000].rpartition("\n\n")[0] + "\n", encoding="utf-8")
    (made / ".venv" / "bin").mkdir(parents=True)
    program = made / ".venv" / "bin" / "lexframe"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m api.cli "$@"\n')
    program.chmod(0o755)
    return made


@pytest.fixture(scope="module")
def environment(folder: Path) -> dict[str, str]:
    mine = {key: value for key, value in os.environ.items() if not key.startswith("LEXFRAME_")}
    return mine | {"LEXFRAME_DATA_DIR": str(folder / "data"), "LEXFRAME_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def url(environment: dict[str, str]) -> Iterator[str]:
    command = [sys.executable, "-m", "api.cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    try:
        yield next(word for word in line.split() if word.startswith("http://")).rstrip(".,")
    finally:
        process.terminate()
        process.wait(90)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_snippet_runs(page: str, folder: Path, environment: dict[str, str], url: str) -> None:
    """In the order of the page; the Python of a page is one programme, after its commands."""
    blocks = BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    commands = "".join(code for kind, code in blocks if kind == "sh")
    run(["sh", "-euc", commands], folder, environment | {"LEXFRAME_URL": url})
    snippets = "\n".join(code for kind, code in blocks if kind == "python").replace(HERE, url)
    run([sys.executable, "-c", snippets], folder, environment)


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def test_other_commands_are_those_of_the_program() -> None:
    """Commands on pages that need files of one's own: each names a command and options that there are."""
    from typer.main import get_command

    from api.cli import app

    program = get_command(app)
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        for words in re.findall(r"^\.venv/bin/lexframe ([^#\n]*)", page.read_text(encoding="utf-8"), re.MULTILINE):
            command, rest = program, words.split()
            while (found := getattr(command, "commands", {})) and rest:
                assert rest[0] in found, f"{page.name}: {words}"
                command, rest = found[rest[0]], rest[1:]
            known = {name for one in command.params for name in one.opts}
            assert {word.partition("=")[0] for word in rest if word.startswith("-")} <= known, f"{page.name}: {words}"


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    described = (tmp_path / "site" / "reference" / "http" / "index.html").read_text(encoding="utf-8")
    assert "GET /v1/documents/{document_id}/export" in described
    python = (tmp_path / "site" / "reference" / "python" / "index.html").read_text(encoding="utf-8")
    assert 'id="lexframe.annotate"' in python
    pages = {name: (tmp_path / "site" / "reference" / name / "index.html").read_text(encoding="utf-8") for name in ("codebook", "model")}
    assert {label.key for label in codebook().labels if any(f"<code>{label.key}</code>" not in page for page in pages.values())} == set()
