from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import torch

from models.classifier import narrowed, with_words
from models.encoder import Pair, Tokens, collate
from models.words import WordHead, fit_words
from tests.models.small import small_classifier, small_pair_tokenizer

LABELS = ("police", "victim")


def rows(folder: Path, count: int = 120) -> tuple[list[Tokens], np.ndarray]:
    """Texts of random words and random contexts; a label is true where its own word stands in the text."""
    chance, tokenizer = random.Random(4), small_pair_tokenizer(folder)
    words = ["police", "victim", "court", "state", "return", "the", "of"]
    texts = [(chance.choices(words, k=chance.randint(2, 9)), chance.choices(words, k=3)) for _ in range(count)]
    found = [tokenizer.windows(Pair(" ".join(context), " ".join(text)))[0] for text, context in texts]
    return found, np.array([[float(label in text) for label in LABELS] for text, _ in texts])


def test_it_learns_which_words_of_the_text_matter(tmp_path: Path) -> None:
    seen, truth = rows(tmp_path)
    head, bias = fit_words(seen, truth, buckets=512)
    said = head(collate(seen, range(len(seen)))).numpy() + bias > 0
    assert (said == (truth > 0.5)).mean() > 0.95


def test_shares_add_up_and_padding_changes_nothing(tmp_path: Path) -> None:
    seen, truth = rows(tmp_path)
    head, _ = fit_words(seen, truth, buckets=512)
    together = head(collate(seen, range(len(seen))))
    for n in (0, 7, 60):
        alone = collate([seen[n]], [0])
        assert torch.allclose(head(alone)[0], together[n], atol=1e-5)
        assert torch.allclose(head.shares(alone).sum(dim=1), head(alone))


def test_a_rows_features_have_length_one(tmp_path: Path) -> None:
    seen, truth = rows(tmp_path)
    head, _ = fit_words(seen, truth, buckets=2**16)
    found = head.found(collate([seen[3]], [0]))
    total: dict[int, float] = {}
    for place, value in zip(found.places[0].tolist(), found.values[0].tolist(), strict=True):
        total[place] = total.get(place, 0.0) + value
    assert math.isclose(sum(value**2 for value in total.values()), 1.0, rel_tol=1e-5)


def test_what_nobody_coded_gets_no_weights(tmp_path: Path) -> None:
    seen, truth = rows(tmp_path)
    truth[:, 1] = math.nan
    head, bias = fit_words(seen, truth, buckets=512)
    assert head.weight[:, 0].abs().sum() > 0
    assert head.weight[:, 1].abs().sum() == 0
    assert bias[1] == 0


def test_it_joins_a_classifier_and_is_narrowed_with_it(tmp_path: Path) -> None:
    seen, truth = rows(tmp_path, 40)
    head, bias = fit_words(seen, truth, buckets=512)
    plain, batch = small_classifier(LABELS).eval(), collate(seen[:5], range(5))
    with torch.inference_mode():
        alone, joined = plain(batch), with_words(plain, head, bias.tolist())
        assert torch.allclose(joined(batch), alone + head(batch) + torch.tensor(bias).float(), atol=1e-5)
        assert torch.allclose(narrowed(joined, ["victim"])(batch)[:, 0], joined(batch)[:, 1], atol=1e-5)


def test_an_empty_text_has_no_words() -> None:
    tokens = Tokens((1, 2, 2), (0, 0, 1), ((0, 0),) * 3)
    assert torch.equal(WordHead(64, 2)(collate([tokens], [0])), torch.zeros(1, 2))
