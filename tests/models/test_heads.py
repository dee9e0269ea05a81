from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.encoder import Pair
from models.heads import fit_heads, load_heads, save_heads, unseen_logits
from models.labeller import load_labeller
from tests.models.small import small_model

LABELS = ("a", "b")


def clouds(rows: int = 80) -> tuple[np.ndarray, np.ndarray]:
    """Two labels that hang on one number each, among eight that mean nothing."""
    chance = np.random.default_rng(3)
    truth = (chance.random((rows, 2)) < 0.3).astype(float)
    return np.concatenate([truth * 3 + chance.normal(size=(rows, 2)), chance.normal(size=(rows, 8))], axis=1), truth


def test_a_head_finds_what_it_was_shown() -> None:
    features, truth = clouds()
    heads = fit_heads(LABELS, features, truth)
    logits = features @ heads.weight.numpy().T + heads.bias.numpy()
    assert ((logits > 0) == (truth > 0.5)).mean() > 0.9
    assert ((unseen_logits(LABELS, features, truth) > 0) == (truth > 0.5)).mean() > 0.8


def test_fitting_twice_gives_the_same_numbers() -> None:
    features, truth = clouds()
    one, other = (fit_heads(LABELS, features, truth) for _ in range(2))
    assert np.array_equal(one.weight, other.weight)


def test_unseen_logits_do_not_know_the_answer() -> None:
    features, truth = clouds()
    chance = np.random.default_rng(4).permutation(truth)
    assert abs(((unseen_logits(LABELS, features, chance) > 0) == (chance > 0.5)).mean() - 0.5) < 0.2


def test_heads_of_another_size_are_refused(tmp_path: Path) -> None:
    save_heads(fit_heads(LABELS, *clouds()), tmp_path)
    assert load_heads(LABELS, tmp_path).weight.shape == (2, 10)
    with pytest.raises(ValueError, match="heads for 2 labels, the codebook has 1"):
        load_heads(("a",), tmp_path)


def test_heads_are_read_beside_the_model_and_change_nothing_of_it(tmp_path: Path) -> None:
    labeller = load_labeller(small_model(tmp_path, ("x/one", "x/two")))
    pairs = [Pair("the state", text) for text in ("police punish", "shelter", "victim and court", "a state may assist " * 20)]
    features = labeller.features(pairs)
    heads = fit_heads(LABELS, features, np.array([[1, 0], [0, 1], [1, 0], [0, 1]], dtype=float))
    own, others = replace(labeller, heads=(heads,)).read(pairs).split(2, 2)
    assert np.array_equal(own.logits, labeller.read(pairs).logits)
    expected = features @ heads.weight.double().numpy().T + heads.bias.double().numpy()
    assert np.abs(others.logits[:3] - expected[:3]).max() < 1e-4
    assert [look.shares.shape for look in others.looks[:3]] == [(len(look.offsets), 2) for look in others.looks[:3]]
