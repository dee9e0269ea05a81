"""What people are told of a document's framing besides its label, from the annotated document (its JSON): page and report alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nlp.weighing import OTHERWISE

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What other weighings make of it: the lowest and the highest rights share; labels that are not ours, and what each is if."""

    shares: tuple[float, float]
    differing: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the instrument: how it is called, its rights share (None where nothing is framed), its share of the whole framed weight."""

    unit: str
    label: str
    heading: str
    rights: float | None
    share: float
    counts: dict[str, int]


def otherwise(framing: Json) -> Otherwise | None:
    """None where nothing is framed, or an earlier version annotated the document and did not say."""
    framed = [one for one in framing.get("sensitivity", ()) if one["interval"]]
    if not framed:
        return None
    shares = [one["rights"] for one in framed]
    differing = tuple((one["label"], OTHERWISE[one["name"]].says) for one in framed if one["label"] != framing["label"])
    return Otherwise((min(shares), max(shares)), differing)


def stretches(document: Json) -> tuple[Stretch, ...]:
    """The parts of the document, where there are several."""
    found = document["framing"].get("parts", ())
    units = {unit["id"]: unit for unit in document["units"]}
    whole = sum(part["weight"] for part in found) or 1.0
    return tuple(_stretch(part, units[part["unit"]], whole) for part in found) if len(found) > 1 else ()


def _stretch(part: Json, unit: Json, whole: float) -> Stretch:
    label, heading = unit["label"] or unit["id"], unit["heading"] or ""
    return Stretch(unit["id"], label, heading if heading != label else "", part["rights"], part["weight"] / whole, part["counts"])
