"""The provision model adjusted to reviewed blocks, and what that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.gold.examples import examples_of, truth_of
from corpora.gold.fit import NothingToTrainOn
from corpora.gold.read import GoldDocument
from models.adapting import Adapted, adapt
from models.decision import write_decision
from models.labeller import Labeller, load_labeller, save_classifier
from models.manifest import write_manifest
from models.metrics import f1
from nlp.codebook import codebook

Json = dict[str, object]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """One label on the coded blocks: how many have it, how many the model newly gives it, and from how many it takes it."""

    label: str
    positives: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Effect:
    """F1 over all labels of the coded layers on blocks held back, before and after; `adjusted` is False where the model stays as it was."""

    blocks: int
    adjusted: bool
    f1_before: float
    f1_after: float
    changes: tuple[Change, ...]


def adapt_to(model: Path, documents: Sequence[GoldDocument], out: Path) -> Effect:
    """Writes to `out` the model in the folder `model`, adjusted to these documents; raises NothingToTrainOn, TooFewExamples, ModelDamaged.

    A layer of labels of which no block has any counts as not coded, since a review may leave layers out.
    """
    labeller = load_labeller(model)
    book = codebook()
    examples = examples_of(documents, book)
    if not examples:
        raise NothingToTrainOn("no coded block was found: are the texts beside the gold files?")
    truth = _known(labeller.labels, truth_of(examples, labeller.labels, book))
    found = adapt(labeller, [one.example.pair for one in examples], truth)
    save_classifier(found.labeller.classifier, model / "tokenizer.json", out)
    write_decision(found.labeller.decision, out / "decision.json")
    write_manifest(out)
    return _effect(labeller, found, truth)


def _known(labels: Sequence[str], truth: Floats) -> Floats:
    coded = {label.partition("/")[0] for label, column in zip(labels, truth.T, strict=True) if column.any()}
    truth[:, [label.partition("/")[0] not in coded for label in labels]] = np.nan
    return truth


def _effect(labeller: Labeller, found: Adapted, truth: Floats) -> Effect:
    was, are = (np.array([rule.threshold for rule in one.decision.rules]) for one in (labeller, found.labeller))
    before, after, unseen = found.before >= was, found.after >= are, found.unseen >= are
    known, true = ~np.isnan(truth), truth > 0.5
    rows = [
        Change(label, int(true[:, j].sum()), int((after & ~before)[:, j].sum()), int((before & ~after)[:, j].sum()))
        for j, label in enumerate(labeller.labels)
        if known[:, j].any()
    ]
    earlier, now = (f1(said[known], true[known]) for said in (before, unseen))
    return Effect(len(truth), found.penalty is not None, earlier, now, tuple(rows))
