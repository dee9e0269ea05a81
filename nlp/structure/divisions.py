"""Parts, chapters and annexes, and the headings that group provisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.structure.headings import ANNEXES
from nlp.structure.levels import Level, slot_for
from nlp.structure.marks import Mark, Role
from nlp.structure.numbers import Style
from nlp.structure.state import State

CAPITALS, PLAIN_HEADING = 1, 2


@dataclass(slots=True)
class Divisions(State):
    """Opens divisions and group headings."""

    def _container(self, i: int, mark: Mark) -> None:
        heading = mark.heading
        assert heading is not None
        self._leave_front()
        tree = self.tree
        kinds = [tree.nodes[c].kind for c in tree.containers]
        if heading.kind in ANNEXES:
            tree.containers = []
        elif heading.kind in kinds:
            tree.containers = tree.containers[: kinds.index(heading.kind)]
        tree.shut()
        tree.crossheads = []
        parent = tree.containers[-1] if tree.containers else None
        number = heading.number or (tree.count(heading.kind, None) if heading.kind in ANNEXES else None)
        at = tree.open(heading.kind, number, parent, mark.line.start, mark.line.end)
        tree.nodes[at].heading = heading.rest or None
        tree.containers.append(at)
        tree.owner[i] = at

    def _heading(self, i: int, mark: Mark) -> None:
        """A heading goes to the article or division just opened, or waits for what follows."""
        before = self.marks[i - 1] if i else None
        root = self.tree.root
        if not self.pending and before is not None and root is not None and not self.tree.levels and self.tree.owner.get(i - 1) == root:
            node = self.tree.nodes[root]
            if before.role in (Role.CONTAINER, Role.BASIC) and not node.heading and node.own is None:
                node.heading = mark.line.text
                self.tree.owner[i] = root
                return
        self.pending.append(i)

    def _crossheads(self, lines: Sequence[int]) -> None:
        """Heading lines that head a group of provisions; those in capitals stand above the others."""
        tree = self.tree
        for i in lines:
            mark = self.marks[i]
            tree.shut()
            rank = CAPITALS if mark.line.text.isupper() else PLAIN_HEADING
            tree.crossheads = [c for c in tree.crossheads if c.form != "plain" or c.value < rank]
            self._open_crosshead(i, Level("plain", Style.DASH, rank, 0), mark.line.text)
        self.pending = [i for i in self.pending if i not in lines]

    def _open_crosshead(self, i: int, level: Level, heading: str) -> None:
        tree, line = self.tree, self.marks[i].line
        container = tree.containers[-1] if tree.containers else None
        parent = tree.division
        number = tree.count("hcontainer", container)
        at = tree.open("heading", number, container, line.start, line.end)
        tree.nodes[at].parent = parent
        tree.nodes[at].number, tree.nodes[at].heading = None, heading
        level.node = at
        tree.crossheads.append(level)
        tree.owner[i] = at

    def _numbered_heading(self, i: int, mark: Mark) -> None:
        """`II. Legal framework`, `A. Prevention` in a text with running paragraphs or without any."""
        tree, number = self.tree, mark.numbers[0]
        self._leave_front()
        counted = [c for c in tree.crossheads if c.form != "plain"]
        slot = slot_for(counted, number, led=False, ahead=lambda: self._ahead(i, headings=True))
        tree.shut()
        tree.crossheads = counted[: slot.depth]
        self._open_crosshead(i, Level(number.form, slot.style, slot.value, 0), mark.rest.strip())
        tree.nodes[tree.crossheads[-1].node].number = mark.line.text[: number.end].strip(" —–")

    def _leave_front(self) -> None:
        self.front = False
        self._crossheads(self.pending)

    def _take_pending(self, keep: int) -> list[int]:
        """The heading lines that wait for the unit that opens now; earlier ones become divisions."""
        waiting = self.pending
        kept = waiting[-keep:] if keep else []
        self._crossheads([i for i in waiting if i not in kept])
        self.pending = []
        return kept
