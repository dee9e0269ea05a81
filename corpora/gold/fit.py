"""Makes the provision model from coded documents: fine-tune on train, calibrate and choose thresholds on dev, write weights and figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from corpora.gold.examples import CodedExample, examples_of, learnt_labels, truth_of
from corpora.gold.read import GoldDocument
from models.classifier import Classifier, Encoder, Shape, encoder_from, narrowed, started, with_words
from models.decision import Decision, Rule, decided, fit_decision, write_decision
from models.encoder import PairTokenizer
from models.labeller import Labeller, load_labeller, save_classifier
from models.manifest import write_manifest
from models.metrics import bootstrap, calibration_error, f1, macro_f1
from models.training import Progress, Recipe, train
from models.words import fit_words
from nlp.codebook import Codebook

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Order:
    """What to train from what: `encoder` is a local folder with config.json, model.safetensors and tokenizer.json.

    `start` are models that were trained before, with the same encoder and codebook: the training goes on from the mean of their weights.
    `kept` is the file where the training's standing is kept after each epoch.
    """

    encoder: Path
    out: Path
    codebook: Codebook
    recipe: Recipe = field(default_factory=Recipe)
    context_tokens: int = 112
    text_tokens: int = 256
    start: tuple[Path, ...] = ()
    kept: Path | None = None


class NothingToTrainOn(ValueError):
    """No coded block was found for training or for choosing thresholds."""


def fit(
    order: Order,
    training: Sequence[GoldDocument],
    held_out: Sequence[GoldDocument],
    progress: Progress,
    *,
    written: Sequence[CodedExample] = (),
    encoder: Encoder | None = None,
) -> dict[str, object]:
    """Trains, calibrates on `held_out`, writes the model folder and returns its figures; raises NothingToTrainOn.

    `written` provisions are learnt from beside those of real instruments. `encoder` takes the place of the weights in `order.encoder`
    where it was adapted before.
    """
    taught, judged = examples_of(training, order.codebook), examples_of(held_out, order.codebook)
    if not taught or not judged:
        raise NothingToTrainOn("no coded block was found: are the texts beside the gold files?")
    shape = Shape(learnt_labels(order.codebook), order.context_tokens, order.text_tokens)
    tokenizer_file = order.encoder / "tokenizer.json"
    tokenizer = PairTokenizer(tokenizer_file, context_tokens=shape.context_tokens, text_tokens=shape.text_tokens)
    classifier = _untaught(order, shape, encoder)
    lessons = [*taught, *written]
    learnt = train(classifier, tokenizer, [one.example for one in lessons], order.recipe, progress, order.kept)
    trained = narrowed(learnt, order.codebook.keys())
    save_classifier(worded(trained, tokenizer, lessons, order.codebook), tokenizer_file, order.out)
    return decide(order.out, judged, order.codebook) | {
        "recipe": asdict(order.recipe),
        "train_blocks": len(taught),
        "written_blocks": len(written),
    }


def _untaught(order: Order, shape: Shape, encoder: Encoder | None) -> Classifier:
    torch.manual_seed(order.recipe.seed)
    classifier = Classifier(encoder or encoder_from(order.encoder), shape)
    if not order.start:
        return classifier
    return started(classifier, [load_labeller(folder).classifier.state_dict() for folder in order.start], order.codebook.keys())


def worded(classifier: Classifier, tokenizer: PairTokenizer, lessons: Sequence[CodedExample], codebook: Codebook) -> Classifier:
    """The classifier with a head of words that is fitted to the same examples, of long texts to the first window."""
    rows = [tokenizer.windows(one.example.pair)[0] for one in lessons]
    words, bias = fit_words(rows, truth_of(lessons, classifier.shape.labels, codebook))
    return with_words(classifier, words, bias.tolist())


def decide(folder: Path, judged: Sequence[CodedExample], codebook: Codebook) -> dict[str, object]:
    """Calibrates the model in `folder` on held-out blocks, writes its decision rules and manifest, and returns the figures."""
    shape_labels = json.loads((folder / "shape.json").read_text(encoding="utf-8"))["labels"]
    write_decision(Decision(tuple(Rule(label, 1.0, 0.0, 0.5, (0.4, 0.6)) for label in shape_labels)), folder / "decision.json")
    write_manifest(folder)
    labeller = load_labeller(folder)
    logits = labeller.read([e.example.pair for e in judged]).logits
    truth = truth_of(judged, labeller.labels, codebook)
    decision = fit_decision(labeller.labels, logits, truth)
    write_decision(decision, folder / "decision.json")
    write_manifest(folder)
    return figures(labeller, decision, logits, truth)


def figures(labeller: Labeller, decision: Decision, logits: Floats, truth: Floats) -> dict[str, object]:
    """F1 per label with 95 % bootstrap interval, macro-F1 per layer, and calibration error, over held-out blocks."""
    p = decision.probabilities(logits)
    said = decided(decision, logits)
    true = truth > 0.5
    rows: dict[str, object] = {}
    for j, rule in enumerate(decision.rules):
        low, high = bootstrap(partial(_f1_of, said[:, j], true[:, j]), len(true))
        rows[rule.label] = {
            "f1": round(f1(said[:, j], true[:, j]), 3),
            "interval": [round(low, 3), round(high, 3)],
            "positives": int(true[:, j].sum()),
            "calibration_error": round(calibration_error(p[:, j], truth[:, j]), 4),
        }
    layers = {label.partition("/")[0] for label in labeller.labels}
    columns = {layer: [j for j, label in enumerate(labeller.labels) if label.startswith(layer + "/")] for layer in sorted(layers)}
    macro = {layer: round(macro_f1(said[:, c], true[:, c]), 3) for layer, c in columns.items()}
    return {"labels": rows, "macro_f1": macro, "calibration_error": round(calibration_error(p, truth), 4), "dev_blocks": len(truth)}


def _f1_of(said: NDArray[np.bool_], true: NDArray[np.bool_], rows: NDArray[np.int64]) -> float:
    return f1(said[rows], true[rows])
