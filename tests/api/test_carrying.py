from __future__ import annotations

from typing import Any

import pytest

from corpora.store import annotations
from corpora.store.annotations import Key
from nlp.wire import to_json
from tests.api.reviewed import start
from tests.api.service import Served, slug
from tests.structured import structured

FIRST = """Harbour Convention

Article 1

1. Each State Party shall provide victims of harbour trafficking with safe shelter and medical care.

2. Each State Party shall train the officers of its harbour police in finding victims.

3. The Secretariat shall keep a register of vessels that were found to carry victims.

Article 2

1. No victim shall be detained for having entered a harbour without leave.

2. Each State Party shall report every second year to the Conference of the Parties.
"""
# the shelter as it was; the police elsewhere, word for word; the register reworded; detention gone, but for a sentence much like it
SECOND = """Harbour Convention

Article 1

1. Each State Party shall provide victims of harbour trafficking with safe shelter and medical care.

2. The Secretariat shall keep a public register of all vessels that were found to carry victims.

Article 2

1. No officer shall be detained for having entered a harbour without leave.

2. Each State Party shall report every second year to the Conference of the Parties.

3. Each State Party shall train the officers of its harbour police in finding victims.
"""


def stored(served: Served, text: str) -> str:
    accepted = served.upload(text.encode(), "harbour.txt", work="harbour")
    with served.store.transaction() as tx:
        key = Key("default", "0" * 64, accepted["document_id"], "0" * 64)
        annotations.attach(tx, accepted["document_id"], annotations.keep(tx, key, to_json(structured(text))))
    return str(accepted["document_id"])


def blocks(text: str) -> list[tuple[int, int]]:
    return [(b.start, b.end) for b in structured(text).blocks]


def decide_all(served: Served, review: str, document: str, text: str) -> None:
    for first, last in blocks(text):
        body = {"document_id": document, "coder": "ana", "start": first, "end": last, "labels": ["victim/assistance"]}
        assert served.client.post(f"/v1/reviews/{review}/codings", json=body).status_code == 200


def by_words(served: Served, review: str, document: str) -> dict[str, dict[str, Any]]:
    found = served.client.get(f"/v1/reviews/{review}/decisions").json()["items"]
    return {d["quote"]: d for d in found if d["document_id"] == document}


def test_decisions_follow_a_document_to_its_next_version(served: Served) -> None:
    earlier, later = stored(served, FIRST), stored(served, SECOND)
    review = start(served, [earlier], coders=["ana"])["id"]
    decide_all(served, review, earlier, FIRST)
    answer = served.client.post(f"/v1/reviews/{review}/carry", json={"earlier": earlier, "later": later})
    counts = answer.json()["counts"]
    assert sum(counts.values()) == len(blocks(FIRST)), answer.text
    found = by_words(served, review, later)
    same = {words: d["carried_as"] for words, d in found.items()}
    assert same["1. Each State Party shall provide victims of harbour trafficking with safe shelter and medical care."] == "exact"
    assert same["3. Each State Party shall train the officers of its harbour police in finding victims."] == "moved"
    assert same["2. The Secretariat shall keep a public register of all vessels that were found to carry victims."] == "edited"
    for one in found.values():
        if one["carried_as"] in {"exact", "moved", "edited"}:
            assert SECOND[one["start"] : one["end"]] == one["quote"]
        else:
            assert (one["start"], one["end"]) == (0, 0)
        assert one["carried_from"]
    tasks = served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana"}).json()["items"]
    todo = [t["text"] for t in tasks if t["document_id"] == later and t["labels"] is None]
    assert todo == [
        "2. The Secretariat shall keep a public register of all vessels that were found to carry victims.",
        "1. No officer shall be detained for having entered a harbour without leave.",
    ]


def test_a_look_alike_is_never_exact(served: Served) -> None:
    earlier, later = stored(served, FIRST), stored(served, SECOND)
    review = start(served, [earlier], coders=["ana"])["id"]
    decide_all(served, review, earlier, FIRST)
    served.client.post(f"/v1/reviews/{review}/carry", json={"earlier": earlier, "later": later})
    planted = [d for d in served.client.get(f"/v1/reviews/{review}/decisions").json()["items"] if "detained" in d["quote"]]
    assert next(d["carried_as"] for d in planted if d["document_id"] == later) not in {"exact", "moved"}


def test_carrying_twice_adds_nothing(served: Served) -> None:
    earlier, later = stored(served, FIRST), stored(served, SECOND)
    review = start(served, [earlier], coders=["ana"])["id"]
    decide_all(served, review, earlier, FIRST)
    for wanted in (len(blocks(FIRST)), 0):
        answer = served.client.post(f"/v1/reviews/{review}/carry", json={"earlier": earlier, "later": later})
        assert sum(answer.json()["counts"].values()) == wanted


@pytest.mark.parametrize("sides", [("later", "later"), ("earlier", "nobody")])
def test_what_is_no_version_of_the_review_is_refused(served: Served, sides: tuple[str, str]) -> None:
    ids = {"earlier": stored(served, FIRST), "later": stored(served, SECOND), "nobody": "01938c1e-7f3a-7c21-9d4e-2b1f6a0c9e55"}
    review = start(served, [ids["earlier"]])["id"]
    answer = served.client.post(f"/v1/reviews/{review}/carry", json={"earlier": ids[sides[0]], "later": ids[sides[1]]})
    assert slug(answer) == "nothing-to-review"
