"""The units of a text as a tree of elements, every character of the text in its place.

Text that is not white space stands in `num`, `heading`, `p`; white space between them is kept where it is, which the schema allows
in elements without text of their own. So the text nodes of the document, joined, are the stored text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpora.exports.xml import SPACE, attributes, content

Json = dict[str, Any]
HIERARCHY = frozenset(
    "clause section part paragraph chapter title article book tome division list point indent alinea rule subrule proviso subsection"
    " subpart subparagraph subchapter subtitle subdivision subclause sublist level transitional".split()
)
_LINE = re.compile(r"[^\r\n]+")


@dataclass(frozen=True, slots=True)
class Node:
    """A unit with the units that stand in it, in the order of the text."""

    unit: Json
    children: list[Node] = field(default_factory=list)

    @property
    def start(self) -> int:
        found: int = self.unit["start"]
        return found

    @property
    def end(self) -> int:
        found: int = self.unit["end"]
        return found


@dataclass(frozen=True, slots=True)
class Inline:
    """An element within a line: `def` or `ref`."""

    start: int
    end: int
    tag: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes ranges of one text; `inlines` are in order and do not overlap."""

    text: str
    inlines: Sequence[Inline]

    def words(self, start: int, end: int) -> Iterator[str]:
        """The text of a range with the inline elements that lie in it."""
        at = start
        for one in self.inlines[bisect_left(self.inlines, start, key=lambda i: i.start) :]:
            if one.start >= end:
                break
            if one.end <= end:
                yield content(self.text[at : one.start])
                yield f"<{one.tag}{attributes(dict(one.values))}>{content(self.text[one.start : one.end])}</{one.tag}>"
                at = one.end
        yield content(self.text[at:end])

    def lines(self, start: int, end: int, within: str = "") -> Iterator[str]:
        """A `p` for each line; `within` is an element between it and its words."""
        opening, closing = (f"<p><{within}>", f"</{within}></p>") if within else ("<p>", "</p>")
        at = start
        for line in _LINE.finditer(self.text, start, end):
            first, last = self.trimmed(line.start(), line.end())
            if first < last:
                yield content(self.text[at:first])
                yield opening
                yield from self.words(first, last)
                yield closing
                at = last
        yield content(self.text[at:end])

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """The range without the white space at its ends."""
        while start < end and self.text[start] in SPACE:
            start += 1
        while end > start and self.text[end - 1] in SPACE:
            end -= 1
        return start, end

    def blank(self, start: int, end: int) -> bool:
        """Whether the range holds nothing but white space."""
        return not self.text[start:end].strip(SPACE)

    def unit(self, node: Node) -> Iterator[str]:
        """An element of the hierarchy with all that stands in it."""
        kind = node.unit["kind"]
        tag, name = (kind, None) if kind in HIERARCHY else ("hcontainer", kind)
        yield f"<{tag}{attributes({'eId': node.unit['id'], 'name': name})}>"
        first = node.children[0].start if node.children else node.end
        at = yield from self.head(node.unit, node.start, first)
        if node.children:
            yield from self.wrapped("intro", node.unit["id"], at, first)
            yield from self.children(node, first)
        else:
            yield from self.wrapped("content", node.unit["id"], at, node.end)
        yield f"</{tag}>"

    def head(self, unit: Json, start: int, end: int) -> Generator[str, None, int]:
        """Number and heading where they begin the unit; hands back where its own words begin."""
        at = start
        for tag, first, last in self._heads(unit, start, end):
            yield content(self.text[at:first])
            yield f"<{tag}>"
            yield from self.words(first, last)
            yield f"</{tag}>"
            at = last
        return at

    def wrapped(self, tag: str, unit: str, start: int, end: int) -> Iterator[str]:
        """Lines in an element of their own; white space alone stays without."""
        if self.blank(start, end):
            yield content(self.text[start:end])
            return
        first, last = self.trimmed(start, end)
        yield f"{content(self.text[start:first])}<{tag}{attributes({'eId': f'{unit}__{tag}'})}>"
        yield from self.lines(first, last)
        yield f"</{tag}>{content(self.text[last:end])}"

    def children(self, node: Node, start: int) -> Iterator[str]:
        """The units in a unit, with the words between and after them."""
        at = start
        for i, child in enumerate(node.children):
            yield from self.between(at, child.start, f"{node.unit['id']}__text_{i}")
            yield from self.unit(child)
            at = child.end
        yield from self.wrapped("wrapUp", node.unit["id"], at, node.end)

    def between(self, start: int, end: int, name: str) -> Iterator[str]:
        """Words that belong to no unit, where the schema wants a unit."""
        if self.blank(start, end):
            yield content(self.text[start:end])
            return
        first, last = self.trimmed(start, end)
        yield f'{content(self.text[start:first])}<hcontainer{attributes({"eId": name})} name="text"><content>'
        yield from self.lines(first, last)
        yield f"</content></hcontainer>{content(self.text[last:end])}"

    def _heads(self, unit: Json, start: int, end: int) -> list[tuple[str, int, int]]:
        """`num` and `heading` with their ranges; none where other words stand before or between them."""
        found = [one for one in (self._num(unit, start, end), self._heading(unit, start, end)) if one]
        found.sort(key=lambda one: one[1])
        if len(found) == 2 and found[0][2] > found[1][1]:
            found = found[1:] if found[0][0] == "num" else found[:1]
        heads, at = [], start
        for i, (tag, first, last) in enumerate(found):
            if not self.blank(at, first):
                break
            stop = found[i + 1][1] if i + 1 < len(found) else last
            at = self._through_dashes(last, stop)
            heads.append((tag, first, at))
        return heads

    def _through_dashes(self, last: int, stop: int) -> int:
        """A number ends after the full stop or dash that parts it from its heading."""
        line = self.text.find("\n", last, stop)
        return self.trimmed(last, line if line >= 0 else stop)[1] if stop > last else last

    def _num(self, unit: Json, start: int, end: int) -> tuple[str, int, int] | None:
        if not unit.get("number"):
            return None
        found = re.compile(rf"(?<!\w){re.escape(unit['number'])}(?!\w)").search(self.text, start, end)
        if not found:
            return None
        line = max(self.text.rfind("\n", start, found.start()) + 1, start)
        return "num", self.trimmed(line, found.end())[0], found.end()

    def _heading(self, unit: Json, start: int, end: int) -> tuple[str, int, int] | None:
        heading = unit.get("heading")
        at = self.text.find(heading, start, end) if heading else -1
        return ("heading", at, at + len(heading)) if heading and at >= 0 else None


def tree_of(units: Sequence[Json]) -> list[Node]:
    """The topmost units with those in them. A unit that does not lie in its parent, or overlaps its neighbour, is left out."""
    nodes = {unit["id"]: Node(unit) for unit in units if unit["start"] < unit["end"]}
    tops: list[Node] = []
    for unit in sorted(units, key=lambda u: (u["start"], -u["end"])):
        node, parent = nodes.get(unit["id"]), nodes.get(unit.get("parent") or "")
        if node is None or (parent and not parent.start <= node.start < node.end <= parent.end):
            continue
        row = parent.children if parent else tops
        if not row or row[-1].end <= node.start:
            row.append(node)
    return tops


def without_overlap(inlines: Sequence[Inline]) -> list[Inline]:
    """In order, the first of those that overlap."""
    found: list[Inline] = []
    for one in sorted(inlines, key=lambda i: (i.start, -i.end)):
        if not found or found[-1].end <= one.start:
            found.append(one)
    return found
