from __future__ import annotations

import random

import numpy as np
import pytest

from models.adapting import TooFewExamples, adapt
from models.encoder import Pair
from models.labeller import Labeller, load_labeller
from models.metrics import f1
from tests.models.small import WORDS, small_model

LABELS = ("victim/a", "victim/b", "four_p/c")


@pytest.fixture(scope="module")
def labeller(tmp_path_factory: pytest.TempPathFactory) -> Labeller:
    return load_labeller(small_model(tmp_path_factory.mktemp("adapting"), LABELS))


def pairs(count: int, seed: int) -> list[Pair]:
    chance = random.Random(seed)
    return [Pair("", " ".join(chance.choices(WORDS, k=6))) for _ in range(count)]


def truth(of: list[Pair]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The first label follows a word, the second is never there, the third was not coded."""
    return np.array([[float("police" in one.text), 0.0, np.nan] for one in of])


def test_a_rule_of_the_coders_is_learnt_and_other_labels_stay(labeller: Labeller) -> None:
    seen, new = pairs(80, 1), pairs(60, 2)
    found = adapt(labeller, seen, truth(seen))
    assert found.penalty is not None
    before, after = (one.decision.probabilities(one.read(new).logits) for one in (labeller, found.labeller))
    true = truth(new)[:, 0] > 0.5
    was, now = labeller.decision.rules[0].threshold, found.labeller.decision.rules[0].threshold
    assert f1(after[:, 0] >= now, true) > f1(before[:, 0] >= was, true) + 0.1
    assert after[:, 1].max() < 0.3
    assert np.array_equal(before[:, 2], after[:, 2])


def test_what_it_says_of_the_examples_is_what_the_new_model_says(labeller: Labeller) -> None:
    seen = pairs(40, 3)
    found = adapt(labeller, seen, truth(seen))
    again = found.labeller.decision.probabilities(found.labeller.read(seen).logits)
    assert np.abs(again - found.after).max() < 1e-4
    assert np.array_equal(adapt(labeller, seen, truth(seen)).after, found.after)


def test_noise_is_not_learnt(labeller: Labeller) -> None:
    """Where coders agree with the model, or toss a coin it knows the odds of, nothing that helps is found, or next to nothing is moved."""
    seen = pairs(60, 4)
    odds = labeller.decision.probabilities(labeller.read(seen).logits)
    coin = (np.random.default_rng(5).random(odds.shape) < odds).astype(float)
    found = adapt(labeller, seen, coin)
    assert found.penalty is None or np.abs(found.after - found.before).max() < 0.3


def test_a_handful_is_too_few(labeller: Labeller) -> None:
    with pytest.raises(TooFewExamples, match="10 are needed"):
        adapt(labeller, pairs(9, 6), truth(pairs(9, 6)))
