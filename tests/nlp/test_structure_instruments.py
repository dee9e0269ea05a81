"""The structure of real instruments."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.structure.find import find_structure
from nlp.types import Structure, Unit
from tests.nlp.test_structure_properties import check

SEQUENCES: dict[str, str] = tomllib.loads(Path(__file__).with_name("sequences.toml").read_text(encoding="utf-8"))
EXTRA = {"us-tvpra-2008": ["1589"]}
INSIDE = frozenset(["article", "section", "paragraph", "quotation", "annex", "schedule", "appendix", "preamble", "subsection", "point"])


def expand(sequence: str) -> Iterator[str]:
    """`1…3, 3A` → 1, 2, 3, 3A; the width of the last number is kept."""
    for part in sequence.split(", "):
        first, dots, last = part.partition("…")
        if not dots:
            yield part
            continue
        stem = re.sub(r"\d+$", "", first)
        width = len(first) - len(stem) if first[len(stem) :].startswith("0") else 1
        low, high = int(first[len(stem) :]), int(last.removeprefix(stem))
        yield from (f"{stem}{n:0{width}d}" for n in range(low, high + 1))


def top_level(structure: Structure) -> list[str]:
    """The numbers of the units that stand in no other article, section or paragraph, nor in an annex or quotation.

    `Section II` of a treaty and an article that holds sections are divisions.
    """
    by_id = {u.id: u for u in structure.units}
    holders = {u.parent for u in structure.units if u.kind == "section" and u.parent and "__qstr" not in u.parent}
    divisions = {
        i for i, u in by_id.items() if (u.kind == "article" and i in holders) or (u.kind == "section" and (u.number or "").isalpha())
    }
    inside = {i for i, u in by_id.items() if u.kind in INSIDE} - divisions
    basic = [u for u in structure.units if u.number and u.kind in ("article", "section", "paragraph") and u.id in inside]
    return [u.number or "" for u in basic if inside.isdisjoint(a.id for a in _above(u, by_id))]


def _above(unit: Unit, by_id: dict[str, Unit]) -> Iterator[Unit]:
    parent = unit.parent
    while parent is not None:
        yield by_id[parent]
        parent = by_id[parent].parent


@pytest.mark.parametrize("name", sorted(SEQUENCES))
def test_the_numbers_found_are_those_of_the_text(instruments: Path, name: str) -> None:
    file = instruments / f"{name}.txt"
    if not file.exists():
        pytest.skip(f"{name} does not stand beside this checkout")
    found = [n for n in top_level(find_structure(file.read_text(encoding="utf-8"))) if n not in EXTRA.get(name, [])]
    assert found == list(expand(SEQUENCES[name]))


def test_no_instrument_with_numbers_is_left_out(instruments: Path) -> None:
    """Every text that has three lines set as articles or sections, or counts three paragraphs, stands in the table."""
    numbered = re.compile(r"^(?:(?:Article|ARTICLE|SEC\.) \d+|§ \d+|1\. .*\n(?s:.*)^2\. .*\n(?s:.*)^3\. )", re.MULTILINE)
    left_out = {f.stem for f in instruments.glob("*.txt") if f.stem not in SEQUENCES}
    assert {name for name in left_out if numbered.search((instruments / f"{name}.txt").read_text(encoding="utf-8"))} == set()


def test_units_tile_every_instrument(instruments: Path) -> None:
    for file in sorted(instruments.glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        check(text, find_structure(text))


def test_every_coded_line_is_a_passage(instruments: Path) -> None:
    """At least 99.5 % of the lines that carry hand-coded labels are passages."""
    labels = Path(__file__).parents[2] / "corpora" / "gold" / "labels"
    coded = lost = 0
    for file in sorted(labels.glob("*.jsonl")):
        source = instruments / f"{file.stem}.txt"
        if source.exists():
            text = source.read_text(encoding="utf-8")
            starts = {text.count("\n", 0, p.start) for p in find_structure(text).passages}
            lines = {int(m) for m in re.findall(r'"b":\s?(\d+)', file.read_text(encoding="utf-8"))}
            coded, lost = coded + len(lines), lost + len(lines - starts)
    assert coded > 1_000
    assert lost <= 0.005 * coded


def test_a_new_article_changes_no_earlier_id_in_real_texts(instruments: Path) -> None:
    for name in ("un-trafficking-protocol-2000", "crc-gc6-2005", "sg-prevention-human-trafficking-act-2014", "us-18usc77-2023-04"):
        file = instruments / f"{name}.txt"
        text = file.read_text(encoding="utf-8").rstrip()
        new = {"un": "Article 99", "cr": "999. States shall act.", "sg": "999. Ships shall sail.", "us": "§ 9999. New section"}[name[:2]]
        before = find_structure(text)
        after = find_structure(f"{text}\n\n{new}\n\nIt shall apply.\n")
        assert [u.id for u in after.units[: len(before.units)]] == [u.id for u in before.units]
