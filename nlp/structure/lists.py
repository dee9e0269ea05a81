"""Numbered paragraphs and the items of lists."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.structure.divisions import Divisions
from nlp.structure.levels import Level, Slot, slot_for
from nlp.structure.marks import Mark
from nlp.structure.numbers import Number
from nlp.structure.tree import Tree, item_kind

INLINE_HEADING = re.compile(r"(?P<h>[A-Z“‘][^.:;—–]{1,110})\.\s?(?:—|–|--)\s?(?=\S)")


@dataclass(slots=True)
class Lists(Divisions):
    """Opens numbered paragraphs and items at the level where their count goes on or begins."""

    def _items(self, i: int, mark: Mark) -> None:
        """The items that open on a line; each after the first must stand inside the one before."""
        waiting, self.pending = self.pending, []
        for n, number in enumerate(mark.numbers):
            led = n == 0 and self._led(i)
            slot = slot_for(self.tree.levels, number, led=led, ahead=lambda: self._ahead(i))
            if n and slot.depth < len(self.tree.levels):
                break
            at = self._item(mark, number, slot, led)
            if n == 0:
                self._head(at, waiting)

    def _item(self, mark: Mark, number: Number, slot: Slot, led: bool) -> int:
        tree = self.tree
        parent = self._list_parent(number, slot, led)
        if slot.gap and (tree.levels or tree.quotation is None):
            above = tree.nodes[parent].id if parent is not None else "the text"
            tree.warnings.append(f"in {above} the number {number.written} is out of turn")
        del tree.levels[slot.depth :]
        tree.lead = None
        written = number.written if number.form != "dash" else tree.count("indent", parent)
        at = tree.open(self._item_kind(number, slot), written, parent, mark.line.start + number.begin, mark.line.end)
        tree.nodes[at].number = mark.line.text[number.begin : number.end].strip(" —–\"“”‘'[") or number.written
        tree.levels.append(Level(number.form, slot.style, slot.value, at))
        if inline := INLINE_HEADING.match(mark.line.text, number.end):
            tree.nodes[at].heading = inline["h"]
        return at

    def _list_parent(self, number: Number, slot: Slot, led: bool) -> int | None:
        """The unit that a list stands in: what is open, or what the list that goes on stands in."""
        tree = self.tree
        if slot.depth == len(tree.levels):
            return tree.here
        begins_again = slot.value == 1 and number.form != "dash"
        if begins_again and led and tree.lead is not None:
            return tree.lead
        return tree.nodes[tree.levels[slot.depth].node].parent

    def _item_kind(self, number: Number, slot: Slot) -> str:
        if number.form == "dash":
            return "indent"
        tree = self.tree
        root = tree.nodes[tree.root] if tree.root is not None else None
        if root is not None and root.kind == "preamble":
            return "recital"
        first = (tree.levels[0].form, tree.levels[0].style) if tree.levels else (number.form, slot.style)
        return item_kind(root, first, slot.depth, _in_code(tree))

    def _settle(self, i: int, mark: Mark, at: int) -> None:
        """The words on the line of an article's number are its heading or its first paragraph."""
        tree = self.tree
        if not self.bodies[i]:
            words = mark.rest.strip(" .:—–-")
            tree.nodes[at].heading = words or tree.nodes[at].heading
            tree.owner[i] = at
            return
        if not mark.numbers and (inline := INLINE_HEADING.match(mark.rest)):
            tree.nodes[at].heading = tree.nodes[at].heading or inline["h"]
        self._items(i, mark)
        self._own(i)


def _in_code(tree: Tree) -> bool:
    """Whether the open section is of a code or act in the style of the United States: called a section by name."""
    return tree.basic is not None and tree.nodes[tree.basic].headed
