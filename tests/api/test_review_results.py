from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from corpora.gold.read import read_gold
from tests.annotated import BLOCKS, DEFINITIONS, TERM_A, TEXT
from tests.api.reviewed import annotated_document, start
from tests.api.service import Served, slug

ASSISTANCE, LANGUAGE = "victim/assistance", "indicators/rights.language"
ANA = [[LANGUAGE], ["indicators/crime.definition"], [], ["indicators/crime.punishment"], [ASSISTANCE], ["victim/nonpunishment"]]
BEN = [[LANGUAGE], ["indicators/crime.definition"], [], [], [ASSISTANCE, "victim/safety"], ["victim/nonpunishment"]]


def lines(document: str, coder: str, labels: list[list[str]]) -> bytes:
    rows = [
        {"document": document, "coder": coder, "start": block.start, "end": block.end, "labels": given}
        for block, given in zip(BLOCKS, labels, strict=False)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def send(served: Served, review: str, data: bytes, kind: str = "application/jsonl") -> Any:
    return served.client.post(f"/v1/reviews/{review}/files", content=data, headers={"Content-Type": kind})


def coded_review(served: Served) -> tuple[str, str]:
    document = annotated_document(served)
    review = start(served, [document], layers=["indicators", "victim"])["id"]
    for coder, labels in (("ana", ANA), ("ben", BEN[:5])):
        answer = send(served, review, lines(document, coder, labels))
        assert answer.json() == {"lines": len(labels)}, answer.text
    return review, document


def test_agreement_is_measured_between_coders_and_with_the_model(served: Served) -> None:
    review, _ = coded_review(served)
    assert slug(served.client.get(f"/v1/reviews/{review}/agreement", params={"coder": "ana"})) == "still-blind"
    found = served.client.get(f"/v1/reviews/{review}/agreement").json()
    assert (found["coders"], found["blocks"]) == (["ana", "ben"], 5)
    assert found["excluded"] == {"unassigned": 0, "uncoded": 0, "single": 1}
    assert found["labels"][ASSISTANCE]["figures"]["cohen"]["value"] == 1
    assert found["labels"]["victim/safety"]["figures"]["percent"]["value"] == pytest.approx(0.8)
    assert found["labels"]["victim/safety"]["units"] == 5
    assert found["sets"]["figures"]["percent"]["value"] == pytest.approx(3 / 5)
    assert found["overall"]["excluded"] == 19
    pairs = {(one["first"], one["second"].split()[0]) for one in found["pairs"]}
    assert pairs == {("ana", "ben"), ("ana", "reference"), ("ben", "reference"), ("ana", "model"), ("ben", "model"), ("reference", "model")}


def test_spans_are_measured_over_what_all_have_coded(served: Served) -> None:
    review, document = coded_review(served)
    term = DEFINITIONS[0].term
    for coder, end in (("ana", term.end), ("ben", term.end + 6)):
        body = {"document_id": document, "coder": coder, "layer": "definitions", "action": "add", "start": term.start, "end": end}
        assert served.client.post(f"/v1/reviews/{review}/decisions", json=body).status_code == 201
    found = served.client.get(f"/v1/reviews/{review}/agreement").json()["spans"]["definitions"]
    assert found["coders"] == ["ana", "ben"]
    assert found["characters"] == sum(block.end - block.start for block in BLOCKS[:5])
    assert 0.5 < found["alpha"] < 1
    assert found["low"] <= found["alpha"] <= found["high"]


def test_spans_of_one_coder_that_overlap_in_a_chain_are_measured(served: Served) -> None:
    """The first counts, and whatever begins after it ends."""
    review, document = coded_review(served)
    at = BLOCKS[0].start
    for coder in ("ana", "ben"):
        for first, last in ((0, 10), (5, 8), (9, 12), (12, 20)):
            body = {"document_id": document, "coder": coder, "layer": "definitions", "action": "add", "start": at + first, "end": at + last}
            assert served.client.post(f"/v1/reviews/{review}/decisions", json=body).status_code == 201
    assert served.client.get(f"/v1/reviews/{review}/agreement").json()["spans"]["definitions"]["alpha"] == 1


def test_the_reference_is_exported_as_gold(served: Served, tmp_path: Path) -> None:
    review, document = coded_review(served)
    body = {"document_id": document, "coder": "chair", "role": "adjudicator", "start": BLOCKS[4].start, "end": BLOCKS[4].end}
    assert served.client.post(f"/v1/reviews/{review}/codings", json=body | {"labels": [ASSISTANCE]}).status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(served.client.get(f"/v1/reviews/{review}/gold").content))
    archive.extractall(tmp_path)
    [gold] = read_gold(tmp_path / "labels", tmp_path / "texts")
    assert gold.text == TEXT
    at = {TEXT[: block.start].count("\n"): given for block, given in zip(BLOCKS, ANA, strict=True)}
    wanted = {line: frozenset(given) for line, given in at.items() if line != TEXT[: BLOCKS[3].start].count("\n")}
    assert dict(gold.coded) == wanted


def test_decisions_come_from_csv_too(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    rows = [
        "document,coder,start,end,action,layer,label,replacement,comment,labels",
        f'{document},ana,{TERM_A[0]},{TERM_A[1]},correct,indicators,crime.definition,"{{""label"": ""crime.punishment""}}",,',
        f"{document},ana,{BLOCKS[4].start},{BLOCKS[4].end},,,,,,victim/assistance; victim/safety",
        f"{document},ana,{BLOCKS[2].start},{BLOCKS[2].end},,,,,,",
    ]
    assert send(served, review, "\n".join(rows).encode(), "text/csv").json() == {"lines": 3}
    found = served.client.get(f"/v1/reviews/{review}/decisions").json()["items"]
    assert found[0]["replacement"] == {"label": "crime.punishment"}
    assert {d["label"] for d in found if d["action"] == "add"} == {"safety"}
    assert served.client.get(f"/v1/reviews/{review}").json()["progress"][0]["coded"] == 2


def test_a_file_reads_the_annotated_text_once(served: Served) -> None:
    """And not for every line: a large document takes longer to read than a line to keep."""
    document = annotated_document(served)
    review = start(served, [document])["id"]
    asked: list[str] = []
    event.listen(served.store.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert send(served, review, lines(document, "ana", ANA)).json() == {"lines": 6}
    assert sum("annotations.result" in statement for statement in asked) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "line 7 is not JSON"),
        (b'{"coder": "ana"}', "neither `labels` nor `action`"),
        (b'{"document": "x", "coder": "ana", "start": 1, "end": 2, "labels": []}', "not part of this review"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"coder,start\nana,1\n", "neither `labels` nor `action`"),
    ],
)
def test_a_bad_file_is_refused_whole(served: Served, data: bytes, why: str) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    answer = send(served, review, (lines(document, "ana", ANA) if data.startswith(b"{") else b"") + data)
    assert (answer.status_code, slug(answer)) == (422, "bad-decision")
    assert why in answer.json()["detail"]
    assert served.client.get(f"/v1/reviews/{review}/decisions").json()["items"] == []
