"""The codebook as data: layers of labels with their descriptions, and the rule from labels to framing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from nlp.types import Framing


@dataclass(frozen=True, slots=True)
class Label:
    """One label: `key` is unique over all layers (`victim/child`), `name` is what results show."""

    layer: str
    name: str
    description: str

    @property
    def key(self) -> str:
        return f"{self.layer}/{self.name}"


@dataclass(frozen=True, slots=True)
class Codebook:
    """Labels in the order of the file; `crime` and `rights` name the indicators of the two frameworks."""

    name: str
    version: int
    labels: tuple[Label, ...]
    crime: frozenset[str]
    rights: frozenset[str]

    def keys(self) -> tuple[str, ...]:
        return tuple(label.key for label in self.labels)

    def framing(self, indicators: Iterable[str]) -> Framing:
        """Framing of a block after its indicators (codebook section 1)."""
        found = set(indicators)
        match bool(found & self.crime), bool(found & self.rights):
            case True, True:
                return Framing.HYBRID
            case True, False:
                return Framing.CRIME
            case False, True:
                return Framing.RIGHTS
            case _:
                return Framing.NEUTRAL


class BadCodebook(ValueError):
    """A codebook file lacks what the program reads from it."""


def parse_codebook(toml: str) -> Codebook:
    """A codebook from TOML; raises BadCodebook, naming the key that is missing or wrong."""
    try:
        data = tomllib.loads(toml)
        labels = tuple(Label(layer, name, str(text)) for layer, body in data["layers"].items() for name, text in body["labels"].items())
        rule = data.get("framing", {})
        return Codebook(
            str(data["name"]), int(data["version"]), labels, frozenset(rule.get("crime", ())), frozenset(rule.get("rights", ()))
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise BadCodebook(f"not a codebook: {wrong}") from wrong


def read_codebook(path: Path) -> Codebook:
    """A user's own codebook; raises BadCodebook or OSError."""
    return parse_codebook(path.read_text(encoding="utf-8"))


@cache
def codebook() -> Codebook:
    """The codebook that Lexframe ships."""
    return parse_codebook(resources.files("nlp").joinpath("codebook.toml").read_text(encoding="utf-8"))
