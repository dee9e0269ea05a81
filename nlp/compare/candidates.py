"""Which provisions could belong together: found through shared wordings, so that not every one is held against every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product

import numpy as np

from nlp.compare.likeness import Coded, Floats
from nlp.compare.texts import Provision

SHINGLE, COMMON, MOST = 3, 24, 10
BUCKET, GAP = 8, 24
Couple = tuple[int, int]


def candidates(left: Sequence[Provision], right: Sequence[Provision], coded: Coded, vectors: tuple[Floats, Floats] | None) -> set[Couple]:
    """Couples of indices worth looking at: same wording, shared rare phrases and words, same citation, near in meaning (with vectors)."""
    found = set(_same_wording(coded))
    found |= set(_same_citation(left, right))
    for size, common in ((SHINGLE, COMMON), (1, MOST)):
        found |= set(_sharing(coded, size, common))
    if vectors is not None:
        found |= set(_near(*vectors))
    return found


def in_gaps(matched: dict[int, int], left: int, right: int) -> Iterator[Couple]:
    """Couples of what is left between two matches that follow each other on both sides; of long gaps only what stands alike."""
    taken = set(matched.values())
    edges = [(-1, -1), *_in_order(matched), (left, right)]
    for (a, b), (c, d) in pairwise(edges):
        ours = [i for i in range(a + 1, c) if i not in matched]
        theirs = [j for j in range(b + 1, d) if j not in taken]
        if ours and theirs:
            yield from _gap(ours, theirs)


def _gap(ours: Sequence[int], theirs: Sequence[int]) -> Iterator[Couple]:
    if len(ours) * len(theirs) <= GAP * GAP:
        yield from product(ours, theirs)
        return
    for n, i in enumerate(ours):
        middle = round(n * (len(theirs) - 1) / max(len(ours) - 1, 1))
        yield from ((i, j) for j in theirs[max(0, middle - BUCKET) : middle + BUCKET + 1])


def _in_order(matched: dict[int, int]) -> Iterator[Couple]:
    """Matches that cross no other that was kept before them."""
    last = -1
    for i in sorted(matched):
        if matched[i] > last and matched[i] - last < 4 * GAP:
            last = matched[i]
            yield i, last


def _same_wording(coded: Coded) -> Iterator[Couple]:
    where: dict[str, list[int]] = defaultdict(list)
    for j, words in enumerate(coded.right):
        where[words].append(j)
    ours: dict[str, list[int]] = defaultdict(list)
    for i, words in enumerate(coded.left):
        ours[words].append(i)
    for words, indices in ours.items():
        yield from _bucket(indices, where.get(words, []))


def _bucket(ours: Sequence[int], theirs: Sequence[int]) -> Iterator[Couple]:
    """All couples of a small bucket; of a large one those whose ranks are near, from either end, so that both sides are treated alike."""
    if len(ours) * len(theirs) <= BUCKET * BUCKET:
        yield from product(ours, theirs)
        return
    back = len(theirs) - len(ours)
    for n, i in enumerate(ours):
        near = set(range(n - BUCKET, n + BUCKET + 1)) | set(range(n + back - BUCKET, n + back + BUCKET + 1))
        yield from ((i, theirs[m]) for m in near if 0 <= m < len(theirs))


def _same_citation(left: Sequence[Provision], right: Sequence[Provision]) -> Iterator[Couple]:
    where: dict[str, list[int]] = defaultdict(list)
    for p in right:
        where[p.citation or p.label].append(p.index)
    for p in left:
        yield from ((p.index, j) for j in where.get(p.citation or p.label, [])[:BUCKET])


def _sharing(coded: Coded, size: int, common: int) -> Iterator[Couple]:
    """For each provision of either side, those opposite with which it shares most phrases of `size` words that few have."""
    ours, theirs = _index(coded.left, size), _index(coded.right, size)
    rare = [(ours[s], theirs[s]) for s in ours.keys() & theirs.keys() if len(ours[s]) <= common and len(theirs[s]) <= common]
    counts: dict[Couple, float] = defaultdict(float)
    for indices, opposite in rare:
        weight = 1 / (len(indices) * len(opposite))
        for couple in product(indices, opposite):
            counts[couple] += weight
    yield from _best(counts, 0)
    yield from _best(counts, 1)


def _best(counts: dict[Couple, float], side: int) -> Iterator[Couple]:
    rows: dict[int, list[tuple[float, Couple]]] = defaultdict(list)
    for couple, count in counts.items():
        rows[couple[side]].append((-count, couple))
    for row in rows.values():
        yield from (couple for _, couple in sorted(row)[:MOST])


def _index(side: Iterable[str], size: int) -> dict[str, list[int]]:
    where: dict[str, list[int]] = defaultdict(list)
    for i, words in enumerate(side):
        for shingle in {words[k : k + size] for k in range(len(words) - size + 1)}:
            where[shingle].append(i)
    return where


def _near(left: Floats, right: Floats) -> Iterator[Couple]:
    """The nearest by cosine from either side; rows are of length 1."""
    cosine = left @ right.T
    most = min(MOST, *cosine.shape)
    for i, row in enumerate(np.argpartition(-cosine, most - 1, axis=1)[:, :most]):
        yield from ((i, int(j)) for j in row)
    for j, row in enumerate(np.argpartition(-cosine.T, most - 1, axis=1)[:, :most]):
        yield from ((int(i), j) for i in row)
