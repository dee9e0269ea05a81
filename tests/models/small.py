"""A real encoder small enough for a test: two layers, sixteen numbers a token, a vocabulary of letters and a few words."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from models.classifier import Classifier, Shape
from models.decision import Decision, Rule, write_decision
from models.encoder import PairTokenizer
from models.labeller import save_classifier
from models.manifest import write_manifest

WORDS = ["shall", "may", "police", "victim", "court", "shelter", "state", "punish", "assist", "return", "the", "of", "and", "to", "a", "in"]
LETTERS = [chr(c) for c in range(33, 127)]


def small_tokenizer(folder: Path) -> Path:
    """Writes tokenizer.json and returns its path."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *LETTERS, *(f"##{c}" for c in LETTERS)]
    tokenizer = Tokenizer(models.WordPiece({p: i for i, p in enumerate(dict.fromkeys(pieces))}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    path = folder / "tokenizer.json"
    tokenizer.save(str(path))
    return path


def small_encoder(vocabulary: int = 400) -> BertModel:
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=128
    )
    return BertModel(config, add_pooling_layer=False).eval()


def small_classifier(labels: tuple[str, ...]) -> Classifier:
    return Classifier(small_encoder(), Shape(labels, context_tokens=16, text_tokens=32)).eval()


def small_pair_tokenizer(folder: Path) -> PairTokenizer:
    return PairTokenizer(small_tokenizer(folder), context_tokens=16, text_tokens=32)


def small_model(folder: Path, labels: tuple[str, ...]) -> Path:
    """A model folder as training leaves it, untrained, with neutral decision rules."""
    out = folder / "model"
    save_classifier(small_classifier(labels), small_tokenizer(folder), out)
    write_decision(Decision(tuple(Rule(label, 1.0, 0.0, 0.5, (0.4, 0.6)) for label in labels)), out / "decision.json")
    write_manifest(out)
    assert json.loads((out / "shape.json").read_text())["labels"] == list(labels)
    return out
