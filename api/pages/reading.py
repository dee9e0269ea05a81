"""An annotated document (its JSON) as a reader sees it: headings and provisions in order, with what was found in each."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api.pages.marking import Piece, Range, pieces, ranges_of

Json = dict[str, Any]

# Kinds of units that are indented below the article or section they stand in.
FINE = frozenset({"paragraph", "subparagraph", "point", "indent", "item", "subsection", "clause", "subclause", "subdivision"})
LONGEST_SHOWN = 20_000


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines that are not coded: number and rubric of a part or article; `level` from 2 (below the page's own heading) to 6."""

    anchor: str
    level: int
    words: str
    rubric: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """A block with its marks. `number` is cut off from the words to hang beside them; `labels` are (key, probability in percent).

    `unsure` are the keys of labels near their threshold; `strengths`, `types` and `has` (definition, element, statement, victim,
    conditional, reference) are what filters look at.
    """

    at: int
    anchor: str
    unit: str
    label: str
    depth: int
    number: str
    pieces: tuple[Piece, ...]
    framing: str
    labels: tuple[tuple[str, int], ...]
    strengths: tuple[str, ...] = ()
    types: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    conditional: bool = False
    unsure: frozenset[str] = frozenset()
    cut: bool = False


Line = Heading | Provision


@dataclass(frozen=True, slots=True)
class Found:
    """What of each layer stands in which block: indices into the document's lists, by index of the block."""

    statements: Mapping[int, list[int]] = field(default_factory=dict)
    definitions: Mapping[int, list[int]] = field(default_factory=dict)
    references: Mapping[int, list[int]] = field(default_factory=dict)
    elements: Mapping[int, list[int]] = field(default_factory=dict)


def lines(document: Json) -> list[Line]:
    """Every heading and provision, in the order of the text; lines between blocks are headings."""
    text, units = document["text"], {unit["id"]: unit for unit in document["units"]}
    starts: dict[int, list[Json]] = {}
    for unit in document["units"]:
        starts.setdefault(unit["start"], []).append(unit)
    found, ranges = by_block(document), ranges_of(document)
    used: set[str] = set()
    result: list[Line] = []
    position = 0
    for at, block in enumerate(document["blocks"]):
        result += _headings(text, position, block["start"], starts, units, used)
        result.append(_provision(document, at, units, found, ranges, used))
        position = max(position, block["end"])
    result += _headings(text, position, len(text), starts, units, used)
    return result


def by_block(document: Json) -> Found:
    """Statements, definitions, references and elements by the block in which they begin."""
    bounds = [block["start"] for block in document["blocks"]]

    def gathered(starts: Sequence[int]) -> dict[int, list[int]]:
        placed: dict[int, list[int]] = {}
        for index, start in enumerate(starts):
            placed.setdefault(max(0, bisect_left(bounds, start + 1) - 1), []).append(index)
        return placed

    return Found(
        statements=gathered([s["trigger"]["start"] for s in document["statements"]]),
        definitions=gathered([d["term"]["start"] for d in document["definitions"]]),
        references=gathered([r["start"] for r in document["references"]]),
        elements=gathered([e["start"] for e in document["elements"]]),
    )


def _headings(
    text: str, start: int, end: int, starts: Mapping[int, list[Json]], units: Mapping[str, Json], used: set[str]
) -> Iterator[Line]:
    """The lines between two blocks. The first of a unit carries its address; a second line below it is its rubric."""
    level, waiting, offset = 2, None, start
    for line in text[start:end].split("\n"):
        words, here = line.strip()[:LONGEST_SHOWN], offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        opening = [unit for unit in starts.get(here, ()) if unit["kind"] not in FINE] if words else []
        if opening:
            if waiting:
                yield waiting
            level = min(6, 2 + _depth(opening[-1], units, fine=False))
            waiting = Heading(_fresh(opening[-1]["id"], used), level, words)
        elif words and waiting:
            yield replace(waiting, rubric=words)
            waiting = None
        elif words:
            yield Heading("", level, words)
    if waiting:
        yield waiting


def _provision(document: Json, at: int, units: Mapping[str, Json], found: Found, ranges: Sequence[Range], used: set[str]) -> Provision:
    block = document["blocks"][at]
    unit = units.get(block["unit"], {})
    start, end = block["start"], min(block["end"], block["start"] + LONGEST_SHOWN)
    number = unit.get("number") or ""
    hangs = bool(number) and unit.get("kind") in FINE and document["text"].startswith(number, start)
    body = start + len(number) if hangs else start
    statements = [document["statements"][i] for i in found.statements.get(at, ())]
    defined = [document["definitions"][i]["term"]["text"] for i in found.definitions.get(at, ())]
    labels = _labels(block)
    kinds = {
        "definition": defined,
        "element": found.elements.get(at),
        "statement": statements,
        "victim": block["victim"],
        "conditional": block["conditional"],
        "reference": found.references.get(at),
    }
    return Provision(
        at=at,
        anchor=_fresh(block["unit"], used),
        unit=block["unit"],
        label=unit.get("label") or block["unit"],
        depth=min(5, _depth(unit, units, fine=True)),
        number=number if hangs else "",
        pieces=tuple(pieces(document["text"], body, end, ranges)),
        framing=block["framing"],
        labels=labels,
        strengths=tuple(dict.fromkeys(s["strength"] for s in statements)),
        types=tuple(dict.fromkeys((s["type"], s["strength"]) for s in statements)),
        terms=tuple(dict.fromkeys(defined)),
        has=tuple(kind for kind, present in kinds.items() if present),
        conditional=block["conditional"],
        unsure=frozenset(key for key, _ in labels) & block["undecided"].keys(),
        cut=end < block["end"],
    )


def _labels(block: Json) -> tuple[tuple[str, int], ...]:
    """Label keys with their probabilities in whole percents, in the order of the layers."""
    layers = ("indicators", "victim", "four_p")
    return tuple((f"{layer}/{name}", round(p * 100)) for layer in layers for name, p in block[layer].items())


def _depth(unit: Mapping[str, Any], units: Mapping[str, Json], *, fine: bool) -> int:
    """How many units of fine kinds (or of all others) the unit stands in, itself counted for fine ones."""
    depth, seen = 0, set()
    name = unit.get("id" if fine else "parent") or ""
    while name in units and name not in seen:
        seen.add(name)
        depth += (units[name]["kind"] in FINE) is fine
        name = units[name]["parent"] or ""
    return depth


def _fresh(name: str, used: set[str]) -> str:
    """An address that no line before has: the unit's own for its first, with a number for the others."""
    if not name:
        return ""
    anchor, count = name, 1
    while anchor in used:
        count += 1
        anchor = f"{name}~{count}"
    used.add(anchor)
    return anchor
