"""Equal words that the model read otherwise move no balance; what was read otherwise is told, and stands last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.compare.compare import compare
from nlp.compare.ranking import ranked
from nlp.compare.types import ChangeKind, Kind
from nlp.compare.wire import to_json
from nlp.framing import frame_document
from nlp.structure.find import find_structure
from nlp.types import AnnotatedDocument, Framing
from tests.nlp.drafts import drafted
from tests.nlp.test_compare import AID, AID_LATER, BASE, OFFENCE, PRIVACY, TRAINING, treaty

CHAPEAU = "Article 1\nEach Party {} provide:\n(a) shelter to victims;\n(b) the advice of a lawyer to victims.\nArticle 2\n" + OFFENCE + "\n"


def read_as_crime(document: AnnotatedDocument, words: str) -> AnnotatedDocument:
    """The document as if the model had seen an offence in the block that has these words."""
    at = document.text.index(words)
    blocks = tuple(
        replace(b, framing=Framing.CRIME, indicators={"crime.punishment": 0.9}) if b.start <= at < b.end else b for b in document.blocks
    )
    return replace(document, blocks=blocks, framing=frame_document(find_structure(document.text).passages, blocks, document.statements))


def test_equal_words_weigh_nothing() -> None:
    left = treaty(*BASE)
    right = read_as_crime(left, AID)
    found = compare(left, right)
    assert (found.drift.shift, found.drift.contributions, found.drift.interval) == (0.0, (), (0.0, 0.0))
    assert found.drift.reading == pytest.approx(right.framing.scores["rights"] - left.framing.scores["rights"], abs=1e-4)
    assert found.drift.reading < -0.02
    [change] = [change for pair in found.pairs for change in pair.changes]
    assert (change.kind, change.before, change.after) == (ChangeKind.READ_OTHERWISE, "rights", "crime")
    assert change.about == "crime.punishment, rights.victims"
    assert {pair.kind for pair in found.pairs} == {Kind.UNCHANGED}


def test_what_was_read_otherwise_is_shown_last() -> None:
    left = treaty(*BASE)
    right = read_as_crime(treaty([AID_LATER, PRIVACY], *BASE[1:]), TRAINING)
    found = compare(left, right)
    order = ranked(found)
    assert [one.worth == 0 for one in order] == [one.change.kind is ChangeKind.READ_OTHERWISE for one in order]
    assert order[-1].change.kind is ChangeKind.READ_OTHERWISE
    shown = {pair["index"] for pair in to_json(found)["pairs"]}
    assert {one.pair for one in order} <= shown
    assert found.drift.right - found.drift.left == pytest.approx(found.drift.shift + found.drift.reading, abs=1e-12)
    assert sum(part for _, part in found.drift.contributions) == pytest.approx(found.drift.shift, abs=1e-9)
    back = compare(right, left).drift
    assert (back.shift, back.reading) == pytest.approx((-found.drift.shift, -found.drift.reading), abs=1e-12)


def test_an_item_counts_for_less_when_its_chapeau_is_softened() -> None:
    """Its words are the same, but they bind less; that it was read as crime as well does not add to that."""
    firm, soft = (drafted(CHAPEAU.format(modal), read=True) for modal in ("shall", "may"))
    expected = compare(firm, soft)
    found = compare(firm, read_as_crime(soft, "the advice"))
    moved = {found.pairs[n].right[0].label: part for n, part in found.drift.contributions}
    assert moved["Art. 1(a)"] < 0
    assert moved["Art. 1(b)"] < 0
    assert expected.drift.reading == pytest.approx(0.0, abs=1e-12)
    assert found.drift.reading < 0


def test_words_that_were_merely_split_weigh_nothing() -> None:
    first, second = "Each Party shall protect the privacy of victims of trafficking in persons.", "Such privacy is a right of every victim."
    one, two = treaty([f"{first} {second}", AID], [OFFENCE]), treaty([first, second, AID], [OFFENCE])
    found = compare(one, two)
    assert found.counts["split"] == 1
    assert found.drift.shift == pytest.approx(0.0, abs=1e-12)
    assert found.drift.reading > 0
