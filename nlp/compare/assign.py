"""The assignment that makes the sum of its couples' worth as large as it can be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, min_weight_full_bipartite_matching

Couple = tuple[int, int]


def assign(worth: Mapping[Couple, float]) -> dict[int, int]:
    """The best assignment of left to right indices, each used once at most; couples that are worth nothing (0 or less) stay apart.

    The graph of couples falls into small parts, so the cost grows with the provisions rather than with their square.
    """
    couples = sorted(couple for couple, value in worth.items() if value > 0)
    if not couples:
        return {}
    found: dict[int, int] = {}
    for part in _parts(couples):
        found |= _single(part) or _solve(part, worth)
    return found


def _parts(couples: list[Couple]) -> list[list[Couple]]:
    ours = {i: n for n, i in enumerate(sorted({i for i, _ in couples}))}
    theirs = {j: n + len(ours) for n, j in enumerate(sorted({j for _, j in couples}))}
    rows, columns = [ours[i] for i, _ in couples], [theirs[j] for _, j in couples]
    size = len(ours) + len(theirs)
    count, part = connected_components(csr_array((np.ones(len(couples)), (rows, columns)), shape=(size, size)), directed=False)
    parts: list[list[Couple]] = [[] for _ in range(count)]
    for couple, row in zip(couples, rows, strict=True):
        parts[part[row]].append(couple)
    return parts


def _single(couples: list[Couple]) -> dict[int, int] | None:
    return dict(couples) if len(couples) == 1 else None


def _solve(couples: list[Couple], worth: Mapping[Couple, float]) -> dict[int, int]:
    """Each left index may also take a place of its own that is worth nothing, so that a full matching always exists."""
    ours, theirs = sorted({i for i, _ in couples}), sorted({j for _, j in couples})
    row, column = {i: n for n, i in enumerate(ours)}, {j: n for n, j in enumerate(theirs)}
    rows = [row[i] for i, _ in couples] + list(range(len(ours)))
    columns = [column[j] for _, j in couples] + [len(theirs) + n for n in range(len(ours))]
    base = 1.0 + max(worth[couple] for couple in couples)
    costs = [base - worth[couple] for couple in couples] + [base] * len(ours)
    matrix = csr_array((costs, (rows, columns)), shape=(len(ours), len(theirs) + len(ours)))
    at, to = min_weight_full_bipartite_matching(matrix)
    return {ours[n]: theirs[m] for n, m in zip(at.tolist(), to.tolist(), strict=True) if m < len(theirs)}
