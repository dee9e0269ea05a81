"""Review in the browser, as far as it needs no browser: every act is a form that works without script."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from corpora.store.keys import Scope
from tests.annotated import NO_VICTIM, RECITAL, SHELTER, TERM_A, TERM_B
from tests.api.keyed import bearer, new_key
from tests.api.reviewed import annotated_document, start
from tests.api.service import Served, slug

RECOVERY, ASSISTANCE, SAFETY = "indicators/rights.recovery", "victim/assistance", "victim/safety"
PAGE = {"Accept": "text/html"}


def shown(served: Served, address: str, status: int = 200) -> str:
    answer = served.client.get(address, headers=PAGE)
    assert answer.status_code == status, answer.text
    return re.sub(r"\s+", " ", str(answer.text))


def sent(served: Served, address: str, **fields: Any) -> str:
    """Where a form leads on to."""
    answer = served.client.post(address, data=fields, headers=PAGE, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def code(
    served: Served, review: str, document: str, block: tuple[int, int], labels: list[str], query: str = "coder=ana", **more: Any
) -> str:
    return sent(served, f"/review/{review}/code?{query}", document=document, start=block[0], end=block[1], label=labels, **more)


def goes_to(address: str) -> int:
    """Where the provision begins that is shown next."""
    return int(parse_qs(urlsplit(address).query)["start"][0])


def ticked(page: str) -> list[str]:
    return [key for key, more in re.findall(r'name="label" value="([^"]+)"([^>]*)>', page) if "checked" in more.split()]


def of_coder(served: Served, review: str, block: tuple[int, int], query: str = "coder=ana") -> str:
    document = served.client.get(f"/v1/reviews/{review}").json()["documents"][0]
    return shown(served, f"/review/{review}?{query}&document={document}&start={block[0]}")


def test_a_review_is_started_gone_through_and_taken_back(served: Served) -> None:
    document = annotated_document(served, title="Harbour <Convention>")
    assert "Harbour &lt;Convention&gt;" in shown(served, "/review")
    where = sent(served, "/review", coders=" ana \n", document=document, name="first", layer=["indicators", "victim"])
    review = urlsplit(where).path.rpartition("/")[2]
    first = shown(served, where)
    assert "0 of 6 done, 6 left" in first
    assert "Recital 1" in first
    led = code(served, review, document, SHELTER, [ASSISTANCE, SAFETY])
    assert goes_to(led) == NO_VICTIM[0]
    assert "Corrected." in shown(served, led)
    again = of_coder(served, review, SHELTER)
    assert ticked(again) == [ASSISTANCE, SAFETY]
    for words in ("✕ rejected", "✓ accepted", "+ added", "Machine: yes, 88 %", "1 of 6 done, 5 left"):
        assert words in again
    back = sent(served, f"/review/{review}/undo?coder=ana")
    assert goes_to(back) == SHELTER[0]
    page = shown(served, back)
    assert ticked(page) == [RECOVERY, ASSISTANCE]
    assert page.count("taken back") == 3
    kept = served.client.get(f"/v1/reviews/{review}/decisions?undone=true").json()["items"]
    assert {(one["action"], bool(one["undone"])) for one in kept} == {("accept", True), ("reject", True), ("add", True)}


def test_evidence_meaning_probability_and_doubt_are_shown(served: Served) -> None:
    review = start(served, [annotated_document(served)])["id"]
    page = of_coder(served, review, SHELTER)
    assert re.search(r'<mark class="e\d ">shelter<sup aria-hidden="true">\d</sup></mark>', page)
    assert "material, medical, psychological help" in page
    assert "Machine: no, 50 %" in page
    assert "not sure" in page
    assert "/documents/" in page
    hidden = of_coder(served, review, SHELTER, "coder=ana&hide=true")
    assert "Machine:" not in hidden
    assert "<mark" not in hidden
    assert ticked(hidden) == []


@pytest.mark.parametrize(
    ("wish", "starts"),
    [
        ({"label": "victim"}, [SHELTER, NO_VICTIM, TERM_A]),
        ({"label": ASSISTANCE}, [SHELTER]),
        ({"undecided": "true"}, [TERM_A, SHELTER]),
        ({"undecided": "true", "order": "uncertain"}, [SHELTER, TERM_A]),
        ({"low": "0.9", "label": "indicators"}, [RECITAL, TERM_A]),
        ({"high": "0.5"}, [TERM_A, SHELTER]),
        ({"label": "victim/privacy"}, []),
    ],
)
def test_work_is_narrowed_alike_by_page_and_api(served: Served, wish: dict[str, str], starts: list[tuple[int, int]]) -> None:
    review = start(served, [annotated_document(served)])["id"]
    found = served.client.get(f"/v1/reviews/{review}/tasks", params={"coder": "ana"} | wish).json()["items"]
    expected = {one[0] for one in starts}
    assert expected <= {task["start"] for task in found}
    if "order" in wish:
        assert [task["start"] for task in found] == [one[0] for one in starts]
    query = "&".join(f"{name}={value}" for name, value in wish.items())
    page = shown(served, f"/review/{review}?coder=ana&{query}")
    assert (f"1 of {len(found)}" if found else "No provision fits") in page


def test_the_last_act_is_taken_back_first(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    code(served, review, document, TERM_B, [])
    code(served, review, document, SHELTER, [SAFETY])
    stays = code(served, review, document, TERM_B, [], act="comment", comment="no victim here")
    assert goes_to(stays) == TERM_B[0]
    assert "no victim here" in shown(served, stays)
    taken = [served.client.post(f"/v1/reviews/{review}/undo", json={"coder": "ana"}).json()["start"] for _ in range(3)]
    assert taken == [TERM_B[0], SHELTER[0], TERM_B[0]]
    assert slug(served.client.post(f"/v1/reviews/{review}/undo", json={"coder": "ana"})) == "nothing-to-undo"
    assert served.client.get(f"/v1/reviews/{review}").json()["progress"][0]["coded"] == 0


def test_the_end_is_said_and_what_is_left_comes_round(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document], coders=["ana"])["id"]
    blocks = [(t["start"], t["end"]) for t in served.client.get(f"/v1/reviews/{review}/tasks?coder=ana").json()["items"]]
    led = [code(served, review, document, block, [], act="reject") for block in (*blocks[1:], blocks[0])]
    assert [goes_to(one) for one in led[:-1]] == [*(b[0] for b in blocks[2:]), blocks[0][0]]
    assert "Every provision is coded: 6." in shown(served, led[-1])


def test_nobody_sees_the_others_of_a_blind_review_until_it_is_closed(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    code(served, review, document, SHELTER, [SAFETY], "coder=ben", comment="shelter keeps them safe")
    before = of_coder(served, review, SHELTER)
    assert "<bdi>ben</bdi>" not in before
    assert "keeps them safe" not in before
    assert slug(served.client.get(f"/review/{review}?role=adjudicator&coder=ana")) == "still-blind"
    assert sent(served, f"/review/{review}/close") == f"/review#r{review}"
    after = of_coder(served, review, SHELTER)
    assert "<bdi>ben</bdi>" in after
    assert "keeps them safe" in after
    assert "is closed" in after


def test_disagreements_are_settled(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    for coder, labels in (("ana", [ASSISTANCE]), ("ben", [ASSISTANCE, SAFETY])):
        code(served, review, document, SHELTER, labels, f"coder={coder}")
        code(served, review, document, TERM_A, [], f"coder={coder}")
    seat = "role=adjudicator&coder=chair"
    page = shown(served, f"/review/{review}?{seat}")
    assert "0 of 1 settled, 1 left" in page
    assert ticked(page) == [ASSISTANCE]
    assert "All disagreements are settled: 1." in shown(served, code(served, review, document, SHELTER, [ASSISTANCE], seat))
    standing = served.client.get(f"/v1/reviews/{review}").json()["standing"]
    assert (standing["adjudicated"], standing["open"]) == (1, 0)


def test_a_key_codes_under_its_own_name_only(served: Served) -> None:
    document = annotated_document(served)
    _, secret = new_key(served, Scope.REVIEW)
    _, reader = new_key(served, Scope.READ)
    served.client.headers.update(bearer(secret))
    name = served.client.get("/v1/whoami").json()["actor"]
    review = start(served, [document], coders=[name, "ben"])["id"]
    assert "0 of 6 done" in shown(served, f"/review/{review}")
    assert slug(served.client.get(f"/review/{review}?coder=ben")) == "not-your-name"
    listed = shown(served, f"/review?document={document}")
    assert "coder=ben" not in listed
    assert "Review these labels" in shown(served, f"/documents/{document}/provisions/0")
    served.client.headers.update(bearer(reader))
    assert "Review these labels" not in shown(served, f"/documents/{document}/provisions/0")
    assert 'href="/review"' not in shown(served, "/documents")


def test_agreement_is_shown_with_its_intervals(served: Served) -> None:
    document = annotated_document(served)
    review = start(served, [document])["id"]
    assert "coded by two yet" in shown(served, f"/review/{review}/agreement")
    for block in (RECITAL, TERM_A, SHELTER):
        code(served, review, document, block, [ASSISTANCE] if block == SHELTER else [])
        code(served, review, document, block, [ASSISTANCE] if block != RECITAL else [], "coder=ben")
    for coder in ("ana", "ben"):
        body = {"document_id": document, "coder": coder, "layer": "statements", "action": "add", "start": SHELTER[0], "end": SHELTER[0] + 9}
        assert served.client.post(f"/v1/reviews/{review}/decisions", json=body).status_code == 201
    page = shown(served, f"/review/{review}/agreement")
    assert re.search(r"Statements</th> <td class=\"number\"[^>]*>\d+</td> <td class=\"number\"[^>]*><span>1\.00", page)
    percent = served.client.get(f"/v1/reviews/{review}/agreement").json()["labels"][ASSISTANCE]["figures"]["percent"]["value"]
    assert percent == pytest.approx(2 / 3)
    row = page[page.index("Assistance <small>") :].partition("</tr>")[0]
    assert ">67 % <small>" in row
    assert "<bdi>ana</bdi> and <bdi>ben</bdi>" in page
    assert slug(served.client.get(f"/review/{review}/agreement?coder=ana")) == "still-blind"
