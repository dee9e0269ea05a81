"""Makes the provision model from coded documents: fine-tune on train, calibrate and choose thresholds on dev, write weights and figures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from corpora.gold.distil import Lessons, Room, School, Stage, distil, told
from corpora.gold.examples import CodedExample, examples_of, learnt_labels, truth_of
from corpora.gold.folds import work_of
from corpora.gold.read import GoldDocument
from models.classifier import Classifier, Shape, encoder_from, narrowed, started, with_words
from models.decision import Decision, decided, fit_decision, undecided, write_decision
from models.encoder import Pair, PairTokenizer
from models.labeller import WEIGHTS, Labeller, load_labeller, save_classifier
from models.manifest import file_digest, model_digest, write_manifest
from models.metrics import bootstrap, calibration_error, f1, macro_f1
from models.training import Example, Recipe, digest_of
from models.words import fit_words
from nlp.codebook import Codebook

Floats = NDArray[np.float64]
ONE = "training"


@dataclass(frozen=True, slots=True)
class Order:
    """What to train from what: `encoder` is a local folder with config.json, model.safetensors and tokenizer.json.

    `start` are models that were trained before, with the same encoder and codebook: the training goes on from the mean of their weights.
    With a `school`, its recipes take the place of `recipe`, but for the seed of the untaught heads. `kept` is the folder where each
    training's standing is kept after each epoch.
    """

    encoder: Path
    out: Path
    codebook: Codebook
    recipe: Recipe = field(default_factory=Recipe)
    context_tokens: int = 112
    text_tokens: int = 256
    start: tuple[Path, ...] = ()
    school: School | None = None
    kept: Path | None = None

    def trainings(self) -> list[str]:
        """The names of all trainings, in order."""
        return [name for name, _ in self.school.trainings()] if self.school else [ONE]


class NothingToTrainOn(ValueError):
    """No coded block was found for training or for choosing thresholds."""


def fit(
    order: Order,
    training: Sequence[GoldDocument],
    held_out: Sequence[GoldDocument],
    stage: Stage,
    *,
    written: Sequence[CodedExample] = (),
    uncoded: Sequence[Pair] = (),
) -> dict[str, object]:
    """Trains, calibrates on `held_out`, writes the model folder and returns its figures; raises NothingToTrainOn, OtherTraining.

    `written` provisions are learnt from beside those of real instruments, `uncoded` blocks by the students of a school. `stage` is told
    the name of each training and gives what hears of its progress.
    """
    lessons = Lessons(examples_of(training, order.codebook), written, uncoded)
    judged = examples_of(held_out, order.codebook)
    if not lessons.taught or not judged:
        raise NothingToTrainOn("no coded block was found: are the texts beside the gold files?")
    shape = Shape(learnt_labels(order.codebook), order.context_tokens, order.text_tokens)
    tokenizer_file = order.encoder / "tokenizer.json"
    tokenizer = PairTokenizer(tokenizer_file, context_tokens=shape.context_tokens, text_tokens=shape.text_tokens)
    learnt, stages = _learnt(order, lessons, Room(partial(_untaught, order, shape), tokenizer, stage, order.kept))
    trained = narrowed(learnt, order.codebook.keys())
    by_hand = [*lessons.taught, *lessons.written]
    save_classifier(worded(trained, tokenizer, by_hand, order.codebook), tokenizer_file, order.out)
    made = _made(order, lessons, judged, stages)
    return decide(order.out, judged, order.codebook, made) | {"train_blocks": len(lessons.taught), "made": made}


def _learnt(order: Order, lessons: Lessons, room: Room) -> tuple[Classifier, list[dict[str, object]]]:
    """The trained classifier, and what each training was."""
    if order.school is None:
        examples = lessons.coded()
        return room.train(ONE, order.recipe, examples), [told(ONE, order.recipe, examples)]
    works = len({work_of(one.name) for one in lessons.taught})
    if works < len(order.school.teachers):
        raise NothingToTrainOn(f"{len(order.school.teachers)} teachers need as many works, and there are {works}")
    return distil(order.school, lessons, room)


def _made(order: Order, lessons: Lessons, judged: Sequence[CodedExample], stages: Sequence[object]) -> dict[str, object]:
    """What the model was made of, for its manifest: digests of the encoder and of all data, and each training with recipe and seed."""
    data = {
        "gold": [one.example for one in lessons.taught],
        "written": [one.example for one in lessons.written],
        "uncoded": [Example(pair, ()) for pair in lessons.uncoded],
        "held out": [one.example for one in judged],
    }
    return {
        "encoder": f"sha256:{file_digest(order.encoder / WEIGHTS)}",
        "start": [model_digest(folder) for folder in order.start],
        "seed": order.recipe.seed,
        "data": {name: {"blocks": len(examples), "digest": f"sha256:{digest_of(examples)}"} for name, examples in data.items()},
        "stages": list(stages),
    }


def _untaught(order: Order, shape: Shape) -> Classifier:
    torch.manual_seed(order.recipe.seed)
    classifier = Classifier(encoder_from(order.encoder), shape)
    if not order.start:
        return classifier
    return started(classifier, [load_labeller(folder).classifier.state_dict() for folder in order.start], order.codebook.keys())


def worded(classifier: Classifier, tokenizer: PairTokenizer, lessons: Sequence[CodedExample], codebook: Codebook) -> Classifier:
    """The classifier with a head of words that is fitted to the same examples, of long texts to the first window."""
    rows = [tokenizer.windows(one.example.pair)[0] for one in lessons]
    words, bias = fit_words(rows, truth_of(lessons, classifier.shape.labels, codebook))
    return with_words(classifier, words, bias.tolist())


def decide(folder: Path, judged: Sequence[CodedExample], codebook: Codebook, made: Mapping[str, object]) -> dict[str, object]:
    """Calibrates the model in `folder` on held-out blocks, writes its decision rules and manifest, and returns the figures."""
    shape_labels = json.loads((folder / "shape.json").read_text(encoding="utf-8"))["labels"]
    write_decision(undecided(shape_labels), folder / "decision.json")
    write_manifest(folder)
    labeller = load_labeller(folder)
    logits = labeller.read([e.example.pair for e in judged]).logits
    truth = truth_of(judged, labeller.labels, codebook)
    decision = fit_decision(labeller.labels, logits, truth)
    write_decision(decision, folder / "decision.json")
    write_manifest(folder, made)
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
