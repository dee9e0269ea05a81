"""Folds by work: whoever judges a block must have learnt from other works, and from no other version of the same one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_VERSION = re.compile(r"-(?:am)?\d{4}\b.*$")


def work_of(name: str) -> str:
    """The work that a text's name tells: what stands before its year (`crc-1989-am1995` and `crc-1989` are versions of `crc`)."""
    return _VERSION.sub("", name)


def folds_by_work(names: Sequence[str], count: int) -> list[int]:
    """The fold (0 … count − 1) of each block, given the name of its text: works stay whole, folds hold about the same number of blocks.

    Raises ValueError where there are fewer works than folds.
    """
    sizes = Counter(map(work_of, names))
    if len(sizes) < count:
        raise ValueError(f"{len(sizes)} works cannot be divided among {count}")
    held = [0] * count
    fold: dict[str, int] = {}
    for work, blocks in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold[work] = held.index(min(held))
        held[fold[work]] += blocks
    return [fold[work_of(name)] for name in names]
