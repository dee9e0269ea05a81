from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.references import find_references
from nlp.structure.find import find_structure

TEXT = """Model Convention on Fair Harbours

Article 1 – Terms

1. A harbour is a place:

(a) for ships;

(b) for boats.

2. {words}

Article 2 – Duties

Each Party shall act.

Article 3 – More duties

Each Party shall act.
"""

WORKS = {
    "Convention on the Rights of the Child": "crc",
    "Harbour Safety Act 1998": "harbour-act",
    "Palermo Protocol": "palermo",
    "22 U.S.C. 7102": "us-tvpa",
}


@pytest.mark.parametrize(
    ("words", "quote", "target", "work"),
    [
        ("As article 2 of this Convention says.", "article 2 of this Convention", "art_2", None),
        ("As paragraph 1 of this article says.", "paragraph 1 of this article", "art_1__para_1", None),
        ("As paragraph 1 (a) says.", "paragraph 1 (a)", "art_1__para_1__point_a", None),
        ("Articles 2 to 3 apply.", "Articles 2 to 3", "art_2", None),
        ("Article 1(1)(b) applies.", "Article 1(1)(b)", "art_1__para_1__point_b", None),
        ("See article 99.", "article 99", None, None),
        ("Under the Convention on the Rights of the Child, it may.", "Convention on the Rights of the Child", None, "crc"),
        ("Under section 3 of the Harbour Safety Act 1998, it may.", "section 3", None, "harbour-act"),
        ("See the Palermo Protocol.", "Palermo Protocol", None, "palermo"),
        ("As defined in 22 U.S.C. 7102(9).", "22 U.S.C. 7102(9)", None, "us-tvpa"),
        ("Directive 2011/36/EU applies.", "Directive 2011/36/EU", None, None),
    ],
)
def test_citations(words: str, quote: str, target: str | None, work: str | None) -> None:
    text = TEXT.format(words=words)
    found = {(r.text, r.target, r.work) for r in find_references(text, find_structure(text), WORKS.get) if r.unit == "art_1__para_2"}
    assert (quote, target, work) in found


@pytest.mark.parametrize("words", ["This part of the harbour is closed.", "The act was unlawful.", "He took part 3 times in all."])
def test_words_that_only_look_like_citations_do_not_reach_a_unit(words: str) -> None:
    text = TEXT.format(words=words)
    assert [r for r in find_references(text, find_structure(text), WORKS.get) if r.target] == []


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_words_are_read(words: str) -> None:
    text = TEXT.replace("{words}", words)
    end = 0
    for reference in find_references(text, find_structure(text), WORKS.get):
        assert text[reference.start : reference.end] == reference.text
        assert reference.start >= end
        end = reference.end
