"""The outline of a document with the framing of its parts, the ribbon over the whole text, and the pieces in which it is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.findings import FRAMINGS
from api.pages.reading import Heading, Line, Provision

Json = dict[str, Any]

PER_CHUNK = 120
DEEPEST = 3
CELLS = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """A part or article in the outline, with the framing of the provisions in it and the chunk in which it stands."""

    anchor: str
    level: int
    words: str
    rubric: str
    counts: Mapping[str, int]
    chunk: int


def chunks(lines: Sequence[Line], size: int = PER_CHUNK) -> list[list[Line]]:
    """The lines in pieces of at least `size` provisions that begin at a heading; twice that many are cut anywhere."""
    result: list[list[Line]] = [[]]
    count = 0
    for line in lines:
        heading = isinstance(line, Heading)
        if (heading and count >= size) or count >= 2 * size:
            result.append([])
            count = 0
        result[-1].append(line)
        count += not heading
    return result


def outline(pieces: Sequence[Sequence[Line]]) -> list[Entry]:
    """The headings with an address, down to the level of articles, each with what stands before the next of its level."""
    placed = [(line, number) for number, piece in enumerate(pieces) for line in piece]
    entries, open_ones = [], []  # type: list[tuple[Heading, Counter[str], int]], list[tuple[Heading, Counter[str]]]
    for line, number in placed:
        if isinstance(line, Provision):
            for _, counts in open_ones:
                counts[line.framing] += 1
        elif line.anchor and line.level <= DEEPEST:
            counts = Counter[str]()
            open_ones = [(above, found) for above, found in open_ones if above.level < line.level] + [(line, counts)]
            entries.append((line, counts, number))
    return [
        Entry(line.anchor, line.level, line.words, line.rubric, {framing: counts[framing] for framing in FRAMINGS}, number)
        for line, counts, number in entries
    ]


def ribbon(document: Json, cells: int = CELLS) -> dict[str, str]:
    """For each framing, the path of an SVG `cells` wide and 10 high: a cell shows the framing that most of its characters have."""
    length = max(1, len(document["text"]))
    mass = [Counter[str]() for _ in range(cells)]
    for block in document["blocks"]:
        first, last = block["start"] * cells // length, max(block["end"] - 1, block["start"]) * cells // length
        for cell in range(first, last + 1):
            low, high = cell * length / cells, (cell + 1) * length / cells
            mass[cell][block["framing"]] += round(min(high, block["end"]) - max(low, block["start"]))
    paths: dict[str, list[str]] = {framing: [] for framing in FRAMINGS}
    for cell, found in enumerate(mass):
        if found:
            paths[found.most_common(1)[0][0]].append(f"M{cell} 0h1v10h-1z")
    return {framing: "".join(path) for framing, path in paths.items()}
