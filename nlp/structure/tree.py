"""The tree of units in the making: nodes, their ids, and what is open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.structure.levels import Level
from nlp.structure.numbers import Style

PREFIX = {
    "chapter": "chp",
    "subchapter": "subchp",
    "division": "dvs",
    "subdivision": "subdvs",
    "appendix": "app",
    "attachment": "att",
    "schedule": "sched",
    "article": "art",
    "section": "sec",
    "subsection": "subsec",
    "paragraph": "para",
    "subparagraph": "subpara",
    "clause": "cl",
    "subclause": "subcl",
    "alinea": "p",
    "heading": "hcontainer",
    "quotation": "qstr",
}
BELOW_SECTION = ("subsection", "paragraph", "subparagraph", "clause", "subclause")
BELOW_ARTICLE = ("paragraph", "point")
NOTHING = -1


@dataclass(slots=True)
class Node:
    """A unit in the making.

    `own` is the index of the line that is its own first paragraph, `headed` tells that it was called an article or section by name,
    `counts` how many units of each prefix stand in it.
    """

    id: str
    kind: str
    number: str | None
    parent: int | None
    start: int
    end: int
    heading: str | None = None
    own: int | None = None
    headed: bool = False
    children: int = 0
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Quotation:
    """An open passage of quoted law: its unit, the section open in it, how many quotation marks are open, what to go back to."""

    node: int
    basic: int | None
    balance: int
    levels: list[Level]


@dataclass(slots=True)
class Tree:
    """The units found so far, what is open, and which line belongs to which unit (`owner`)."""

    statute: bool
    nodes: list[Node] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    owner: dict[int, int] = field(default_factory=dict)
    containers: list[int] = field(default_factory=list)
    crossheads: list[Level] = field(default_factory=list)
    front: int | None = None
    basic: int | None = None
    quotation: Quotation | None = None
    levels: list[Level] = field(default_factory=list)
    lead: int | None = None
    ids: dict[str, int] = field(default_factory=dict)
    top: dict[str, int] = field(default_factory=dict)

    def open(self, kind: str, number: str | None, parent: int | None, start: int, end: int, *, under: int | None = None) -> int:
        """Adds a unit and returns its index; a number that stands there already is noted and its id told apart.

        The id begins with that of `under`, or else of the parent.
        """
        name = self._name(kind, number, under if under is not None else parent)
        seen = self.ids.get(name, 0)
        self.ids[name] = seen + 1
        if seen:
            self.warnings.append(f"{name} stands {seen + 1} times")
            name = f"{name}~{seen + 1}"
        self.nodes.append(Node(name, kind, number, parent, start, end))
        if parent is not None:
            self.nodes[parent].children += 1
        return len(self.nodes) - 1

    def _name(self, kind: str, number: str | None, above: int | None) -> str:
        prefix = PREFIX.get(kind, kind)
        name = prefix if number is None else f"{prefix}_{clean(number)}"
        return f"{self.nodes[above].id}__{name}" if above is not None and above >= 0 else name

    def count(self, prefix: str, parent: int | None) -> str:
        """The next number of a unit that has none of its own, by count within its parent."""
        counts = self.nodes[parent].counts if parent is not None else self.top
        counts[prefix] = counts.get(prefix, 0) + 1
        return str(counts[prefix])

    @property
    def root(self) -> int | None:
        """The unit that the open lists stand in."""
        if self.quotation is not None:
            return self.quotation.basic if self.quotation.basic is not None else self.quotation.node
        if self.basic is not None:
            return self.basic
        if self.front is not None:
            return self.front
        return self.division

    @property
    def division(self) -> int | None:
        """The innermost heading or container."""
        if self.crossheads:
            return self.crossheads[-1].node
        return self.containers[-1] if self.containers else None

    @property
    def here(self) -> int | None:
        """The innermost open unit."""
        if self.lead is not None:
            return self.lead
        return self.levels[-1].node if self.levels else self.root

    def shut(self) -> None:
        """Ends the open article or section and all below it."""
        self.basic, self.quotation, self.levels, self.lead, self.front = None, None, [], None, None


def clean(number: str | None) -> str:
    """A number as part of an id: without brackets, dots at the ends, and blanks."""
    return re.sub(r"[^0-9A-Za-z.\-]+", "-", (number or "").replace("‑", "-").strip("().[]\"“”‘’' ")).strip("-.") or "n"


def item_kind(node: Node | None, first: tuple[str, Style], depth: int, in_code: bool) -> str:
    """What an item `depth` lists below `node` is called; `first` is how the outermost list is set.

    Codes of the United States begin with (a) and go on (1)(A)(i)(I); other statutes begin with (1) and go on (a)(i).
    """
    if node is None or node.kind not in ("section", "quotation", "article"):
        return "point" if node is not None and node.kind == "paragraph" else BELOW_ARTICLE[min(depth, 1)]
    if node.kind == "article":
        return BELOW_ARTICLE[min(depth, 1)]
    form, style = first
    outermost = form == "dot" or (style is Style.LOWER) == in_code
    return BELOW_SECTION[min(depth + (0 if outermost else 1), len(BELOW_SECTION) - 1)]
