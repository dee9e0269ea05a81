"""A provision with all that was found in it: what, why (evidence and probability), who made it, and what leads here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.pages.reading import Provision, by_block
from api.pages.shelf import Opened
from nlp.codebook import codebook

Json = dict[str, Any]

PARTS = ("bearer", "trigger", "action", "beneficiary", "deadline")
LISTS = ("conditions", "exceptions", "softeners")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label of the provision with the codebook's words for it, its probability and the phrases that carry it."""

    key: str
    meaning: str
    probability: float
    evidence: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What the page of a provision shows; `before` and `after` are the neighbours' numbers.

    `unsure` names those of its labels that are near their threshold, `undecided` those that it would have a little above it.
    """

    provision: Provision
    labels: tuple[Labelled, ...]
    unsure: frozenset[str]
    undecided: tuple[Labelled, ...]
    statements: tuple[Json, ...]
    definitions: tuple[Json, ...]
    elements: tuple[Json, ...]
    references: tuple[Json, ...]
    referred: tuple[tuple[str, str], ...]
    makers: tuple[tuple[str, str], ...]
    before: int | None
    after: int | None


def card(book: Opened, at: int) -> Card:
    """The card of the block with this number."""
    document = book.document
    found, block = by_block(document), document["blocks"][at]
    provision = next(line for line in book.lines if isinstance(line, Provision) and line.at == at)

    def here(name: str, places: Mapping[int, list[int]]) -> tuple[Json, ...]:
        return tuple(document[name][i] for i in places.get(at, ()))

    labels = {f"{layer}/{name}": p for layer in ("indicators", "victim", "four_p") for name, p in block[layer].items()}
    unsure = {key: p for key, p in block["undecided"].items() if key not in labels}
    return Card(
        provision=provision,
        labels=tuple(_labelled(block, key, p) for key, p in labels.items()),
        unsure=frozenset(labels) & block["undecided"].keys(),
        undecided=tuple(_labelled(block, key, p) for key, p in sorted(unsure.items(), key=lambda one: -one[1])),
        statements=here("statements", found.statements),
        definitions=here("definitions", found.definitions),
        elements=here("elements", found.elements),
        references=here("references", found.references),
        referred=_referred(document, block["unit"]),
        makers=_makers(document["pipeline"]),
        before=at - 1 if at else None,
        after=at + 1 if at + 1 < len(document["blocks"]) else None,
    )


def _labelled(block: Json, key: str, probability: float) -> Labelled:
    evidence = tuple((one["text"], one["weight"]) for one in block["evidence"] if one["label"] == key)
    return Labelled(key, meanings().get(key, ""), probability, evidence)


@cache
def meanings() -> Mapping[str, str]:
    """The codebook's words for each label."""
    return {label.key: label.description for label in codebook().labels}


def _referred(document: Json, unit: str) -> tuple[tuple[str, str], ...]:
    """Units that refer to this one, as (id, label), each once."""
    names = {one["id"]: one.get("label") or one["id"] for one in document["units"]}
    return tuple({ref["unit"]: names.get(ref["unit"], ref["unit"]) for ref in document["references"] if ref["target"] == unit}.items())


def _makers(pipeline: Json) -> tuple[tuple[str, str], ...]:
    """Who made what: labels come of the trained model, the rest of rules that read the model's syntax."""
    models = {name: digest.removeprefix("sha256:")[:12] for name, digest in pipeline.get("models", {}).items()}
    version = f"{pipeline.get('name', '')} {pipeline.get('version', '')}".strip()
    makers = [("Labels and evidence", f"model provisions {models['provisions']}, {version}")] if "provisions" in models else []
    rules = f"rules of {version}" + (f" over syntax {models['syntax']}" if "syntax" in models else "")
    return (*makers, ("Statements, definitions, references", rules))
