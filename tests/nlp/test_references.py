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
        ("Subparagraph (b) of paragraph 1 applies.", "Subparagraph (b) of paragraph 1", "art_1__para_1__point_b", None),
        (
            "See article 1, paragraph 1 (b), of this Convention.",
            "article 1, paragraph 1 (b), of this Convention",
            "art_1__para_1__point_b",
            None,
        ),
        ("See articles 2, 3 and 99.", "articles 2, 3 and 99", "art_2", None),
        ("Section 7102(9) of title 22 applies.", "Section 7102(9) of title 22", None, "us-tvpa"),
        ("The Convention on the Rights of the Child and the rest.", "Convention on the Rights of the Child", None, "crc"),
        ("The Palermo Protocol Act 1990 applies.", "Palermo Protocol Act 1990", None, None),
        ("See article 4 of that Act.", "article 4 of that Act", None, None),
        ("Subsection 1(1)(b) applies.", "Subsection 1(1)(b)", "art_1__para_1__point_b", None),
        ("A State Party to the Palermo Protocol acts.", "Palermo Protocol", None, "palermo"),
        ("It is open to the Parties to the Palermo Protocol and all States.", "Palermo Protocol", None, "palermo"),
        ("The States represent the Palermo Protocol in the General Assembly.", "Palermo Protocol", None, "palermo"),
    ],
)
def test_citations(words: str, quote: str, target: str | None, work: str | None) -> None:
    text = TEXT.format(words=words)
    found = {(r.text, r.target, r.work) for r in find_references(text, find_structure(text), WORKS.get) if r.unit == "art_1__para_2"}
    assert (quote, target, work) in found


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        ("Articles 1 to 3 apply.", ("art_1", "art_2", "art_3")),
        ("Articles 1, 3 and 99 apply.", ("art_1", "art_3")),
        ("Subparagraphs (a) and (b) of paragraph 1 apply.", ("art_1__para_1__point_a", "art_1__para_1__point_b")),
        ("Paragraphs 1(1)(a) and (b) apply.", ("art_1__para_1__point_a", "art_1__para_1__point_b")),
        ("Article 1(1)(a) or (b) applies.", ("art_1__para_1__point_a", "art_1__para_1__point_b")),
        ("Article 1, paragraphs 1 and 2, applies.", ("art_1__para_1", "art_1__para_2")),
        ("Article 2 applies.", ("art_2",)),
        ("Article 99 applies.", ()),
    ],
)
def test_a_list_or_range_names_each_of_its_members(words: str, targets: tuple[str, ...]) -> None:
    text = TEXT.format(words=words)
    assert [r.targets for r in find_references(text, find_structure(text), WORKS.get) if r.unit == "art_1__para_2"] == [targets]


AMENDING = """Harbours (Amendment) Act 2020

1. In this Act, “Act of 1998” means the Harbour Safety Act 1998.

2. Section 3 of the Act of 1998 is amended—

(a) in subsection (2), by deleting “red”;

(b) by inserting after subsection (3) the following:

“(4) Subsection (5) applies.

(5) A ship is white.”.

3. Section 2 does not bind ships. See section 3 of that Act.
"""


@pytest.mark.parametrize(
    ("unit", "quote", "target", "work"),
    [
        ("sec_2", "Section 3 of the Act of 1998", None, "harbour-act"),
        ("sec_2__para_a", "subsection (2)", None, "harbour-act"),
        ("sec_2__para_b__qstr_1__subsec_4", "Subsection (5)", "sec_2__para_b__qstr_1__subsec_5", "harbour-act"),
        ("sec_3", "Section 2", "sec_2", None),
        ("sec_3", "section 3 of that Act", None, None),
    ],
)
def test_what_amends_another_law_cites_that_law(unit: str, quote: str, target: str | None, work: str | None) -> None:
    found = find_references(AMENDING, find_structure(AMENDING), WORKS.get)
    assert (quote, target, work) in {(r.text, r.target, r.work) for r in found if r.unit == unit}


COMMENT = """General comment No. 1

1. The Convention on the Rights of the Child binds many States.

2. Article 3 of the Convention and article 4 matter. See paragraph 1.
"""


def test_a_comment_without_articles_cites_those_of_its_convention() -> None:
    found = {(r.text, r.target, r.work) for r in find_references(COMMENT, find_structure(COMMENT), WORKS.get)}
    assert {("Article 3 of the Convention", None, "crc"), ("article 4", None, "crc"), ("paragraph 1", "para_1", None)} <= found


def test_the_convention_of_a_protocol_is_the_one_that_its_title_names() -> None:
    text = "Protocol to the Convention on the Rights of the Child\n\nArticle 1\n\nArticle 5 of the Convention applies, and article 2.\n\nArticle 2\n\nEnd.\n"
    found = {(r.text, r.target, r.work) for r in find_references(text, find_structure(text), WORKS.get)}
    assert {("Article 5 of the Convention", None, "crc"), ("article 2", "art_2", None)} <= found


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
