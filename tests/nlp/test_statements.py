"""Deontic statements: sentences and what they bind, forbid, allow or entitle."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.statements.agents import class_of
from nlp.statements.find import find_statements
from nlp.statements.softening import softeners
from nlp.syntax import parse
from nlp.types import BearerClass, Passage, PassageRole, Statement, StatementType
from tests.nlp.parsed import alone, read, syntax

Row = tuple[str | None, str, str, str, str | None]

# Sentence, and per statement: bearer, trigger, type, strength, action.
ROWS: list[tuple[str, list[Row]]] = [
    (
        "Each State Party shall establish a national referral mechanism.",
        [("Each State Party", "shall", "obligation", "mandatory", "establish a national referral mechanism")],
    ),
    (
        "States Parties shall not penalise victims for acts they were compelled to commit.",
        [("States Parties", "shall not", "prohibition", "mandatory", "penalise victims for acts they were compelled to commit")],
    ),
    (
        "The competent authorities may extend the recovery period.",
        [("The competent authorities", "may", "permission", "mandatory", "extend the recovery period")],
    ),
    (
        "Member States should train front-line officers.",
        [("Member States", "should", "obligation", "hortatory", "train front-line officers")],
    ),
    ("Agencies must publish an annual report.", [("Agencies", "must", "obligation", "mandatory", "publish an annual report")]),
    ("No one shall be held in bondage.", [(None, "No one shall", "prohibition", "mandatory", "be held in bondage")]),
    (
        "Nothing in this Agreement shall affect the rights of refugees.",
        [(None, "Nothing in this Agreement shall", "exemption", "mandatory", "affect the rights of refugees")],
    ),
    (
        "Nothing in this Act is to be read as limiting the powers of the court.",
        [(None, "Nothing in this Act is to", "exemption", "mandatory", "be read as limiting the powers of the court")],
    ),
    (
        "Every survivor has the right to interpretation free of charge.",
        [("Every survivor", "has the right to", "right", "mandatory", "interpretation free of charge")],
    ),
    (
        "Child victims shall be entitled to a guardian without delay.",
        [("Child victims", "shall be entitled to", "right", "mandatory", "a guardian without delay")],
    ),
    (
        "A victim shall not be required to pay any costs of the proceedings.",
        [("A victim", "shall not", "exemption", "mandatory", "be required to pay any costs of the proceedings")],
    ),
    (
        "The guardian is not obliged to disclose confidential information.",
        [("The guardian", "is not obliged to", "exemption", "mandatory", "disclose confidential information")],
    ),
    (
        "Each Party shall endeavour to conclude bilateral arrangements.",
        [("Each Party", "shall", "obligation", "qualified", "endeavour to conclude bilateral arrangements")],
    ),
    (
        "Each Party shall consider adopting a national action plan.",
        [("Each Party", "shall", "obligation", "qualified", "consider adopting a national action plan")],
    ),
    (
        "Each Party shall, in accordance with its domestic law, provide shelter to victims.",
        [("Each Party", "shall", "obligation", "qualified", "provide shelter to victims")],
    ),
    (
        "Each Party shall provide shelter to victims, to the extent possible.",
        [("Each Party", "shall", "obligation", "qualified", "provide shelter to victims, to the extent possible")],
    ),
    (
        "The Parties undertake to exchange statistical data.",
        [("The Parties", "undertake to", "obligation", "mandatory", "exchange statistical data")],
    ),
    (
        "The Parties agree to review this Agreement every three years.",
        [("The Parties", "agree to", "obligation", "mandatory", "review this Agreement every three years")],
    ),
    (
        "The police and the labour inspectorate shall investigate and prosecute all offences.",
        [("The police and the labour inspectorate", "shall", "obligation", "mandatory", "investigate and prosecute all offences")],
    ),
    (
        "Records shall be kept by the coordinating body.",
        [("the coordinating body", "shall", "obligation", "mandatory", "be kept by the coordinating body")],
    ),
    ("The file shall be destroyed after ten years.", [(None, "shall", "obligation", "mandatory", "be destroyed after ten years")]),
    (
        "The request shall contain the name of the applicant.",
        [(None, "shall", "obligation", "mandatory", "contain the name of the applicant")],
    ),
    (
        "The Minister shall appoint a rapporteur and may issue guidelines.",
        [
            ("The Minister", "shall", "obligation", "mandatory", "appoint a rapporteur"),
            ("The Minister", "may", "permission", "mandatory", "issue guidelines"),
        ],
    ),
    (
        "Each State Party shall ensure that victims may remain in its territory.",
        [
            ("Each State Party", "shall", "obligation", "mandatory", "ensure that victims may remain in its territory"),
            ("victims", "may", "permission", "mandatory", "remain in its territory"),
        ],
    ),
    (
        "The court, after hearing the prosecutor, may order compensation.",
        [("The court", "may", "permission", "mandatory", "order compensation")],
    ),
    (
        "Where the victim is a child, the authorities shall appoint a guardian.",
        [("the authorities", "shall", "obligation", "mandatory", "appoint a guardian")],
    ),
    (
        "If the applicant so requests, the tribunal must hold the hearing in private.",
        [("the tribunal", "must", "obligation", "mandatory", "hold the hearing in private")],
    ),
    (
        "Any person who recruits another person for exploitation shall be punished with imprisonment for ten years.",
        [("Any person", "shall", "obligation", "mandatory", "be punished with imprisonment for ten years")],
    ),
    ("Whoever conceals a travel document shall be fined.", [("Whoever", "shall", "obligation", "mandatory", "be fined")]),
    (
        "A person who obstructs an inspector shall be guilty of an offence and shall be liable to a fine.",
        [
            ("A person", "shall", "obligation", "mandatory", "be guilty of an offence"),
            ("A person", "shall", "obligation", "mandatory", "be liable to a fine"),
        ],
    ),
    (
        "The committee is encouraged to consult civil society.",
        [("The committee", "is encouraged to", "permission", "hortatory", "consult civil society")],
    ),
    (
        "Carriers are required to check travel documents.",
        [("Carriers", "are required to", "obligation", "mandatory", "check travel documents")],
    ),
    (
        "It is unlawful for an employer to retain the passport of a worker.",
        [("an employer", "is unlawful", "prohibition", "mandatory", "retain the passport of a worker")],
    ),
    (
        "It shall be lawful for the court to sit in private.",
        [("the court", "shall be lawful", "permission", "mandatory", "sit in private")],
    ),
    ("The inspector need not give notice of a visit.", [("The inspector", "need not", "exemption", "mandatory", "give notice of a visit")]),
    ("Victims must not be detained.", [(None, "must not", "prohibition", "mandatory", "be detained")]),
    (
        "Employers may not deduct recruitment fees from wages.",
        [("Employers", "may not", "prohibition", "mandatory", "deduct recruitment fees from wages")],
    ),
    ("The Conference recommends that governments ratify the Convention.", []),
    ("The General Assembly calls upon States to address demand.", [("States", "calls upon", "obligation", "hortatory", "address demand")]),
    (
        "The States Parties recognize the right of every child to education.",
        [("every child", "recognize the right of", "right", "mandatory", "education")],
    ),
    (
        "Migrant workers shall enjoy equal treatment in respect of wages.",
        [("Migrant workers", "shall", "right", "mandatory", "enjoy equal treatment in respect of wages")],
    ),
    (
        "Within 30 days of receiving the report, the Secretary shall submit comments to Congress.",
        [("the Secretary", "shall", "obligation", "mandatory", "submit comments to Congress")],
    ),
    ("The licence may be revoked by the Minister.", [("the Minister", "may", "permission", "mandatory", "be revoked by the Minister")]),
    ("In no case shall a child be placed in prison.", [(None, "In no case shall", "prohibition", "mandatory", "be placed in prison")]),
    (
        "The Agency is authorized to make grants to service providers.",
        [("The Agency", "is authorized to", "permission", "mandatory", "make grants to service providers")],
    ),
    (
        "The Ombudsman has the power to visit any place of detention.",
        [("The Ombudsman", "has the power to", "permission", "mandatory", "visit any place of detention")],
    ),
    (
        "States have an obligation to identify victims.",
        [("States", "have an obligation to", "obligation", "mandatory", "identify victims")],
    ),
    (
        "Subject to section 4, a constable may enter the premises without a warrant.",
        [("a constable", "may", "permission", "mandatory", "enter the premises without a warrant")],
    ),
    (
        "The Secretary of State, in consultation with the Attorney General and the Secretary of Labor, shall publish guidance.",
        [("The Secretary of State", "shall", "obligation", "mandatory", "publish guidance")],
    ),
    (
        "States parties should ensure that recruiters are licensed and must sanction abuses.",
        [
            ("States parties", "should", "obligation", "hortatory", "ensure that recruiters are licensed"),
            ("States parties", "must", "obligation", "mandatory", "sanction abuses"),
        ],
    ),
    ("The Department commits to train 500 officers.", [("The Department", "commits to", "obligation", "mandatory", "train 500 officers")]),
    (
        "The victim shall be informed by the prosecutor of the outcome of the case.",
        [(None, "shall", "obligation", "mandatory", "be informed by the prosecutor of the outcome of the case")],
    ),
    (
        "A judge may, if satisfied that the witness is at risk, allow evidence by video link.",
        [("A judge", "may", "permission", "mandatory", "allow evidence by video link")],
    ),
    (
        "The authorities shall forthwith notify the consulate unless the victim objects.",
        [("The authorities", "shall", "obligation", "mandatory", "notify the consulate unless the victim objects")],
    ),
    (
        "Each Contracting State shall designate one or more central authorities.",
        [("Each Contracting State", "shall", "obligation", "mandatory", "designate one or more central authorities")],
    ),
    (
        "The service provider shall, where appropriate, offer counselling to the victim.",
        [("The service provider", "shall", "obligation", "qualified", "offer counselling to the victim")],
    ),
    (
        "Parties are urged to criminalise the use of services of victims.",
        [("Parties", "are urged to", "obligation", "hortatory", "criminalise the use of services of victims")],
    ),
    (
        "The High Contracting Parties undertake, each in respect of its own territory, to suppress the trade.",
        [
            (
                "The High Contracting Parties",
                "undertake, each in respect of its own territory, to",
                "obligation",
                "mandatory",
                "suppress the trade",
            )
        ],
    ),
    ("Evidence obtained by torture shall not be admitted.", [(None, "shall not", "prohibition", "mandatory", "be admitted")]),
    (
        "The Council shall have the authority to summon witnesses.",
        [("The Council", "shall have the authority to", "permission", "mandatory", "summon witnesses")],
    ),
    ("An asylum seeker is entitled to legal aid.", [("An asylum seeker", "is entitled to", "right", "mandatory", "legal aid")]),
    (
        "States shall refrain from returning any child to a place of danger.",
        [("States", "shall", "obligation", "mandatory", "refrain from returning any child to a place of danger")],
    ),
    (
        "The owner of the vessel is to allow the inspection.",
        [("The owner of the vessel", "is to", "obligation", "mandatory", "allow the inspection")],
    ),
    (
        "The border guard shall not be liable for damage caused in good faith.",
        [("The border guard", "shall not", "exemption", "mandatory", "be liable for damage caused in good faith")],
    ),
    (
        "Each Party may, in exceptional circumstances, refuse extradition.",
        [("Each Party", "may", "permission", "mandatory", "refuse extradition")],
    ),
    (
        "Not later than 180 days after October 28, 2000, the Minister and the Director shall issue regulations.",
        [("the Minister and the Director", "shall", "obligation", "mandatory", "issue regulations")],
    ),
    ('For the purposes of this Part, "vessel" shall mean any ship.', []),
    ("This Convention shall enter into force on 1 January 2030.", []),
    ("This Protocol shall apply to all offences set out in article 4.", []),
    ("The Committee shall consist of ten experts.", []),
    ("He was arrested in May 2021 and released.", []),
    ("Such documents as may be necessary are attached.", []),
    ("It shall be a defence that the accused acted under duress.", []),
]


def statements(text: str) -> tuple[Statement, ...]:
    passages, docs = alone(text)
    return find_statements(text, passages, docs, ())


def row(s: Statement) -> Row:
    return (s.bearer and s.bearer.text, s.trigger.text, s.type.value, s.strength.value, s.action and s.action.text)


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[text[:50] for text, _ in ROWS])
def test_a_sentence_says_what_it_binds(text: str, expected: list[Row]) -> None:
    assert [row(s) for s in statements(text)] == expected


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("Where the victim is a child, the court shall appoint a guardian.", "conditions", ["Where the victim is a child"]),
        ("The court may sit in private if the witness so requests.", "conditions", ["if the witness so requests"]),
        ("Subject to section 4, a constable may enter the premises.", "conditions", ["Subject to section 4"]),
        ("The authorities shall notify the consulate unless the victim objects.", "exceptions", ["unless the victim objects"]),
        ("The agency shall, where appropriate, offer counselling.", "softeners", ["where appropriate"]),
        ("Each Party shall consider granting shelter to victims.", "softeners", ["consider"]),
        ("Each Party shall endeavour to offer counselling.", "softeners", ["endeavour"]),
        ("The agency shall, where appropriate, offer counselling.", "conditions", []),
        ("Each Party shall, in accordance with its domestic law, protect victims.", "softeners", ["in accordance with its domestic law"]),
    ],
)
def test_circumstances_are_quoted(text: str, field: str, expected: list[str]) -> None:
    (found,) = statements(text)
    assert [span.text for span in getattr(found, field)] == expected


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("Within 30 days of the request, the Secretary shall reply.", "Within 30 days of the request"),
        ("The agency shall reply not later than 60 days after the hearing.", "not later than 60 days after the hearing"),
        ("The Council shall report every two years.", "every two years"),
        ("The officer shall inform the court without delay.", "without delay"),
        ("The officer shall inform the court.", None),
        (
            "Within three months after the receipt of a complaint the Council shall reply.",
            "Within three months after the receipt of a complaint",
        ),
        (
            "The agency shall reply not later than the end of the period of thirty days that begins with the day on which the file was opened.",
            "not later than the end of the period of thirty days that begins with the day on which the file",
        ),
    ],
)
def test_deadlines_and_periods_are_recognised(text: str, deadline: str | None) -> None:
    (found,) = statements(text)
    assert (found.deadline.text if found.deadline else None) == deadline


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        ("The agency shall report any information that its officers may obtain.", ["shall"]),
        ("Guides shall describe the services that victims may use.", ["shall"]),
        ("Each Party shall train persons whose work may bring them near to victims.", ["shall"]),
        # what is related by a circumstance, or lacks nothing, allows something
        ("The State shall set the conditions under which officers may detain a person.", ["shall", "may"]),
        ("Each Party shall ensure that victims may obtain advice.", ["shall", "may"]),
        ("A person whose request was refused may appeal.", ["may"]),
    ],
)
def test_a_may_that_says_which_thing_is_meant_is_no_permission(text: str, triggers: list[str]) -> None:
    assert [s.trigger.text for s in statements(text)] == triggers


FACTS = """Fact sheet: what the Ministry does against trafficking
The Coast Agency (CA) will support foreign governments in their efforts to combat trafficking.
This Government will continue to work with a growing circle of partners.
The Ministry commits to train every inspector.
The Government will not fund such programmes.
"""
TREATY = """Convention on homes for survivors
1. Each Party shall open shelters.
2. The Parties shall train inspectors.
3. The Parties shall report each year.
4. The Secretary will notify the Parties.
"""


@pytest.mark.parametrize(
    ("text", "triggers"),
    [(FACTS * 3, ["commits to", "will not"] * 3), (TREATY, ["shall", "shall", "shall", "will"])],
    ids=["facts", "treaty"],
)
def test_will_announces_in_a_text_that_does_not_command(text: str, triggers: list[str]) -> None:
    structure, docs = read(text)
    assert [s.trigger.text for s in find_statements(text, structure.passages, docs, ())] == triggers


def test_who_ends_a_delay_does_not_bear_the_statement() -> None:
    text = (
        "Each Party shall ensure that a person shall not be removed from its territory until the inquiry has been completed by the "
        "competent authorities and shall likewise ensure that the person receives help."
    )
    inner = find_statements(text, *alone(text), ())[1]
    assert inner.trigger.text == "shall not"
    assert inner.bearer is None


def test_the_one_who_gains_is_named() -> None:
    (found,) = statements("Each Party shall provide shelter to victims of trafficking.")
    assert found.beneficiary is not None
    assert found.beneficiary.text == "victims of trafficking"


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Each State Party", BearerClass.STATE),
        ("the competent authorities", BearerClass.AUTHORITY),
        ("any police officer", BearerClass.LAW_ENFORCEMENT),
        ("the appeal court", BearerClass.COURT),
        ("non-governmental organizations", BearerClass.SERVICE_PROVIDER),
        ("commercial carriers", BearerClass.BUSINESS),
        ("the perpetrator", BearerClass.OFFENDER),
        ("every survivor", BearerClass.VICTIM),
        ("the Conference of the Parties", BearerClass.INTERNATIONAL_BODY),
        ("a person", BearerClass.ANYONE),
        ("the measures", None),
        ("the record of the court", None),
    ],
)
def test_a_bearer_has_a_class(phrase: str, expected: BearerClass | None) -> None:
    assert class_of(phrase) == expected


def test_whoever_is_punished_is_an_offender() -> None:
    (found,) = statements("Any person who sells a child shall be punished with imprisonment.")
    assert found.bearer_class is BearerClass.OFFENDER


ARTICLE = """Model Convention

Article 1

1. Each State Party shall consider providing to victims:

(a) Suitable housing;

(b) Advice, which shall be given in a language that they understand.

2. The courts may order compensation.
"""


def test_items_without_a_modal_hang_on_their_chapeau() -> None:
    structure, docs = read(ARTICLE)
    found = find_statements(ARTICLE, structure.passages, docs, ())
    chapeau = next(s for s in found if s.trigger.text == "shall" and s.bearer and s.bearer.text == "Each State Party")
    housing = next(p for p in structure.passages if "housing" in p.text)
    advice = next(p for p in structure.passages if "Advice" in p.text)
    assert chapeau.items == (housing.unit,)
    assert any(s.unit == advice.unit for s in found)


def test_a_nested_modal_is_a_statement_of_its_own() -> None:
    outer, inner = statements("Parties shall ensure that victims may refuse the interview.")
    assert outer.action is not None
    assert inner.trigger.start in range(outer.action.start, outer.action.end)
    assert (outer.type, inner.type) == (StatementType.OBLIGATION, StatementType.PERMISSION)


@pytest.mark.parametrize("text", ["to the extent possible", "in appropriate cases", "subject to its domestic law", "as appropriate"])
def test_the_codebook_s_softeners_are_known(text: str) -> None:
    assert softeners(text, 0, len(text)) == ((0, len(text)),)


WORDS = st.lists(
    st.sampled_from(
        "State Party shall not may who which and , ( ) ; : — must right to the of victims be provided that “ ” . nothing in this no one".split()
    ),
    max_size=40,
).map(" ".join)


def spans(s: Statement) -> list[tuple[int, int, str]]:
    one = [s.bearer, s.trigger, s.action, s.beneficiary, s.deadline, *s.conditions, *s.exceptions, *s.softeners]
    return [(x.start, x.end, x.text) for x in one if x is not None]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=120), WORDS), st.integers(0, 5))
def test_no_span_leaves_its_passage(text: str, before: int) -> None:
    whole = "\n" * before + text
    passage = Passage("x", before, before + len(text), text, PassageRole.OPERATIVE)
    for s in find_statements(whole, (passage,), list(parse(syntax(), [text])), ()):
        for start, end, quoted in spans(s):
            assert before <= start < end <= len(whole)
            assert whole[start:end] == quoted


def test_each_statement_of_a_text_stands_in_its_unit() -> None:
    structure, docs = read(ARTICLE)
    units = {u.id: u for u in structure.units}
    for s in find_statements(ARTICLE, structure.passages, docs, ()):
        assert units[s.unit].start <= s.trigger.start < s.trigger.end <= units[s.unit].end
