"""Line by line, the tree of units grows."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.structure.amendments import Amendments
from nlp.structure.bodies import is_numbered_heading
from nlp.structure.headings import is_bare_heading
from nlp.structure.marks import Mark, Role
from nlp.structure.quotations import opens_quoted
from nlp.structure.tree import NOTHING


@dataclass(slots=True)
class Builder(Amendments):
    """Places every line by its role."""

    def build(self) -> None:
        """Places every line."""
        for i in range(self.first, len(self.marks)):
            mark = self.marks[i]
            if mark.role is not Role.EDITORIAL:
                self._place(i, mark)
            elif not self.tree.nodes:
                self.tree.owner[i] = self.tree.open("preface", None, None, mark.line.start, mark.line.end)
        if self.tree.quotation is not None:
            self._end_quotation()
        self._crossheads(self.pending)

    def _place(self, i: int, mark: Mark) -> None:
        if self.tree.quotation is not None and self._leaves_quotation(i, mark):
            self._end_quotation()
        match mark.role:
            case Role.CONTAINER if self.tree.quotation is None:
                self._container(i, mark)
            case Role.BASIC if not mark.quoted or self.tree.quotation is not None:
                self._basic(i, mark)
            case Role.NUMBERED:
                self._numbered(i, mark)
            case Role.HEADING | Role.CONTAINER:
                self._heading(i, mark)
            case _:
                self._plain(i, mark)
        self._quotations(i, mark)

    def _basic(self, i: int, mark: Mark) -> None:
        tree = self.tree
        kind = mark.heading.kind if mark.heading else ("section" if tree.statute else "paragraph")
        if tree.quotation is None and tree.basic is not None and opens_quoted(mark.line.text):
            self._open_quotation(mark, quoted=True)
        if tree.quotation is not None:
            self._quoted_basic(i, mark, kind)
            return
        self.front = False
        headless = kind != "paragraph" and not (mark.heading and mark.heading.rest)
        kept = self._take_pending(keep=1 if headless else 0)
        if self._repeats(mark, kind):
            assert tree.basic is not None
            tree.levels, tree.lead = [], None
            at = tree.basic
        else:
            self._promote_article(kind)
            tree.shut()
            container = tree.containers[-1] if tree.containers else NOTHING
            at = tree.open(kind, mark.basic, tree.division, mark.line.start, mark.line.end, under=container)
            tree.basic = at
            tree.nodes[at].headed = mark.heading is not None
        self._head(at, kept)
        self._settle(i, mark, at)

    def _repeats(self, mark: Mark, kind: str) -> bool:
        """The same number again, right after its heading."""
        if self.tree.basic is None:
            return False
        node = self.tree.nodes[self.tree.basic]
        return node.number == mark.basic and node.kind == kind and node.children == 0 and node.own is None

    def _promote_article(self, kind: str) -> None:
        """An article that has only sections is a division."""
        tree = self.tree
        if kind == "section" and tree.basic is not None:
            node = tree.nodes[tree.basic]
            if node.kind == "article" and node.children == 0 and node.own is None:
                tree.containers.append(tree.basic)
        elif kind == "article":
            tree.containers = [c for c in tree.containers if tree.nodes[c].kind != "article"]

    def _numbered(self, i: int, mark: Mark) -> None:
        tree = self.tree
        if self._heads_group(i, mark):
            self._numbered_heading(i, mark)
            return
        if self.front:
            self._preamble(mark)
        elif tree.basic is None and tree.quotation is None:
            self._crossheads(self.pending)
        self._items(i, mark)
        if not self.bodies[i] and tree.here is not None:
            tree.nodes[tree.here].heading = mark.rest.strip(" .:—–-")
            tree.owner[i] = tree.here
        else:
            self._own(i)

    def _heads_group(self, i: int, mark: Mark) -> bool:
        """Whether a numbered line is a heading above paragraphs, and not an item of one."""
        headed = self.tree.basic is not None and self.tree.nodes[self.tree.basic].kind in ("article", "section")
        if (headed and not self._before_division(i)) or self.tree.quotation is not None:
            return False
        return len(mark.numbers) == 1 and is_numbered_heading(self.marks, i)

    def _before_division(self, i: int) -> bool:
        return i + 1 < len(self.marks) and self.marks[i + 1].role in (Role.BASIC, Role.CONTAINER)


def is_title(text: str) -> bool:
    """Whether the first line of a text is its title, and not already a provision."""
    return is_bare_heading(text.rstrip(".")) or (len(text) <= 400 and not text.endswith((".", ";", ":", ",")) and " shall " not in text)
