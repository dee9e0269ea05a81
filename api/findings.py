"""What people first want to see of an annotated document (its JSON): evidence, definitions, victim provisions, framing by part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

FRAMINGS = ("crime", "rights", "hybrid", "neutral")


@dataclass(frozen=True, slots=True)
class Finding:
    """Words of a provision that carry a label; `weight` is what its probability loses without what they bring to it."""

    where: str
    label: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Part:
    """A topmost part of a document, and how many of its blocks have each framing."""

    unit: str
    label: str
    heading: str | None
    counts: dict[str, int]


def strongest(document: Json, most: int = 6, per_label: int = 2) -> list[Finding]:
    """The heaviest evidence for the document's own framing (of both, where it is hybrid), at most so many phrases, and so many a label."""
    labels = unit_labels(document)
    found = [
        Finding(labels[block["unit"]], evidence["label"].partition("/")[2], evidence["text"], evidence["weight"])
        for block in document["blocks"]
        for evidence in block["evidence"]
        if evidence["label"].startswith(_indicators_of(document))
    ]
    seen: Counter[str] = Counter()
    chosen: list[Finding] = []
    for finding in sorted(found, key=lambda one: -one.weight):
        seen[finding.label] += 1
        if seen[finding.label] <= per_label:
            chosen.append(finding)
    return chosen[:most]


def victim_provisions(document: Json) -> dict[str, list[str]]:
    """For each kind of victim provision, where it is made, in the order of the text."""
    labels = unit_labels(document)
    where: dict[str, dict[str, None]] = {}
    for block in document["blocks"]:
        for name in block["victim"]:
            where.setdefault(name, {})[labels[block["unit"]]] = None
    return {name: list(places) for name, places in sorted(where.items())}


def terms(document: Json) -> list[str]:
    """The terms that are defined, in the order of the text, each once."""
    return list(dict.fromkeys(definition["term"]["text"] for definition in document["definitions"]))


def parts(document: Json) -> list[Part]:
    """Framing counted over the blocks of each topmost part, in the order of the text."""
    units = {unit["id"]: unit for unit in document["units"]}
    counts: dict[str, Counter[str]] = {}
    for block in document["blocks"]:
        counts.setdefault(_topmost(units, block["unit"]), Counter())[block["framing"]] += 1
    return [_part(units.get(name, {}), name, found) for name, found in counts.items()]


def unit_labels(document: Json) -> dict[str, str]:
    """What a lawyer would call each unit; its id where it has no such name."""
    return {unit["id"]: unit.get("label") or unit["id"] for unit in document["units"]}


def marks(document: Json) -> Iterator[tuple[int, int, str]]:
    """Ranges of the text that stand out: (start, end, `term`, `trigger` or `evidence`)."""
    for definition in document["definitions"]:
        yield definition["term"]["start"], definition["term"]["end"], "term"
    for statement in document["statements"]:
        yield statement["trigger"]["start"], statement["trigger"]["end"], "trigger"
    for block in document["blocks"]:
        for evidence in block["evidence"]:
            yield evidence["start"], evidence["end"], "evidence"


def _indicators_of(document: Json) -> str:
    """How the labels begin that speak for the document's framing."""
    framing: str = document["framing"]["label"]
    return f"indicators/{framing}." if framing in {"crime", "rights"} else "indicators/"


def _topmost(units: dict[str, Json], name: str) -> str:
    """The outermost unit above this one; a broken chain of parents ends where it breaks."""
    seen = set()
    while name in units and units[name]["parent"] and name not in seen:
        seen.add(name)
        name = units[name]["parent"]
    return name


def _part(unit: Json, name: str, found: Counter[str]) -> Part:
    return Part(name, unit.get("label") or name, unit.get("heading"), {framing: found[framing] for framing in FRAMINGS})
