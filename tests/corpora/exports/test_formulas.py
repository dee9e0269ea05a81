"""No spreadsheet runs what a stranger wrote into a document."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpora.exports.tables import defused

ROOT = Path(__file__).parents[3]
ROOMS = ("lexframe", "api", "workers", "corpora", "nlp", "models")
WRITES_CSV = {"api/pages/charts.py", "corpora/exports/tables.py"}


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1+1",
        "\u00a0=1+1",
        "\u3000@x",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://127.0.0.1/?"&A1,"x")',
        "=IMPORTXML(1)",
        "-2+3+cmd|' /C calc'!A0",
        "@",
        "=",
    ],
)
def test_what_begins_a_formula_is_made_text(cell: str) -> None:
    assert defused(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "An Act", "a=1", "1", "(a)", "'=1", "“=1”", -1, 1.5, None, True])
def test_what_does_not_stays_as_it_is(cell: object) -> None:
    assert defused(cell) == cell


def test_every_writer_of_csv_defuses() -> None:
    """A new one is named here once it passes its cells through `defused`."""
    sources = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")}
    writers = {name for name, source in sources.items() if re.search(r"csv\.(?:writer|DictWriter)\(|\.to_csv\(|write_csv", source)}
    assert writers == WRITES_CSV
    assert [name for name in writers if "defused(" not in sources[name]] == []
