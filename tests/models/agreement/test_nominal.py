from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from nltk.metrics.agreement import AnnotationTask
from sklearn.metrics import cohen_kappa_score, f1_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from models.agreement.figures import CONSTANT, measure
from models.agreement.nominal import MISSING, Codings, Measure, ac1, alpha, coded, cohen, f1, fleiss, percent, resample

EXACT = 1e-9
# Krippendorff's example of four coders and twelve units with missing codings (Computing Krippendorff's Alpha-Reliability, 2011, C),
# which Gwet (Handbook of Inter-Rater Reliability, 4th ed., table 2.10) uses too; both print the figures to three places.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)  # fmt: skip


def value(of: Measure, values: Codings, categories: int) -> float:
    return float(of(coded(values, categories), np.ones((1, values.shape[1])))[0])


def same(found: float, wanted: float) -> bool:
    return (np.isnan(found) and np.isnan(wanted)) or abs(found - wanted) <= EXACT


def complete(coders: int, categories: int) -> st.SearchStrategy[Codings]:
    units = st.integers(2, 40)
    return units.flatmap(lambda n: arrays.arrays(np.int64, (coders, n), elements=st.integers(0, categories - 1)))


def with_gaps(coders: int, categories: int) -> st.SearchStrategy[Codings]:
    return st.integers(3, 40).flatmap(lambda n: arrays.arrays(np.int64, (coders, n), elements=st.integers(MISSING, categories - 1)))


def test_published_worked_examples() -> None:
    values = PUBLISHED - 1
    assert value(alpha, values, 5) == pytest.approx(0.743, abs=0.0005)
    assert value(ac1, values, 5) == pytest.approx(0.775, abs=0.0005)
    assert value(percent, values, 5) == pytest.approx(0.818, abs=0.0005)


def test_fleiss_own_example() -> None:
    """Ten subjects, fourteen raters, five categories: kappa 0.210 (Fleiss 1971 as printed in the literature)."""
    table = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0],
             [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]  # fmt: skip
    values = np.array([[c for c, n in enumerate(row) for _ in range(n)] for row in table]).T
    assert value(fleiss, values, 5) == pytest.approx(0.210, abs=0.0005)


def test_gwets_example_of_skew() -> None:
    """Two raters, 125 units, 118 of them positive for both: percent 0.944, kappa −0.023, AC1 0.941 (Gwet 2008, after Cicchetti)."""
    values = np.array([[1] * 118 + [1] * 5 + [0] * 2, [1] * 118 + [0] * 5 + [1] * 2])
    assert value(percent, values, 2) == pytest.approx(0.944)
    assert value(cohen, values, 2) == pytest.approx(-0.0234, abs=0.0005)
    assert value(ac1, values, 2) == pytest.approx(0.9408, abs=0.0005)


@settings(max_examples=60, deadline=None)
@given(with_gaps(3, 4))
def test_alpha_is_that_of_nltk(values: Codings) -> None:
    pairable = (values != MISSING).sum(axis=0) >= 2
    if len(np.unique(values[:, pairable][values[:, pairable] != MISSING])) < 2:
        assert np.isnan(value(alpha, values, 4))
        return
    said = [(coder, unit, int(label)) for (coder, unit), label in np.ndenumerate(values) if label != MISSING]
    assert same(value(alpha, values, 4), AnnotationTask(data=said).alpha())


@settings(max_examples=60, deadline=None)
@given(complete(2, 3))
def test_cohen_is_that_of_scikit_learn(values: Codings) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = cohen_kappa_score(*values)
    assert same(value(cohen, values, 3), wanted) or (len(np.unique(values)) == 1 and np.isnan(value(cohen, values, 3)))


@settings(max_examples=60, deadline=None)
@given(complete(2, 2))
def test_f1_is_that_of_scikit_learn(values: Codings) -> None:
    if values.any():
        assert same(value(f1, values, 2), f1_score(*values))
    else:
        assert np.isnan(value(f1, values, 2))


@settings(max_examples=60, deadline=None)
@given(complete(4, 3))
def test_fleiss_is_that_of_statsmodels(values: Codings) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = fleiss_kappa(aggregate_raters(values.T)[0], method="fleiss")
    assert same(value(fleiss, values, 3), wanted)


@settings(max_examples=60, deadline=None)
@given(with_gaps(3, 3))
def test_ac1_is_that_of_its_definition(values: Codings) -> None:
    """Term by term after Gwet (2008), equations for several raters with missing ratings."""
    units = [[v for v in unit if v != MISSING] for unit in values.T]
    rated, pairable = [u for u in units if u], [u for u in units if len(u) > 1]
    if not pairable:
        assert np.isnan(value(ac1, values, 3))
        return
    seen = np.mean([np.mean([a == b for a, b in combinations(unit, 2)]) for unit in pairable])
    shares = [np.mean([unit.count(c) / len(unit) for unit in rated]) for c in range(3)]
    chance = sum(p * (1 - p) for p in shares) / 2
    assert same(value(ac1, values, 3), (seen - chance) / (1 - chance))
    assert same(value(percent, values, 3), float(seen))


def test_uncoded_text_counts_for_nothing() -> None:
    """A hundred units, ninety-nine of each hundred uncoded by one or both: the figures are those of the coded ones alone."""
    chance = np.random.default_rng(3)
    both = chance.integers(0, 2, (2, 40))
    wide = np.full((2, 4000), MISSING)
    wide[:, ::100] = both
    wide[0, 1::100] = 1
    few, many = measure(both, 2), measure(wide, 2)
    for name, figure in few.figures.items():
        if name != "ac1":  # its chance term uses what one alone has coded
            assert many.figures[name].value == pytest.approx(figure.value), name
    assert (many.units, many.excluded) == (40, 3960)


def test_skewed_labels_show_both_figures_with_a_warning() -> None:
    values = np.zeros((2, 400), dtype=np.int64)
    values[0, [3, 9]] = values[1, [9, 50]] = 1
    wide = np.full((2, 40_000), MISSING)
    wide[:, ::100] = values
    found = measure(wide, 2)
    assert (found.units, found.excluded) == (400, 39_600)
    assert found.figures["ac1"].value is not None
    assert found.figures["alpha"].value is not None
    assert found.figures["percent"].value == pytest.approx(0.995)
    assert found.figures["ac1"].value > 0.99
    assert found.figures["alpha"].value < 0.6
    assert found.warning
    assert "side by side" in found.warning


def test_codings_of_one_category_say_so() -> None:
    found = measure(np.ones((2, 10), dtype=np.int64), 2)
    assert found.figures["alpha"].value is None
    assert found.figures["percent"].value == 1
    assert found.warning == CONSTANT


def test_nothing_coded_twice_is_nothing_to_measure() -> None:
    found = measure(np.array([[1, MISSING], [MISSING, 1]]), 2)
    assert found.units == 0
    assert {figure.value for figure in found.figures.values()} == {None}
    assert found.warning


def test_intervals_hold_the_figure_and_groups_are_drawn_together() -> None:
    chance = np.random.default_rng(1)
    values = chance.integers(0, 2, (3, 200))
    values[1] = np.where(chance.random(200) < 0.8, values[0], values[1])
    found = measure(values, 2)
    for name, figure in found.figures.items():
        assert figure.low is not None, name
        assert figure.low <= figure.value <= figure.high, name  # type: ignore[operator]
    drawn = resample(6, 50, 7, np.array([0, 0, 1, 1, 2, 2]))
    assert (drawn[:, ::2] == drawn[:, 1::2]).all()
    assert (drawn.sum(axis=1) == 6).all()
