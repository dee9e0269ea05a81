"""What each provision is about: the model's labels per block, with the phrases that carry them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc

from models.decision import Rule
from models.encoder import Pair
from models.labeller import Labeller
from nlp.codebook import Codebook
from nlp.codings import Coder
from nlp.evidence import find_evidence
from nlp.syntax import readable
from nlp.types import Block, Evidence, Passage

Floats = NDArray[np.float64]
Known = Callable[[Pair, Passage], Block | None]


def read_with(passages: Sequence[Passage], at: int, title: str) -> Pair:
    """What the model reads for a passage: the block before, title, the two nearest headings, its chapeaux, then the passage itself.

    Nothing after the passage is read, so that its labels do not depend on what follows. A context that is too long is cut from its
    beginning, so what says most about the passage, its chapeau and headings, stands last.
    """
    passage = passages[at]
    outer, inner = ["", "", *(passages[i].text for i in passage.leads)][-2:]
    before = passages[at - 1].text[-200:] if at and (at - 1) not in passage.leads else ""
    headings = " > ".join(heading[:100] for heading in passage.headings[-2:])
    context = " | ".join((before, title[:100], headings, f"{outer[-150:]} {inner[-250:]}".strip()))
    return Pair(readable(context), readable(passage.text))


def label_passages(
    passages: Sequence[Passage],
    docs: Sequence[Doc],
    *,
    title: str,
    labeller: Labeller,
    codebook: Codebook,
    evidence: bool = True,
    known: Known = lambda pair, passage: None,
    coders: Sequence[Coder] = (),
) -> tuple[Block, ...]:
    """One block per passage, in order; without `evidence` the phrases that carry its labels are left out.

    What `known` gives for a pair and its passage is taken as it is, and not read again. `coders` are those of the labeller's heads.
    """
    pairs = [read_with(passages, i, title) for i in range(len(passages))]
    blocks = {i: block for i, passage in enumerate(passages) if (block := known(pairs[i], passage))}
    rest = [i for i in range(len(passages)) if i not in blocks]
    widths = (len(labeller.labels), *(len(coder.labels) for coder in coders))
    reading, *others = labeller.read([pairs[i] for i in rest]).split(*widths)
    p = np.round(labeller.decision.probabilities(reading.logits), 4)
    for n, i in enumerate(rest):
        said = [j for j, rule in enumerate(labeller.decision.rules) if p[n, j] >= rule.threshold] if evidence else []
        found = find_evidence(passages[i], docs[i], labeller.decision, reading.logits[n], reading.looks[n], said)
        codings = tuple(
            coder.code(passages[i], docs[i], other.logits[n], other.looks[n], evidence=evidence)
            for coder, other in zip(coders, others, strict=True)
        )
        blocks[i] = replace(_block(passages[i], p[n], labeller.decision.rules, codebook, found), codings=codings)
    return tuple(blocks[i] for i in range(len(passages)))


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
