"""Law quoted in an amending provision, as a part of the tree with sections and lists of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.structure.levels import continued_depth
from nlp.structure.marks import Mark, Role
from nlp.structure.paragraphs import Paragraphs
from nlp.structure.quotations import amends, balance_of, closes, introduces_quotation, opens_quoted
from nlp.structure.tree import Quotation


@dataclass(slots=True)
class Amendments(Paragraphs):
    """Opens and closes quotations."""

    def _quotations(self, i: int, mark: Mark) -> None:
        tree = self.tree
        if tree.quotation is not None:
            tree.quotation.balance += balance_of(mark.line.text)
            if closes(mark.line.text) and tree.quotation.balance <= 0:
                self._end_quotation()
            return
        following = self.marks[i + 1] if i + 1 < len(self.marks) else None
        if following is None or tree.here is None or tree.front is not None or not introduces_quotation(mark.line.text):
            return
        quoted = opens_quoted(following.line.text)
        if not quoted and not self._may_be_quoted(following):
            return
        self._open_quotation(following, quoted)

    def _may_be_quoted(self, following: Mark) -> bool:
        """Whether a line without quotation mark can be the law that the line before announces."""
        match following.role:
            case Role.BASIC:
                return following.quoted or (following.heading is not None and not self._in_sequence(following))
            case Role.NUMBERED:
                return not amends(following.line.text)
            case role:
                return role is Role.HEADING

    def _open_quotation(self, first: Mark, quoted: bool) -> None:
        tree = self.tree
        here = tree.here
        at = tree.open("quotation", tree.count("qstr", here), here, first.line.start, first.line.end)
        tree.quotation = Quotation(at, None, 0 if quoted else 1, tree.levels)
        tree.levels, tree.lead = [], None

    def _end_quotation(self) -> None:
        tree = self.tree
        assert tree.quotation is not None
        tree.owner.update(dict.fromkeys(self.pending, tree.quotation.node))
        self.pending = []
        tree.levels, tree.quotation, tree.lead = tree.quotation.levels, None, None

    def _leaves_quotation(self, i: int, mark: Mark) -> bool:
        """Quoted law without a marked end ends with the next section in sequence, a division, a treaty's end, or a further amendment."""
        tree = self.tree
        assert tree.quotation is not None
        if opens_quoted(mark.line.text):
            return False
        if mark.quoted:
            return False
        if mark.role is Role.BASIC and (mark.heading is None or self._in_sequence(mark)):
            return True
        if mark.role is Role.PLAIN and self._concludes(mark):
            return True
        if mark.role is Role.CONTAINER:
            return bool(mark.heading and mark.heading.kind in ("title", "part", "division")) and tree.quotation.balance <= 1
        if mark.role is Role.NUMBERED and amends(mark.line.text):
            return continued_depth(tree.quotation.levels, mark.numbers[:1]) is not None
        return False

    def _in_sequence(self, mark: Mark) -> bool:
        basic = self.tree.nodes[self.tree.basic].number if self.tree.basic is not None else None
        here, there = (re.match(r"(\d+)", n or "") for n in (basic, mark.basic))
        return bool(here and there) and int(there[1]) == int(here[1]) + 1  # type: ignore[index]

    def _quoted_basic(self, i: int, mark: Mark, kind: str) -> None:
        tree = self.tree
        assert tree.quotation is not None
        waiting, self.pending = self.pending, []
        tree.levels, tree.lead = [], None
        at = tree.open(kind, mark.basic, tree.quotation.node, mark.line.start, mark.line.end)
        tree.quotation.basic = at
        tree.nodes[at].headed = mark.heading is not None
        self._head(at, waiting)
        self._settle(i, mark, at)
