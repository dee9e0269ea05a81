"""Line by line, the tree of units grows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nlp.structure.bodies import is_numbered_heading
from nlp.structure.headings import ANNEXES, is_bare_heading
from nlp.structure.levels import Level, Slot, continued_depth, slot_for
from nlp.structure.marks import Mark, Role
from nlp.structure.numbers import Number, Style
from nlp.structure.quotations import amends, balance_of, closes, introduces_quotation, opens_quoted
from nlp.structure.tree import NOTHING, Quotation, Tree, item_kind

LEADING = (":", "—", "–", "―", "-")
CONCLUSION = re.compile(r"(?:IN (?:WITNESS|FAITH) WHEREOF|In (?:witness|faith) whereof|D(?:ONE|one) (?:at|in|this)\b)")
INLINE_HEADING = re.compile(r"(?P<h>[A-Z“‘][^.:;—–]{1,110})\.\s?(?:—|–|--)\s?(?=\S)")
REACH = 60
CAPITALS, PLAIN_HEADING = 1, 2


@dataclass(slots=True)
class Builder:
    """Places marks in a tree; `bodies` tells which lines are provisions, `front` whether a preamble may still come,
    `first` is the line to begin with, `pending` are heading lines that wait for what they head.
    """

    tree: Tree
    marks: Sequence[Mark]
    bodies: Sequence[bool]
    front: bool
    first: int = 0
    pending: list[int] = field(default_factory=list)

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

    # containers and headings

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

    def _crossheads(self, lines: Sequence[int], number: Number | None = None) -> None:
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

    # articles, sections, running paragraphs

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

    def _take_pending(self, keep: int) -> list[int]:
        """The heading lines that wait for the unit that opens now; earlier ones become divisions."""
        waiting = self.pending
        kept = waiting[-keep:] if keep else []
        self._crossheads([i for i in waiting if i not in kept])
        self.pending = []
        return kept

    def _head(self, at: int, lines: Sequence[int]) -> None:
        """Gives a unit the heading lines that waited for it; it begins with the first of them."""
        node = self.tree.nodes[at]
        for i in lines:
            self.tree.owner[i] = at
            node.start = min(node.start, self.marks[i].line.start)
            node.heading = self.marks[i].line.text

    # items

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

    def _led(self, i: int) -> bool:
        """Whether the paragraph before ends as one that introduces a list."""
        return i > 0 and self.marks[i - 1].line.text.endswith(LEADING)

    def _ahead(self, i: int, headings: bool = False) -> Iterator[Number]:
        """The numbers that the next lines of the same article open with."""
        for mark in self.marks[i + 1 : i + 1 + REACH]:
            if mark.role is Role.CONTAINER or (mark.role is Role.BASIC and not headings):
                return
            yield from mark.numbers[:1] if mark.role is Role.NUMBERED else ()

    # plain paragraphs

    def _plain(self, i: int, mark: Mark) -> None:
        tree = self.tree
        if self.front:
            self._recital(i, mark)
            return
        if CONCLUSION.match(mark.line.text) and tree.basic is not None:
            self._conclude(i, mark)
            return
        if tree.basic is None and tree.quotation is None:
            self._crossheads(self.pending)
        here = tree.here
        if here is not None and not self.pending and tree.nodes[here].own is None and not tree.nodes[here].children and self._may_own(here):
            self._own(i)
            return
        self._paragraph(i, mark)

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
        if lead is not None or not tree.levels:
            return
        if self._led(i) or self._among_terms(i, mark):
            return
        onward = continued_depth(tree.levels, self._ahead(i))
        before = self.marks[i - 1].line.text
        defining = mark.line.text[0] in '“‘"' or mark.line.text.endswith(LEADING)
        if tree.levels[-1].style is Style.DASH:
            tree.levels.pop()
            if not tree.levels:
                return
        flush = mark.line.text[0].islower() or (not defining and before.endswith((",", ";", " or", " and")))
        chain = self._led_depth()
        if flush:
            keep = len(tree.levels) - 1
        elif chain is not None and (defining or onward is None):
            keep = chain
        elif onward is None:
            keep = 0 if len(tree.levels) == 1 or not before.endswith(";") else len(tree.levels) - 1
        else:
            keep = onward + 1
        if onward is not None and (chain is None or not defining):
            keep = max(keep, onward + 1) if not flush else max(keep, onward)
        dropped = tree.levels[keep] if keep < len(tree.levels) else None
        if flush and onward is not None and onward == len(tree.levels) - 1:
            return
        del tree.levels[keep:]
        if dropped is not None:
            parent = tree.nodes[dropped.node].parent
            if parent is not None and tree.nodes[parent].kind == "alinea" and flush:
                tree.lead = parent

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

    def _leave_front(self) -> None:
        self.front = False
        self._crossheads(self.pending)

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

    def _own(self, i: int) -> None:
        """The line belongs to the innermost unit, as its own paragraph if it has none yet."""
        here = self.tree.here
        if here is None:
            return
        self.tree.owner[i] = here
        if self.bodies[i] and self.tree.nodes[here].own is None:
            self.tree.nodes[here].own = i

    # quotations

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
        """Quoted law whose end is not marked ends with the next section in sequence, a division, or an amendment that goes on."""
        tree = self.tree
        assert tree.quotation is not None
        if opens_quoted(mark.line.text):
            return False
        if mark.quoted:
            return False
        if mark.role is Role.BASIC and (mark.heading is None or self._in_sequence(mark)):
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


def _in_code(tree: Tree) -> bool:
    """Whether the open section is of a code or act in the style of the United States: called a section by name."""
    return tree.basic is not None and tree.nodes[tree.basic].headed


def is_title(text: str) -> bool:
    """Whether the first line of a text is its title, and not already a provision."""
    return is_bare_heading(text.rstrip(".")) or (len(text) <= 400 and not text.endswith((".", ";", ":", ",")) and " shall " not in text)
