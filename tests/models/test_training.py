from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import torch

from models.classifier import Classifier
from models.encoder import Pair, collate
from models.training import Example, Recipe, train
from tests.models.small import small_classifier, small_pair_tokenizer

LABELS = ("police", "victim")
RECIPE = Recipe(epochs=40, rate=3e-3, head_rate=1e-2, tokens_per_batch=512, average=0.9, seed=5)


def lesson(count: int = 160) -> list[Example]:
    """Texts of random words; a label is true where its own word occurs."""
    chance = random.Random(4)
    words = ["police", "victim", "court", "state", "return", "the", "of"]
    texts = [chance.choices(words, k=6) for _ in range(count)]
    return [Example(Pair("", " ".join(t)), tuple(float(label in t) for label in LABELS)) for t in texts]


def trained(folder: Path, examples: list[Example]) -> tuple[Classifier, list[float]]:
    losses: list[float] = []
    tokenizer = small_pair_tokenizer(folder)
    return train(small_classifier(LABELS), tokenizer, examples, RECIPE, lambda step, steps, loss: losses.append(loss)), losses


def test_it_learns_which_words_matter(tmp_path: Path) -> None:
    examples = lesson()
    model, losses = trained(tmp_path, examples)
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])
    tokenizer = small_pair_tokenizer(tmp_path)
    batch = collate([tokenizer.windows(e.pair)[0] for e in examples], range(len(examples)))
    with torch.inference_mode():
        said = model(batch) > 0
    right = (said == torch.tensor([e.targets for e in examples]).bool()).float().mean()
    assert right > 0.9


def test_a_seed_gives_the_same_weights(tmp_path: Path) -> None:
    (one, _), (other, _) = trained(tmp_path, lesson(24)), trained(tmp_path, lesson(24))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_labels_that_nobody_coded_teach_nothing(tmp_path: Path) -> None:
    examples = [Example(e.pair, (e.targets[0], math.nan)) for e in lesson(24)]
    model, losses = trained(tmp_path, examples)
    assert all(math.isfinite(loss) for loss in losses)
    before = small_classifier(LABELS)
    assert torch.equal(model.head.bias[1], before.head.bias[1])
