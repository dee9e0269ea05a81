from __future__ import annotations

from typing import Any

import pytest

from tests.api.reviewed import annotated_document, give_meaning
from tests.api.service import Served


def shown(served: Served, path: str = "/search", status: int = 200, **asked: Any) -> str:
    answer = served.client.get(path, params=asked, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    return str(answer.text)


def test_results_show_words_labels_and_the_way_to_the_provision(served: Served) -> None:
    document = annotated_document(served, title="Harbour <Convention>", date="2019")
    page = shown(served, q="forced labour", label="", framing="", since="")
    assert "Harbour &lt;Convention&gt;" in page
    assert "&lt;<mark>forced</mark>&gt; <mark>labour</mark>" in page
    assert f'href="/documents/{document}/at/art_1__para_a"' in page
    assert "Crime definition" in page
    assert served.client.get(f"/documents/{document}/at/art_1__para_a", follow_redirects=False).status_code == 303


def test_provisions_like_one_are_a_link_away(served: Served) -> None:
    document = annotated_document(served)
    give_meaning(served, document)
    page = shown(served, q="shelter")
    assert f"/search/like?document={document}&amp;unit=art_3__para_1" in page
    near = shown(served, "/search/like", document=document, unit="art_3__para_1")
    assert near.index("Article 3(2)") < near.index("Recital 1")
    assert "nearness 1.00" in near or "nearness 0.99" in near


@pytest.mark.parametrize(
    ("asked", "says"),
    [({"q": '"open'}, "A quotation mark is not closed."), ({"q": "–"}, "needs words or a filter"), ({"since": "soon"}, "Since")],
)
def test_what_cannot_be_searched_is_said_above_the_form(served: Served, asked: dict[str, str], says: str) -> None:
    page = shown(served, status=422, **asked)
    assert says in page
    assert 'role="alert"' in page


def test_first_nothing_is_asked_and_nothing_found_is_said(served: Served) -> None:
    assert "For instance" in shown(served)
    assert "Nothing was found" in shown(served, q="shelter")


def test_pages_of_results_keep_what_was_asked(served: Served) -> None:
    annotated_document(served)
    page = shown(served, q="the OR no OR any", limit=1, framing="rights")
    assert "q=the+OR+no+OR+any" in page
    assert "offset=1" in page
    assert 'rel="prev"' not in page
    assert 'rel="prev"' in shown(served, q="the OR no OR any", limit=1, offset=1)
