"""How far the coders of a review agree, with each other and with each version of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np

from corpora.review.coding import Block
from corpora.review.labels import machine_labels
from corpora.review.reference import Judged
from corpora.store import annotations as kept
from corpora.store import decisions, reviews
from corpora.store.decisions import Action, CarriedAs, Decision
from corpora.store.reviews import Review, Role
from corpora.store.session import Transaction
from models.agreement.figures import Figures, measure
from models.agreement.nominal import MISSING, Codings
from models.agreement.unitizing import Disagreement, Piece, Range, interval, laid_end_to_end, unitizing_alpha

Json = dict[str, Any]
Said = Mapping[Block, frozenset[str]]
PAIR_DRAWS = 300
REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Excluded:
    """Blocks that count in no figure: not assigned to anybody, assigned but not coded, coded by one only."""

    unassigned: int
    uncoded: int
    single: int


@dataclass(frozen=True, slots=True)
class Spans:
    """Unitizing alpha on the findings of a layer, over the coded blocks of `coders`, `characters` long in all.

    `low` and `high` are its 95 % bootstrap interval, for which whole blocks are drawn; None where it is not defined.
    """

    coders: tuple[str, ...]
    characters: int
    alpha: float | None
    low: float | None
    high: float | None
    labels: Mapping[str, Disagreement]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two coders, or a coder and the reference or a version of the model, over all labels together."""

    first: str
    second: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of a review. `overall` takes each label of each block as a decision; whole blocks are drawn in its bootstrap."""

    coders: tuple[str, ...]
    blocks: int
    excluded: Excluded
    overall: Figures | None
    sets: Figures | None
    labels: Mapping[str, Figures]
    pairs: tuple[Pair, ...]
    spans: Mapping[str, Spans]


def agreement(tx: Transaction, review: Review, judged: Sequence[Judged], labels: Sequence[str]) -> Agreement:
    """Every figure; `labels` are the codebook's keys in the review's layers. Blocks that fewer than two coded count nowhere."""
    said = {coder: {_block(one): one.coders[coder] for one in judged if coder in one.coders} for coder in review.coders}
    coders = tuple(coder for coder in review.coders if said[coder])
    blocks = sorted({block for coder in coders for block in said[coder]})
    rows = {coder: said[coder] for coder in coders}
    return Agreement(
        coders=coders,
        blocks=sum(len(one.coders) >= 2 for one in judged),
        excluded=_excluded(tx, review, judged),
        overall=_pooled(list(rows.values()), blocks, labels) if len(coders) > 1 else None,
        sets=_of_sets(list(rows.values()), blocks) if len(coders) > 1 else None,
        labels={label: measure(_binary(list(rows.values()), blocks, label), 2) for label in labels} if len(coders) > 1 else {},
        pairs=tuple(_pairs(rows, _references(judged), _machines(tx, review), labels)),
        spans=_spans(tx, review, judged, coders),
    )


def _block(one: Judged) -> Block:
    return one.document_id, one.start, one.end


def _binary(coders: Sequence[Said], blocks: Sequence[Block], label: str) -> Codings:
    """(coders, blocks): 1 where the label was given, 0 where not, −1 where the block was not coded."""
    found = [[int(label in one[block]) if block in one else MISSING for block in blocks] for one in coders]
    return np.array(found, dtype=np.int64).reshape(len(coders), len(blocks))


def _pooled(coders: Sequence[Said], blocks: Sequence[Block], labels: Sequence[str], **more: int) -> Figures:
    """All labels as one variable, block after block."""
    values = np.concatenate([_binary(coders, blocks, label) for label in labels], axis=1)
    return measure(values, 2, groups=np.tile(np.arange(len(blocks)), len(labels)), **more)


def _of_sets(coders: Sequence[Said], blocks: Sequence[Block]) -> Figures:
    """Whole sets of labels as categories: do coders say the very same of a block?"""
    sets = sorted({one[block] for one in coders for block in blocks if block in one}, key=sorted)
    number = {labels: i for i, labels in enumerate(sets)}
    found = [[number[one[block]] if block in one else MISSING for block in blocks] for one in coders]
    return measure(np.array(found, dtype=np.int64), max(len(sets), 2))


def _pairs(coders: Mapping[str, Said], reference: Said, machines: Mapping[str, Said], labels: Sequence[str]) -> Iterable[Pair]:
    others = ({REFERENCE: reference} if reference else {}) | dict(machines)
    both = [*combinations(coders.items(), 2), *product(coders.items(), others.items())]
    if reference:
        both += [((REFERENCE, reference), machine) for machine in machines.items()]
    for (first, a), (second, b) in both:
        shared = sorted(set(a) & set(b))
        if shared:
            yield Pair(first, second, _pooled([a, b], shared, labels, draws=PAIR_DRAWS))


def _references(judged: Sequence[Judged]) -> dict[Block, frozenset[str]]:
    """Only where more than one had a say."""
    return {_block(one): one.reference for one in judged if one.reference is not None and one.standing.value != "single"}


def _machines(tx: Transaction, review: Review) -> dict[str, dict[Block, frozenset[str]]]:
    """What each version of the model says of the reviewed blocks: all annotations of the documents whose text is the reviewed one."""
    found: dict[str, dict[Block, frozenset[str]]] = {}
    for assignment in {one.document_id: one for one in reviews.assignments_of(tx, review.id)}.values():
        text = kept.result(tx, assignment.annotation_id)["text"]
        for stored in kept.all_of(tx, assignment.document_id):
            annotated = kept.result(tx, stored.id)
            if annotated["text"] == text:
                rows = found.setdefault(f"model {stored.pipeline_digest[:12]}", {})
                for block in annotated.get("blocks", ()):
                    rows[assignment.document_id, block["start"], block["end"]] = frozenset(machine_labels(block, review.layers))
    return found


def _excluded(tx: Transaction, review: Review, judged: Sequence[Judged]) -> Excluded:
    assigned: set[Block] = set()
    every: set[Block] = set()
    for one in reviews.assignments_of(tx, review.id):
        assigned |= {(one.document_id, *block) for block in one.blocks}
        if not any(block[0] == one.document_id for block in every):
            blocks = kept.result(tx, one.annotation_id).get("blocks", ())
            every |= {(one.document_id, b["start"], b["end"]) for b in blocks}
    coded = {_block(one) for one in judged if one.coders}
    return Excluded(len(every - assigned), len(assigned - coded), sum(len(one.coders) == 1 for one in judged))


def _spans(tx: Transaction, review: Review, judged: Sequence[Judged], coders: Sequence[str]) -> dict[str, Spans]:
    """For each layer of findings on which somebody decided: alpha over the blocks that all coders coded, laid end to end."""
    made = [one for one in decisions.of_review(tx, review.id) if one.label is None and one.role is Role.CODER]
    layers = sorted({one.layer for one in made if one.action is not Action.COMMENT})
    shared = [one for one in judged if len(coders) > 1 and set(coders) <= set(one.coders)]
    found = {}
    for layer in layers:
        standing = [_standing(d for d in made if d.layer == layer and d.coder == coder) for coder in coders]
        pieces = [Piece(one.end - one.start, tuple(_inside(one, ranges) for ranges in standing)) for one in shared]
        rows, length = laid_end_to_end(pieces)
        alpha, each = unitizing_alpha({layer: rows}, length) if length else (None, {})
        found[layer] = Spans(tuple(coders), length, alpha, *interval(pieces), each)
    return found


def _standing(made: Iterable[Decision]) -> dict[str, list[Range]]:
    """The spans that stand after one coder's decisions, by document."""
    standing: dict[tuple[str, int, int], Range] = {}
    for one in made:
        if one.carried_as in {CarriedAs.AMBIGUOUS, CarriedAs.ORPHANED}:
            continue
        key = (one.document_id, one.start, one.end)
        standing.pop(key, None)
        if one.action in {Action.ACCEPT, Action.ADD, Action.CORRECT}:
            changed = one.replacement or {}
            standing[key] = (int(changed.get("start", one.start)), int(changed.get("end", one.end)))
    found: dict[str, list[Range]] = {}
    for (document, _, _), place in sorted(standing.items(), key=lambda item: item[1]):
        found.setdefault(document, []).append(place)
    return found


def _inside(block: Judged, ranges: Mapping[str, Sequence[Range]]) -> tuple[Range, ...]:
    """A coder's spans of a block, from its beginning; of those that overlap, the first."""
    found: list[Range] = []
    for start, end in ranges.get(block.document_id, ()):
        if max(block.start, block.start + found[-1][1] if found else 0) <= start < end <= block.end:
            found.append((start - block.start, end - block.start))
    return tuple(found)
