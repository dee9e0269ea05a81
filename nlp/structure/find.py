"""Text in, structure out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.structure.bodies import bodies_of
from nlp.structure.headings import ANNEXES
from nlp.structure.labels import label_of
from nlp.structure.lines import lines_of
from nlp.structure.marks import Mark, Role, first_looks
from nlp.structure.passages import passages_of
from nlp.structure.place import Builder, is_title
from nlp.structure.running import with_running_numbers
from nlp.structure.tree import Node, Tree
from nlp.types import Structure, Unit

STATUTE = re.compile(r"\b(?:Act|ACT|Bill|BILL|Ordinance|ORDINANCE|Code|CODE|Statutes?|Decree|U\.S\.C\.)\b")
ENACTING = re.compile(r"(?:An Act\b|A BILL\b|A Bill\b|(?:Be|BE|be) it enacted|ENACTED by|It is hereby enacted|.{0,200}\benacts as follows)")
TITLE_PAGE = 8
ITEMS = frozenset(["alinea", "indent", "point", "subsection", "subparagraph", "clause", "subclause", "recital", "quotation", "paragraph"])


def find_structure(text: str) -> Structure:
    """Units and passages of a text with one paragraph a line; never raises, and takes time proportional to the text.

    Gaps and duplicates in the numbering become warnings.
    """
    marks = with_running_numbers(first_looks(lines_of(text)))
    statute = _is_statute(marks[:TITLE_PAGE])
    bodies = bodies_of(marks, statute)
    tree = Tree(statute)
    if len(marks) > 1 and marks[0].role in (Role.PLAIN, Role.HEADING) and is_title(marks[0].line.text):
        bodies[0] = False
        tree.owner[0] = tree.open("title", None, None, marks[0].line.start, marks[0].line.end)
        tree.nodes[0].heading = marks[0].line.text
    Builder(tree, marks, bodies, front=_has_front(marks), first=len(tree.nodes)).build()
    _house(tree, marks)
    _stretch(tree, marks)
    sign = any(m.role is Role.BASIC and m.heading and m.heading.kind == "section" for m in marks)
    units = tuple(_unit(tree.nodes, i, sign) for i in range(len(tree.nodes)))
    return Structure(units, passages_of(tree, marks, bodies), tuple(dict.fromkeys(tree.warnings)))


def _is_statute(first: Sequence[Mark]) -> bool:
    """Whether the numbered provisions of a text are sections: it is called an act or code, is enacted, or has divisions."""
    if not first:
        return False
    divided = any(m.heading is not None and m.heading.kind in ("division", "subdivision") for m in first)
    return divided or bool(STATUTE.search(first[0].line.text[:300])) or any(ENACTING.match(m.line.text[:300]) for m in first)


def _has_front(marks: Sequence[Mark]) -> bool:
    """Whether the text has a body that a preamble can stand before."""
    return any(m.role is Role.BASIC or (m.role is Role.CONTAINER and m.heading and m.heading.kind not in ANNEXES) for m in marks)


def _house(tree: Tree, marks: Sequence[Mark]) -> None:
    """Gives every line that is no provision to the article, division or preamble in which it stands."""
    last = 0
    for i in range(len(marks)):
        if i in tree.owner:
            last = tree.owner[i]
            continue
        while (parent := tree.nodes[last].parent) is not None and tree.nodes[last].kind in ITEMS:
            last = parent
        tree.owner[i] = last


def _stretch(tree: Tree, marks: Sequence[Mark]) -> None:
    """Stretches every unit over its own lines and its parts."""
    for line, owner in tree.owner.items():
        node = tree.nodes[owner]
        node.end = max(node.end, marks[line].line.end)
    for node in reversed(tree.nodes):
        if node.parent is not None:
            above = tree.nodes[node.parent]
            above.end = max(above.end, node.end)


def _unit(nodes: Sequence[Node], at: int, section_sign: bool) -> Unit:
    node = nodes[at]
    parent = nodes[node.parent].id if node.parent is not None else None
    kind = "paragraph" if node.kind == "alinea" else node.kind
    return Unit(node.id, kind, node.number, node.heading, parent, node.start, node.end, label_of(nodes, at, section_sign))
