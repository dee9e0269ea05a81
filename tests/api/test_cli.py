from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.commands.annotate import find_files, name_targets
from api.commands.demo import _free_port
from api.terminal import printable
from nlp.wire import dumps
from tests.workers.small_work import count
from workers.work import JobInput


def lexframe(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """The program, with the pipeline that does as documents say."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("LEXFRAME_")}
    environment = mine | {
        "LEXFRAME_DATA_DIR": str(folder / "data"),
        "LEXFRAME_PIPELINE": "tests.workers.small_work:load_obedient",
        **variables,
    }
    command = [sys.executable, "-m", "api.cli", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_annotating_writes_one_json_per_document_and_the_failures_to_stderr(tmp_path: Path) -> None:
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    for name, text in {
        "good.txt": "good words",
        "bad.txt": "refuse this",
        "odd.md": "break it",
        ".hidden.txt": "x",
        "picture.png": "x",
    }.items():
        (folder / name).write_text(text)
    done = lexframe("annotate", str(tmp_path / "in"), "-o", str(tmp_path / "out"), folder=tmp_path)
    assert done.returncode == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.json"]
    found = (tmp_path / "out" / "good.json").read_text(encoding="utf-8")
    assert found == dumps(count(JobInput(b"good words", None, None, lambda stage, progress: None)))
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("bad.txt: This document asks to be refused.")
    assert "odd.md: failed unexpectedly (RuntimeError" in lines[1]


def test_annotating_to_stdout_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Würde")
    done = lexframe("annotate", str(tmp_path / "a.txt"), "--json", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == dumps(count(JobInput("Würde".encode(), None, None, lambda stage, progress: None)))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("annotate", "/nowhere/at-all.txt"), "/nowhere/at-all.txt does not exist"),
        (("show", "/nowhere/at-all.json"), "No such file"),
        (("serve", "--host", "0.0.0.0"), "this machine only"),
        (("worker",), "set LEXFRAME_REDIS_URL"),
        (("upload", __file__, "--url", "http://127.0.0.1:9"), "does not answer"),
        (("upload", __file__, "--url", "nonsense"), "nonsense"),
    ],
)
def test_what_a_user_can_cause_ends_in_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = lexframe(*arguments, folder=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert said in done.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"LEXFRAME_PORT": "x"}, "LEXFRAME_PORT='x'"),
        ({"LEXFRAME_LEASE_SECONDS": "soon"}, "LEXFRAME_LEASE_SECONDS='soon'"),
        ({"LEXFRAME_DATABASE_URL": "mysql://host/x"}, "LEXFRAME_DATABASE_URL"),
        ({"LEXFRAME_DATABASE_URL": "postgresql://127.0.0.1:9/x"}, "cannot be reached"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    done = lexframe("serve", "--port", "0", folder=tmp_path, **variables)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert said in done.stderr


def test_a_taken_port_is_said_and_the_demo_takes_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = lexframe("serve", "--port", str(port), folder=tmp_path)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
        assert _free_port(port) != port


def test_migrating_and_the_version(tmp_path: Path) -> None:
    assert lexframe("migrate", folder=tmp_path).stdout == "the database is up to date\n"
    assert (tmp_path / "data" / "lexframe.sqlite3").is_file()
    assert json.loads(lexframe("version", "--json", folder=tmp_path).stdout)["name"] == "lexframe"


def test_showing_an_annotated_document(tmp_path: Path) -> None:
    unit = {"id": "art_1", "kind": "article", "number": "1", "heading": "Aim", "parent": None, "start": 0, "end": 10, "label": "Art. 1"}
    block = {
        "unit": "art_1",
        "start": 0,
        "end": 10,
        "framing": "crime",
        "indicators": {"crime.punishment": 0.9},
        "victim": {},
        "four_p": {},
    }
    document = {
        "schema": "lexframe.annotations/1",
        "status": "annotated",
        "document": {"language": "en"},
        "text": "Be\x1b[2Jware",
        "framing": {"label": "crime", "scores": {"crime": 1.0, "rights": 0.0}, "interval": [0.0, 0.2]},
        "units": [unit],
        "blocks": [{**block, "evidence": []}],
        "definitions": [],
        "statements": [],
    }
    file = tmp_path / "a.json"
    file.write_text(json.dumps(document))
    shown = lexframe("show", str(file), folder=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "Art. 1  Be�[2Jware  [crime.punishment]" in shown.stdout
    assert "Document: crime, crime 100%, rights 0% (rights share 95 %: 0% to 20%)" in shown.stdout
    assert "\x1b[2J" not in shown.stdout
    found = json.loads(lexframe("show", str(file), "--json", folder=tmp_path).stdout)
    assert found["parts"][0] == {
        "unit": "art_1", "label": "Art. 1", "heading": "Aim", "counts": {"crime": 1, "rights": 0, "hybrid": 0, "neutral": 0}
    }  # fmt: skip
    file.write_text('{"schema": "other"}')
    assert "not an annotated document" in lexframe("show", str(file), folder=tmp_path).stderr


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["a.txt"], ["a.json"]),
        (["a.txt", "b.pdf"], ["a.json", "b.json"]),
        (["a.txt", "a.pdf"], ["a.txt.json", "a.pdf.json"]),
        (["x/a.txt", "y/a.txt"], ["a.txt.json", "a.txt-2.json"]),
        (["a.txt", "a.txt"], ["a.txt.json"]),
        (["a-2.txt", "a.txt", "x/a.txt", "a.txt-2"], ["a-2.json", "a.txt.json", "a.txt-2.json", "a.txt-2-2.json"]),
    ],
)
def test_no_result_overwrites_another(files: list[str], names: list[str]) -> None:
    found = name_targets([Path(name) for name in files], Path("out"))
    assert list(found.values()) == [Path("out") / name for name in names]


@given(st.lists(st.from_regex(r"[ab](-2)?(\.txt|\.pdf|)", fullmatch=True), max_size=12))
def test_targets_are_as_many_as_files(names: list[str]) -> None:
    files = [Path(str(place)) / name for place, name in enumerate(names)]
    assert len(set(name_targets(files, Path("out")).values())) == len(files)


def test_a_file_is_taken_as_given_and_of_a_folder_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b.TXT", "sub/a.docx", "c.exe", ".git/d.txt"):
        (tmp_path / name).write_text("x")
    assert [path.name for path in find_files([tmp_path])] == ["b.TXT", "a.docx"]
    assert [path.name for path in find_files([tmp_path / "c.exe"])] == ["c.exe"]


@given(st.text())
def test_nothing_from_a_document_commands_the_terminal(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert not {c for c in shown if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or "\u202a" <= c <= "\u202e"}
    assert printable(shown) == shown
