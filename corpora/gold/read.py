"""Gold files in, coded blocks out (the format: docs/gold.md)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KEYS = {"i": "indicators", "v": "victim", "p": "four_p"}


@dataclass(eq=False)  # a frozen one cannot take up the traceback of a context manager
class BadGold(ValueError):
    """A line of a gold file is not what the format says."""

    file: Path
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file.name}, line {self.line}: {self.why}"


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One coded instrument: its text, the labels of its coded lines (line number → label keys such as `victim/child`).

    A coded line without labels has an empty set; a line that nobody coded is not in `coded`.
    """

    name: str
    text: str
    coded: Mapping[int, frozenset[str]]


def read_gold(folder: Path, texts: Path) -> list[GoldDocument]:
    """Every gold file of `folder` whose text lies in `texts` as NAME.txt, in the order of names; raises BadGold."""
    coverage = _coverage(folder)
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        text_file = texts / f"{file.stem}.txt"
        if text_file.is_file():
            text = text_file.read_text(encoding="utf-8")
            found.append(GoldDocument(file.stem, text, _coded(file, text, coverage.get(file.stem))))
    return found


def _coverage(folder: Path) -> Mapping[str, object]:
    path = folder / "coverage.json"
    loaded: Mapping[str, object] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return loaded


def _coded(file: Path, text: str, coverage: object) -> dict[int, frozenset[str]]:
    lines = text.split("\n")
    labels = dict(_rows(file))
    return {n: labels.get(n, frozenset()) for n in _covered(coverage, len(lines)) if n < len(lines) and lines[n].strip()}


def _covered(coverage: object, lines: int) -> Iterable[int]:
    """The coded lines: all, those up to a last one, or those of some ranges."""
    match coverage:
        case int():
            return range(min(coverage + 1, lines))
        case list():
            return (n for first, last in coverage for n in range(first, last + 1))
        case _:
            return range(lines)


def _rows(file: Path) -> Iterable[tuple[int, frozenset[str]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                yield int(row["b"]), labels_in(row)
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise BadGold(file, number, str(wrong)) from wrong


def labels_in(row: Mapping[str, Any]) -> frozenset[str]:
    """The label keys of one row."""
    names = {f"{layer}/{name}" for key, layer in KEYS.items() for name in row.get(key, ())} | set(row.get("l", ()))
    return frozenset(names | ({"conditional/conditional"} if row.get("c") else set()))
