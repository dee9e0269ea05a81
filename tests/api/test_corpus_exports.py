"""Whole corpora as files: made by a job, followed, fetched, and gone with what they hold."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.service import Served, slug
from tests.api.test_corpora import UNKNOWN, made, sent
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
