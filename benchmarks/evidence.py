"""Is the evidence faithful? Hides phrases and reads the block again: `python benchmarks/evidence.py [FOLDER_OF_TEXTS] [BLOCKS]`.

For each label found, how far its probability falls when its heaviest phrase is hidden, against other phrases of the same block of about
the same length, and against the phrase whose hiding lowers it most (found by hiding every one: what cheap evidence can reach at best).
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import numpy as np

from models.encoder import Pair
from models.labeller import Labeller, load_labeller
from nlp.annotate import WEIGHTS
from nlp.evidence import weigh_phrases
from nlp.phrases import phrases
from nlp.provisions import read_with
from nlp.structure.find import find_structure
from nlp.syntax import load_syntax, parse

SEED = 1
HIDDEN = "[MASK]"
Span = tuple[int, int]


def some_blocks(files: Sequence[Path], count: int) -> list[Pair]:
    """Blocks of readable length, as the pipeline reads them, spread over the texts."""
    chance = random.Random(SEED)
    found: list[Pair] = []
    for file in files:
        text = file.read_text(encoding="utf-8")
        passages = find_structure(text).passages
        fit = [i for i, p in enumerate(passages) if 60 < len(p.text) < 900]
        chosen = chance.sample(fit, min(len(fit), -(-count // len(files))))
        found += [read_with(passages, i, text.strip().partition("\n")[0]) for i in chosen]
    return found


def falls(labeller: Labeller, pairs: Sequence[Pair], spans: Sequence[Sequence[Span]]) -> list[np.ndarray]:
    """Per block (phrases, labels): by how much each probability falls when each phrase is hidden."""
    before = labeller.decision.probabilities(labeller.read(pairs).logits)
    hidden = [Pair(p.context, p.text[:a] + HIDDEN + p.text[b:]) for p, found in zip(pairs, spans, strict=True) for a, b in found]
    after = iter(labeller.decision.probabilities(labeller.read(hidden).logits))
    return [np.array([before[i] - next(after) for _ in found]).reshape(-1, before.shape[1]) for i, found in enumerate(spans)]


def compared(
    labeller: Labeller, pairs: Sequence[Pair], spans: Sequence[Sequence[Span]]
) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """For each label found: layer, weight given, and the falls without the heaviest phrase, others of its length, the best phrase."""
    reading, hidden = labeller.read(pairs), falls(labeller, pairs, spans)
    p = labeller.decision.probabilities(reading.logits)
    for i, found in enumerate(spans):
        shares = np.array([phrase.share for phrase in weigh_phrases(found, reading.looks[i])]).reshape(-1, p.shape[1])
        weights = p[i] - labeller.decision.probabilities(reading.logits[i] - shares)
        width = np.array([b - a for a, b in found])
        for j, rule in enumerate(labeller.decision.rules):
            if p[i, j] >= rule.threshold and len(found) > 2:
                top = int(weights[:, j].argmax())
                near = [q for q in np.argsort(abs(width - width[top]), kind="stable") if q != top][:3]
                fall = hidden[i][:, j]
                layer = rule.label.partition("/")[0]
                yield layer, (float(weights[top, j]), float(fall[top]), float(fall[near].mean()), float(fall.max()))


def by_layer(layers: np.ndarray, rows: np.ndarray) -> dict[str, float]:
    """The fall without the evidence over that without others of its length, for the labels of each layer."""
    means = {layer: rows[layers == layer].mean(axis=0) for layer in sorted(set(layers.tolist()))}
    return {layer: round(float(top / others), 2) for layer, (_, top, others, _) in means.items()}


def main() -> None:
    """Prints one JSON line."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(str(resources.files("corpora.samples")))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    pairs = some_blocks(sorted(folder.glob("*.txt")), count)
    spans = [phrases(doc) for doc in parse(load_syntax(), [p.text for p in pairs])]
    layers, falls_of = zip(*compared(load_labeller(WEIGHTS / "provisions"), pairs, spans), strict=True)
    rows = np.array(falls_of)
    weight, top, others, best = rows.mean(axis=0)
    figures = {
        "blocks": len(pairs),
        "labels": len(rows),
        "fall_without_evidence": round(top, 3),
        "fall_without_another_phrase_of_its_length": round(others, 3),
        "ratio": round(top / others, 2),
        "ratio_by_layer": by_layer(np.array(layers), rows),
        "share_of_the_best_phrase": round(top / best, 2),
        "mean_weight": round(weight, 3),
        "correlation_of_weight_and_fall": round(float(np.corrcoef(rows[:, 0], rows[:, 1])[0, 1]), 2),
        "evidence_that_lowers_it": round(float((rows[:, 1] > 0).mean()), 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
