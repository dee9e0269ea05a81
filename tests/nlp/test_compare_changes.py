"""What a change of words is told as: rows of (earlier words, later words, the changes)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.compare.compare import compare
from nlp.types import AnnotatedDocument, Evidence
from tests.nlp.drafts import drafted

DEFINED = "Article 1\n“Trafficking” shall mean the recruitment or transfer of persons, by means of {}, for the purpose of exploitation.\n"
MEANT = "Article 1\n“Assistance” means {}.\n"
REPORT = "Article 1\n1. Each State Party {}.\n"
BOUND = "Article 1\n1. Each State Party {} housing, medical care and legal assistance for victims.\n"


@pytest.mark.parametrize(
    ("draft", "earlier", "later", "told"),
    [
        (BOUND, "shall consider providing", "shall provide", ["statement.strength_raised"]),
        (BOUND, "shall provide", "shall consider providing", ["statement.strength_lowered"]),
        (BOUND, "shall endeavour to provide", "shall provide", ["statement.strength_raised"]),
        (
            DEFINED,
            "force, fraud or abuse of power",
            "force, fraud, deception or abuse of power",
            ["definition.element_added", "definition.widened"],
        ),
        (
            DEFINED,
            "force, fraud, deception or abuse of power",
            "force, fraud or abuse of power",
            ["definition.element_dropped", "definition.narrowed"],
        ),
        (
            DEFINED,
            "force, fraud or abuse of power",
            "force, fraud, abuse of power, debt or deceit",
            ["definition.element_added", "definition.element_added", "definition.widened"],
        ),
        (DEFINED, "force, fraud or abuse of power", "force, deceit or abuse of power", ["definition.changed"]),
        (MEANT, "the help described in paragraph 5 or 6 of this article", "the help described in paragraph 6 or 7", []),
        (MEANT, "the help described in paragraph 5", "the help described in paragraphs 5 and 6", ["definition.changed"]),
        (MEANT, "the help described in paragraph 5", "the shelter described in paragraph 6", ["definition.changed"]),
        (
            REPORT,
            "shall report to the body named in section 103(7) of this Act",
            "shall report to the body named in section 7102(8) of title 22",
            [],
        ),
        (
            REPORT,
            "shall report to the body named in section 103",
            "shall report to the Court named in section 103",
            ["statement.action_changed"],
        ),
        (BOUND.replace("Each State Party {}", "{}"), "Each State Party shall provide", "Parties shall provide", []),
        (
            BOUND.replace("Each State Party {}", "{}"),
            "Each State Party shall provide",
            "The courts shall provide",
            ["statement.bearer_changed"],
        ),
        (
            BOUND.replace("Each State Party {} housing, medical care and legal assistance for victims", "A record of victims {}"),
            "shall be kept by the Commission",
            "shall be kept by the Ombudsman",
            ["statement.bearer_changed"],
        ),
        (REPORT, "shall keep a register of homes. Each State Party shall keep a register of homes", "shall keep a register of homes", []),
        (
            REPORT,
            "shall keep a register of homes. Each State Party shall keep a register of ships",
            "shall keep a register of homes",
            ["statement.dropped"],
        ),
    ],
)
def test_changes(draft: str, earlier: str, later: str, told: list[str]) -> None:
    found = compare(drafted(draft.format(earlier), read=True), drafted(draft.format(later), read=True))
    kinds = [change.kind.value for pair in found.pairs for change in pair.changes if change.sureness >= 0.5]
    assert [kind for kind in kinds if kind.startswith(("statement", "definition"))] == told


HELP = "Each State Party shall protect victims by every means."


def carried(text: str, words: str) -> AnnotatedDocument:
    """A document whose first block has the label of assistance because of these words."""
    found = drafted(text)
    start = text.index(words)
    evidence = (Evidence("victim/assistance", start, start + len(words), words, 0.4),)
    return replace(found, blocks=(replace(found.blocks[0], victim={"assistance": 0.9}, evidence=evidence),))


@pytest.mark.parametrize(("words", "told"), [("shelter", True), ("protect victims", False)])
def test_a_label_is_told_where_the_words_that_carry_it_changed(words: str, told: bool) -> None:
    """A model reads a whole provision: where it sees another label in words that stood there before, no change of words bears it out."""
    left = drafted(f"Article 1\n1. {HELP}\n")
    right = carried(f"Article 1\n1. {HELP} Such means may be a shelter, and the police shall see to it.\n", words)
    assert ("victim.gained" in compare(left, right).changes) is told
    assert ("victim.lost" in compare(right, left).changes) is told
