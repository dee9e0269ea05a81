"""Masked-language pretraining on texts of the domain, before fine-tuning (Gururangan et al. 2020, "Don't Stop Pretraining")."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.classifier import Encoder
from models.encoder import Batch, Pair, PairTokenizer, batches_by_length
from models.training import Progress

MASK = "[MASK]"


class WordHead(nn.Module):
    """Token states to vocabulary logits, through the encoder's own word embeddings."""

    def __init__(self, embeddings: nn.Embedding) -> None:
        super().__init__()
        size = embeddings.embedding_dim
        self.dense = nn.Linear(size, size)
        nn.init.eye_(self.dense.weight)
        self.norm = nn.LayerNorm(size)
        self.words = embeddings
        self.bias = nn.Parameter(torch.zeros(embeddings.num_embeddings))

    def forward(self, states: Tensor) -> Tensor:
        logits: Tensor = self.norm(nn.functional.gelu(self.dense(states))) @ self.words.weight.T + self.bias
        return logits


def adapt(
    encoder: Encoder, tokenizer: PairTokenizer, texts: Sequence[str], *, epochs: int, rate: float, seed: int, progress: Progress
) -> Encoder:
    """The encoder after `epochs` passes over `texts`, 15 % of the tokens hidden; `progress` gets step, steps, loss."""
    torch.manual_seed(seed)
    chance = random.Random(seed)
    head = WordHead(encoder.embeddings.word_embeddings)
    rows = [w for t in texts for w in tokenizer.windows(Pair("", t))]
    parameters = list({id(p): p for p in (*encoder.parameters(), *head.parameters())}.values())
    optimizer = torch.optim.AdamW(parameters, lr=rate, weight_decay=0.01)
    per_epoch = sum(1 for _ in batches_by_length(rows, 3072))
    steps, step = per_epoch * epochs, 0
    encoder.train()
    for _ in range(epochs):
        order = list(batches_by_length(rows, 3072))
        chance.shuffle(order)
        for batch in order:
            for group in optimizer.param_groups:
                group["lr"] = rate * min(1.0, (step + 1) / 50) * max(0.05, 1 - step / steps)
            loss = _masked_loss(encoder, head, batch, tokenizer.special(MASK))
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            progress(step, steps, loss.item())
    return encoder.eval()


def _masked_loss(encoder: Encoder, head: WordHead, batch: Batch, mask_id: int) -> Tensor:
    """80 % of the chosen tokens are masked, 10 % replaced, 10 % kept (Devlin et al. 2019)."""
    chosen = (torch.rand(batch.ids.shape) < 0.15) & (batch.own == 1)
    chosen[0, 2] = True
    dice = torch.rand(batch.ids.shape)
    ids = torch.where(chosen & (dice < 0.8), mask_id, batch.ids)
    ids = torch.where(chosen & (dice >= 0.9), torch.randint(1000, head.words.num_embeddings, ids.shape), ids)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = encoder(input_ids=ids, token_type_ids=batch.types, attention_mask=batch.mask).last_hidden_state
        logits = head(states[chosen])
    return nn.functional.cross_entropy(logits.float(), batch.ids[chosen])
