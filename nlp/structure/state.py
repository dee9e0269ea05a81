"""What is known while the tree of units grows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nlp.structure.marks import Mark, Role
from nlp.structure.numbers import Number
from nlp.structure.tree import Tree

LEADING = (":", "—", "–", "―", "-")
REACH = 60


@dataclass(slots=True)
class State:
    """Places marks in a tree; `bodies` tells which lines are provisions, `front` whether a preamble may still come,
    `first` is the line to begin with, `pending` are heading lines that wait for what they head.
    """

    tree: Tree
    marks: Sequence[Mark]
    bodies: Sequence[bool]
    front: bool
    first: int = 0
    pending: list[int] = field(default_factory=list)

    def _led(self, i: int) -> bool:
        """Whether the paragraph before ends as one that introduces a list."""
        return i > 0 and self.marks[i - 1].line.text.endswith(LEADING)

    def _ahead(self, i: int, headings: bool = False) -> Iterator[Number]:
        """The numbers that the next lines of the same article open with."""
        for mark in self.marks[i + 1 : i + 1 + REACH]:
            if mark.role is Role.CONTAINER or (mark.role is Role.BASIC and not headings):
                return
            yield from mark.numbers[:1] if mark.role is Role.NUMBERED else ()

    def _own(self, i: int) -> None:
        """The line belongs to the innermost unit, as its own paragraph if it has none yet."""
        here = self.tree.here
        if here is None:
            return
        self.tree.owner[i] = here
        if self.bodies[i] and self.tree.nodes[here].own is None:
            self.tree.nodes[here].own = i

    def _head(self, at: int, lines: Sequence[int]) -> None:
        """Gives a unit the heading lines that waited for it; it begins with the first of them."""
        node = self.tree.nodes[at]
        for i in lines:
            self.tree.owner[i] = at
            node.start = min(node.start, self.marks[i].line.start)
            node.heading = self.marks[i].line.text
