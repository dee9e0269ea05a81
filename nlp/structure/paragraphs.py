"""Paragraphs without a number, the preamble and the words after the last article."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.structure.headings import ANNEXES
from nlp.structure.levels import continued_depth
from nlp.structure.lists import Lists
from nlp.structure.marks import Mark
from nlp.structure.numbers import Style
from nlp.structure.state import LEADING

QUOTES = '“‘"'
GOING_ON = (",", ";", " or", " and")
CONCLUSION = re.compile(r"(?:IN (?:WITNESS|FAITH) WHEREOF|In (?:witness|faith) whereof|D(?:ONE|one) (?:at|in|this)\b)")


@dataclass(slots=True)
class Paragraphs(Lists):
    """Finds the unit that a plain paragraph belongs to."""

    def _plain(self, i: int, mark: Mark) -> None:
        tree = self.tree
        if self.front:
            self._recital(i, mark)
            return
        if self._concludes(mark):
            self._conclude(i, mark)
            return
        if tree.basic is None and tree.quotation is None:
            self._crossheads(self.pending)
        here = tree.here
        if here is not None and not self.pending and tree.nodes[here].own is None and not tree.nodes[here].children and self._may_own(here):
            self._own(i)
            return
        self._paragraph(i, mark)

    def _concludes(self, mark: Mark) -> bool:
        return CONCLUSION.match(mark.line.text) is not None and self.tree.basic is not None

    def _may_own(self, here: int) -> bool:
        return (
            self.tree.nodes[here].kind not in ("heading", "quotation", "preamble", "conclusions", *ANNEXES)
            and here not in self.tree.containers
        )

    def _paragraph(self, i: int, mark: Mark) -> None:
        """A paragraph without number beside or below what is open; its items, if it leads to some, go below it."""
        tree = self.tree
        self._pop(i, mark)
        waiting, self.pending = self.pending, []
        parent = tree.here
        at = tree.open("alinea", self._alinea(parent), parent, mark.line.start, mark.line.end)
        tree.nodes[at].own = i
        tree.nodes[at].number = None
        self._head(at, waiting)
        tree.owner[i] = at
        if mark.line.text.endswith(LEADING):
            tree.lead = at

    def _alinea(self, parent: int | None) -> str:
        tree = self.tree
        if parent is not None and tree.nodes[parent].own is not None and "p" not in tree.nodes[parent].counts:
            tree.nodes[parent].counts["p"] = 1
        return tree.count("p", parent)

    def _pop(self, i: int, mark: Mark) -> None:
        """Leaves the lists that a plain paragraph ends: it goes back to the chapeau, on in its item, or beside the last such paragraph."""
        tree = self.tree
        lead, tree.lead = tree.lead, None
        if lead is not None or not tree.levels or self._led(i) or self._among_terms(i, mark):
            return
        onward = continued_depth(tree.levels, self._ahead(i))
        if tree.levels[-1].style is Style.DASH:
            tree.levels.pop()
        if not tree.levels:
            return
        text, before = mark.line.text, self.marks[i - 1].line.text
        defining = text[0] in QUOTES or text.endswith(LEADING)
        if text[0].islower() or (not defining and before.endswith(GOING_ON)):
            self._go_back(onward)
        else:
            del tree.levels[self._depth_beside(defining, onward, before) :]

    def _go_back(self, onward: int | None) -> None:
        """Words that close a list go on with its chapeau, unless the list itself goes on after them."""
        tree = self.tree
        if onward == len(tree.levels) - 1:
            return
        closed = tree.levels.pop()
        parent = tree.nodes[closed.node].parent
        if parent is not None and tree.nodes[parent].kind == "alinea":
            tree.lead = parent

    def _depth_beside(self, defining: bool, onward: int | None, before: str) -> int:
        """How many open lists a new sentence stands inside; `onward` is the depth of the list that goes on after it."""
        chain = self._led_depth()
        if chain is not None and (defining or onward is None):
            return chain
        if onward is not None:
            return onward + 1
        return len(self.tree.levels) - 1 if before.endswith(";") and len(self.tree.levels) > 1 else 0

    def _among_terms(self, i: int, mark: Mark) -> bool:
        """Whether the line stands in a list without numbers that the open item introduces, after another member of it."""
        tree = self.tree
        here, before = tree.levels[-1].node, tree.owner.get(i - 1)
        own = tree.nodes[here].own
        if own is None or before is None or tree.nodes[before].parent != here or mark.line.text[0].islower():
            return False
        return tree.nodes[before].kind == "alinea" and self.marks[own].line.text.endswith(LEADING)

    def _led_depth(self) -> int | None:
        """The depth of the outermost open list that an unnumbered paragraph introduces."""
        for depth, level in enumerate(self.tree.levels):
            parent = self.tree.nodes[level.node].parent
            if parent is not None and self.tree.nodes[parent].kind == "alinea":
                return depth
        return None

    def _recital(self, i: int, mark: Mark) -> None:
        tree = self.tree
        parent = self._preamble(mark)
        if tree.levels:
            self._paragraph(i, mark)
            return
        tree.lead = None
        at = tree.open("recital", tree.count("recital", parent), parent, mark.line.start, mark.line.end)
        tree.nodes[at].number = None
        tree.nodes[at].own = i
        tree.owner[i] = at

    def _preamble(self, mark: Mark) -> int:
        """The preamble, opened with its first paragraph; headings before it are its own or belong to the title."""
        tree, waiting = self.tree, self.pending
        self.pending = []
        if tree.front is None:
            tree.front = tree.open("preamble", None, None, mark.line.start, mark.line.end)
            if len(waiting) > 1 and tree.nodes[0].kind == "title":
                tree.owner.update(dict.fromkeys(waiting, 0))
                return tree.front
            self._head(tree.front, waiting)
        tree.owner.update(dict.fromkeys(waiting, tree.front))
        return tree.front

    def _conclude(self, i: int, mark: Mark) -> None:
        """`In witness whereof …`: what stands after it belongs to no article."""
        tree = self.tree
        self._crossheads(self.pending)
        annex = tree.containers[:1] if tree.containers and tree.nodes[tree.containers[0]].kind in ANNEXES else []
        tree.shut()
        tree.crossheads, tree.containers = [], annex
        at = tree.open("conclusions", None, annex[0] if annex else None, mark.line.start, mark.line.end)
        tree.containers.append(at)
        self._paragraph(i, mark)
