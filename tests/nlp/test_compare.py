from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.compare.compare import Vectors, compare
from nlp.compare.texts import words_of
from nlp.compare.types import Comparison, Kind, Pair, UnknownUnit, Wishes
from nlp.compare.wording import lay
from nlp.types import AnnotatedDocument
from tests.nlp.drafts import article, drafted

AID = "Each State Party shall provide victims of trafficking with shelter, counselling and medical assistance."
PRIVACY = "The identity of victims shall be protected and proceedings shall be held in private where they so request."
OFFENCE = "Each State Party shall adopt such legislative measures as may be necessary to establish trafficking as a criminal offence."
TRAINING = "States Parties shall train officials who meet migrants at the border, and shall exchange what they learn with one another."
COURTS = "A court may order that property used in the crime be taken and given to those who suffered by it."
RETURN = "The State of which a person is a national shall accept her return without undue delay and with regard to her safety."
BORDER = "Carriers shall ascertain that all passengers hold the travel documents required for entry into the receiving State."
SENTENCES = [AID, PRIVACY, OFFENCE, TRAINING, COURTS, RETURN, BORDER]


def treaty(*articles: list[str], first: int = 1) -> AnnotatedDocument:
    headings = ["Assistance", "Privacy", "Criminalization", "Training", "Confiscation", "Return", "Borders"]
    return drafted("\n".join(article(n, headings[(n - first) % 7], paragraphs) for n, paragraphs in enumerate(articles, first)))


def told(found: Comparison) -> list[tuple[str, str, str]]:
    """(kind, labels on the left, labels on the right) of every pair that is not unchanged."""
    names = [(p.kind.value, " ".join(x.label for x in p.left), " ".join(x.label for x in p.right)) for p in found.pairs]
    return [name for name in names if name[0] != Kind.UNCHANGED]


def one(found: Comparison, kind: Kind) -> Pair:
    return next(pair for pair in found.pairs if pair.kind is kind)


BASE = [[AID, PRIVACY], [OFFENCE], [TRAINING, COURTS], [RETURN, BORDER]]
AID_LATER = (
    "Each State Party shall provide the victims of trafficking in persons with safe shelter, counselling and full medical assistance."
)
AID_AND_COURTS = f"{AID} {COURTS}"


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (BASE, []),
        ([[AID_LATER, PRIVACY], *BASE[1:]], [("modified", "Art. 1(1)", "Art. 1(1)")]),
        ([[AID], *BASE[1:]], [("removed", "Art. 1(2)", "")]),
        ([[AID, PRIVACY], [OFFENCE, "Extradition between the Parties is governed by treaties in force."], *BASE[2:]], [("added", "", "Art. 2(2)")]),
        ([[PRIVACY], *BASE[1:]], [("removed", "Art. 1(1)", ""), ("renumbered", "Art. 1(2)", "Art. 1(1)")]),
        ([[AID, PRIVACY], [OFFENCE, COURTS], [TRAINING], [RETURN, BORDER]], [("moved", "Art. 3(2)", "Art. 2(2)")]),
        ([[AID, PRIVACY], [OFFENCE], [f"{TRAINING} {COURTS}"], [RETURN, BORDER]], [("merged", "Art. 3(1) Art. 3(2)", "Art. 3(1)")]),
        (
            [[AID, PRIVACY], [OFFENCE], [TRAINING, COURTS], [RETURN.split(" and ")[0] + ".", "The return shall take place with regard to her safety.", BORDER]],
            [("split", "Art. 4(1)", "Art. 4(1) Art. 4(2)"), ("renumbered", "Art. 4(2)", "Art. 4(3)")],
        ),
    ],
)  # fmt: skip
def test_kinds(right: list[list[str]], expected: list[tuple[str, str, str]]) -> None:
    assert told(compare(treaty(*BASE), treaty(*right))) == expected


def test_one_article_more_renumbers_those_after_it() -> None:
    right = treaty(BASE[0], ["States shall publish a report each year on what they did under this Convention."], *BASE[1:])
    found = told(compare(treaty(*BASE), right))
    assert found[0] == ("added", "", "Art. 2(1)")
    assert {kind for kind, *_ in found[1:]} == {"renumbered"}
    assert len(found) == 6


def test_a_sentence_that_is_repeated_elsewhere_is_added_and_its_original_unchanged() -> None:
    found = compare(treaty(*BASE), treaty(BASE[0], [OFFENCE], [TRAINING, COURTS], [RETURN, BORDER, AID]))
    assert told(found) == [("added", "", "Art. 4(3)")]


ENACTED = """SEC. 2. GRANTS FOR SHELTERS.
(a) Application.—
(1) In general.—An eligible entity shall submit an application to the Secretary in such form as the Secretary may require.
(2) Contents.—An application shall describe the shelters that are to be opened, and how many victims each can take in.1
(b) Review.—The Secretary shall decide on an application within ninety days of the day on which it was received.
"""
CODIFIED = """§ 2. Grants for shelters

(a) Application

(1) In general

An eligible entity shall submit an application to the Secretary in such form as the Secretary may require.

(2) Contents

An application shall describe the shelters that are to be opened, and how many victims each can take in.

(b) Review

The Secretary shall decide on an application within ninety days of the day on which it was received.
"""


def test_captions_and_marks_of_footnotes_are_no_words_of_a_provision() -> None:
    """A code sets apart what an act as enacted puts before the words; a caption alone on its line goes with the provision under it."""
    found = compare(drafted(ENACTED), drafted(CODIFIED))
    assert told(found) == []
    assert [(len(pair.left), len(pair.right)) for pair in found.pairs] == [(2, 1), (1, 1), (1, 1)]
    assert not any(pair.edits for pair in found.pairs)
    other = compare(drafted(ENACTED.replace("(a) Application", "(a) Requests")), drafted(CODIFIED))
    assert told(other) == [("removed", "§ 2(a)", "")]
    changed = compare(drafted(ENACTED), drafted(CODIFIED.replace("ninety", "sixty")))
    assert [(e.left and e.left.text, e.right and e.right.text) for e in one(changed, Kind.MODIFIED).edits] == [("ninety", "sixty")]


def test_what_is_hardly_alike_or_only_a_formula_did_not_move() -> None:
    formula, reports = (
        "In this section:",
        "Each State Party shall report to the Committee on shelters within two years of the entry into force.",
    )
    deadline = "Each State Party shall name a rapporteur within six years of the accession of the last of the signatories."
    left = treaty([formula, reports], [OFFENCE, PRIVACY], [TRAINING, COURTS], [RETURN, BORDER])
    right = treaty([OFFENCE, PRIVACY], [TRAINING, COURTS], [RETURN, BORDER], [formula, deadline])
    found = compare(left, right)
    assert (found.counts["removed"], found.counts["added"], found.counts["moved"], found.counts["modified"]) == (2, 2, 0, 0)
    found = compare(left, treaty([OFFENCE, PRIVACY], [TRAINING, COURTS], [RETURN, BORDER], [formula, reports]))
    assert found.counts["moved"] == 2


def test_of_two_that_fit_the_place_decides() -> None:
    repeated = "The Parties shall meet once a year."
    found = compare(treaty([AID, repeated], [OFFENCE, repeated]), treaty([AID, repeated], [OFFENCE, COURTS, repeated]))
    assert told(found) == [("added", "", "Art. 2(2)"), ("renumbered", "Art. 2(2)", "Art. 2(3)")]


def test_pins_and_forbidden_pairs_are_obeyed_and_the_rest_realigns() -> None:
    left, right = treaty(*BASE), treaty([AID_LATER, PRIVACY], *BASE[1:])
    units = {p.left[0].label: p.left[0].unit for p in compare(left, right).pairs if p.left}
    apart = compare(left, right, Wishes(forbidden=((units["Art. 1(1)"], units["Art. 1(1)"]),)))
    assert told(apart) == [("removed", "Art. 1(1)", ""), ("added", "", "Art. 1(1)")] or apart.counts["added"] == 1
    pinned = compare(left, right, Wishes(pins=((units["Art. 2(1)"], units["Art. 1(1)"]),)))
    pair = next(p for p in pinned.pairs if p.pinned)
    assert (pair.left[0].label, pair.right[0].label) == ("Art. 2(1)", "Art. 1(1)")
    assert sum(len(p.left) for p in pinned.pairs) == sum(len(row) for row in BASE)


def test_a_wish_about_a_unit_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownUnit, match="the right document has no provision 'art_99'"):
        compare(treaty(*BASE), treaty(*BASE), Wishes(pins=(("art_1__para_1", "art_99"),)))


def test_edits_quote_both_sides() -> None:
    pair = one(compare(treaty(*BASE), treaty([AID_LATER, PRIVACY], *BASE[1:])), Kind.MODIFIED)
    assert [(e.kind.value, e.left and e.left.text, e.right and e.right.text) for e in pair.edits] == [
        ("insert", None, "the"),
        ("insert", None, "in persons"),
        ("insert", None, "safe"),
        ("insert", None, "full"),
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [("", ""), ("", "Article 1\nX\n1. Each State shall act.\n"), ("One sentence alone.", "Another sentence, with nothing in common.")],
)
def test_texts_with_little_or_nothing_in_them(left: str, right: str) -> None:
    found = compare(drafted(left), drafted(right))
    assert sum(len(p.left) for p in found.pairs) == len(drafted(left).blocks)
    assert sum(len(p.right) for p in found.pairs) == len(drafted(right).blocks)


def test_meaning_tells_of_provisions_that_share_no_word() -> None:
    """Vectors of an encoder, here made by hand, pair what words alone would not."""
    same = ["The Parties meet yearly.", "Reports are due in spring."]
    left, right = (
        treaty([*same, "Shelter is given to those who were trafficked."]),
        treaty([*same, "Victims receive housing at public expense."]),
    )
    assert told(compare(left, right)) != [("modified", "Art. 1(3)", "Art. 1(3)")]
    eye = np.eye(3)
    assert told(compare(left, right, vectors=Vectors(eye, eye))) == [("modified", "Art. 1(3)", "Art. 1(3)")]


WORDS = st.lists(st.sampled_from("shall may not provide assist the of victims courts".split()), max_size=25)


@given(WORDS, WORDS)
def test_words_laid_against_each_other(one: list[str], other: list[str]) -> None:
    texts = (" ".join(one), " ".join(other))
    sides = tuple(words_of(text, 0, len(text)) for text in texts)
    there, back = lay(*sides), lay(sides[1], sides[0])
    assert [(r.same, r.left, r.right) for r in there.runs] == [(r.same, r.right, r.left) for r in back.runs]
    assert sum(r.left[1] - r.left[0] for r in there.runs) == len(one)
    for run in there.runs:
        if run.same:
            assert [w.form for w in sides[0][slice(*run.left)]] == [w.form for w in sides[1][slice(*run.right)]]
        for side, (low, high) in enumerate((run.left, run.right)):
            for word in sides[side][low:high]:
                assert there.changed(side, word.start, word.end) == float(not run.same)
                facing = there.opposite(side, word.start)
                assert (facing is not None) or not run.same
                assert not run.same or (facing and texts[1 - side][slice(*facing)] == word.form)
