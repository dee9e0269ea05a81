"""How the framing of a document is spread over its parts: chapters or titles, or its articles where nothing stands above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.types import Block, Framing, Part, Unit

Floats = NDArray[np.float64]
AROUND = frozenset({"title", "preamble", "conclusions"})  # unit ids of what stands around the body


def count_framings(blocks: Sequence[Block]) -> Mapping[str, int]:
    """How many blocks have each framing."""
    counts = Counter(block.framing for block in blocks)
    return {framing.value: counts.get(framing, 0) for framing in Framing}


def frame_parts(units: Sequence[Unit], blocks: Sequence[Block], crime: Floats, rights: Floats) -> tuple[Part, ...]:
    """The parts that hold blocks, in the order of the text; crime and rights are the blocks' weights for either framework (blocks,).

    Parts are the units on the highest level on which the body has more than one: an act of one division falls into its sections.
    A block above that level stays with the unit that it stands in.
    """
    where = _part_of(units)
    held: dict[str, list[int]] = {}
    for i, block in enumerate(blocks):
        if block.unit in where:
            held.setdefault(where[block.unit], []).append(i)
    return tuple(_part(unit, [blocks[i] for i in at], crime[at], rights[at]) for unit, at in held.items())


def _part(unit: str, blocks: Sequence[Block], crime: Floats, rights: Floats) -> Part:
    total = float(crime.sum() + rights.sum())
    share = round(float(rights.sum()) / total, 4) if total else None
    return Part(unit, share, round(total, 4), count_framings(blocks))


def _part_of(units: Sequence[Unit]) -> dict[str, str]:
    """The part that each unit belongs to, itself perhaps; units stand in the order of the text, each behind its parent."""
    below: dict[str | None, list[str]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit.id)
    level = below.get(None, [])
    parts = {*level}
    while len(body := [name for name in level if name not in AROUND]) == 1 and body[0] in below:
        level = below[body[0]]
        parts |= {*level}
    found: dict[str, str] = {}
    for unit in units:
        found[unit.id] = unit.id if unit.parent is None or unit.id in parts else found[unit.parent]
    return found
