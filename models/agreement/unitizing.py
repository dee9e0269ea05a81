"""Krippendorff's unitizing alpha (1995): agreement on where spans begin and end, on a continuum that coders share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Range = tuple[int, int]
DRAWS, SEED = 300, 7


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the continuum that is drawn as a whole, such as a block: its length, and each coder's spans from its beginning."""

    length: int
    coders: tuple[Sequence[Range], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A span, or a gap between spans, of one coder: begin and length in characters."""

    begin: int
    length: int
    is_unit: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Observed and expected disagreement on one category."""

    observed: float
    expected: float

    @property
    def alpha(self) -> float | None:
        """1 − observed / expected; None where nobody marked anything."""
        return 1 - self.observed / self.expected if self.expected else None


def unitizing_alpha(marked: Mapping[str, Sequence[Sequence[Range]]], length: int) -> tuple[float | None, dict[str, Disagreement]]:
    """Alpha over all categories, and disagreement on each; `marked` has each coder's spans of a category, none overlapping another.

    The continuum runs from 0 to `length`, and every coder has seen all of it.
    """
    each = {name: disagreement(coders, length) for name, coders in marked.items()}
    expected = sum(one.expected for one in each.values())
    observed = sum(one.observed for one in each.values())
    return (1 - observed / expected if expected else None), each


def laid_end_to_end(pieces: Sequence[Piece]) -> tuple[list[list[Range]], int]:
    """Each coder's spans on the continuum of all pieces, and its length."""
    rows: list[list[Range]] = [[] for _ in pieces[0].coders] if pieces else []
    at = 0
    for piece in pieces:
        for row, spans in zip(rows, piece.coders, strict=True):
            row += [(at + start, at + end) for start, end in spans]
        at += piece.length
    return rows, at


def interval(pieces: Sequence[Piece], *, draws: int = DRAWS, seed: int = SEED) -> tuple[float | None, float | None]:
    """The 95 % bootstrap interval of alpha on one category, whole pieces drawn; None where no draw defines it."""
    chance = np.random.default_rng(seed)
    picks = (chance.integers(0, len(pieces), len(pieces)) for _ in range(draws if pieces else 0))
    found = [disagreement(*laid_end_to_end([pieces[i] for i in picked])).alpha for picked in picks]
    defined = [alpha for alpha in found if alpha is not None]
    if not defined:
        return None, None
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)


def disagreement(coders: Sequence[Sequence[Range]], length: int) -> Disagreement:
    """Disagreement on one category (Krippendorff 1995, equations 3 and 5)."""
    sections = [_sections(spans, length) for spans in coders]
    many = len(sections)
    observed = sum(_between(a, b) for i, a in enumerate(sections) for j, b in enumerate(sections) if i != j)
    return Disagreement(observed / (many * (many - 1) * length**2), _expected(sections, length))


def _sections(spans: Sequence[Range], length: int) -> list[Section]:
    """The continuum as spans and the gaps between them."""
    found: list[Section] = []
    at = 0
    for start, end in sorted(spans):
        if not at <= start < end <= length:
            raise ValueError(f"the span {start}:{end} overlaps another or leaves the continuum of {length}")
        if start > at:
            found.append(Section(at, start - at, False))
        found.append(Section(start, end - start, True))
        at = end
    return [*found, Section(at, length - at, False)] if at < length else found


def _between(ours: Sequence[Section], theirs: Sequence[Section]) -> float:
    """Squared differences between the sections of two coders that meet; both run through the continuum side by side."""
    total, first = 0.0, 0
    for one in ours:
        while first < len(theirs) and theirs[first].begin + theirs[first].length <= one.begin:
            first += 1
        at = first
        while at < len(theirs) and theirs[at].begin < one.begin + one.length:
            total += _squared(one, theirs[at])
            at += 1
    return total


def _squared(a: Section, b: Section) -> float:
    if a.is_unit and b.is_unit:
        return float((a.begin - b.begin) ** 2 + (a.begin + a.length - b.begin - b.length) ** 2)
    if a.is_unit and not b.is_unit and b.begin <= a.begin and a.begin + a.length <= b.begin + b.length:
        return float(a.length**2)
    if b.is_unit and not a.is_unit and a.begin <= b.begin and b.begin + b.length <= a.begin + a.length:
        return float(b.length**2)
    return 0.0


def _expected(sections: Sequence[Sequence[Section]], length: int) -> float:
    units = [one.length for row in sections for one in row if one.is_unit]
    gaps = [one.length for row in sections for one in row if not one.is_unit]
    whole = len(sections) * length
    total = sum((len(units) - 1) / 3 * (2 * n**3 - 3 * n**2 + n) + n**2 * sum(gap - n + 1 for gap in gaps if gap >= n) for n in units)
    below = whole * (whole - 1) - sum(n * (n - 1) for n in units)
    return 2 / length * total / below if below else 0.0
