"""Where citations lead: the units of a document by number, and the works that its short names stand for."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlp.reference_patterns import AMENDED, CALLED, LEAD_IN, MEANS, NAMED
from nlp.types import Passage, Structure, Unit

WorkNames = Callable[[str], str | None]
Find = Callable[[str], str | None]
KINDS: Mapping[str, tuple[str, ...]] = {
    "subsection": ("subsection", "paragraph"),
    "paragraph": ("paragraph", "subsection", "point"),
    "subparagraph": ("subparagraph", "point", "paragraph"),
    "clause": ("clause", "point", "subparagraph", "paragraph"),
    "subclause": ("subclause", "clause"),
    "point": ("point", "paragraph"),
}
TOP = frozenset(["article", "section", "part", "chapter", "title", "subtitle", "schedule", "annex", "division", "subdivision", "recital"])
WINDOW = 60


@dataclass(frozen=True, slots=True)
class Places:
    """The units of a document, by parent and number, and by place; units of quoted law are reached only from inside it."""

    units: Mapping[str, Unit]
    below: Mapping[str | None, Mapping[str, str]]
    top: Mapping[tuple[str, str], str]
    starts: Sequence[int]
    at: Sequence[str]

    @classmethod
    def of(cls, structure: Structure) -> Places:
        """Indexes a structure."""
        below: dict[str | None, dict[str, str]] = {}
        top: dict[tuple[str, str], str] = {}
        for unit in structure.units:
            if unit.number:
                number = bare(unit.number)
                below.setdefault(unit.parent, {}).setdefault(number, unit.id)
                if "__qstr_" not in unit.id and not (unit.kind == "paragraph" and _inside(unit.id)):
                    top.setdefault((unit.kind, number.lower()), unit.id)
        passages = structure.passages
        return cls({u.id: u for u in structure.units}, below, top, [p.start for p in passages], [p.unit for p in passages])

    def unit_at(self, offset: int) -> str | None:
        """The unit of the passage in which an offset lies."""
        i = bisect_right(self.starts, offset) - 1
        return self.at[i] if i >= 0 else None

    def above(self, unit: str | None) -> list[str]:
        """A unit and those above it, innermost first, up to quoted law that it stands in."""
        chain: list[str] = []
        while unit is not None:
            chain.append(unit)
            if self.units[unit].kind == "quotation":
                break
            unit = self.units[unit].parent
        return chain

    def target(self, kind: str, number: str, unit: str) -> str | None:
        """The unit that `kind number` means where it stands in `unit`; None where there is none.

        "Subsection 30(3)" is subsection (3) of section 30, as Commonwealth acts write it.
        """
        steps = steps_of(number)
        if kind in TOP:
            quoted = "__qstr_" in unit
            first = self._quoted_top(kind, steps[0], unit) if quoted else self.top.get((kind, steps[0].lower()))
            return self.descend(first, steps[1:]) if first else None
        for here in self.above(unit):
            for start in (here, self.units[here].parent):
                if start is not None and (found := self.descend(start, steps, KINDS.get(kind))):
                    return found
        if "__qstr_" in unit:
            return None
        owners = ("paragraph",) * (kind == "paragraph") + ("section", "article") * (len(steps) > 1)
        tops = (self.top.get((owner, steps[0].lower())) for owner in owners)
        return next((found for top in tops if top and (found := self.descend(top, steps[1:]))), None)

    def _quoted_top(self, kind: str, number: str, unit: str) -> str | None:
        found = self.below.get(self.above(unit)[-1], {}).get(number)
        return found if found and self.units[found].kind == kind else None

    def descend(self, unit: str | None, steps: Sequence[str], kinds: tuple[str, ...] | None = None) -> str | None:
        """Down from a unit along numbers; the first step must be one of `kinds` where they are given."""
        for i, step in enumerate(steps):
            unit = self.below.get(unit, {}).get(step)
            if unit is None or (i == 0 and kinds and self.units[unit].kind not in kinds):
                return None
        return unit

    def beside(self, unit: str, steps: Sequence[str]) -> str | None:
        """The unit that a further number of a list means after `unit`: a sibling, or one beside a unit above it, innermost first."""
        chain = self.above(unit)
        for here in chain:
            parent = self.units[here].parent
            if found := self.descend(parent, steps):
                return found
            kind = self.units[here].kind
            if kind in TOP and (first := self.top.get((kind, steps[0].lower()))):
                return self.descend(first, steps[1:])
        return None

    def between(self, first: str, last: str) -> list[str]:
        """The units between two of the same kind and depth, in the order of the text."""
        a, b = self.units[first], self.units[last]
        row = (
            list(self.below.get(a.parent, {}).values())
            if a.parent == b.parent
            else [i for (kind, _), i in self.top.items() if kind == a.kind]
        )
        return [i for i in row if a.start < self.units[i].start < b.start and self.units[i].kind == a.kind]


def _inside(unit: str) -> bool:
    """Whether a unit's id tells that it stands in an article or section."""
    return re.search(r"(?:^|__)(?:art|sec|para)_[^_]+__", unit) is not None


def bare(number: str) -> str:
    """A number without brackets and full stops."""
    return number.strip("().§ –—-\t").replace("‑", "-")


def steps_of(number: str) -> list[str]:
    """`6(3)(a)` → 6, 3, a."""
    parts = re.findall(r"\([^)]+\)|[^()\s]+(?:\s(?:bis|ter|quater))?", number)
    return [bare(part) for part in parts] or [number]


def aliases_of(passages: Sequence[Passage], title: str, find: Find) -> dict[str, str]:
    """What the document's own short names stand for: “Act of 1998” means …, hereinafter “the Convention”, a protocol's convention."""
    found: dict[str, str] = {}
    parent = re.search(r"\b(?:supplementing|to)\sthe\s(?=[A-Z])", title)
    if parent and (work := find(title[parent.end() :])):
        found["Convention"] = work
    for passage in passages:
        for match in MEANS.finditer(passage.text):
            if work := find(passage.text[match.end() : match.end() + 200]):
                found.setdefault(match["alias"], work)
        for match in CALLED.finditer(passage.text):
            named = list(NAMED.finditer(passage.text, max(0, match.start() - 250), match.start()))
            if named and (work := find(named[-1].group())):
                found.setdefault(match["alias"], work)
    return found


def first_convention(passages: Sequence[Passage], find: Find) -> str | None:
    """The convention that a comment on one names first in full: what it goes on to call “the Convention”."""
    for passage in passages[:WINDOW]:
        for match in NAMED.finditer(passage.text):
            name = LEAD_IN.sub("", match.group(), count=1)
            if name.startswith(("Convention", "International Convention")) and (work := find(name)):
                return work
    return None


def amended_by(passage: Passage, passages: Sequence[Passage]) -> str | None:
    """The words that name what a passage, or the chapeau it stands under, amends; None where it amends nothing."""
    for text in (passage.text, *(passages[i].text for i in reversed(passage.leads))):
        if match := AMENDED.search(text):
            return text[: match.start()]
    return None
