"""Definitions: terms, defining words, forms, scope, exclusions and later uses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.definitions.find import find_definitions
from nlp.definitions.uses import base_form, find_uses
from nlp.types import Definition, Passage, PassageRole
from tests.nlp.parsed import read

Row = tuple[str, str, str | None]

# Passage under the heading "Definitions", and per definition: term, form, defining words.
ROWS: list[tuple[str, list[Row]]] = [
    (
        '"Carrier" means any person who transports passengers for reward.',
        [("Carrier", "means", "any person who transports passengers for reward")],
    ),
    (
        "“Carrier” means any person who transports passengers for reward;",
        [("Carrier", "means", "any person who transports passengers for reward")],
    ),
    (
        "‘Carrier’ means any person who transports passengers for reward.",
        [("Carrier", "means", "any person who transports passengers for reward")],
    ),
    (
        "„carrier” shall mean any person who transports passengers for reward.",
        [("carrier", "means", "any person who transports passengers for reward")],
    ),
    (
        "«Carrier» means any person who transports passengers for reward.",
        [("Carrier", "means", "any person who transports passengers for reward")],
    ),
    ('The term "shelter" includes any hostel or private home.', [("shelter", "includes", "any hostel or private home")]),
    ("the term shelter means a place of safe lodging", [("shelter", "means", "a place of safe lodging")]),
    (
        'The expression "public place" shall include any street, park or station.',
        [("public place", "includes", "any street, park or station")],
    ),
    (
        '"Seizure" or "freezing" shall mean the temporary prohibition of the transfer of property.',
        [
            ("Seizure", "means", "the temporary prohibition of the transfer of property"),
            ("freezing", "means", "the temporary prohibition of the transfer of property"),
        ],
    ),
    (
        '"Harm", "injury" and "loss" mean damage of any kind.',
        [("Harm", "means", "damage of any kind"), ("injury", "means", "damage of any kind"), ("loss", "means", "damage of any kind")],
    ),
    (
        '"Guardian", in relation to a child, means the person who has care of the child.',
        [("Guardian", "means", "the person who has care of the child")],
    ),
    ('"Vessel", other than in section 9, means any ship or boat.', [("Vessel", "means", "any ship or boat")]),
    (
        '"Inspector" has the meaning given by section 4 of the Labour Act 1990.',
        [("Inspector", "reference", "section 4 of the Labour Act 1990")],
    ),
    ('"Inspector" has the meaning assigned to it by section 4.', [("Inspector", "reference", "section 4")]),
    ('"Inspector" has the same meaning as it has in the Labour Act 1990.', [("Inspector", "reference", "the Labour Act 1990")]),
    ('"Inspector" shall be construed in accordance with section 4.', [("Inspector", "reference", "section 4")]),
    (
        'The terms "nurse" and "midwife" have the meanings given those terms in section 12 of title 9.',
        [
            ("nurse", "reference", "the meanings given those terms in section 12 of title 9"),
            ("midwife", "reference", "the meanings given those terms in section 12 of title 9"),
        ],
    ),
    (
        '"Sponsor" is defined as any person who pays for the journey of another.',
        [("Sponsor", "means", "any person who pays for the journey of another")],
    ),
    (
        '"Returnee" refers to a person who has come back to the country of origin.',
        [("Returnee", "means", "a person who has come back to the country of origin")],
    ),
    (
        "For the purposes of this Law, a worker means every person employed for wages.",
        [("worker", "means", "every person employed for wages")],
    ),
    ('For the purpose of this Chapter, "agency" means a licensed recruiter.', [("agency", "means", "a licensed recruiter")]),
    ('In this Part, "notice" means notice in writing.', [("notice", "means", "notice in writing")]),
    ("In this Act—", []),
    ('"Debt" includes—', [("Debt", "includes", None)]),
    ('"Family", in relation to a survivor, means—', [("Family", "means", None)]),
    (
        "Any vehicle so used shall be deemed to be a means of conveyance for the purposes of this Act.",
        [("means of conveyance", "deeming", "Any vehicle so used")],
    ),
    (
        'The transfer of a minor for such a purpose shall be considered "trafficking in children" even if no force was used.',
        [("trafficking in children", "deeming", "The transfer of a minor for such a purpose")],
    ),
    (
        "A person who may be a minor shall be treated and protected as a child for as long as the doubt lasts.",
        [("child", "deeming", "A person who may be a minor")],
    ),
    ("The report shall be considered and published as soon as it is received.", []),
    ("Requests shall be treated as soon as they are received.", []),
    (
        "A person is said to groom a child if that person wins its trust for an unlawful end.",
        [("groom a child", "deeming", "that person wins its trust for an unlawful end")],
    ),
    (
        "In this section, a reference to a company includes a reference to a partnership.",
        [("company", "includes", "a reference to a partnership")],
    ),
    (
        "Human trafficking is the sale and exploitation of human beings.",
        [("Human trafficking", "means", "the sale and exploitation of human beings")],
    ),
    (
        "Slavery is the condition of a person over whom powers of ownership are exercised.",
        [("Slavery", "means", "the condition of a person over whom powers of ownership are exercised")],
    ),
    ("Forced labour refers to work that is exacted under threat.", [("Forced labour", "means", "work that is exacted under threat")]),
    (
        "Exploitation shall include, at a minimum, forced labour, servitude and begging.",
        [("Exploitation", "includes", "at a minimum, forced labour, servitude and begging")],
    ),
    (
        "(9) Labor trafficking.—The term “labor trafficking” means the obtaining of labor by force.",
        [("labor trafficking", "means", "the obtaining of labor by force")],
    ),
    (
        "“Bondage” means a pledge of services; references to “bondage” in this Act shall apply to heirs.",
        [("Bondage", "means", "a pledge of services")],
    ),
    (
        "“Wage” means any payment for work. It does not include gratuities. The employer shall keep records.",
        [("Wage", "means", "any payment for work. It does not include gratuities")],
    ),
    (
        "PREVENTION: Prevention encompasses the measures that reduce the risk of exploitation.",
        [("Prevention", "includes", "the measures that reduce the risk of exploitation")],
    ),
    (
        "grants for victims of severe forms of abuse (as defined in section 12 of title 9) may be made.",
        [("victims of severe forms of abuse", "reference", "defined in section 12 of title 9")],
    ),
    (
        "investigating or prosecuting severe forms of abuse (as defined in section 12 of title 9) is a duty.",
        [("severe forms of abuse", "reference", "defined in section 12 of title 9")],
    ),
    ("b)Bonded work means work done to settle a debt.", [("Bonded work", "means", "work done to settle a debt")]),
    (
        "“Clinic” means a place of treatment, excluding private houses;",
        [("Clinic", "means", "a place of treatment, excluding private houses")],
    ),
    (
        "“Survivor” (also called a former victim) means any person freed from exploitation.",
        [("Survivor", "means", "any person freed from exploitation")],
    ),
    ("It determines the purposes and means of the processing.", []),
    ("The State shall by all means protect the child.", []),
    ("He means to return.", []),
    ("This means that no exception is allowed.", []),
    ("This Act may be cited as the Safe Passage Act.", []),
    ("Parties shall take measures, including the training of staff.", []),
    ("The report includes statistics on arrests.", []),
    ("Such conduct shall be considered when the sentence is passed.", []),
    ("Account shall be taken of the needs of children.", []),
    ("Trafficking is a crime that affects every region.", []),
]


def definitions(text: str, heading: str = "Definitions") -> tuple[Definition, ...]:
    passage = Passage("art_1", 0, len(text), text, PassageRole.OPERATIVE, (heading,))
    return find_definitions(text, (passage,), (), ())


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[text[:50] for text, _ in ROWS])
def test_a_passage_defines_its_terms(text: str, expected: list[Row]) -> None:
    found = definitions(text)
    assert [(d.term.text, d.form.value, d.definiens and d.definiens.text) for d in found] == expected


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ('For the purposes of this Article, "debt" means a sum owed.', "For the purposes of this Article"),
        ('In this Part, "debt" means a sum owed.', "In this Part"),
        ('For the purposes of sections 3 and 4, "debt" means a sum owed.', "For the purposes of sections 3 and 4"),
        ('"Debt" means a sum owed.', None),
    ],
)
def test_the_words_that_limit_a_definition_are_kept(text: str, scope: str | None) -> None:
    (found,) = definitions(text)
    assert found.scope == scope


def test_what_a_definition_leaves_out_is_quoted() -> None:
    (found,) = definitions('"Wage" means any payment for work, excluding gifts.')
    assert [e.text for e in found.exclusions] == ["excluding gifts"]


@pytest.mark.parametrize(
    ("verb", "left_out"), [("does not include", ["bread or salt"]), ("shall not include", ["bread or salt"]), ("includes", [])]
)
def test_a_definition_that_only_leaves_out_is_an_exclusion_whole(verb: str, left_out: list[str]) -> None:
    (found,) = definitions(f'"Wage" {verb} bread or salt.')
    assert found.definiens is not None
    assert found.definiens.text == "bread or salt"
    assert [e.text for e in found.exclusions] == left_out


def test_an_unquoted_item_is_a_term_only_where_definitions_are_announced() -> None:
    text = "b) Bonded work means work done to settle a debt."
    assert [d.term.text for d in definitions(text)] == ["Bonded work"]
    assert definitions(text, heading="Sanctions") == ()


TWO_ARTICLES = """Model Convention

Article 1

For the purposes of this Article, "carrier" means a person who transports passengers.

2. Carriers shall keep records.

Article 2

1. The term "safe house" means a place of refuge.

2. A carrier may use safe houses.
"""


def test_uses_are_linked_inside_the_scope_only() -> None:
    structure, docs = read(TWO_ARTICLES)
    found = find_definitions(TWO_ARTICLES, structure.passages, docs, structure.units)
    assert [(d.term.text, d.scope_units) for d in found] == [("carrier", ("art_1",)), ("safe house", ())]
    uses = [(TWO_ARTICLES[u.start : u.end], u.definition) for u in find_uses(TWO_ARTICLES, found, structure)]
    assert uses == [("Carriers", 0), ("safe houses", 1)]


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("Victims", "victim"),
        ("children", "child"),
        ("agencies", "agency"),
        ("State’s", "state"),
        ("process", "process"),
        ("bus", "bus"),
        ("taxes", "tax"),
    ],
)
def test_inflected_forms_meet_in_their_base(word: str, base: str) -> None:
    assert base_form(word) == base


WORDS = st.lists(
    st.sampled_from(
        '“ ” " the term means shall mean includes a deemed to be ; : . , is defined as person trafficking in ( ) and or —'.split(" ")
    ),
    max_size=40,
).map(" ".join)


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.text(max_size=150), WORDS), st.integers(0, 5))
def test_no_span_leaves_its_passage(text: str, before: int) -> None:
    whole = "\n" * before + text
    passage = Passage("x", before, before + len(text), text, PassageRole.OPERATIVE, ("Definitions",))
    for d in find_definitions(whole, (passage,), (), ()):
        for span in (d.term, d.definiens, *d.exclusions):
            if span is not None:
                assert before <= span.start < span.end <= len(whole)
                assert whole[span.start : span.end] == span.text
