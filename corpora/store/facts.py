"""What analytics count of an annotation: how many of its blocks, statements, definitions and elements carry a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from itertools import combinations
from typing import Any

Json = dict[str, Any]
Fact = tuple["FactLayer", str, int]

ROLES = ("act", "means", "purpose", "consent", "child")  # nlp.types.ElementRole, which runners that load no pipeline cannot import
WHOLE = 10_000


class FactLayer(StrEnum):
    """What a label is counted over."""

    DOCUMENT = "document"  # 1 for the framing of the whole document, where it was annotated
    BALANCE = "balance"  # "rights": its rights share in ten-thousandths, where any block is framed
    UNSUPPORTED = "unsupported"  # 1 for the language of a text that was kept and not annotated
    FRAMING = "framing"  # blocks by their framing
    INDICATOR = "indicator"  # blocks with a framing indicator
    VICTIM = "victim"  # blocks with a victim provision
    CONDITIONAL = "conditional"  # those of them that hang on cooperation with authorities
    FOUR_P = "four_p"  # blocks with one of the four Ps
    PAIR = "pair"  # blocks with both of two indicators or victim provisions, "a b"
    STATEMENT = "statement"  # statements, "type.strength"
    BEARER = "bearer"  # statements by the class of their bearer
    FORM = "form"  # definitions by their form
    ELEMENT = "element"  # definitions that hold an element of a role
    COMBINATION = "combination"  # definitions by the roles of all their elements, "act means purpose"
    OFFENCE = "offence"  # elements outside definitions, as offences have them, by role


def facts_of(result: Json) -> list[Json]:
    """Rows of layer, label and number for an annotated document as the document contract has it."""
    counted: Counter[tuple[FactLayer, str]] = Counter()
    for layer, label, number in (*_of_document(result), *((layer, label, 1) for layer, label in _labels(result))):
        counted[layer, label[:160]] += number
    return [{"layer": layer.value, "label": label, "number": number} for (layer, label), number in sorted(counted.items())]


def _of_document(result: Json) -> Iterator[Fact]:
    if result.get("status", "annotated") != "annotated":
        yield FactLayer.UNSUPPORTED, result.get("document", {}).get("language") or "unknown", 1
        return
    framing = result.get("framing", {})
    yield FactLayer.DOCUMENT, framing.get("label") or "neutral", 1
    scores = framing.get("scores", {})
    if any(scores.values()):
        yield FactLayer.BALANCE, "rights", round(scores.get("rights", 0) * WHOLE)


def _labels(result: Json) -> Iterator[tuple[FactLayer, str]]:
    for block in result.get("blocks", ()):
        yield from _labels_of_block(block)
    for statement in result.get("statements", ()):
        yield FactLayer.STATEMENT, f"{statement['type']}.{statement['strength']}"
        if statement["bearer_class"]:
            yield FactLayer.BEARER, statement["bearer_class"]
    for definition in result.get("definitions", ()):
        yield FactLayer.FORM, definition["form"]
        found = {element["role"] for element in definition["elements"]}
        roles = [role for role in (*ROLES, *sorted(found.difference(ROLES))) if role in found]
        yield from ((FactLayer.ELEMENT, role) for role in roles)
        if roles:
            yield FactLayer.COMBINATION, " ".join(roles)
    for element in result.get("elements", ()):
        yield FactLayer.OFFENCE, element["role"]


def _labels_of_block(block: Json) -> Iterator[tuple[FactLayer, str]]:
    yield FactLayer.FRAMING, block["framing"]
    for layer, name in ((FactLayer.INDICATOR, "indicators"), (FactLayer.VICTIM, "victim"), (FactLayer.FOUR_P, "four_p")):
        for label in block[name]:
            yield layer, label
    if block.get("conditional"):
        yield from ((FactLayer.CONDITIONAL, label) for label in block["victim"])
    for one, other in combinations(sorted([*block["indicators"], *block["victim"]]), 2):
        yield FactLayer.PAIR, f"{one} {other}"
