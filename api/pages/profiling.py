"""A document's profile: framing with its interval, indicators, victim provisions, the four Ps, strength, definitions side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from api.pages.charts import Chart, bars, stacks
from api.pages.words import ROLES, STRENGTHS, defining, named, shortened
from nlp.codebook import codebook
from nlp.compare.coverage import Cell, coverage
from nlp.reading import from_json
from nlp.telling import Otherwise, Stretch, otherwise, stretches

Json = dict[str, Any]

MOST_QUOTED = 240
TYPES = ("obligation", "prohibition", "permission", "right", "exemption")


@dataclass(frozen=True, slots=True)
class Given:
    """A kind of victim provision: the codebook's words for it, and how the document provides it; places are (label, unit, words, form)."""

    name: str
    meaning: str
    cell: Cell
    places: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Defining:
    """A definition or an offence, its elements by role."""

    title: str
    unit: str
    words: str
    how: str
    elements: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Profile:
    """What the page shows besides what the annotated document says itself."""

    otherwise: Otherwise | None
    parts: tuple[Stretch, ...]
    charts: tuple[Chart, ...]
    victim: tuple[Given, ...]
    defining: tuple[Defining, ...]
    other_terms: tuple[Defining, ...]
    statements: int


def profile(document: Json) -> Profile:
    """Gathers the profile of an annotated document."""
    side_by_side = [_defining(one, document) for one in document["definitions"]] + _offences(document)
    return Profile(
        otherwise=otherwise(document["framing"]),
        parts=stretches(document),
        charts=charts_of(document),
        victim=_victim(document),
        defining=tuple(one for one in side_by_side if any(one.elements.values())),
        other_terms=tuple(one for one in side_by_side if not any(one.elements.values())),
        statements=len(document["statements"]),
    )


def charts_of(document: Json) -> tuple[Chart, ...]:
    """The three charts of a profile."""
    indicators, strength, four_p = _indicators(document), _strength(document), _four_p(document)
    return (
        Chart(
            "indicators",
            _told(indicators, "indicator", "share"),
            indicators,
            bars(value="share", label="indicator", fill="framework", percent=True),
        ),
        Chart(
            "strength",
            _told(strength, "kind", "statements"),
            strength,
            stacks(value="statements", label="kind", part="strength", order=STRENGTHS),
        ),
        Chart("four-ps", _told(four_p, "aim", "provisions"), four_p, bars(value="provisions", label="aim")),
    )


def _told(rows: list[Json], label: str, value: str) -> str:
    def said(row: Json) -> str:
        return f"{row[value]:.0%}" if isinstance(row[value], float) else f"{row[value]}"

    return "; ".join(f"{row[label]}{', ' + row['strength'] if 'strength' in row else ''}: {said(row)}" for row in rows if row[value])


def _indicators(document: Json) -> list[Json]:
    found = document["framing"]["profile"]
    return [{"indicator": named(name), "framework": name.partition(".")[0], "share": share} for name, share in found.items()]


def _strength(document: Json) -> list[Json]:
    counts = Counter((one["type"], one["strength"]) for one in document["statements"])
    return [
        {"kind": named(kind), "strength": strength, "statements": counts[kind, strength], "rank": rank}
        for kind in TYPES
        for rank, strength in enumerate(STRENGTHS)
    ]


def _four_p(document: Json) -> list[Json]:
    counts = Counter(name for block in document["blocks"] for name in block["four_p"])
    names = [label.name for label in codebook().labels if label.layer == "four_p"]
    return [{"aim": named(name), "provisions": counts[name]} for name in names]


def _victim(document: Json) -> tuple[Given, ...]:
    labels = [label for label in codebook().labels if label.layer == "victim"]
    table = coverage([from_json(document)], [label.name for label in labels])
    units = {block["start"]: block["unit"] for block in document["blocks"]}
    return tuple(_given(label.name, label.description, table.cells[label.name][0], units) for label in labels)


def _given(name: str, meaning: str, cell: Cell, units: dict[int, str]) -> Given:
    places = tuple(
        (one.label, units.get(one.quote.start, ""), shortened(one.quote.text, MOST_QUOTED), str(one.form)) for one in cell.places
    )
    return Given(name, meaning, cell, places)


def _defining(definition: Json, document: Json) -> Defining:
    words = definition["definiens"]["text"] if definition["definiens"] else ""
    return Defining(definition["term"]["text"], definition["unit"], words, defining(definition), _by_role(definition["elements"]))


def _offences(document: Json) -> list[Defining]:
    """Elements of offences that define no term, gathered by the article or section they stand in."""
    names = {unit["id"]: unit for unit in document["units"]}
    gathered: dict[str, list[Json]] = {}
    for element in document["elements"]:
        gathered.setdefault(_article(element["unit"], names), []).append(element)
    return [Defining(names.get(unit, {}).get("label") or unit, unit, "", "offence", _by_role(found)) for unit, found in gathered.items()]


def _article(unit: str, units: dict[str, Json]) -> str:
    seen: set[str] = set()
    while unit not in seen and units.get(unit, {}).get("kind") not in ("article", "section", None) and units[unit]["parent"]:
        seen.add(unit)
        unit = units[unit]["parent"]
    return unit


def _by_role(elements: list[Json]) -> dict[str, list[str]]:
    return {role: list(dict.fromkeys(one["text"] for one in elements if one["role"] == role)) for role in ROLES}
