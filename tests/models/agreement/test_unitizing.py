from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.agreement.unitizing import Piece, Range, disagreement, interval, laid_end_to_end, unitizing_alpha

Spans = list[Range]
# Krippendorff (1995), p. 57: pairs of coders on a continuum of 24, as (begin, length), with the disagreement and alpha he gives. His
# alphas are those of the continuum cut ever finer.
PUBLISHED = {
    "A": ([[(2, 8), (14, 6)], [(4, 4), (15, 2)]], 0.03125, 0.553),
    "B": ([[(0, 18)], [(0, 2), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (9, 1)]], 2.26736, -0.926),
    "C": ([[(2, 6), (10, 2), (14, 4), (20, 2)], [(0, 2), (4, 4), (10, 4), (16, 2), (20, 2)]], 0.02777, 0.679),
    "D": ([[(0, 2), (2, 8), (10, 4), (14, 6), (20, 4)], [(0, 4), (4, 4), (8, 7), (15, 2), (17, 7)]], 0.38715, 0.066),
}


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize("fineness", [1, 1000])
def test_published_worked_examples(name: str, fineness: int) -> None:
    coders, observed, alpha = PUBLISHED[name]
    spans = [[(begin * fineness, (begin + length) * fineness) for begin, length in one] for one in coders]
    found = disagreement(spans, 24 * fineness)
    assert found.observed == pytest.approx(observed, abs=1e-5)
    if fineness == 1000:
        assert found.alpha == pytest.approx(alpha, abs=0.02)


def spans() -> st.SearchStrategy[Spans]:
    cuts = st.lists(st.integers(0, 60), unique=True, max_size=10).map(sorted)
    return cuts.map(lambda c: [(c[i], c[i + 1]) for i in range(0, len(c) - 1, 2)])


@settings(max_examples=80, deadline=None)
@given(spans(), spans(), spans())
def test_observed_disagreement_is_that_of_its_definition(a: Spans, b: Spans, c: Spans) -> None:
    """Every pair of sections of every two coders, term by term."""

    def sections(one: Spans) -> list[tuple[int, int, bool]]:
        edges = sorted({0, 60, *(e for s in one for e in s)})
        return [(x, y - x, (x, y) in one) for x, y in itertools.pairwise(edges)]

    def squared(g: tuple[int, int, bool], h: tuple[int, int, bool]) -> float:
        if g[2] and h[2] and -g[1] < g[0] - h[0] < h[1]:
            return (g[0] - h[0]) ** 2 + (g[0] + g[1] - h[0] - h[1]) ** 2
        if g[2] and not h[2] and h[1] - g[1] >= g[0] - h[0] >= 0:
            return g[1] ** 2
        if h[2] and not g[2] and h[1] - g[1] <= g[0] - h[0] <= 0:
            return h[1] ** 2
        return 0

    rows = [sections(one) for one in (a, b, c)]
    wanted = sum(squared(g, h) for i, x in enumerate(rows) for j, y in enumerate(rows) if i != j for g in x for h in y) / (6 * 60**2)
    assert disagreement([a, b, c], 60).observed == pytest.approx(wanted, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(spans())
def test_equal_spans_agree_and_nothing_marked_is_undefined(one: Spans) -> None:
    found, _ = unitizing_alpha({"definition": [one, one]}, 60)
    assert found == (1 if one else None)


def test_overlapping_spans_are_refused() -> None:
    with pytest.raises(ValueError, match="overlaps"):
        disagreement([[(0, 5), (3, 8)], []], 10)


def test_the_interval_holds_alpha_and_narrows_with_more_blocks() -> None:
    """Every fifth block a coder sees a span that the other does not; on every fourth they differ about where it ends."""
    few = [Piece(100, (() if n % 5 == 0 else ((10, 40),), ((10, 60 if n % 4 == 0 else 40),))) for n in range(20)]
    found = []
    for pieces in (few, few * 16):
        rows, length = laid_end_to_end(pieces)
        alpha = disagreement(rows, length).alpha
        low, high = interval(pieces)
        assert alpha is not None
        assert low is not None
        assert high is not None
        assert low < alpha < high
        found.append(high - low)
    assert found[1] < found[0] / 2
    assert interval([]) == interval([Piece(10, ((), ()))]) == (None, None)
    assert interval([Piece(10, (((0, 5),), ((0, 5),)))]) == (1, 1)
