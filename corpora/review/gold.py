"""Reference labels as gold files (docs/gold.md), from which `lexframe train` learns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpora.exports.item import Item, file_names
from corpora.gold.read import KEYS
from corpora.review.reference import Judged

Rows = dict[int, set[str]]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A document of a review with its judged blocks."""

    item: Item
    judged: Sequence[Judged]


def gold_entries(documents: Iterable[Reviewed]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """labels/NAME.jsonl with labels/coverage.json, and texts/NAME.txt; blocks without reference labels count as not coded."""
    coverage = {}
    listed = list(documents)
    for (name, item), one in zip(file_names(d.item for d in listed), listed, strict=True):
        text, rows = as_lines(item.text), coded_lines(item.text, one.judged)
        coverage[name] = [[line, line] for line in sorted(rows)]
        yield f"texts/{name}.txt", [text.encode("utf-8", "replace")]
        yield f"labels/{name}.jsonl", [_row(line, labels) for line, labels in sorted(rows.items()) if labels]
    yield "labels/coverage.json", [json.dumps(coverage, indent=1).encode() + b"\n"]


def coded_lines(text: str, judged: Iterable[Judged]) -> Rows:
    """The labels of each coded line, counted from 0; a line on which two blocks begin has the labels of both."""
    rows: Rows = {}
    for one in judged:
        if one.reference is not None:
            rows.setdefault(as_lines(text[: one.start]).count("\n"), set()).update(one.reference)
    return rows


def as_lines(text: str) -> str:
    """The text with line feeds only, as files are read."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _row(line: int, labels: set[str]) -> bytes:
    row: dict[str, object] = {"b": line}
    known = {"conditional/conditional"}
    for key, layer in KEYS.items():
        names = sorted(label.partition("/")[2] for label in labels if label.startswith(f"{layer}/"))
        known |= {f"{layer}/{name}" for name in names}
        if names:
            row[key] = names
    if "conditional/conditional" in labels:
        row["c"] = 1
    if others := sorted(labels - known):
        row["l"] = others
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"
