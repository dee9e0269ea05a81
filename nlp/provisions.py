"""What each provision is about: the model's labels per block, with the phrases that carry them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from models.decision import Rule
from models.encoder import Pair
from models.labeller import Labeller, Look
from nlp.codebook import Codebook
from nlp.phrases import phrases
from nlp.types import Block, Evidence, Passage

Floats = NDArray[np.float64]
PROPOSED = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """A phrase proposed as evidence: which passage, which label, and its offsets in the passage."""

    passage: int
    label: int
    start: int
    end: int


def read_with(passages: Sequence[Passage], at: int, title: str) -> Pair:
    """What the model reads for a passage: title, the two nearest headings, its chapeaux and the block before, then the passage itself.

    Nothing after the passage is read, so that its labels do not depend on what follows. The context is cut from its
    beginning, so the nearest words stand last.
    """
    passage = passages[at]
    leads = [passages[i].text[-250:] for i in passage.leads]
    before = passages[at - 1].text[-200:] if at and (at - 1) not in passage.leads else ""
    context = " | ".join((title[:120], " > ".join(passage.headings[-2:]), before, " ".join(leads[-2:])))
    return Pair(context, passage.text)


def label_passages(
    passages: Sequence[Passage], docs: Sequence[Doc], *, title: str, labeller: Labeller, codebook: Codebook, evidence: bool = True
) -> tuple[Block, ...]:
    """One block per passage, in order. With `evidence`, phrases are proposed by attention and weighed by hiding them."""
    pairs = [read_with(passages, i, title) for i in range(len(passages))]
    reading = labeller.read(pairs)
    p = np.round(labeller.decision.probabilities(reading.logits), 4)
    found: dict[int, list[Evidence]] = {}
    if evidence:
        found = _evidence(passages, docs, pairs, p, reading.looks, labeller)
    return tuple(_block(passage, p[i], labeller.decision.rules, codebook, found.get(i, [])) for i, passage in enumerate(passages))


def _block(passage: Passage, p: Floats, rules: Sequence[Rule], codebook: Codebook, evidence: Sequence[Evidence]) -> Block:
    layers: dict[str, dict[str, float]] = {"indicators": {}, "victim": {}, "four_p": {}, "conditional": {}}
    undecided: dict[str, float] = {}
    for rule, value in zip(rules, p, strict=True):
        layer, _, name = rule.label.partition("/")
        if value >= rule.threshold:
            layers[layer][name] = float(value)
        if rule.band[0] <= value < rule.band[1]:
            undecided[rule.label] = float(value)
    conditional = bool(layers["conditional"]) and bool(layers["victim"])
    return Block(
        unit=passage.unit,
        start=passage.start,
        end=passage.end,
        framing=codebook.framing(layers["indicators"]),
        indicators=layers["indicators"],
        victim=layers["victim"],
        conditional=conditional,
        four_p=layers["four_p"],
        undecided=undecided,
        evidence=tuple(evidence),
    )


def _evidence(
    passages: Sequence[Passage], docs: Sequence[Doc], pairs: Sequence[Pair], p: Floats, looks: Sequence[Look], labeller: Labeller
) -> dict[int, list[Evidence]]:
    """Phrases of each label, heaviest first; those whose hiding does not lower the probability are dropped."""
    rules = labeller.decision.rules
    candidates: list[Candidate] = []
    for i, doc in enumerate(docs):
        wanted = [j for j, rule in enumerate(rules) if p[i, j] >= rule.threshold]
        if wanted:
            spans = phrases(doc)
            candidates += [c for j in wanted for c in _proposed(i, j, spans, looks[i])]
    hidden = [Pair(pairs[c.passage].context, _without(pairs[c.passage].text, c)) for c in candidates]
    if not hidden:
        return {}
    q = labeller.decision.probabilities(labeller.read(hidden).logits)
    found: dict[int, list[Evidence]] = {}
    for c, row in zip(candidates, q, strict=True):
        weight = round(float(p[c.passage, c.label] - row[c.label]), 3)
        if weight > 0:
            passage = passages[c.passage]
            start, end = passage.start + c.start, passage.start + c.end
            words = passage.text[c.start : c.end]
            found.setdefault(c.passage, []).append(Evidence(rules[c.label].label, start, end, words, weight))
    return {i: sorted(items, key=lambda e: (e.label, -e.weight)) for i, items in found.items()}


def _proposed(passage: int, label: int, spans: Sequence[tuple[int, int]], look: Look) -> list[Candidate]:
    """The phrases that the label attended to most."""
    if not spans or not len(look.offsets):
        return []
    mass = look.attention[:, label]
    middle = look.offsets.mean(axis=1)
    ranked = sorted(spans, key=lambda s: (-float(mass[(middle >= s[0]) & (middle < s[1])].sum()), s[0]))
    return [Candidate(passage, label, *s) for s in ranked[:PROPOSED]]


def _without(text: str, candidate: Candidate) -> str:
    return f"{text[: candidate.start]}[MASK]{text[candidate.end :]}"
