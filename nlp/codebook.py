"""The codebook as data: layers of labels with their descriptions, and the rule from labels to framing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from nlp.types import Framing

T = TypeVar("T")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
KINDS = {str: "a text", int: "a whole number", dict: "a table", list: "a list"}


@dataclass(frozen=True, slots=True)
class Label:
    """One label: `key` is unique over all layers (`victim/child`), `name` is what results show."""

    layer: str
    name: str
    description: str
    examples: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.layer}/{self.name}"


@dataclass(frozen=True, slots=True)
class Codebook:
    """Labels in the order of the file; `sides` names the labels, of `framing_layer` where that is named, that speak for each framework."""

    name: str
    version: int
    labels: tuple[Label, ...]
    sides: Mapping[str, frozenset[str]]
    title: str = ""
    framing_layer: str = ""

    @property
    def crime(self) -> frozenset[str]:
        return self.sides.get("crime", frozenset())

    @property
    def rights(self) -> frozenset[str]:
        return self.sides.get("rights", frozenset())

    def keys(self) -> tuple[str, ...]:
        return tuple(label.key for label in self.labels)

    def sides_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The frameworks that some of these labels speak for."""
        found = set(names)
        return tuple(side for side, members in self.sides.items() if found & members)

    def sides_of_layers(self, labels: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
        """The frameworks that labels (layer → names) speak for."""
        layers = [self.framing_layer] if self.framing_layer else list(labels)
        return self.sides_of(name for layer in layers for name in labels.get(layer, ()))

    def framed(self, labels: Mapping[str, Iterable[str]]) -> str | None:
        """The framework that labels (layer → names) speak for, `hybrid` or `neutral`; None where the codebook has no rule of framing."""
        return _one_of(self.sides_of_layers(labels)) if self.sides else None

    def groups(self) -> dict[str, frozenset[str]]:
        """Labels taken together, by a key of their own: each side of the framing and each other layer of several labels.

        A model learns and predicts them beside the labels, so that whether a block has any of them is a decision of its own.
        """
        found = {f"any/{name}": frozenset(x.key for x in self.labels if x.name in side) for name, side in self.sides.items() if side}
        sided: set[str] = set().union(*self.sides.values())
        for layer in dict.fromkeys(x.layer for x in self.labels):
            members = [x for x in self.labels if x.layer == layer]
            if len(members) > 1 and not {x.name for x in members} & sided:
                found[f"any/{layer}"] = frozenset(x.key for x in members)
        return found

    def framing(self, indicators: Iterable[str]) -> Framing:
        """Framing of a block after its indicators (codebook section 1)."""
        return Framing(_one_of(self.sides_of(indicators)))


def _one_of(sides: Sequence[str]) -> str:
    """The only one; `hybrid` where there are several, `neutral` where there is none."""
    match sides:
        case []:
            return Framing.NEUTRAL.value
        case [only]:
            return only
        case _:
            return Framing.HYBRID.value


class BadCodebook(ValueError):
    """A codebook file lacks what the program reads from it."""


def parse_codebook(toml: str) -> Codebook:
    """A codebook from TOML; raises BadCodebook, naming the key that is missing or wrong."""
    try:
        data = tomllib.loads(toml)
    except (ValueError, RecursionError) as wrong:  # a number of thousands of digits is a plain ValueError
        raise BadCodebook(f"the codebook is not TOML: {wrong}") from wrong
    name, version, layers = _of(data, "name", str), _of(data, "version", int), _of(data, "layers", dict)
    if NAME.fullmatch(name) is None:
        raise BadCodebook(f"codebook: name = {name!r}: small letters, digits, `-` and `_` are needed, since it names files and addresses")
    labels = tuple(label for layer in layers for label in _labels(layer, layers[layer]))
    if not labels:
        raise BadCodebook("codebook: [layers]: there is no label")
    rule = _of(data, "framing", dict) if "framing" in data else {}
    layer = _of(rule, "layer", str, "framing") if "layer" in rule else ""
    return Codebook(name, version, labels, _sides(rule, layer, labels), str(data.get("title", name)), layer)


def _labels(layer: str, body: object) -> Iterator[Label]:
    where = f"layers.{layer}"
    if not isinstance(body, dict):
        raise BadCodebook(f"codebook: [{where}] is not a table")
    examples = _of(body, "examples", dict, where) if "examples" in body else {}
    described = _of(body, "labels", dict, where)
    for name in examples.keys() - described.keys():
        raise BadCodebook(f"codebook: [{where}.examples]: {name!r} is not among [{where}.labels]")
    for name in described:
        shown = examples.get(name, [])
        if not isinstance(shown, list) or not all(isinstance(x, str) and x.strip() for x in shown):
            raise BadCodebook(f"codebook: [{where}.examples]: {name!r} needs a list of texts")
        yield Label(layer, name, _of(described, name, str, f"{where}.labels"), tuple(shown))


def _sides(rule: Mapping[str, Any], layer: str, labels: Sequence[Label]) -> dict[str, frozenset[str]]:
    """Every key of [framing] but `layer` is a framework with a list of label names."""
    known = {label.name for label in labels if layer in ("", label.layer)}
    if layer and not known:
        raise BadCodebook(f"codebook: [framing]: there is no layer {layer!r}")
    sides = {side: _of(rule, side, list, "framing") for side in rule if side != "layer"}
    for side, names in sides.items():
        for name in names:
            if name not in known:
                raise BadCodebook(f"codebook: [framing]: {side} names {name!r}, which is no label")
    return {side: frozenset(names) for side, names in sides.items()}


def _of(table: Mapping[str, Any], key: str, kind: type[T], where: str = "") -> T:
    """The value of a key; raises BadCodebook where it is missing or of another kind."""
    place = f"[{where}]: " if where else ""
    if key not in table:
        raise BadCodebook(f"codebook: {place}{key!r} is missing")
    if not isinstance(table[key], kind) or isinstance(table[key], bool):
        raise BadCodebook(f"codebook: {place}{key!r} is not {KINDS[kind]}")
    value: T = table[key]
    return value


def read_codebook(path: Path) -> Codebook:
    """A user's own codebook; raises BadCodebook or OSError."""
    try:
        return parse_codebook(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as wrong:
        raise BadCodebook(f"the codebook is not UTF-8: {wrong}") from wrong


@cache
def codebook() -> Codebook:
    """The codebook that Lexframe ships."""
    return parse_codebook(resources.files("nlp").joinpath("codebook.toml").read_text(encoding="utf-8"))
