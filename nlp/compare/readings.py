"""Equal words that the model read otherwise, because of what stands around them: settled, so that they move no balance of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.compare.drift import Masses, weights_of
from nlp.compare.groups import Group
from nlp.compare.likeness import Floats
from nlp.compare.sides import Side
from nlp.compare.texts import standings
from nlp.framing import masses


def as_read(sides: tuple[Side, Side], groups: Sequence[Group]) -> tuple[Floats, Floats]:
    """What each pair weighs on the left and on the right: for crime, for rights, and in all (3, pairs)."""
    return _gathered(sides[0], [one.left for one in groups]), _gathered(sides[1], [one.right for one in groups])


def settled(sides: tuple[Side, Side], groups: Sequence[Group], equal: Sequence[bool], read: tuple[Floats, Floats]) -> Masses:
    """The weights of the pairs, where those of `equal` words have on both sides the mean of both readings.

    How much such a pair counts may still differ, where its chapeau or its part of the instrument is another: a duty that was softened in
    its chapeau, a recital that became an article. Where only one side has any weight, its reading is taken.
    """
    left, right = read
    same = np.array(equal, dtype=bool)
    alike = same & np.array(_stand_alike(sides, groups), dtype=bool)
    weight = np.where(alike, (left[2] + right[2]) / 2, (left[2], right[2]))
    shares = [np.divide(side[:2], side[2], out=np.zeros_like(side[:2]), where=side[2] > 0) for side in read]
    sides_read = (left[2] > 0).astype(float) + (right[2] > 0)
    mean = (shares[0] + shares[1]) / np.maximum(sides_read, 1)
    ours, theirs = (np.where(same, mean * weight[n], read[n][:2]) for n in (0, 1))
    return Masses(ours[0], ours[1], theirs[0], theirs[1])


def _gathered(side: Side, groups: Sequence[tuple[int, ...]]) -> Floats:
    weight = weights_of(side.document)
    rows = np.stack((*masses(side.document.blocks, weight), weight))
    return np.array([rows[:, list(indices)].sum(1) for indices in groups]).reshape(-1, 3).T


def _stand_alike(sides: tuple[Side, Side], groups: Sequence[Group]) -> list[bool]:
    """Of provisions that were split or merged it is taken for granted."""
    ours, theirs = (standings(side.document, side.provisions) for side in sides)
    return [len(one.left) != 1 or len(one.right) != 1 or ours[one.left[0]] == theirs[one.right[0]] for one in groups]
