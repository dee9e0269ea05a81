"""Text in, structure out."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.structure.headings import is_bare_heading
from nlp.structure.labels import label_of
from nlp.structure.lines import lines_of
from nlp.structure.marks import Mark, Role, mark_lines
from nlp.structure.numbers import value
from nlp.structure.passages import passages_of
from nlp.structure.tree import STATUTE, Node, Tree, add_basic, add_container, add_number, close
from nlp.types import Structure, Unit

LONG_HEADING = 130


def find_structure(text: str) -> Structure:
    """Units and passages of a text with one paragraph a line; never raises, and takes time proportional to the text.

    Gaps and duplicates in the numbering become warnings.
    """
    marks = mark_lines(lines_of(text))
    running = any(m.role in (Role.BASIC, Role.CONTAINER) for m in marks)
    numbered = any(m.role is Role.BASIC for m in marks)
    tree = Tree(statute=any(STATUTE.search(m.line.text) for m in marks[:4]), numbered=numbered)
    bodies = _bodies(marks, tree.statute)
    for i, mark in enumerate(marks):
        if i == 0 and mark.role in (Role.PLAIN, Role.HEADING):
            tree.owner[0] = tree.open("title_line", None, None, mark.line.start, mark.line.end)
            if running:
                tree.preamble = -1
        else:
            _place(tree, marks, i, bodies)
    close(tree, marks)
    sign = any(m.line.text.startswith("§") for m in marks)
    units = tuple(_unit(tree.nodes, i, sign) for i in range(len(tree.nodes)))
    return Structure(units, passages_of(tree, marks, bodies), tuple(dict.fromkeys(tree.warnings)))


def _bodies(marks: Sequence[Mark], statute: bool) -> list[bool]:
    """Whether each line is a provision (True) or only a heading or editorial matter (False)."""
    return [_is_body(marks, i, statute) for i in range(len(marks))]


def _is_body(marks: Sequence[Mark], i: int, statute: bool) -> bool:
    mark = marks[i]
    match mark.role:
        case Role.PLAIN:
            return True
        case Role.NUMBERED:
            rest = mark.line.text[mark.body_at :]
            return not (len(mark.numbers) == 1 and mark.numbers[0].form == "paren" and _mere_heading(rest, marks, i))
        case Role.BASIC:
            rest = mark.line.text[mark.body_at :]
            sentence = mark.heading is None and rest.endswith(".") and not (i + 1 < len(marks) and marks[i + 1].numbers)
            return bool(mark.numbers) or (sentence and not statute) or not _mere_heading(rest, marks, i)
        case _:
            return False


def _mere_heading(rest: str, marks: Sequence[Mark], i: int) -> bool:
    """The words after a number are a heading: short, without the verb of a sentence, and not one item among items."""
    words = rest.strip(" .:—–-[]")
    if not words:
        return True
    if rest.rstrip().endswith((":", "—")):
        return False
    if len(words) > LONG_HEADING or not is_bare_heading(words) or rest.rstrip().endswith((";", ",")):
        return False
    if marks[i].role is Role.NUMBERED:
        after = marks[i + 1] if i + 1 < len(marks) else None
        titled = sum(w[0].isupper() for w in words.split() if w[0].isalpha()) > len(words.split()) / 2
        deeper = after is not None and _goes_deeper(after, marks[i])
        listed = after is not None and after.role is Role.NUMBERED and rest[:1].isupper()
        return deeper and (titled or listed) and not rest.rstrip().endswith(".")
    return True


def _goes_deeper(after: Mark, mark: Mark) -> bool:
    """What follows is the text of this paragraph and not its next sibling: no number, or the first of another kind of count."""
    if after.role is not Role.NUMBERED:
        return True
    first, own = after.numbers[0], mark.numbers[0].styles()
    return any(value(first.written, style) == 1 and style not in own for style in first.styles())


def _place(tree: Tree, marks: Sequence[Mark], i: int, bodies: Sequence[bool]) -> None:
    mark = marks[i]
    match mark.role:
        case Role.CONTAINER if mark.heading:
            add_container(tree, mark.heading, mark)
            tree.owner[i] = tree.containers[-1]
        case Role.BASIC:
            add_basic(tree, mark)
            _heading(tree, mark, bodies[i])
            for n in mark.numbers:
                add_number(tree, n, i, mark, _after(marks, i))
            _own(tree, i, bodies[i])
        case Role.NUMBERED:
            for n in mark.numbers:
                add_number(tree, n, i, mark, _after(marks, i))
            if not bodies[i] and tree.here is not None:
                tree.nodes[tree.here].heading = mark.line.text[mark.body_at :].strip()
            _own(tree, i, bodies[i])
        case Role.HEADING:
            _bare_heading(tree, marks, i)
        case _:
            _plain(tree, marks, i)


def _after(marks: Sequence[Mark], i: int) -> str | None:
    """The number that the next numbered line opens with, to tell the letter i from the roman one."""
    for mark in marks[i + 1 : i + 4]:
        if mark.role is Role.NUMBERED and mark.numbers:
            return mark.numbers[0].written
        if mark.role in (Role.BASIC, Role.CONTAINER):
            return None
    return None


def _heading(tree: Tree, mark: Mark, body: bool) -> None:
    if not body and tree.basic is not None:
        words = mark.line.text[mark.body_at :].strip(" .:—–-")
        tree.nodes[tree.basic].heading = words or tree.nodes[tree.basic].heading


def _own(tree: Tree, i: int, body: bool) -> None:
    """The line belongs to the innermost unit, as its own paragraph if it has none yet."""
    here = tree.here
    if here is None:
        return
    tree.owner[i] = here
    if body and tree.nodes[here].own is None:
        tree.nodes[here].own = i


def _bare_heading(tree: Tree, marks: Sequence[Mark], i: int) -> None:
    """A heading without number: of the article or part just opened, of the section that follows, or a division of its own."""
    line = marks[i].line
    before = marks[i - 1] if i else None
    open_unit = tree.basic if tree.basic is not None else (tree.containers[-1] if tree.containers else None)
    if before and before.role in (Role.BASIC, Role.CONTAINER) and open_unit is not None and not tree.nodes[open_unit].heading:
        tree.nodes[open_unit].heading = line.text
        tree.owner[i] = open_unit
        return
    following = marks[i + 1] if i + 1 < len(marks) else None
    if following is not None and following.role in (Role.BASIC, Role.CONTAINER):
        return
    if tree.numbered:
        return
    parent = tree.containers[-1] if tree.containers else None
    count = tree.next("heading", parent)
    tree.levels, tree.preamble = [], None
    tree.loose = tree.open("heading", str(count), parent, line.start, line.end)
    tree.nodes[tree.loose].heading = line.text
    tree.owner[i] = tree.loose


def _plain(tree: Tree, marks: Sequence[Mark], i: int) -> None:
    """An unnumbered paragraph: the unit's own if it is the first, else a paragraph of its own below it."""
    line = marks[i].line
    if marks[i].role is Role.EDITORIAL:
        return
    if tree.preamble is not None:
        if tree.preamble < 0:
            tree.preamble = tree.open("preamble", None, None, line.start, line.end)
        count = tree.nodes[tree.preamble].children + 1
        tree.owner[i] = tree.open("recital", str(count), tree.preamble, line.start, line.end)
        return
    here = tree.here
    if here is not None and tree.nodes[here].own is None and not tree.nodes[here].children:
        _own(tree, i, True)
        return
    if tree.levels:
        tree.levels = [] if line.text[0].isupper() or not line.text[0].isalpha() else tree.levels[:-1]
        here = tree.here
    count = tree.next("alinea", here)
    if count == 1 and here is not None and tree.nodes[here].own is not None:
        count = tree.next("alinea", here)
    tree.owner[i] = tree.open("alinea", str(count), here, line.start, line.end)


def _unit(nodes: Sequence[Node], at: int, section_sign: bool) -> Unit:
    node = nodes[at]
    parent = nodes[node.parent].id if node.parent is not None else None
    kind = "title" if node.kind == "title_line" else node.kind
    return Unit(node.id, kind, node.number, node.heading, parent, node.start, node.end, label_of(nodes, at, section_sign))
