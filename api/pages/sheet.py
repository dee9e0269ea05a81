"""A provision under review: its words with the evidence marked, what the machine says, what the coder decided, and what others did."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.pages.card import meanings
from api.pages.marking import Range, pieces
from api.pages.words import LAYERS
from corpora.review.coding import corrected_to, key_of
from corpora.review.queue import Task
from corpora.store.decisions import Action, Decision
from nlp.codebook import codebook

Json = dict[str, Any]

LONGEST_SHOWN = 20_000
CONTEXT = 400


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the provision; `marks` are numbers of rows whose evidence they are, `ends` of those whose evidence ends with them."""

    text: str
    marks: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A label with all that is said of it. `given` is whether the machine gives it, `near` whether it is not sure of that.

    `probability` is None where the machine has none; `others` says which other coders give it and which do not; `chosen` whether the
    coder gives it; before that, whether it is proposed.
    """

    number: int
    key: str
    meaning: str
    probability: float | None
    given: bool
    near: bool
    chosen: bool
    evidence: tuple[str, ...]
    others: tuple[tuple[str, bool], ...] = ()

    @property
    def verdict(self) -> str:
        """What the coder's choice says of the machine's, once it is made."""
        return {(True, True): "accepted", (True, False): "rejected", (False, True): "added", (False, False): ""}[self.given, self.chosen]


@dataclass(frozen=True, slots=True)
class Past:
    """An act on this provision that stands or was taken back; `right` is the label that a correction put in the place of `key`."""

    decision: Decision
    key: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that the page shows of one provision. `rest` are the labels of the codebook in no row, by layer."""

    task: Task
    path: tuple[str, ...]
    before: str
    words: tuple[Words, ...]
    after: str
    cut: bool
    rows: tuple[Row, ...]
    rest: tuple[tuple[str, tuple[Row, ...]], ...]
    remarks: tuple[Decision, ...]
    past: tuple[Past, ...]

    @property
    def is_coded(self) -> bool:
        return self.task.labels is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What people said of a block, as far as it may be seen: decisions, and the labels of other coders.

    `proposed` are the labels that stand ticked until the coder has decided; None for those of the machine.
    """

    decisions: Sequence[Decision] = ()
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)
    proposed: frozenset[str] | None = None


def sheet(annotated: Json, task: Task, layers: Sequence[str], said: Said) -> Sheet:
    """The sheet of a task, whose block is one of the annotated document's."""
    blocks = annotated["blocks"]
    at = bisect_left(blocks, task.start, key=lambda block: block["start"])
    block = next(one for one in blocks[at:] if (one["start"], one["end"]) == (task.start, task.end))
    order = [label.key for label in codebook().labels if label.layer in layers]
    first = list(_in_rows(order, task, said))
    rest = {layer: [key for key in order if key not in first and key.startswith(f"{layer}/")] for layer in LAYERS}
    rows = tuple(_row(number, key, block, task, said) for number, key in enumerate(first, 1))
    end = min(task.end, task.start + LONGEST_SHOWN)
    return Sheet(
        task=task,
        path=tuple(_path(annotated, task.unit)),
        before=_context(annotated, blocks[at - 1])[-CONTEXT:] if at else "",
        words=tuple(_words(annotated["text"], task.start, end, block, rows)),
        after=_context(annotated, blocks[at + 1])[:CONTEXT] if at + 1 < len(blocks) else "",
        cut=end < task.end,
        rows=rows,
        rest=tuple((layer, tuple(_row(0, key, block, task, said) for key in keys)) for layer, keys in rest.items() if keys),
        remarks=tuple(one for one in said.decisions if one.action is Action.COMMENT and one.undone is None),
        past=tuple(Past(one, key_of(one), corrected_to(one)) for one in said.decisions),
    )


def _in_rows(order: Sequence[str], task: Task, said: Said) -> Iterator[str]:
    """The machine's labels, those it is not sure of, and those of people, each in the order of the codebook."""
    given, near = task.machine or {}, task.undecided or {}
    people = frozenset(task.labels or ()).union(*said.others.values())
    yield from (key for key in order if key in given)
    yield from (key for key in order if key in near and key not in given)
    yield from (key for key in order if key in people and key not in given and key not in near)


def _row(number: int, key: str, block: Json, task: Task, said: Said) -> Row:
    given, near = task.machine or {}, task.undecided or {}
    proposed = given if said.proposed is None else said.proposed
    return Row(
        number=number,
        key=key,
        meaning=meanings().get(key, ""),
        # Conditionality comes of a rule: it has no probability.
        probability=None if key.startswith("conditional/") else given.get(key, near.get(key)),
        given=key in given,
        near=key in near,
        chosen=key in (proposed if task.labels is None else task.labels),
        evidence=tuple(one["text"] for one in block.get("evidence", ()) if one["label"] == key),
        others=tuple((coder, key in labels) for coder, labels in said.others.items()),
    )


def _words(text: str, start: int, end: int, block: Json, rows: Sequence[Row]) -> Iterator[Words]:
    """The provision cut where evidence of its rows begins and ends."""
    numbers = {row.key: row.number for row in rows}
    found = [one for one in block.get("evidence", ()) if one["label"] in numbers]
    ranges = sorted(Range(one["start"], min(one["end"], end), str(numbers[one["label"]])) for one in found)
    position = start
    for piece in pieces(text, start, end, ranges):
        position += len(piece.words)
        ends = sorted({int(one.mark) for one in ranges if one.end == position})
        yield Words(piece.words, tuple(sorted(int(mark) for mark in piece.marks)), tuple(ends))


def _path(annotated: Json, unit: str) -> Iterator[str]:
    """The headings above a unit and its own, the outermost first."""
    units = {one["id"]: one for one in annotated["units"]}
    above: list[Json] = []
    name = unit
    while name in units and units[name] not in above:
        above.append(units[name])
        name = units[name]["parent"] or ""
    for one in reversed(above):
        if one.get("heading"):
            yield " ".join(part for part in (one.get("number") or "", one["heading"]) if part)


def _context(annotated: Json, block: Json) -> str:
    text: str = annotated["text"][block["start"] : block["end"]]
    return text
