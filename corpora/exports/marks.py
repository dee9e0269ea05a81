"""The one span model: everything that is said of a text as marks on it, from which every format is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Value = str | float | bool
LABELS = ("indicators", "victim", "four_p")
_PARTS = {"statements": ("bearer", "action", "beneficiary", "deadline"), "definitions": ("definiens",)}
_LISTS = {"statements": ("conditions", "exceptions", "softeners"), "definitions": ("exclusions",)}


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the text with a layer and a label; `links` name other marks of the same text by role.

    `id` is unique in the document and the same whenever the same annotation is exported. Offsets are code points, end exclusive.
    """

    id: str
    layer: str
    label: str
    start: int
    end: int
    unit: str
    values: Mapping[str, Value] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()


def marks(annotated: Json) -> Iterator[Mark]:
    """Every mark of a document, layer by layer, in the order of the annotation. Marks that others link to come before them."""
    yield from _units(annotated)
    yield from _blocks(annotated)
    yield from _definitions(annotated)
    for i, one in enumerate(annotated.get("elements", ())):
        yield _mark(f"element-{i + 1}", "element", one["role"], one, one["unit"])
    yield from _statements(annotated)
    yield from _references(annotated)
    for i, one in enumerate(annotated.get("uses", ())):
        yield _mark(f"use-{i + 1}", "use", "use", one, "", links=(("definition", f"definition-{one['definition'] + 1}"),))


def _units(annotated: Json) -> Iterator[Mark]:
    for i, one in enumerate(annotated.get("units", ())):
        if one["start"] < one["end"]:
            values = _said({"id": one["id"], "number": one.get("number"), "heading": one.get("heading"), "name": one.get("label")})
            yield _mark(f"unit-{i + 1}", "unit", one["kind"], one, one["id"], values)


def _blocks(annotated: Json) -> Iterator[Mark]:
    """A mark for each block with its framing, one for each of its labels, one for each phrase that carries one."""
    for i, block in enumerate(annotated.get("blocks", ())):
        name = f"block-{i + 1}"
        values = {"conditional": True} if block.get("conditional") is True else {}
        yield _mark(name, "block", block["framing"], block, block["unit"], values)
        labels = [(layer, label, p) for layer in label_layers(block) for label, p in block[layer].items()]
        for j, (layer, label, p) in enumerate(labels):
            yield _mark(f"{name}-label-{j + 1}", layer, label, block, block["unit"], {"probability": p}, (("block", name),))
        for j, one in enumerate(block.get("evidence", ())):
            values = {"weight": one["weight"]}
            yield _mark(f"{name}-evidence-{j + 1}", "evidence", one["label"], one, block["unit"], values, (("block", name),))


def label_layers(block: Json) -> list[str]:
    """The layers of a block that map labels to probabilities."""
    return [name for name, value in block.items() if isinstance(value, Mapping) and name != "undecided"]


def _definitions(annotated: Json) -> Iterator[Mark]:
    for i, one in enumerate(annotated.get("definitions", ())):
        name = f"definition-{i + 1}"
        parts = list(_parts(name, "definition", one, "definitions"))
        for j, element in enumerate(one.get("elements", ())):
            parts.append(_mark(f"{name}-element-{j + 1}", "element", element["role"], element, element["unit"]))
        yield from parts
        values = _said({"form": one["form"], "scope": one.get("scope")})
        yield _mark(name, "definition", "term", one["term"], one["unit"], values, _links(name, parts))


def _statements(annotated: Json) -> Iterator[Mark]:
    for i, one in enumerate(annotated.get("statements", ())):
        name = f"statement-{i + 1}"
        parts = list(_parts(name, "statement", one, "statements"))
        yield from parts
        values = _said({"strength": one["strength"], "bearer_class": one.get("bearer_class")})
        yield _mark(name, "statement", one["type"], one["trigger"], one["unit"], values, _links(name, parts))


def _references(annotated: Json) -> Iterator[Mark]:
    units = {unit["id"]: f"unit-{i + 1}" for i, unit in enumerate(annotated.get("units", ())) if unit["start"] < unit["end"]}
    for i, one in enumerate(annotated.get("references", ())):
        values = _said({"target": one.get("target"), "work": one.get("work")})
        links = (("target", units[one["target"]]),) if one.get("target") in units else ()
        yield _mark(f"reference-{i + 1}", "reference", "internal" if one.get("target") else "external", one, one["unit"], values, links)


def _parts(name: str, layer: str, one: Json, noun: str) -> Iterator[Mark]:
    """The marks of a finding's parts: `statement-3-bearer`, `statement-3-softeners-2`."""
    for part in _PARTS[noun]:
        if one.get(part):
            yield _mark(f"{name}-{part}", layer, part, one[part], one["unit"])
    for part in _LISTS[noun]:
        for i, span in enumerate(one.get(part, ())):
            yield _mark(f"{name}-{part}-{i + 1}", layer, part.removesuffix("s"), span, one["unit"])


def _links(name: str, parts: list[Mark]) -> tuple[tuple[str, str], ...]:
    return tuple((part.label, part.id) for part in parts)


def _mark(
    name: str,
    layer: str,
    label: str,
    span: Json,
    unit: str,
    values: Mapping[str, Value] | None = None,
    links: tuple[tuple[str, str], ...] = (),
) -> Mark:
    return Mark(name, layer, label, span["start"], span["end"], unit, values or {}, links)


def _said(values: Mapping[str, Value | None]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if value is not None and value != ""}
