"""What analytics count of an annotation: how many of its blocks, statements, definitions and elements carry a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations
from typing import Any

Json = dict[str, Any]


class FactLayer(StrEnum):
    """What a label is counted over."""

    FRAMING = "framing"  # blocks by their framing
    INDICATOR = "indicator"  # blocks with a framing indicator
    VICTIM = "victim"  # blocks with a victim provision
    FOUR_P = "four_p"  # blocks with one of the four Ps
    PAIR = "pair"  # blocks with both of two indicators or victim provisions, "a b"
    STATEMENT = "statement"  # statements, "type.strength"
    BEARER = "bearer"  # statements by the class of their bearer
    FORM = "form"  # definitions by their form
    ELEMENT = "element"  # definitions that hold an element of a role


def facts_of(result: Json) -> list[Json]:
    """Rows of layer, label and number for an annotated document as the document contract has it."""
    counted = Counter(_labels(result))
    return [{"layer": layer.value, "label": label[:160], "number": number} for (layer, label), number in sorted(counted.items())]


def _labels(result: Json) -> Iterator[tuple[FactLayer, str]]:
    for block in result.get("blocks", ()):
        yield from _labels_of_block(block)
    for statement in result.get("statements", ()):
        yield FactLayer.STATEMENT, f"{statement['type']}.{statement['strength']}"
        if statement["bearer_class"]:
            yield FactLayer.BEARER, statement["bearer_class"]
    for definition in result.get("definitions", ()):
        yield FactLayer.FORM, definition["form"]
        for role in sorted({element["role"] for element in definition["elements"]}):
            yield FactLayer.ELEMENT, role


def _labels_of_block(block: Json) -> Iterator[tuple[FactLayer, str]]:
    yield FactLayer.FRAMING, block["framing"]
    for layer, name in ((FactLayer.INDICATOR, "indicators"), (FactLayer.VICTIM, "victim"), (FactLayer.FOUR_P, "four_p")):
        for label in block[name]:
            yield layer, label
    for one, other in combinations(sorted([*block["indicators"], *block["victim"]]), 2):
        yield FactLayer.PAIR, f"{one} {other}"
