"""Codings and decisions from files: JSON Lines or CSV, one decision or one coded block to a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpora.review.errors import BadDecision
from corpora.store.decisions import Action
from corpora.store.reviews import Role

Json = dict[str, Any]
MOST_LINES = 100_000


@dataclass(frozen=True, slots=True)
class Line:
    """What one line says. With `labels` (which may be empty) it codes a whole block; else it is one decision."""

    number: int
    document: str
    coder: str
    start: int
    end: int
    labels: tuple[str, ...] | None
    action: Action | None
    layer: str
    label: str | None
    replacement: Mapping[str, Any] | None
    comment: str | None
    role: Role


def read_lines(data: bytes) -> Iterator[Line]:
    """The lines of a file; raises BadDecision, naming the line, where one cannot be read.

    CSV has a header with the names of the fields; several labels are parted by `;`, and a replacement is JSON.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise BadDecision(f"the file is not UTF-8 (byte {wrong.start})") from wrong
    rows = _json_rows(text) if text.lstrip().startswith("{") else _csv_rows(text)
    for number, row in rows:
        if number > MOST_LINES:
            raise BadDecision(f"the file has more than {MOST_LINES} lines")
        try:
            yield _line(number, row)
        except (KeyError, TypeError, ValueError, OverflowError) as wrong:
            said = f"{wrong} is missing" if isinstance(wrong, KeyError) else str(wrong)
            raise BadDecision(f"line {number}: {said}") from wrong


def _json_rows(text: str) -> Iterator[tuple[int, Json]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            found = _json(number, line)
            if not isinstance(found, dict):
                raise BadDecision(f"line {number}: an object is needed")
            yield number, found


def _json(number: int, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise BadDecision(f"line {number} is not JSON") from wrong


def _csv_rows(text: str) -> Iterator[tuple[int, Json]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        for number, row in enumerate(rows, 2):
            yield number, _csv_row(number, row)
    except csv.Error as wrong:
        raise BadDecision(f"line {rows.line_num}: {wrong}") from wrong


def _csv_row(number: int, row: Mapping[str, str | None]) -> Json:
    found: Json = {key: value for key, value in row.items() if key and value not in (None, "")}
    if row.get("labels") is not None and not row.get("action"):
        found["labels"] = [label.strip() for label in (row["labels"] or "").split(";") if label.strip()]
    if "replacement" in found:
        found["replacement"] = _json(number, found["replacement"])
    return found


def _line(number: int, row: Json) -> Line:
    labels = row.get("labels")
    if labels is None and "action" not in row:
        raise ValueError("it has neither `labels` nor `action`")
    if labels is not None and not isinstance(labels, list):
        raise ValueError("`labels` is not a list")
    return Line(
        number=number,
        document=str(row["document"]),
        coder=str(row["coder"]),
        start=int(row["start"]),
        end=int(row["end"]),
        labels=None if labels is None else tuple(map(str, labels)),
        action=Action(row["action"]) if "action" in row else None,
        layer=str(row.get("layer", "")),
        label=row.get("label"),
        replacement=row.get("replacement"),
        comment=row.get("comment"),
        role=Role(row.get("role", "coder")),
    )
