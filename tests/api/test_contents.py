from __future__ import annotations

import json

import pytest

from nlp.wire import dumps
from tests.api.service import Served, slug
from tests.workers.small_work import count
from workers.work import JobInput

TEXT = "Each State Party shall protect victims — “always”."


def expected(text: str) -> str:
    return dumps(count(JobInput(text.encode(), None, None, lambda stage, progress: None)))


def test_annotations_are_the_bytes_that_the_pipeline_wrote(served: Served) -> None:
    at = f"/v1/documents/{served.annotated(TEXT.encode())}/annotations"
    answer = served.client.get(at)
    assert answer.headers["content-type"] == "application/json"
    assert answer.text == expected(TEXT)


def test_layers_come_without_the_text(served: Served) -> None:
    at = f"/v1/documents/{served.annotated(TEXT.encode())}/annotations"
    assert list(json.loads(served.client.get(at, params={"layer": "framing"}).text)) == [
        "schema",
        "status",
        "document",
        "pipeline",
        "framing",
    ]
    assert slug(served.client.get(at, params={"layer": "poetry"})) == "invalid-request"


@pytest.mark.parametrize("path", ["annotations", "annotations?layer=framing", "text", "original"])
def test_what_a_client_has_is_not_sent_again(served: Served, path: str) -> None:
    at = f"/v1/documents/{served.annotated(TEXT.encode())}/{path}"
    tag = served.client.get(at).headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = served.client.get(at, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert served.client.get(at, headers={"If-None-Match": '"other"'}).status_code == 200


def test_layers_have_tags_of_their_own(served: Served) -> None:
    at = f"/v1/documents/{served.annotated(TEXT.encode())}/annotations"
    asked = ({}, {"layer": "framing"}, {"layer": "units"}, {"layer": ["units", "framing"]})
    tags = [served.client.get(at, params=params).headers["etag"] for params in asked]
    assert len(set(tags)) == len(asked)


def test_an_annotation_can_be_asked_for_by_its_pipeline(served: Served) -> None:
    document_id = served.annotated(TEXT.encode())
    [known] = served.client.get(f"/v1/documents/{document_id}").json()["annotations"]
    at = f"/v1/documents/{document_id}/annotations"
    assert served.client.get(at, params={"pipeline": known["pipeline_digest"]}).text == expected(TEXT)
    assert slug(served.client.get(at, params={"pipeline": "0" * 64})) == "no-such-annotation"


def test_the_text_is_plain_and_inert(served: Served) -> None:
    answer = served.client.get(f"/v1/documents/{served.annotated(TEXT.encode())}/text")
    assert (answer.text, answer.headers["content-type"]) == (TEXT, "text/plain; charset=utf-8")
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("a b.txt", "a%20b.txt"),
        ("Übereinkommen.html", "%C3%9Cbereinkommen.html"),
        ("x'; y=*.svg", "x%27%3B%20y%3D%2A.svg"),
        ("人.pdf", "%E4%BA%BA.pdf"),
    ],
)
def test_the_original_is_saved_under_its_name_and_never_shown(served: Served, name: str, encoded: str) -> None:
    body = b"<script>alert(1)</script>"
    document_id = served.upload(body, name=name)["document_id"]
    answer = served.client.get(f"/v1/documents/{document_id}/original")
    assert answer.content == body
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{encoded}"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(("word", "status", "problem"), [("", 409, "not-annotated-yet"), ("refuse ", 409, "annotation-failed")])
def test_what_is_not_there_is_explained(served: Served, word: str, status: int, problem: str) -> None:
    document_id = served.upload(f"{word}words".encode())["document_id"]
    if word:
        served.work()
    for path in ("annotations", "text"):
        answer = served.client.get(f"/v1/documents/{document_id}/{path}")
        assert (answer.status_code, slug(answer)) == (status, problem)
    if word:
        assert answer.json()["detail"] == "This document asks to be refused."
    assert served.client.get(f"/v1/documents/{document_id}/original").status_code == 200
