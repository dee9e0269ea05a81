"""Items read with their chapeau."""

from __future__ import annotations

from nlp.statements.expand import expand_statements
from nlp.statements.find import find_statements
from tests.nlp.parsed import read

LIST = """Article 6 – Assistance

3. Each State Party shall, in appropriate cases, consider implementing measures for:

(a) Appropriate housing;

(b) The following services:

(i) Medical assistance;

(ii) Counselling, which shall be given in a language that they understand.
"""


def test_an_item_is_read_with_its_chapeau() -> None:
    structure, docs = read(LIST)
    found = find_statements(LIST, structure.passages, docs, ())
    expanded = {e.unit: e for e in expand_statements(LIST, structure.passages, found)}
    chapeau = "Each State Party shall, in appropriate cases, consider implementing measures for:"
    assert {unit.rpartition("__")[2]: e.text for unit, e in expanded.items()} == {
        "point_a": f"{chapeau} (a) Appropriate housing;",
        "point_b": f"{chapeau} (b) The following services:",
        "point_i": f"{chapeau} (b) The following services: (i) Medical assistance;",
    }
    for one in expanded.values():
        assert all(LIST[p.start : p.end] == p.text for p in one.pieces)
        assert found[one.statement].strength == "qualified"


OPEN_LISTS = """Article 7

1. The Port shall take measures:

(a) To ensure that passes are of such quality that they cannot be forged; and

(b) To train guards.

2. No suit shall be brought against:

(a) a guard;

(b) a nurse.
"""


def test_an_inner_modal_does_not_part_an_item_from_its_chapeau_and_a_list_without_bearer_is_read_from_its_beginning() -> None:
    structure, docs = read(OPEN_LISTS)
    found = find_statements(OPEN_LISTS, structure.passages, docs, ())
    assert [e.text for e in expand_statements(OPEN_LISTS, structure.passages, found)] == [
        "The Port shall take measures: (a) To ensure that passes are of such quality that they cannot be forged; and",
        "The Port shall take measures: (b) To train guards.",
        "No suit shall be brought against: (a) a guard;",
        "No suit shall be brought against: (b) a nurse.",
    ]
