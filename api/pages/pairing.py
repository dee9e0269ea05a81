"""A comparison (its JSON) as rows to look at: both texts with their changed words, what that means, and what it weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query

from api.pages.words import CHANGES, named
from nlp.compare.types import MEANINGFUL

Json = dict[str, Any]

MOST_NAMED = 8
LAYERS = ("statement", "definition", "victim", "indicator", "framing", "reading")
MODEL = frozenset({"victim", "indicator", "framing", "reading"})


@dataclass(frozen=True, slots=True)
class Side:
    """A provision of one side: its name, address, framing, and words in pieces (words, whether they changed)."""

    label: str
    unit: str
    framing: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of words means; `values` is what it was and what it is."""

    layer: str
    says: str
    about: str
    values: tuple[str, str] | None
    sure: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A pair of provisions; `points` is its part in the shift of the rights share, in percentage points."""

    index: int
    kind: str
    also: tuple[str, ...]
    left: tuple[Side, ...]
    right: tuple[Side, ...]
    changes: tuple[Change, ...]
    points: float

    @property
    def layers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(change.layer for change in self.changes))

    @property
    def name(self) -> str:
        labels = (", ".join(side.label for side in sides) for sides in (self.left, self.right))
        return " → ".join(dict.fromkeys(label for label in labels if label))


@dataclass(frozen=True, slots=True)
class Sight:
    """Which pairs a reader wants to see, and in which order."""

    kind: str = ""
    layer: str = ""
    order: str = "text"
    every: bool = False

    def lets(self, row: Row) -> bool:
        """Whether the row is shown; unchanged ones only where all are asked for, or just these, or what was read otherwise."""
        wanted = row.kind == self.kind if self.kind else self.every or row.kind != "unchanged" or self.layer == "reading"
        return wanted and (not self.layer or self.layer in row.layers)


def sight(
    kind: Annotated[str, Query(max_length=20)] = "",
    layer: Annotated[str, Query(max_length=20)] = "",
    order: Annotated[str, Query(max_length=20)] = "text",
    every: bool = False,
) -> Sight:
    """What the address says."""
    return Sight(kind, layer, order, every)


def rows(found: Json, wanted: Sight) -> list[Row]:
    """The pairs that are wanted, in the order of the text or by what they weigh."""
    kept = [row for pair in found["pairs"] if wanted.lets(row := _row(pair))]
    return sorted(kept, key=lambda row: -abs(row.points)) if wanted.order == "weight" else kept


def movers(found: Json) -> list[Row]:
    """The pairs that moved the balance most, the strongest first."""
    first = [at for at, part in found["drift"]["contributions"] if part][:MOST_NAMED]
    return [_row(found["pairs"][at]) for at in first]


def weightiest(found: Json) -> list[tuple[Row, Change]]:
    """The weightiest changes of substance, each with its pair."""
    return [(_row(found["pairs"][one["pair"]]), _change(one)) for one in found["ranking"][:MOST_NAMED]]


def _row(pair: Json) -> Row:
    also = tuple(name for name in ("renumbered", "moved", "pinned") if pair[name] and name != pair["kind"])
    return Row(
        index=pair["index"],
        kind=pair["kind"],
        also=also,
        left=_sides(pair["left"], [edit["left"] for edit in pair["edits"] if edit["left"]]),
        right=_sides(pair["right"], [edit["right"] for edit in pair["edits"] if edit["right"]]),
        changes=tuple(_change(one) for one in pair["changes"]),
        points=pair["drift"] * 100,
    )


def _sides(places: Sequence[Json], changed: Sequence[Json]) -> tuple[Side, ...]:
    return tuple(Side(one["label"], one["unit"], one["framing"], tuple(_pieces(one, changed))) for one in places)


def _pieces(place: Json, changed: Sequence[Json]) -> Iterator[tuple[str, bool]]:
    start, end, at = place["start"], place["end"], place["start"]
    for span in sorted((one for one in changed if start <= one["start"] < end), key=lambda one: one["start"]):
        first, last = max(span["start"], at), min(span["end"], end)
        yield place["text"][at - start : first - start], False
        yield place["text"][first - start : last - start], True
        at = max(at, last)
    yield place["text"][at - start :], False


def _change(change: Mapping[str, Any]) -> Change:
    layer = change["kind"].partition(".")[0]
    before, after = change["before"], change["after"]
    about = ", ".join(map(named, change["about"].split(", "))) if layer in MODEL else change["about"]
    values = (named(before), named(after)) if before and after and before != after else None
    return Change(layer, CHANGES.get(change["kind"], named(change["kind"])), about, values, change["sureness"] >= MEANINGFUL)
