"""`lexframe compare` and `lexframe timeline` on annotated JSON."""

from __future__ import annotations

import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest

from nlp.wire import dumps, to_json
from tests.api.test_cli import lexframe
from tests.nlp.drafts import article, drafted

SHALL = "Each State Party shall provide victims of trafficking with shelter and <b>medical</b> care."
MAY = "Each State Party may provide victims of trafficking with shelter and <b>medical</b> care."
OTHER = "Trafficking in persons is a criminal offence, and imprisonment follows for whoever commits it."


@pytest.fixture
def versions(tmp_path: Path) -> tuple[str, str]:
    """Two annotated texts: a duty became a discretion, and an article was added."""
    texts = (article(1, "Assistance", [SHALL]), article(1, "Assistance", [MAY]) + article(2, "Offence", [OTHER]))
    files = [tmp_path / f"{name}.json" for name in ("first", "second")]
    for file, text in zip(files, texts, strict=True):
        file.write_text(dumps(to_json(drafted(text, read=True))), encoding="utf-8")
    return str(files[0]), str(files[1])


def test_the_summary_comes_first_and_then_the_weightiest_change(versions: tuple[str, str], tmp_path: Path) -> None:
    done = lexframe("compare", *versions, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[2] == "Provisions: 1 modified, 1 added"
    assert "shift" in lines[4]
    ranked = next(n for n, line in enumerate(lines) if line.startswith("  statement type changed"))
    assert lines.index("What changed, the weightiest first") < ranked
    assert "obligation → permission" in done.stdout
    assert "[-shall-]{+may+}" in done.stdout


def test_json_is_the_contract(versions: tuple[str, str], tmp_path: Path) -> None:
    found = json.loads(lexframe("compare", *versions, "--json", folder=tmp_path).stdout)
    assert found["schema"] == "lexframe.comparison/1"
    assert found["counts"]["added"] == 1
    best = found["ranking"][0]
    assert (best["kind"], best["before"], best["after"]) == ("statement.type_changed", "obligation", "permission")
    assert [pair["kind"] for pair in found["pairs"]] == ["modified", "added"]


class Tags(HTMLParser):
    """The tags of a page, in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def test_the_html_file_escapes_what_documents_say(versions: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    done = lexframe("compare", *versions, "--html", str(out), folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    page = out.read_text(encoding="utf-8")
    assert "<del>shall</del>" in page
    assert "&lt;b&gt;medical&lt;/b&gt;" in page
    assert "b" not in Tags(page).found
    assert "script" not in Tags(page).found


def test_a_timeline_has_a_row_for_each_version(versions: tuple[str, str], tmp_path: Path) -> None:
    done = lexframe("timeline", *versions, versions[0], folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("first.json") == 3
    found = json.loads(lexframe("timeline", *versions, "--json", folder=tmp_path).stdout)
    assert [step["drift"] is None for step in found["steps"]] == [True, False]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compare", "/nowhere/a.json", "/nowhere/b.json"), "No such file"),
        (("compare", __file__.replace(".py", ".json"), "x"), "No such file"),
        (("timeline", "/nowhere/a.json"), "at least two versions"),
        (("compare", "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55", "x", "--url", "http://127.0.0.1:9"), "does not answer"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = lexframe(*arguments, folder=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert said in done.stderr


def test_json_of_another_kind_is_refused(tmp_path: Path, versions: tuple[str, str]) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"schema": "something/1"}')
    damaged = tmp_path / "damaged.json"
    damaged.write_text(json.dumps({"schema": "lexframe.annotations/1", "text": "x"}))
    foreign = tmp_path / "foreign.json"
    kept = to_json(drafted("Artikel 1\n")) | {"status": "unsupported_language"}
    kept["document"] |= {"warnings": ["the text is not English (de) and was not annotated"]}
    foreign.write_text(json.dumps(kept))
    for file, said in (
        (foreign, "the text is not English (de)"),
        (other, "is not an annotated document"),
        (damaged, "the annotated document is damaged ('document')"),
    ):
        done = lexframe("compare", versions[0], str(file), folder=tmp_path)
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert said in done.stderr


def test_a_report_is_filed(versions: tuple[str, str], tmp_path: Path) -> None:
    done = lexframe("compare", *versions, "--report", str(tmp_path / "changes.docx"), folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    words = "\n".join(
        cell.text for table in docx.Document(str(tmp_path / "changes.docx")).tables for row in table.rows for cell in row.cells
    )
    assert "permission" in words
    assert "criminal offence" in words
    assert "shall provide" in words
    for name, member, begins in (("changes.zip", "changes.csv", b"left,right,"), ("changes.parquet.zip", "changes.parquet", b"PAR1")):
        assert lexframe("compare", *versions, "--report", str(tmp_path / name), folder=tmp_path).returncode == 0
        assert zipfile.ZipFile(tmp_path / name).read(member).startswith(begins)
    refused = lexframe("compare", *versions, "--report", "changes.odt", folder=tmp_path)
    assert refused.returncode == 1
    assert ".docx or .html" in refused.stderr
