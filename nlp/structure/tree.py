"""Lines with their marks → the tree of units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.structure.headings import Heading
from nlp.structure.marks import ANNEXES, Mark
from nlp.structure.numbers import Number, Style, value

PREFIX = {
    "part": "part", "subpart": "subpart", "title": "title", "subtitle": "subtitle", "chapter": "chp", "subchapter": "subchp", "division": "dvs",
    "subdivision": "subdvs", "book": "book", "annex": "annex", "appendix": "app", "attachment": "att", "schedule": "sched", "article": "art",
    "section": "sec", "subsection": "subsec", "paragraph": "para", "subparagraph": "subpara", "clause": "cl", "subclause": "subcl", "point": "point",
    "indent": "indent", "alinea": "alinea", "recital": "recital", "heading": "hcontainer",
}  # fmt: skip
BELOW_SECTION = ("subsection", "paragraph", "subparagraph", "clause", "subclause")
BELOW_ARTICLE = ("paragraph", "point", "point", "point", "point")
STATUTE = re.compile(r"\b(?:act|bill|ordinance|code|statute|law|decree)\b", re.IGNORECASE)


@dataclass(slots=True)
class Node:
    """A unit in the making; `own` is the index of the line that is its own first paragraph, if any."""

    id: str
    kind: str
    number: str | None
    parent: int | None
    start: int
    end: int
    heading: str | None = None
    children: int = 0
    own: int | None = None


@dataclass(slots=True)
class Level:
    """An open list: how its numbers are set and count, and where it stands."""

    form: str
    style: Style
    value: int
    node: int


@dataclass(slots=True)
class Tree:
    """The units found so far; `owner` maps a line's index to its unit, `leads` a unit to the line that introduces its items."""

    statute: bool
    numbered: bool = False
    nodes: list[Node] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    owner: dict[int, int] = field(default_factory=dict)
    containers: list[int] = field(default_factory=list)
    basic: int | None = None
    levels: list[Level] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    preamble: int | None = None
    loose: int | None = None
    counted: dict[tuple[str, int | None], int] = field(default_factory=dict)

    def next(self, kind: str, parent: int | None) -> int:
        """The next number of the unnumbered units of a kind below a parent, from 1."""
        self.counted[kind, parent] = self.counted.get((kind, parent), 0) + 1
        return self.counted[kind, parent]

    def open(self, kind: str, number: str | None, parent: int | None, start: int, end: int) -> int:
        """Adds a unit and returns its index; a number that stands there already is noted and its id told apart."""
        above = f"{self.nodes[parent].id}__" if parent is not None else ""
        name = f"{above}{PREFIX.get(kind, kind)}_{clean(number)}" if number is not None else f"{above}{PREFIX.get(kind, kind)}"
        seen = self.ids.get(name, 0)
        self.ids[name] = seen + 1
        if seen:
            self.warnings.append(f"{name} stands {seen + 1} times")
            name = f"{name}~{seen + 1}"
        self.nodes.append(Node(name, kind, number, parent, start, end))
        if parent is not None:
            self.nodes[parent].children += 1
        return len(self.nodes) - 1

    @property
    def here(self) -> int | None:
        """The innermost open unit."""
        if self.levels:
            return self.levels[-1].node
        if self.basic is not None:
            return self.basic
        if self.loose is not None:
            return self.loose
        if self.containers:
            return self.containers[-1]
        return self.preamble if self.preamble is not None and self.preamble >= 0 else None


def clean(number: str | None) -> str:
    """A number as part of an id: without brackets, dots at the ends, and blanks."""
    return re.sub(r"[^0-9A-Za-z.\-]+", "-", (number or "").strip("().[]\"“”‘’' ")).strip("-") or "n"


def add_container(tree: Tree, heading: Heading, mark: Mark) -> None:
    """Opens a part, title, chapter …; it closes what is open of its own kind and all below that."""
    kinds = [tree.nodes[c].kind for c in tree.containers]
    if heading.kind in ANNEXES:
        tree.containers = []
    elif heading.kind in kinds:
        tree.containers = tree.containers[: kinds.index(heading.kind)]
    parent = tree.containers[-1] if tree.containers else None
    number = heading.number or (str(tree.next(heading.kind, None)) if heading.kind in ANNEXES else None)
    at = tree.open(heading.kind, number, parent, mark.line.start, mark.line.end)
    tree.nodes[at].heading = heading.rest or None
    tree.containers.append(at)
    tree.basic, tree.levels, tree.loose, tree.preamble = None, [], None, None


def add_basic(tree: Tree, mark: Mark) -> None:
    """Opens an article, section or running paragraph; the same number again, right after its heading, continues it."""
    kind = mark.heading.kind if mark.heading else ("section" if tree.statute else "paragraph")
    open_now = tree.nodes[tree.basic] if tree.basic is not None else None
    tree.levels = []
    if open_now and open_now.number == mark.basic and open_now.children == 0 and open_now.own is None and open_now.kind == kind:
        return
    if mark.heading and kind in (kinds := [tree.nodes[c].kind for c in tree.containers]):
        tree.containers = tree.containers[: kinds.index(kind)]
    parent = tree.containers[-1] if tree.containers else (tree.loose if not tree.statute and mark.heading is None else None)
    tree.basic = tree.open(kind, mark.basic, parent, mark.line.start, mark.line.end)
    tree.preamble = None


def add_number(tree: Tree, number: Number, line: int, mark: Mark, after: str | None) -> None:
    """Opens a numbered paragraph or item at the level where its number continues or begins a count."""
    start = mark.line.start + number.begin
    found = _continued(tree, number, after) or _begun(tree, number) or _resumed(tree, number)
    depth, style = found or (len(tree.levels), number.styles()[0])
    tree.levels = tree.levels[:depth]
    parent = tree.here
    count = value(number.written, style)
    written = number.written if number.form != "dash" else str(tree.next("indent", parent))
    at = tree.open(_kind(tree, depth, number), written, parent, start, mark.line.end)
    tree.nodes[at].number = mark.line.text[number.begin : number.end].strip(" —–\"“”‘'[") or number.written
    tree.levels.append(Level(number.form, style, count, at))


def _continued(tree: Tree, number: Number, after: str | None) -> tuple[int, Style] | None:
    """The innermost open list in which this number comes next (or is an insertion after the last)."""
    for depth in range(len(tree.levels) - 1, -1, -1):
        level = tree.levels[depth]
        if level.form != number.form or level.style not in number.styles():
            continue
        count = value(number.written, level.style)
        if level.style is Style.LOWER and number.written in ("i", "v", "x") and after in ("ii", "vi", "xi"):
            continue
        inserted = count == level.value and len(number.written) > 1 and level.style in (Style.DECIMAL, Style.LOWER, Style.UPPER)
        if number.form == "dash" or count == level.value + 1 or inserted:
            return depth, level.style
    return None


def _begun(tree: Tree, number: Number) -> tuple[int, Style] | None:
    """A count that begins here: below all open lists, or again at the list of its own kind."""
    for style in number.styles():
        if value(number.written, style) == 1 or number.form == "dash":
            same = [d for d, level in enumerate(tree.levels) if (level.form, level.style) == (number.form, style)]
            return (same[0] if same else len(tree.levels)), style
    return None


def _resumed(tree: Tree, number: Number) -> tuple[int, Style] | None:
    """An open list of the same kind whose count jumps: a gap, noted as a warning."""
    for depth in range(len(tree.levels) - 1, -1, -1):
        level = tree.levels[depth]
        if level.form == number.form and level.style in number.styles():
            above = tree.nodes[level.node].id
            tree.warnings.append(f"after {above} comes {number.written}: the numbering jumps")
            return depth, level.style
    return None


def _kind(tree: Tree, depth: int, number: Number) -> str:
    if number.form == "dash":
        return "indent"
    basic = tree.nodes[tree.basic].kind if tree.basic is not None else None
    names = BELOW_SECTION if basic == "section" else BELOW_ARTICLE if basic == "article" else ("point",) if basic else BELOW_ARTICLE
    return names[min(depth, len(names) - 1)]


def close(tree: Tree, marks: Sequence[Mark]) -> None:
    """Stretches every unit over its own lines and its parts."""
    for line, owner in tree.owner.items():
        tree.nodes[owner].end = max(tree.nodes[owner].end, marks[line].line.end)
    for node in reversed(tree.nodes):
        if node.parent is not None:
            above = tree.nodes[node.parent]
            above.end = max(above.end, node.end)
