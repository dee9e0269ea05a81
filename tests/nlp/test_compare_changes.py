"""What a change of words is told as: rows of (earlier words, later words, the changes)."""

from __future__ import annotations

import pytest

from nlp.compare.compare import compare
from tests.nlp.drafts import drafted

DEFINED = "Article 1\n“Trafficking” shall mean the recruitment or transfer of persons, by means of {}, for the purpose of exploitation.\n"
BOUND = "Article 1\n1. Each State Party {} housing, medical care and legal assistance for victims.\n"


@pytest.mark.parametrize(
    ("draft", "earlier", "later", "told"),
    [
        (BOUND, "shall consider providing", "shall provide", ["statement.strength_raised"]),
        (BOUND, "shall provide", "shall consider providing", ["statement.strength_lowered"]),
        (BOUND, "shall endeavour to provide", "shall provide", ["statement.strength_raised"]),
        (DEFINED, "force, fraud or abuse of power", "force, fraud, deception or abuse of power", ["definition.widened"]),
        (DEFINED, "force, fraud, deception or abuse of power", "force, fraud or abuse of power", ["definition.narrowed"]),
    ],
)
def test_changes(draft: str, earlier: str, later: str, told: list[str]) -> None:
    found = compare(drafted(draft.format(earlier), read=True), drafted(draft.format(later), read=True))
    kinds = [change.kind.value for pair in found.pairs for change in pair.changes if change.sureness >= 0.5]
    assert [kind for kind in kinds if kind.startswith(("statement", "definition"))] == told
