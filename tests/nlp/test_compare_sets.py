"""Decisions carried over, chains, matrices and tables."""

from __future__ import annotations

import pytest

from nlp.compare.carry import Anchor, Carried, Carry, OutsideProvisions, carry
from nlp.compare.compare import compare
from nlp.compare.coverage import Form, coverage, definition_table
from nlp.compare.matrix import matrix
from nlp.compare.timeline import timeline
from nlp.types import AnnotatedDocument
from tests.nlp.drafts import drafted
from tests.nlp.test_compare import AID, AID_LATER, BASE, BORDER, COURTS, OFFENCE, PRIVACY, RETURN, TRAINING, treaty

LOOK_ALIKE = "Each State Party shall provide victims of trafficking with counselling, shelter and legal assistance."


def fate(left: AnnotatedDocument, right: AnnotatedDocument, words: str) -> Carried:
    at = left.text.index(words)
    block = next(b for b in left.blocks if b.start <= at < b.end)
    whole = left.text[block.start : block.end].removeprefix("1. ").removeprefix("2. ") == words
    anchor = Anchor(block.start, block.end) if whole else Anchor(at, at + len(words))
    return carry(compare(left, right), left, right, [anchor])[0]


@pytest.mark.parametrize(
    ("right", "how"),
    [
        (BASE, Carry.EXACT),
        ([[PRIVACY, AID], *BASE[1:]], Carry.MOVED),
        ([[PRIVACY], *BASE[1:3], [RETURN, AID, BORDER]], Carry.MOVED),
        ([[AID_LATER, PRIVACY], *BASE[1:]], Carry.EDITED),
        ([[PRIVACY], *BASE[1:]], Carry.ORPHANED),
        # the sentence is gone, and one that looks like it stands elsewhere
        ([[PRIVACY], *BASE[1:3], [RETURN, BORDER, LOOK_ALIKE]], Carry.AMBIGUOUS),
        # the sentence is gone, and stands twice elsewhere
        ([[PRIVACY], [OFFENCE, AID], [TRAINING, COURTS], [RETURN, BORDER, AID]], Carry.AMBIGUOUS),
        # a copy elsewhere does not unsettle what stayed
        ([*BASE[:3], [RETURN, BORDER, AID]], Carry.EXACT),
        # the sentence was edited in its place, and one that is as like it stands elsewhere
        ([[AID_LATER, PRIVACY], *BASE[1:3], [RETURN, BORDER, LOOK_ALIKE]], Carry.AMBIGUOUS),
    ],
)  # fmt: skip
def test_a_decision_is_never_carried_silently(right: list[list[str]], how: Carry) -> None:
    left, later = treaty(*BASE), treaty(*right)
    found = fate(left, later, AID)
    assert found.how is how
    assert all(later.text[place.start : place.end] == place.text for place in found.places)
    assert bool(found.places) is (how is not Carry.ORPHANED)


def test_words_within_a_provision_are_found_again() -> None:
    left, right = treaty(*BASE), treaty([PRIVACY, AID_LATER], *BASE[1:])
    kept = fate(left, treaty([AID_LATER, PRIVACY], *BASE[1:]), "counselling and medical assistance")
    assert (kept.how, kept.places[0].text) == (Carry.EDITED, "counselling and full medical assistance")
    assert fate(left, treaty([COURTS, PRIVACY], *BASE[1:]), "shelter, counselling").how is Carry.ORPHANED
    assert fate(left, right, "counselling").how in (Carry.EDITED, Carry.AMBIGUOUS)


def test_an_anchor_outside_every_provision_is_refused() -> None:
    document = treaty(*BASE)
    with pytest.raises(OutsideProvisions):
        carry(compare(document, document), document, document, [Anchor(0, len(document.text))])


def test_a_timeline_says_what_moved_the_balance() -> None:
    aid = "The Parties shall provide shelter to victims."
    versions = [treaty([OFFENCE], [TRAINING]), treaty([OFFENCE, aid], [TRAINING]), treaty([OFFENCE, aid, AID], [TRAINING])]
    first, second, third = timeline(versions)
    assert first.drift is None
    assert second.drift is not None
    assert third.drift is not None
    assert second.drift.shift > 0
    assert [reason.right for reason in third.reasons] == ["Art. 1(3)"]
    assert third.reasons[0].drift == pytest.approx(third.drift.shift)


def test_a_matrix_is_one_on_its_diagonal_and_its_shifts_mirror() -> None:
    documents = [treaty(*BASE), treaty([AID_LATER, PRIVACY], *BASE[1:]), treaty([OFFENCE], [TRAINING])]
    found = matrix(documents, baseline=1)
    assert [found.kept[i][i] for i in range(3)] == [1.0, 1.0, 1.0]
    assert found.kept[2][0] == 1.0
    assert 0.2 < found.kept[0][2] < 0.5
    assert 0.9 < found.kept[0][1] < 1.0
    assert all(found.shift[i][j] == -found.shift[j][i] for i in range(3) for j in range(3))
    with pytest.raises(IndexError, match="baseline 3"):
        matrix(documents, baseline=3)


FORMS = [
    ("Each State Party shall provide shelter to victims.", Form.MANDATORY),
    ("Each State Party shall endeavour to provide shelter to victims.", Form.QUALIFIED),
    ("States Parties should provide shelter to victims.", Form.HORTATORY),
    ("Each State Party may provide shelter to victims.", Form.HORTATORY),
    ("Victims shall have the right to shelter.", Form.MANDATORY),
    ("The shelter of victims is a matter of concern.", Form.HORTATORY),
    ("Each State Party shall punish offenders.", Form.ABSENT),
]


@pytest.mark.parametrize(("words", "form"), FORMS)
def test_coverage_tells_the_firmest_form(words: str, form: Form) -> None:
    found = coverage([drafted(f"Article 1\n1. {words}\n", read=True)], types=("assistance",))
    assert found.cells["assistance"][0].form is form


def test_the_definition_table_quotes_the_elements() -> None:
    text = (
        "Article 2\nDefinitions\n"
        "“Trafficking in persons” means the recruitment, transportation or harbouring of persons, by means of the threat or use of force "
        "or of deception, for the purpose of exploitation.\n"
    )
    found = definition_table([drafted(text, read=True), drafted("Article 1\nEach Party shall act.\n", read=True)])
    assert [span.text for span in found.elements["purpose"][0]] == ["exploitation"]
    assert found.elements["act"][0]
    assert all(row[1] == () for row in found.elements.values())
