from __future__ import annotations

import json
from typing import Any

import pytest

from tests.annotated import NO_VICTIM, SHELTER, STATEMENTS, TERM_A, TEXT
from tests.api.reviewed import annotated_document, start
from tests.api.service import Served, slug

RECOVERY, SAFETY = "victim/assistance", "victim/safety"


def code(served: Served, review: str, document: str, coder: str, block: tuple[int, int], labels: list[str] | None, **more: Any) -> Any:
    body = {"document_id": document, "coder": coder, "start": block[0], "end": block[1], "labels": labels, **more}
    return served.client.post(f"/v1/reviews/{review}/codings", json=body)


def decisions(served: Served, review: str, **query: Any) -> list[dict[str, Any]]:
    return list(served.client.get(f"/v1/reviews/{review}/decisions", params=query).json()["items"])


def test_two_coders_work_blind_and_an_adjudicator_decides(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    tasks = served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana"}).json()["items"]
    assert [t["text"] for t in tasks] == [TEXT[t["start"] : t["end"]] for t in tasks]
    assert (len(tasks), tasks[0]["machine"], tasks[0]["labels"]) == (6, None, None)
    assert code(served, review, document, "ana", SHELTER, [RECOVERY]).status_code == 200
    assert code(served, review, document, "ben", SHELTER, [RECOVERY, SAFETY], comment="shelter keeps them safe").status_code == 200
    for coder in ("ana", "ben"):
        assert code(served, review, document, coder, TERM_A, []).status_code == 200
    assert {d["coder"] for d in decisions(served, review, coder="ana")} == {"ana"}
    assert slug(served.client.get(f"/v1/reviews/{review}/disagreements", params={"coder": "ben"})) == "still-blind"
    open_blocks = served.client.get(f"/v1/reviews/{review}/disagreements", params={"coder": "chair"}).json()["items"]
    assert [(b["start"], b["end"]) for b in open_blocks] == [SHELTER]
    assert open_blocks[0]["coders"] == {"ana": [RECOVERY], "ben": [RECOVERY, SAFETY]}
    assert code(served, review, document, "chair", SHELTER, [RECOVERY], role="adjudicator").status_code == 200
    found = {(b["start"], b["end"]): b for b in served.client.get(f"/v1/reviews/{review}/reference").json()["items"]}
    assert (found[SHELTER]["standing"], found[SHELTER]["reference"]) == ("adjudicated", [RECOVERY])
    assert (found[TERM_A]["standing"], found[TERM_A]["reference"]) == ("agreed", [])
    shown = served.client.get(f"/v1/reviews/{review}").json()
    assert shown["progress"] == [{"coder": "ana", "assigned": 6, "coded": 2}, {"coder": "ben", "assigned": 6, "coded": 2}]
    assert shown["standing"] == {"agreed": 1, "adjudicated": 1, "single": 0, "open": 0}


def test_a_decision_says_who_when_after_which_codebook_and_on_which_text(served: Served) -> None:
    document = annotated_document(served)
    before = served.client.get(f"/v1/documents/{document}/annotations").content
    review = start(served, [document])["id"]
    code(served, review, document, "ana", NO_VICTIM, ["victim/nonpunishment", "indicators/rights.language"])
    found = {(d["action"], d["layer"], d["label"]): d for d in decisions(served, review, coder="ana")}
    assert set(found) == {
        ("accept", "victim", "nonpunishment"),
        ("correct", "indicators", "rights.victims"),
        ("reject", "four_p", "protection"),
    }
    assert found["correct", "indicators", "rights.victims"]["replacement"] == {"label": "rights.language"}
    one = found["accept", "victim", "nonpunishment"]
    assert (one["quote"], one["codebook"], one["codebook_version"]) == (TEXT[slice(*NO_VICTIM)], "trafficking-framing", 1)
    assert one["created"]
    assert len(one["text_sha256"]) == 64
    assert served.client.get(f"/v1/documents/{document}/annotations").content == before


def test_a_label_in_the_place_of_another_is_one_correction_by_page_file_and_api_alike(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document], coders=["ana", "ben", "eva"], layers=["victim"])["id"]
    code(served, review, document, "ana", SHELTER, [SAFETY])
    line = {"document": document, "coder": "ben", "start": SHELTER[0], "end": SHELTER[1], "labels": [SAFETY]}
    sent = served.client.post(f"/v1/reviews/{review}/files", content=json.dumps(line), headers={"Content-Type": "application/jsonl"})
    assert sent.status_code == 200, sent.text
    form = {"document": document, "start": SHELTER[0], "end": SHELTER[1], "label": SAFETY}
    assert served.client.post(f"/review/{review}/code?coder=eva", data=form, follow_redirects=False).status_code == 303
    found = [(d["coder"], d["action"], d["label"], d["replacement"]) for d in decisions(served, review)]
    assert found == [(coder, "correct", "assistance", {"label": "safety"}) for coder in ("ana", "ben", "eva")]
    [block] = served.client.get(f"/v1/reviews/{review}/reference").json()["items"]
    assert (block["standing"], block["reference"]) == ("agreed", [SAFETY])
    figures = served.client.get(f"/v1/reviews/{review}/agreement").json()["labels"][SAFETY]["figures"]
    assert figures["percent"]["value"] == 1
    page = served.client.get(f"/review/{review}?coder=eva&document={document}&start={SHELTER[0]}", headers={"Accept": "text/html"}).text
    assert "corrected Assistance to Safety" in " ".join(page.split())


def test_coding_again_and_undoing_leave_a_record(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    code(served, review, document, "ana", SHELTER, [SAFETY])
    code(served, review, document, "ana", SHELTER, None)
    tasks = served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana", "machine": True}).json()["items"]
    [task] = [t for t in tasks if t["start"] == SHELTER[0]]
    assert task["labels"] == sorted(task["machine"]) == ["four_p/protection", "indicators/rights.recovery", RECOVERY]
    assert len(decisions(served, review, coder="ana", undone=True)) == 3 + 3
    last = decisions(served, review, coder="ana")[0]
    undone = served.client.delete(f"/v1/reviews/{review}/decisions/{last['id']}")
    assert undone.json()["undone"]
    tasks = served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana"}).json()["items"]
    assert [t["labels"] for t in tasks if t["start"] == SHELTER[0]] == [None]


def test_findings_are_accepted_corrected_rejected_and_added(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    trigger = STATEMENTS[1].trigger
    place = {"document_id": document, "coder": "ana", "layer": "statements", "start": trigger.start, "end": trigger.end}
    for more in (
        {"action": "accept"},
        {"action": "correct", "replacement": {"strength": "mandatory"}},
        {"action": "reject"},
        {"action": "comment", "comment": "is “where appropriate” a softener?"},
        {"action": "add", "start": 2, "end": 9},
    ):
        answer = served.client.post(f"/v1/reviews/{review}/decisions", json=place | more)
        assert answer.status_code == 201, answer.text
        found = answer.json()
        assert found["quote"] == TEXT[found["start"] : found["end"]]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"label": "kindness"}, "bad-decision"),
        ({"action": "accept", "label": "privacy"}, "bad-decision"),
        ({"action": "correct"}, "bad-decision"),
        ({"action": "correct", "replacement": {"label": "kindness"}}, "bad-decision"),
        ({"action": "comment"}, "bad-decision"),
        ({"start": 5, "end": 100_000}, "bad-decision"),
        ({"document_id": "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"}, "bad-decision"),
        ({"layer": "framing", "label": None}, "bad-decision"),
        ({"coder": ""}, "invalid-request"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(served: Served, change: dict[str, Any], kind: str) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    body = {"document_id": document, "coder": "ana", "layer": "victim", "label": "assistance", "start": SHELTER[0], "end": SHELTER[1]}
    answer = served.client.post(f"/v1/reviews/{review}/decisions", json=body | {"action": "accept"} | change)
    assert (answer.status_code, slug(answer)) == (422, kind)
    assert decisions(served, review) == []


def test_the_least_sure_blocks_come_first(served: Served) -> None:
    documents = [annotated_document(served), annotated_document(served)]
    review = start(served, documents, assigned_by="uncertainty", blocks_per_coder=3)["id"]
    tasks = served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana"}).json()["items"]
    assert [(documents.index(t["document_id"]), t["start"]) for t in tasks] == [(0, SHELTER[0]), (0, TERM_A[0]), (1, SHELTER[0])]


def test_documents_are_shared_out(served: Served) -> None:
    documents = [annotated_document(served) for _ in range(4)]
    review = start(served, documents, coders=["a", "b", "c", "d"], coders_per_document=1)["id"]
    mine = {c: served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": c}).json()["items"] for c in "abcd"}
    assert sorted(documents.index(t[0]["document_id"]) for t in mine.values()) == [0, 1, 2, 3]


def test_a_closed_review_takes_nothing_more_and_shows_all(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    code(served, review, document, "ana", SHELTER, [SAFETY])
    assert served.client.post(f"/v1/reviews/{review}/close").json()["closed"]
    assert slug(code(served, review, document, "ben", SHELTER, [])) == "review-closed"
    assert {d["coder"] for d in decisions(served, review, coder="ben")} == {"ana"}


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"documents": ["01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"]}, 422, "document-not-reviewable"),
        ({"coders": []}, 422, "invalid-request"),
        ({"coders": ["\u200b"]}, 422, "bad-review"),
        ({"layers": ["moods"]}, 422, "bad-review"),
    ],
)
def test_a_review_that_cannot_be_is_refused(served: Served, body: dict[str, Any], status: int, kind: str) -> None:
    order = {"name": "x", "documents": [annotated_document(served)], "coders": ["ana"]} | body
    answer = served.client.post("/v1/reviews", json=order)
    assert (answer.status_code, slug(answer)) == (status, kind)


def test_deleting_a_document_takes_its_decisions_with_it(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    code(served, review, document, "ana", SHELTER, [SAFETY])
    assert served.client.delete(f"/v1/documents/{document}").status_code == 204
    assert decisions(served, review) == []
    assert served.client.delete(f"/v1/reviews/{review}").status_code == 204
    assert slug(served.client.get(f"/v1/reviews/{review}")) == "no-such-review"
