"""Whole corpora as files: made by a job, followed, fetched, and gone with what they hold."""

from __future__ import annotations

import itertools
import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.api.service import Served, slug
from tests.api.test_corpora import UNKNOWN, Through, command, made, sent
from workers.running import Outcome


def ordered(served: Served, corpus: dict[str, Any], format_name: str = "json") -> dict[str, Any]:
    answer = served.client.post(f"{corpus['links']['self']}/exports", json={"format": format_name})
    assert answer.status_code == 202, answer.text
    assert served.client.get(answer.headers["location"]).json() == answer.json()
    return dict(answer.json())


@pytest.fixture
def corpus(served: Served) -> dict[str, Any]:
    """Two documents, annotated."""
    corpus = made(served)
    sent(served, corpus, ("a.txt", b"one"), ("b.txt", b"two"))
    served.client.post(corpus["links"]["annotate"])
    assert [served.work() for _ in range(2)] == [Outcome.DONE, Outcome.DONE]
    return corpus


def test_an_export_is_ordered_made_and_fetched(served: Served, corpus: dict[str, Any]) -> None:
    export = ordered(served, corpus)
    assert (export["state"], export["size"]) == ("queued", None)
    early = served.client.get(export["links"]["file"])
    assert (early.status_code, slug(early), early.headers["retry-after"]) == (409, "export-not-ready", "5")
    assert served.work() is Outcome.DONE
    export = served.client.get(export["links"]["self"]).json()
    assert served.client.get(export["links"]["job"]).json()["state"] == export["state"] == "done"
    answer = served.client.get(export["links"]["file"])
    assert answer.headers["content-type"] == "application/jsonl"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Treaties.jsonl"
    assert len(answer.content) == export["size"] == int(answer.headers["content-length"])
    assert [json.loads(line)["text"] for line in answer.text.splitlines()] == ["two", "one"]
    ordered(served, corpus, "docx")
    assert [one["format"] for one in served.client.get(f"{corpus['links']['self']}/exports").json()["items"]] == ["docx", "json"]


def test_an_export_goes_with_a_document_that_it_holds(served: Served, corpus: dict[str, Any]) -> None:
    export = ordered(served, corpus)
    assert served.work() is Outcome.DONE
    document = served.client.get(corpus["links"]["documents"]).json()["items"][0]["id"]
    assert served.client.delete(f"/v1/documents/{document}").status_code == 204
    assert slug(served.client.get(export["links"]["file"])) == "no-such-export"


def test_exports_are_deleted_one_by_one_and_the_last_of_a_file_takes_it_along(served: Served, corpus: dict[str, Any]) -> None:
    first, second = (ordered(served, corpus) for _ in range(2))
    assert [served.work() for _ in range(2)] == [Outcome.DONE, Outcome.DONE]
    third = ordered(served, corpus)
    written = served.client.get(first["links"]["file"]).content
    assert served.client.delete(first["links"]["self"]).status_code == 204
    assert slug(served.client.get(first["links"]["file"])) == slug(served.client.delete(first["links"]["self"])) == "no-such-export"
    assert served.client.get(second["links"]["file"]).content == written
    assert served.client.delete(third["links"]["self"]).status_code == 204
    assert served.client.get(third["links"]["job"]).json()["state"] == "cancelled"
    at = f"/corpora/{corpus['id']}/exports"
    assert f"{at}/{second['id']}/delete" in served.client.get(at, headers={"Accept": "text/html"}).text
    assert any(path.read_bytes() == written for path in files(served))
    assert served.client.post(f"{at}/{second['id']}/delete", follow_redirects=False).headers["location"] == at
    assert not any(path.read_bytes() == written for path in files(served))
    assert served.client.get(f"{corpus['links']['self']}/exports").json()["items"] == []
    assert served.client.get(corpus["links"]["self"]).json()["annotated"] == 2


def files(served: Served) -> list[Path]:
    return [path for path in served.settings.data_dir.rglob("*") if path.is_file()]


def test_the_command_orders_waits_fetches_lists_and_deletes(
    served: Served, corpus: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.commands.client.httpx.Client", Through(served))
    worker = threading.Thread(target=lambda: any(served.work() is Outcome.DONE for _ in itertools.count()))
    worker.start()
    status, out, err = command(capsys, monkeypatch, "export", corpus["name"], "--format", "json", "-o", str(tmp_path / "texts.jsonl"))
    worker.join()
    assert (status, err) == (0, "")
    export = out.split()[-1]
    assert [json.loads(line)["text"] for line in (tmp_path / "texts.jsonl").read_text().splitlines()] == ["two", "one"]
    again = command(capsys, monkeypatch, "export", corpus["name"], "--id", export, "-o", str(tmp_path / "again.jsonl"))
    assert again[0::2] == (0, "")
    assert (tmp_path / "again.jsonl").read_bytes() == (tmp_path / "texts.jsonl").read_bytes()
    status, out, _ = command(capsys, monkeypatch, "exports", corpus["name"])
    assert re.fullmatch(rf"{export}  json: done, \d+ bytes, ordered [\d-]+ [\d:]+\n", out)
    assert command(capsys, monkeypatch, "exports", corpus["name"], "--delete", export) == (0, "", "")
    assert command(capsys, monkeypatch, "exports", corpus["name"], "--json")[1] == "[]\n"
    for wrong, why in (
        (["--id", export], "has no export"),
        (["--format", "papyrus"], "there is no format"),
        ([], "give either --format"),
    ):
        status, _, err = command(capsys, monkeypatch, "export", corpus["name"], *wrong, "-o", str(tmp_path / "x.zip"))
        assert (status, why in err) == (1, True), err
    assert not (tmp_path / "x.zip").exists()


def test_one_that_could_not_be_made_says_so(served: Served, corpus: dict[str, Any]) -> None:
    export = ordered(served, corpus)
    assert served.client.post(f"{export['links']['job']}/cancel").status_code == 200
    answer = served.client.get(export["links"]["file"])
    assert (slug(answer), answer.json()["detail"]) == ("export-failed", "The export was cancelled.")


def test_formats_corpora_and_exports_that_are_not_there(served: Served, corpus: dict[str, Any]) -> None:
    assert slug(served.client.post(f"{corpus['links']['self']}/exports", json={"format": "papyrus"})) == "invalid-request"
    assert slug(served.client.post(f"/v1/corpora/{UNKNOWN}/exports", json={"format": "csv"})) == "no-such-corpus"
    assert slug(served.client.get(f"/v1/corpora/{UNKNOWN}/exports")) == "no-such-corpus"
    assert slug(served.client.get(f"/v1/exports/{UNKNOWN}")) == "no-such-export"
