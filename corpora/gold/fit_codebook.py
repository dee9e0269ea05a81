"""Makes heads for a codebook of the user's own, over the shared encoder: fit, cross-validate, calibrate, write."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.gold.coded import Coded, counted
from models.decision import Decision, fit_decision, write_decision
from models.heads import Heads, fit_heads, save_heads, unseen_logits
from models.labeller import Labeller
from models.manifest import write_manifest
from models.metrics import bootstrap, f1
from nlp.codebook import Codebook
from nlp.trained import FILE, NOTES

Floats = NDArray[np.float64]
LEAST, ADVISED = 4, 8


class TooFewExamples(ValueError):
    """A label has too few examples to learn from, or every example carries it."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Heads with their rules of decision, and what was measured of them."""

    heads: Heads
    decision: Decision
    figures: dict[str, Any]


def fit_codebook(codebook: Codebook, examples: Sequence[Coded], labeller: Labeller) -> Fitted:
    """Learns every label from the examples; its figures are cross-validated over them. Deterministic. Raises TooFewExamples."""
    counts = counted(examples, codebook)
    _check(counts, len(examples))
    return fit_features(codebook.keys(), labeller.features([one.pair for one in examples]), _truth(codebook, examples), counts)


def fit_features(labels: tuple[str, ...], features: Floats, truth: Floats, counts: dict[str, int]) -> Fitted:
    """The same from features (examples, size) and truth (examples, labels) 0 or 1."""
    unseen = unseen_logits(labels, features, truth)
    decision = fit_decision(labels, unseen, truth)
    return Fitted(fit_heads(labels, features, truth), decision, _figures(decision, unseen, truth) | {"examples": counts})


def write_codebook(toml: bytes, fitted: Fitted, encoder: str, out: Path) -> str:
    """Writes the folder of a trained codebook, all of it or nothing, in the place of an earlier one; returns its digest."""
    out.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        (made / FILE).write_bytes(toml)
        save_heads(fitted.heads, made)
        write_decision(fitted.decision, made / "decision.json")
        (made / NOTES).write_text(json.dumps({"encoder": encoder} | fitted.figures, indent=1) + "\n", encoding="utf-8")
        digest = write_manifest(made)
        _open_to_readers(made)
        _replace(made, out)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return digest


def _open_to_readers(made: Path) -> None:
    """A service may run as another user than the one who trained."""
    made.chmod(0o755)
    for file in made.iterdir():
        file.chmod(0o644)


def _replace(made: Path, out: Path) -> None:
    if out.exists():
        aside = Path(mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
        out.replace(aside)
        made.replace(out)
        shutil.rmtree(aside)
    else:
        made.replace(out)


def _check(counts: dict[str, int], examples: int) -> None:
    for key, count in counts.items():
        if count < LEAST:
            raise TooFewExamples(f"{key} has {count} examples; at least {LEAST} are needed, {ADVISED} or more are advised")
        if examples - count < LEAST:
            raise TooFewExamples(f"all but {examples - count} examples carry {key}; at least {LEAST} without it are needed")


def _truth(codebook: Codebook, examples: Sequence[Coded]) -> Floats:
    keys = codebook.keys()
    return np.array([[float(key in one.labels) for key in keys] for one in examples])


def _figures(decision: Decision, unseen: Floats, truth: Floats) -> dict[str, Any]:
    """F1 of each label with its 95 % bootstrap interval, and their mean."""
    said = decision.probabilities(unseen) >= np.array([rule.threshold for rule in decision.rules])
    rows = {}
    for j, rule in enumerate(decision.rules):
        score = partial(_f1_of, said[:, j], truth[:, j] > 0.5)
        low, high = bootstrap(score, len(truth))
        rows[rule.label] = {"f1": round(score(np.arange(len(truth))), 3), "interval": [round(low, 3), round(high, 3)]}
    return {"labels": rows, "macro_f1": round(float(np.mean([row["f1"] for row in rows.values()])), 3), "rows": len(truth)}


def _f1_of(said: NDArray[np.bool_], true: NDArray[np.bool_], rows: NDArray[np.int64]) -> float:
    return f1(said[rows], true[rows])
