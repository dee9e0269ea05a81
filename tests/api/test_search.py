from __future__ import annotations

from typing import Any

import pytest

from tests.api.reviewed import annotated_document, give_meaning
from tests.api.service import Served, slug


def found(served: Served, **asked: Any) -> dict[str, Any]:
    answer = served.client.get("/v1/search", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_search_gives_provisions_with_their_labels_and_instrument(served: Served) -> None:
    document = annotated_document(served, title="Harbour Convention", date="2019", kind="convention")
    one = found(served, q="victims shelter")["items"][0]
    assert one["document"]["id"] == document
    assert (one["document"]["title"], one["document"]["kind"], one["place"], one["heading"]) == (
        "Harbour Convention",
        "convention",
        "Article 3(1)",
        "Assistance",
    )
    assert {"layer": "victim", "label": "assistance", "strength": None, "bearer": None, "probability": 0.9} in one["labels"]
    words = [one["snippet"]["text"][a:b] for a, b in one["snippet"]["marks"]]
    assert words == ["victims", "shelter"]
    assert one["links"]["page"] == f"/documents/{document}/at/art_3__para_1"
    assert served.client.get(one["links"]["document"]).status_code == 200


def test_conditions_go_with_words_and_without(served: Served) -> None:
    annotated_document(served, kind="convention", work="harbour", date="2019-05-01")
    assert found(served, label=["victim/assistance", "four_p/protection"])["total"] == 1
    assert found(served, bearer="state", strength="qualified", q="victims")["total"] == 1
    assert found(served, kind="convention", work="harbour", since="2019", until="2019", framing="crime")["total"] == 2
    assert found(served, kind="con\x00vention", framing="crime")["total"] == 2
    assert found(served, layer="definitions", limit=1)["next_offset"] == 1
    assert found(served, layer="definitions", limit=1, offset=1)["next_offset"] is None


def test_provisions_like_one(served: Served) -> None:
    here, there = annotated_document(served), annotated_document(served)
    give_meaning(served, here)
    give_meaning(served, there)
    asked = {"document": here, "unit": "art_3__para_1"}
    items = served.client.get("/v1/search/like", params=asked).json()["items"]
    assert (items[0]["document"]["id"], items[0]["unit"], items[0]["score"]) == (there, "art_3__para_1", 1.0)
    assert here in {one["document"]["id"] for one in items}
    elsewhere = served.client.get("/v1/search/like", params={**asked, "elsewhere": True, "framing": "rights"}).json()
    assert [one["document"]["id"] for one in elsewhere["items"]] == [there] * 3
    assert elsewhere["distances"] in {"numpy", "sqlite-vec"}


@pytest.mark.parametrize(
    ("path", "asked", "status", "kind", "says"),
    [
        ("", {"q": '"open'}, 422, "bad-search", "quotation mark"),
        ("", {"q": "child OR"}, 422, "bad-search", "After OR"),
        ("", {}, 422, "bad-search", "needs words or a filter"),
        ("", {"q": "x", "label": "victim"}, 422, "invalid-request", ""),
        ("", {"q": "x", "since": "last year"}, 422, "invalid-request", ""),
        ("", {"q": "x", "colour": "red"}, 422, "invalid-request", ""),
        ("", {"q": "x", "offset": 10**9}, 422, "invalid-request", ""),
        ("/like", {"document": "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55", "unit": "art_1"}, 404, "no-such-provision", ""),
        ("/like", {"unit": "art_1"}, 422, "invalid-request", ""),
    ],
)
def test_what_cannot_be_searched_is_said(served: Served, path: str, asked: dict[str, Any], status: int, kind: str, says: str) -> None:
    answer = served.client.get(f"/v1/search{path}", params=asked)
    assert (answer.status_code, slug(answer)) == (status, kind)
    assert says in answer.json()["detail"]


def test_a_provision_without_a_vector_is_named(served: Served) -> None:
    document = annotated_document(served)
    answer = served.client.get("/v1/search/like", params={"document": document, "unit": "art_3__para_1"})
    assert (answer.status_code, slug(answer)) == (409, "no-meaning")
    assert "--rebuild" in answer.json()["detail"]


def test_a_sentence_is_embedded_without_torch(served: Served) -> None:
    import subprocess
    import sys

    document = annotated_document(served)
    give_meaning(served, document)
    assert found(served, q="What happens to those who were carried?", by="meaning")["total"] == 6
    program = (
        "import sys; from corpora.search.meaning import meaning_of; from corpora.codebooks import MODEL;"
        "print(len(meaning_of('shelter', MODEL)), *(n for n in ('torch', 'spacy', 'transformers') if n in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["384"]
