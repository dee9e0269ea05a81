"""The reference layer: what coders agree on, and what an adjudicator decided where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpora.review.coding import Block, by_block, labels_of
from corpora.store.decisions import Decision
from corpora.store.reviews import Coding, Role


class Standing(StrEnum):
    """How the reference labels of a block came about."""

    AGREED = "agreed"
    ADJUDICATED = "adjudicated"
    SINGLE = "single"  # one coder only
    OPEN = "open"  # coders differ, and nobody has decided


@dataclass(frozen=True, slots=True)
class Judged:
    """A block with each coder's labels and the reference's; `reference` is None while it is open."""

    document_id: str
    start: int
    end: int
    coders: Mapping[str, frozenset[str]]
    standing: Standing
    reference: frozenset[str] | None


def judge(codings: Iterable[Coding], decisions: Sequence[Decision]) -> list[Judged]:
    """Every coded block, by document and place."""
    decided = by_block(decisions)
    rows: dict[Block, dict[tuple[Role, str], frozenset[str]]] = {}
    for one in codings:
        block = (one.document_id, one.start, one.end)
        own = [d for d in decided.get((one.coder, block), ()) if d.role is one.role]
        rows.setdefault(block, {})[one.role, one.coder] = labels_of(own)
    return [_judged(block, rows[block]) for block in sorted(rows)]


def _judged(block: Block, said: Mapping[tuple[Role, str], frozenset[str]]) -> Judged:
    coders = {name: labels for (role, name), labels in said.items() if role is Role.CODER}
    ruled = [labels for (role, _), labels in said.items() if role is Role.ADJUDICATOR]
    if ruled:
        return Judged(*block, coders, Standing.ADJUDICATED, ruled[-1])
    if len(coders) == 1:
        return Judged(*block, coders, Standing.SINGLE, next(iter(coders.values())))
    agreed = len(set(coders.values())) == 1
    return Judged(*block, coders, Standing.AGREED if agreed else Standing.OPEN, next(iter(coders.values())) if agreed else None)
