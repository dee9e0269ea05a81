"""Codebooks of the user's own: trained heads over the shared encoder, read in the same pass as the model's own labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from models.decision import Decision, read_decision
from models.heads import Heads, load_heads
from models.labeller import Look
from models.manifest import ModelDamaged
from nlp.codebook import Codebook
from nlp.evidence import find_evidence
from nlp.sides import frame_coding
from nlp.trained import Trained
from nlp.types import Block, Coding, DocumentCoding, Evidence, Passage

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coder:
    """A trained codebook, ready to use; `digest` names its files."""

    codebook: Codebook
    heads: Heads
    decision: Decision
    digest: str

    @property
    def labels(self) -> tuple[str, ...]:
        return self.heads.labels

    def code(self, passage: Passage, doc: Doc, logits: Floats, look: Look, *, evidence: bool = True) -> Coding:
        """What the codebook says of a passage whose logits (labels,) are these."""
        p = np.round(self.decision.probabilities(logits[None])[0], 4)
        rules = self.decision.rules
        said = [j for j, rule in enumerate(rules) if p[j] >= rule.threshold]
        labels: dict[str, dict[str, float]] = {label.layer: {} for label in self.codebook.labels}
        for j in said:
            layer, _, name = rules[j].label.partition("/")
            labels[layer][name] = float(p[j])
        undecided = {rule.label: float(p[j]) for j, rule in enumerate(rules) if rule.band[0] <= p[j] < rule.band[1]}
        found: tuple[Evidence, ...] = find_evidence(passage, doc, self.decision, logits, look, said) if evidence else ()
        return Coding(self.codebook.name, self.codebook.framed(labels), labels, undecided, found)


def load_coder(trained: Trained) -> Coder:
    """A coder from its folder; raises ModelDamaged where its weights do not fit its labels."""
    try:
        heads = load_heads(trained.codebook.keys(), trained.folder)
    except (ValueError, KeyError) as error:
        raise ModelDamaged(trained.folder, str(error)) from error
    return Coder(trained.codebook, heads, read_decision(trained.folder / "decision.json"), trained.digest)


def frame_codings(blocks: Sequence[Block], coders: Sequence[Coder]) -> tuple[DocumentCoding, ...]:
    """What each codebook says of the whole text; the blocks carry their weights and one coding for each coder."""
    weight = np.array([block.weight for block in blocks])
    return tuple(
        frame_coding([block.codings[n] for block in blocks], weight, coder.codebook, coder.digest) for n, coder in enumerate(coders)
    )
