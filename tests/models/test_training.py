from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from models.checkpoint import OtherTraining
from models.classifier import Classifier, narrowed, started
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


def test_an_interrupted_training_comes_to_the_same_end(tmp_path: Path) -> None:
    recipe = Recipe(epochs=3, rate=3e-3, tokens_per_batch=256, seed=5)
    tokenizer, examples = small_pair_tokenizer(tmp_path), lesson(40)
    whole = train(small_classifier(LABELS), tokenizer, examples, recipe, lambda *_: None)
    kept = tmp_path / "standing.safetensors"

    def cut(step: int, steps: int, loss: float) -> None:
        if step == steps - 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(small_classifier(LABELS), tokenizer, examples, recipe, cut, kept)
    resumed: list[int] = []
    again = train(small_classifier(LABELS), tokenizer, examples, recipe, lambda step, steps, loss: resumed.append(step), kept)
    assert resumed[0] > 1
    assert all(torch.equal(a, b) for a, b in zip(whole.parameters(), again.parameters(), strict=True))
    with pytest.raises(OtherTraining):
        train(small_classifier(LABELS), tokenizer, lesson(41), recipe, lambda *_: None, kept)


def test_heads_are_taken_out_and_put_back(tmp_path: Path) -> None:
    tokenizer = small_pair_tokenizer(tmp_path)
    batch = collate([tokenizer.windows(Pair("", "the police return the victim"))[0]], [0])
    whole = small_classifier(LABELS)
    with torch.inference_mode():
        both = whole(batch)
        one = narrowed(whole, ["victim"])
        assert torch.allclose(one(batch), both[:, 1:])
        other = small_classifier(LABELS)
        other.head.bias.add_(1.0)
        mean = started(small_classifier(LABELS), [whole.state_dict(), other.state_dict()], LABELS)
        assert torch.allclose(mean(batch), both + 0.5, atol=1e-5)
