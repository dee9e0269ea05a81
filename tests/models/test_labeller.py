from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from models.encoder import Pair, collate
from models.labeller import Labeller, load_labeller
from models.manifest import MANIFEST, ModelDamaged, verify, write_manifest
from tests.models.small import WORDS, small_model

LABELS = ("indicators/a", "victim/b")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_model(tmp_path_factory.mktemp("labeller"), LABELS)


@pytest.fixture(scope="module")
def labeller(folder: Path) -> Labeller:
    return load_labeller(folder)


def some_pairs(count: int, seed: int = 0) -> list[Pair]:
    chance = random.Random(seed)
    return [Pair("the state", " ".join(chance.choices(WORDS, k=chance.randint(1, 40)))) for _ in range(count)]


def test_batch_size_and_order_do_not_change_labels(labeller: Labeller) -> None:
    pairs = some_pairs(30)
    one = labeller.read(pairs, tokens_per_batch=4000).logits
    other = labeller.read(pairs[::-1], tokens_per_batch=1).logits[::-1]
    assert np.abs(one - other).max() < 1e-3


def test_the_same_pairs_give_the_same_bits(labeller: Labeller) -> None:
    pairs = some_pairs(20)
    assert np.array_equal(labeller.read(pairs).logits, labeller.read(pairs).logits)


def test_shares_are_those_of_the_words(labeller: Labeller) -> None:
    pairs = some_pairs(10)
    for pair, look in zip(pairs, labeller.read(pairs).looks, strict=True):
        assert look.shares.shape == (len(look.offsets), len(LABELS))
        assert {pair.text[a:b] for a, b in look.offsets} <= set(WORDS)


def test_shares_and_bias_add_up_to_the_logit(labeller: Labeller) -> None:
    """Held against the head's own way of computing it, over all tokens: the text's, the context's and the marks between them."""
    rows = [labeller.tokenizer.windows(pair)[0] for pair in some_pairs(6)]
    batch, head = collate(rows, range(6)), labeller.classifier.head
    with torch.inference_mode():
        states = labeller.classifier.states(batch)
        shares = head.shares(states, batch.mask, batch.own)
        assert torch.allclose(shares.sum(1) + head.bias, head(states, batch.mask, batch.own), atol=1e-5)
    assert not shares[batch.mask == 0].any()


def test_a_label_keeps_the_shares_of_the_window_it_was_read_from(labeller: Labeller) -> None:
    text = " ".join(["police", "victim"] * 30)
    (whole,) = labeller.read([Pair("", text)]).looks
    windows = [Pair("", text[w.offsets[2][0] : w.offsets[-2][1]]) for w in labeller.tokenizer.windows(Pair("", text))]
    apart = labeller.read(windows)
    assert len(windows) > 1
    for label, best in enumerate(apart.logits.argmax(axis=0)):
        assert whole.shares[:, label].sum() == pytest.approx(apart.looks[best].shares[:, label].sum(), abs=1e-2)


def test_weights_keep_half_precision_only(folder: Path, labeller: Labeller) -> None:
    assert all(p.dtype == torch.float32 for p in labeller.classifier.parameters())
    assert (folder / "model.safetensors").stat().st_size < 2.2 * sum(p.numel() for p in labeller.classifier.parameters()) + 10_000


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    folder = small_model(tmp_path, LABELS)
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    with pytest.raises(ModelDamaged, match=r"model\.safetensors is missing or differs"):
        load_labeller(folder)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    folder = small_model(tmp_path, LABELS)
    (folder / MANIFEST).unlink()
    with pytest.raises(ModelDamaged, match=r"manifest\.json is missing"), within():
        verify(folder)


@contextmanager
def within() -> Iterator[None]:
    """What a refusal may pass through on its way out."""
    yield


def test_pickles_are_refused(tmp_path: Path) -> None:
    folder = small_model(tmp_path, LABELS)
    (folder / "extra.pt").write_bytes(b"\x80\x04N.")
    write_manifest(folder)
    with pytest.raises(ModelDamaged, match="could run code"):
        verify(folder)
