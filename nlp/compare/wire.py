"""A comparison as the JSON that docs/comparison.md describes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from nlp.compare.ranking import ranked
from nlp.compare.types import Comparison, Drift, Head, Kind
from nlp.wire import Json, plain

if TYPE_CHECKING:
    from nlp.compare.coverage import Coverage, Defined
    from nlp.compare.matrix import Matrix
    from nlp.compare.timeline import Step

SCHEMA = "lexframe.comparison/1"


class Part(StrEnum):
    """What of a comparison can be asked for; the summary always comes."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WORDING = "wording"
    MEANING = "meaning"
    DRIFT = "drift"


USUAL = (Part.CHANGED, Part.WORDING, Part.MEANING, Part.DRIFT)


def to_json(found: Comparison, include: Collection[Part] = USUAL) -> Json:
    """A comparison as plain values; keys in the order of the contract."""
    drift = {**_moved(found.drift), "contributions": plain(found.drift.contributions)}
    every = {
        "schema": SCHEMA,
        "left": head(found.left),
        "right": head(found.right),
        "counts": dict(found.counts),
        "changes": dict(found.changes),
        "drift": drift,
        "ranking": [{"pair": r.pair, "worth": r.worth, **plain(r.change)} for r in ranked(found)],
        "pairs": [{"index": n, **plain(pair)} for n, pair in enumerate(found.pairs)],
    }
    return narrowed(every, include)


def narrowed(found: Json, include: Collection[Part]) -> Json:
    """Only these parts of a comparison that has all."""
    stayed, changed = (part in include for part in (Part.UNCHANGED, Part.CHANGED))
    left_out = {key for part, key in ((Part.WORDING, "edits"), (Part.MEANING, "changes")) if part not in include}
    shown = [pair for pair in found["pairs"] if (stayed if _is_still(pair) else changed)]
    drift = {key: value for key, value in found["drift"].items() if key != "contributions" or Part.DRIFT in include}
    pairs = [{key: value for key, value in pair.items() if key not in left_out} for pair in shown]
    return {**found, "drift": drift, "ranking": found["ranking"] if Part.MEANING in include else [], "pairs": pairs}


def _moved(drift: Drift) -> Json:
    return {name: plain(getattr(drift, name)) for name in ("left", "right", "shift", "reading", "interval")}


def _is_still(pair: Json) -> bool:
    """Whether there is nothing to tell of a pair: not even that the same words were read otherwise."""
    return pair["kind"] == Kind.UNCHANGED and not pair["changes"]


def head(found: Head) -> Json:
    """Which document stands on a side."""
    return {"sha256": found.sha256, "title": found.title, "provisions": found.provisions, "framing": plain(found.framing)}


def timeline_json(steps: Sequence[Step]) -> Json:
    """A timeline as plain values."""
    return {"schema": "lexframe.timeline/1", "steps": [_step(step) for step in steps]}


def matrix_json(found: Matrix, table: Coverage, defined: Defined) -> Json:
    """A matrix with its tables as plain values."""
    return {
        "schema": "lexframe.matrix/1",
        "documents": [head(one) for one in found.heads],
        "baseline": found.baseline,
        "kept": plain(found.kept),
        "shift": plain(found.shift),
        "coverage": {"types": list(table.types), "cells": plain(table.cells)},
        "definitions": plain(defined.elements),
    }


def _step(step: Step) -> Json:
    moved = None if step.drift is None else _moved(step.drift)
    known = {"counts": dict(step.kinds), "changes": dict(step.changes), "drift": moved}
    return {"document": head(step.head), **known, "reasons": plain(step.reasons)}
