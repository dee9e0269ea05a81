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
    """The part that each unit belongs to, itself perhaps."""
    below: dict[str | None, list[str]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit.id)
    tops, level = [], below.get(None, [])
    found: dict[str, str] = {}
    while len(body := [name for name in level if name not in AROUND]) == 1 and below.get(body[0]):
        tops += [name for name in level if name in AROUND]
        found[body[0]] = body[0]
        level = below[body[0]]
    for top in [*tops, *level]:
        found |= dict.fromkeys(_under(top, below), top)
    return found


def _under(top: str, below: Mapping[str | None, Sequence[str]]) -> list[str]:
    found, open_ = [], [top]
    while open_:
        found.append(one := open_.pop())
        open_ += below.get(one, ())
    return found
