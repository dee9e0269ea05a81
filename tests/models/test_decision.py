from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.decision import Decision, Rule, fit_decision, read_decision, write_decision
from models.metrics import bootstrap, calibration_error, f1, macro_f1


def overconfident(rows: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Logits three times too large for the truth that they came with, two labels, one rare."""
    chance = np.random.default_rng(1)
    logits = chance.normal([0.0, -2.5], 1.5, (rows, 2))
    truth = (chance.random((rows, 2)) < 1 / (1 + np.exp(-logits))).astype(float)
    return logits * 3, truth


def test_calibration_undoes_overconfidence() -> None:
    logits, truth = overconfident()
    decision = fit_decision(["a", "b"], logits, truth)
    before = calibration_error(1 / (1 + np.exp(-logits)), truth)
    after = calibration_error(decision.probabilities(logits), truth)
    assert before > 0.08
    assert after < 0.02
    assert decision.rules[0].scale == pytest.approx(1 / 3, abs=0.05)


def test_thresholds_lie_inside_their_bands() -> None:
    for rule in fit_decision(["a", "b"], *overconfident()).rules:
        assert 0.1 <= rule.threshold <= 0.8
        assert rule.band[0] < rule.threshold < rule.band[1]


def test_a_label_without_positives_gets_a_rule() -> None:
    logits = np.random.default_rng(0).normal(-3, 1, (200, 1))
    (rule,) = fit_decision(["never"], logits, np.zeros((200, 1))).rules
    assert np.isfinite([rule.scale, rule.shift, rule.threshold]).all()


def test_rules_survive_the_file(tmp_path: Path) -> None:
    decision = Decision((Rule("indicators/x", 1.25, -0.5, 0.42, (0.3, 0.55)),))
    write_decision(decision, tmp_path / "decision.json")
    assert read_decision(tmp_path / "decision.json") == decision


@pytest.mark.parametrize(
    ("said", "true", "score"), [([1, 1, 0], [1, 1, 0], 1.0), ([1, 0, 0], [1, 1, 0], 2 / 3), ([0, 0], [0, 0], 0.0), ([1, 0], [0, 1], 0.0)]
)
def test_f1(said: list[int], true: list[int], score: float) -> None:
    assert f1(np.array(said, bool), np.array(true, bool)) == pytest.approx(score)


def test_macro_f1_leaves_out_labels_that_do_not_occur() -> None:
    said, true = np.array([[True, True], [False, False]]), np.array([[True, False], [False, False]])
    assert macro_f1(said, true) == 1.0


def test_the_bootstrap_interval_holds_the_figure() -> None:
    values = np.random.default_rng(2).normal(5, 1, 400)
    low, high = bootstrap(lambda rows: float(values[rows].mean()), len(values))
    assert low < values.mean() < high
    assert high - low == pytest.approx(4 / 20, rel=0.3)
