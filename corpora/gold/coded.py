"""Coded examples that a user brings for a codebook of their own: a CSV or JSON Lines file (docs/codebooks.md)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.encoder import Pair
from nlp.codebook import Codebook
from nlp.syntax import readable


@dataclass(eq=False)  # a frozen one cannot take up the traceback of a context manager
class BadExamples(ValueError):
    """A row of a file of examples is not what docs/codebooks.md says; `line` 0 is the file itself."""

    file: Path
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file.name}, line {self.line}: {self.why}" if self.line else f"{self.file.name}: {self.why}"


@dataclass(frozen=True, slots=True)
class Coded:
    """A text as the model reads it, with the keys of its labels (`layer/name`); without any, an example of none."""

    pair: Pair
    labels: frozenset[str]


def read_examples(file: Path, codebook: Codebook) -> list[Coded]:
    """The rows of a .csv or .jsonl file; raises BadExamples with the line."""
    keys = _keys(codebook)
    try:
        rows = _csv_rows(file) if file.suffix.lower() == ".csv" else _json_rows(file)
        return [_coded(file, line, row, keys) for line, row in rows]
    except OSError as error:
        raise BadExamples(file, 0, f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadExamples(file, 0, f"it is not UTF-8 ({error.reason} at byte {error.start})") from error


def examples_within(codebook: Codebook) -> list[Coded]:
    """The examples that stand in the codebook itself; a text that stands under several labels has them all."""
    found: dict[str, set[str]] = {}
    for label in codebook.labels:
        for text in label.examples:
            found.setdefault(text, set()).add(label.key)
    return [Coded(Pair("", readable(text)), frozenset(labels)) for text, labels in found.items()]


def _keys(codebook: Codebook) -> Mapping[str, str]:
    """A label is named by its key, or by its name alone where only one layer has it."""
    names = [label.name for label in codebook.labels]
    alone = {label.name: label.key for label in codebook.labels if names.count(label.name) == 1}
    return alone | {label.key: label.key for label in codebook.labels}


def _json_rows(file: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise BadExamples(file, number, f"not JSON ({error})") from error


def _csv_rows(file: Path) -> Iterator[tuple[int, Any]]:
    reader = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""), strict=True)
    try:
        missing = {"text", "labels"} - set(reader.fieldnames or ())
        if missing:
            raise BadExamples(file, 1, f"the column {min(missing)!r} is missing (text, labels and, if you like, context are read)")
        for row in reader:
            yield reader.line_num, row | {"labels": [x for x in re.split(r"[;|]", row["labels"] or "") if x.strip()]}
    except csv.Error as error:
        raise BadExamples(file, reader.line_num, f"not CSV ({error})") from error


def _coded(file: Path, line: int, row: Any, keys: Mapping[str, str]) -> Coded:
    if not isinstance(row, dict):
        raise BadExamples(file, line, "an object with `text` and `labels` is needed")
    text, labels, context = row.get("text"), row.get("labels"), row.get("context") or ""
    if not isinstance(text, str) or not text.strip():
        raise BadExamples(file, line, "`text` is missing or empty")
    if not isinstance(labels, list) or not all(isinstance(x, str) for x in labels):
        raise BadExamples(file, line, "`labels` is missing or no list of names")
    if not isinstance(context, str):
        raise BadExamples(file, line, "`context` is no text")
    return Coded(Pair(readable(context), readable(text.strip())), frozenset(_key(file, line, x.strip(), keys) for x in labels))


def _key(file: Path, line: int, name: str, keys: Mapping[str, str]) -> str:
    if name not in keys:
        raise BadExamples(file, line, f"{name!r} is no label of the codebook, or one of several layers: write LAYER/NAME")
    return keys[name]


def counted(examples: Sequence[Coded], codebook: Codebook) -> dict[str, int]:
    """How many examples each label has."""
    keys = codebook.keys()
    return {key: sum(key in one.labels for one in examples) for key in keys}
