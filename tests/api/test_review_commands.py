"""`lexframe review`: the whole way of a review by the command line."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from api import cli
from tests.annotated import BLOCKS
from tests.api.reviewed import annotated_document
from tests.api.service import Served
from tests.api.test_corpora import Through
from tests.api.test_review_results import ANA, ASSISTANCE, BEN, lines


@pytest.fixture
def review(served: Served, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Review:
    monkeypatch.setattr("api.commands.client.httpx.Client", Through(served))
    return Review(capsys, monkeypatch)


class Review:
    """The program as somebody runs it."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capsys, self.monkeypatch = capsys, monkeypatch

    def __call__(self, *arguments: str) -> str:
        """What it prints."""
        assert self.status(*arguments) == 0
        return self.capsys.readouterr().out

    def refused(self, *arguments: str) -> str:
        """Why it refuses."""
        assert self.status(*arguments) == 1
        return self.capsys.readouterr().err

    def status(self, *arguments: str) -> int:
        self.monkeypatch.setattr("sys.argv", ["lexframe", "review", *arguments])
        return cli.run()


def test_a_review_from_start_to_gold(served: Served, review: Review, tmp_path: Path) -> None:
    document = annotated_document(served)
    layers = ("--layer", "indicators", "--layer", "victim")
    id_ = review("start", "first round", document, "--coder", "ana", "--coder", "ben", *layers).strip()
    assert review("status") == f"{id_}  first round: ana, ben (blind)\n"
    tasks = [json.loads(line) for line in review("tasks", id_, "--coder", "ana", "--machine").splitlines()]
    assert [(task["start"], task["end"]) for task in tasks] == [(block.start, block.end) for block in BLOCKS]
    for coder, labels in (("ana", ANA), ("ben", BEN)):
        (tmp_path / f"{coder}.jsonl").write_bytes(lines(document, coder, labels))
    said = review("code", id_, str(tmp_path / "ana.jsonl"), str(tmp_path / "ben.jsonl"))
    assert [line.rpartition(": ")[2] for line in said.splitlines()] == ["6 lines taken in"] * 2
    assert "ana: 6 of 6 coded\nben: 6 of 6 coded\n4 agreed, 0 adjudicated, 0 single, 2 open\n" in review("status", id_)
    assert review("tasks", id_, "--coder", "ana", "--left") == ""
    table = review("agreement", id_)
    figures = json.loads(review("agreement", id_, "--json"))["labels"][ASSISTANCE]["figures"]
    assert f"{ASSISTANCE}  " in table
    assert f"{figures['alpha']['value']:.2f} [{figures['alpha']['low']:.2f}" in table
    assert [json.loads(line)["start"] for line in review("disagreements", id_).splitlines()] == [BLOCKS[3].start, BLOCKS[4].start]
    assert "The review is blind" in review.refused("agreement", id_, "--coder", "ana")
    review("gold", id_, "-o", str(tmp_path / "gold.zip"))
    assert "labels/harbour.jsonl" in zipfile.ZipFile(tmp_path / "gold.zip").namelist()
    assert review("close", id_).endswith("(blind, closed)\n")
    assert "is closed" in review.refused("code", id_, str(tmp_path / "ana.jsonl"))
    assert review("delete", id_) == ""
    assert review("status") == ""
    assert "no review with this id" in review.refused("status", id_)


def test_a_review_of_a_corpus_and_of_what_the_machine_is_unsure_of(served: Served, review: Review) -> None:
    corpus = served.client.post("/v1/corpora", json={"name": "Treaties"}).json()
    served.client.post(corpus["links"]["documents"], files={"file": ("a.txt", b"not annotated")})
    assert "documents" in review.refused("start", "x", "--corpus", "Treaties", "--coder", "ana")
    document = annotated_document(served)
    more = ("--coder", "ana", "--unsure", "--most", "1", "--sighted", "--json")
    made = json.loads(review("start", "x", document, document, *more))
    assert (made["blind"], made["assigned_by"]) == (False, "uncertainty")
    assert len(review("tasks", made["id"], "--coder", "ana").splitlines()) == 1


def test_decisions_are_carried_to_the_next_version(served: Served, review: Review) -> None:
    earlier, later = annotated_document(served), annotated_document(served)
    id_ = review("start", "x", earlier, "--coder", "ana").strip()
    block = BLOCKS[4]
    body = {"document_id": earlier, "coder": "ana", "start": block.start, "end": block.end, "labels": [ASSISTANCE]}
    assert served.client.post(f"/v1/reviews/{id_}/codings", json=body).status_code == 200
    counts = json.loads(review("carry", id_, earlier, later, "--json"))
    assert counts["exact"] == sum(counts.values()) > 0
    assert review("carry", id_, earlier, later) == "0 exact, 0 moved, 0 edited, 0 ambiguous, 0 orphaned\n"
