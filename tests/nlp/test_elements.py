"""Elements of trafficking definitions and offences, as the words of the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.definitions.find import find_definitions
from nlp.elements import find_elements
from nlp.types import Element, Passage, PassageRole
from tests.nlp.parsed import read

ROWS: list[tuple[str, list[tuple[str, str]]]] = [
    (
        "Whoever recruits, transports or harbours a person by means of threats or force for the purpose of exploitation shall be punished.",
        [("act", "recruits, transports or harbours"), ("means", "threats or force"), ("purpose", "exploitation")],
    ),
    (
        "Any person who recruits, harbors, transports, or obtains a minor for the purpose of prostitution is guilty of a felony.",
        [("act", "recruits, harbors, transports, or obtains"), ("child", "a minor"), ("purpose", "prostitution")],
    ),
    (
        "It is unlawful for any person knowingly to place or keep another person in debt bondage.",
        [("act", "place or keep another person"), ("purpose", "debt bondage")],
    ),
    (
        "The consent of the victim to the intended exploitation shall be irrelevant.",
        [("consent", "The consent of the victim to the intended exploitation shall be irrelevant")],
    ),
    ("The agency shall provide or obtain training on the transport of goods.", []),
    ("States shall assist persons who were recruited, transported or harboured.", []),
    ("The Secretary shall transfer, receive and provide funds.", []),
]


def elements(text: str) -> list[Element]:
    passages = (Passage("sec_1", 0, len(text), text, PassageRole.OPERATIVE),)
    defined, loose = find_elements(text, passages, find_definitions(text, passages, (), ()))
    return sorted([e for d in defined for e in d.elements] + list(loose), key=lambda e: (e.start, e.end))


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[text[:50] for text, _ in ROWS])
def test_a_provision_has_its_elements(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(e.role.value, e.text) for e in elements(text)] == expected


DEFINITION = """Model Statute

Section 2. Definitions

(1) In this Act, "trafficking in persons" means the recruitment, transfer or receipt of persons by any of the following means:

(a) the use of force;

(b) deception,

(2) "Exploitation" includes forced labour and servitude.
"""


def test_items_take_the_role_that_their_chapeau_opens() -> None:
    structure, docs = read(DEFINITION)
    found = find_definitions(DEFINITION, structure.passages, docs, structure.units)
    defined, loose = find_elements(DEFINITION, structure.passages, found)
    assert [(e.role.value, e.text) for e in defined[0].elements] == [("act", "recruitment, transfer or receipt of persons")]
    assert [(e.role.value, e.text) for e in loose] == [("means", "the use of force"), ("means", "deception")]
    assert [(e.role.value, e.text) for e in defined[1].elements] == [("purpose", "forced labour and servitude")]


WORDS = st.lists(
    st.sampled_from(
        "whoever recruits , transports or harbours a person by means of force for the purpose exploitation : ; . consent child is".split()
    ),
    max_size=40,
).map(" ".join)


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.text(max_size=150), WORDS))
def test_elements_quote_their_text(text: str) -> None:
    for e in elements(text):
        assert 0 <= e.start < e.end <= len(text)
        assert text[e.start : e.end] == e.text
