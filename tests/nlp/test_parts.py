from __future__ import annotations

import numpy as np

from nlp.parts import frame_parts
from nlp.types import Block, Framing, Part, Unit

C, R, N = Framing.CRIME, Framing.RIGHTS, Framing.NEUTRAL


def units(*names: str) -> list[Unit]:
    """`a/b` is unit b in unit a."""
    return [Unit(one.rpartition("/")[2], "x", None, None, one.rpartition("/")[0].rpartition("/")[2] or None, 0, 9) for one in names]


def parts(tree: list[Unit], *blocks: tuple[str, Framing]) -> dict[str, tuple[float | None, float]]:
    coded = [Block(unit, i, i + 1, framing) for i, (unit, framing) in enumerate(blocks)]
    crime = np.array([float(b.framing is C) for b in coded])
    rights = np.array([float(b.framing is R) for b in coded])
    return {part.unit: (part.rights, part.weight) for part in frame_parts(tree, coded, crime, rights)}


def test_chapters_are_parts_and_hold_what_stands_under_them() -> None:
    tree = units("title", "preamble", "chp_1", "chp_1/art_1", "chp_1/art_1/para_1", "chp_2", "chp_2/art_2", "conclusions")
    found = parts(tree, ("preamble", N), ("art_1", C), ("para_1", R), ("art_2", R), ("conclusions", N))
    assert found == {"preamble": (None, 0.0), "chp_1": (0.5, 2.0), "chp_2": (1.0, 1.0), "conclusions": (None, 0.0)}


def test_an_act_of_one_division_falls_into_its_sections() -> None:
    tree = units("title", "preamble", "preamble/rec_1", "dvs_A", "dvs_A/sec_1", "dvs_A/sec_2", "dvs_A/sec_2/para_a")
    found = parts(tree, ("rec_1", R), ("dvs_A", C), ("sec_1", C), ("para_a", R))
    assert found == {"preamble": (1.0, 1.0), "dvs_A": (0.0, 1.0), "sec_1": (0.0, 1.0), "sec_2": (1.0, 1.0)}


def test_without_units_there_are_no_parts() -> None:
    assert parts([], ("art_1", C)) == {}
    assert frame_parts(units("art_1"), [], np.zeros(0), np.zeros(0)) == ()


def test_a_part_counts_its_blocks_by_framing() -> None:
    (found,) = frame_parts(units("art_1"), [Block("art_1", 0, 1, C), Block("art_1", 1, 2, N)], np.array([0.6, 0.0]), np.zeros(2))
    assert found == Part("art_1", 0.0, 0.6, {"crime": 1, "rights": 0, "hybrid": 0, "neutral": 1})
