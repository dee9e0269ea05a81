"""The passages to be coded: every paragraph and list item that is no heading, with what it is read with."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.structure.marks import ANNEXES, Mark, Role
from nlp.structure.tree import Tree
from nlp.types import Passage, PassageRole

OPEN_END = (":", "—", "–", "-", ",")


def passages_of(tree: Tree, marks: Sequence[Mark], bodies: Sequence[bool]) -> tuple[Passage, ...]:
    """One passage per body line, in order."""
    found: list[Passage] = []
    by_unit: dict[int, int] = {}
    loose_heading: list[str] = []
    for i, mark in enumerate(marks):
        if mark.role is Role.HEADING:
            loose_heading = [mark.line.text]
        elif mark.role is Role.CONTAINER:
            loose_heading = []
        if not bodies[i] or tree.owner.get(i) is None:
            continue
        node = tree.owner[i]
        headings = _headings(tree, node) or tuple(loose_heading)
        leads = _leads(tree, node, by_unit, found)
        line = mark.line
        found.append(Passage(tree.nodes[node].id, line.start, line.end, line.text, _role(tree, node), headings, leads))
        by_unit[node] = len(found) - 1
    return tuple(found)


def _headings(tree: Tree, node: int) -> tuple[str, ...]:
    """The headings above a unit, outermost first."""
    found: list[str] = []
    at: int | None = node
    while at is not None:
        if tree.nodes[at].heading:
            found.append(str(tree.nodes[at].heading))
        at = tree.nodes[at].parent
    return tuple(reversed(found))


def _leads(tree: Tree, node: int, by_unit: dict[int, int], found: Sequence[Passage]) -> tuple[int, ...]:
    """The paragraphs that introduce a unit: those of the units above it, as far as they end openly or have items below."""
    chain: list[int] = []
    at = tree.nodes[node].parent
    while at is not None:
        if at in by_unit and (found[by_unit[at]].text.endswith(OPEN_END) or tree.nodes[node].kind != "alinea"):
            chain.append(by_unit[at])
        at = tree.nodes[at].parent
    if not chain and found and tree.nodes[node].kind in ("point", "indent", "paragraph") and found[-1].text.endswith((":", "—")):
        chain.append(len(found) - 1)
    return tuple(reversed(chain))


def _role(tree: Tree, node: int) -> PassageRole:
    at: int | None = node
    while at is not None:
        kind = tree.nodes[at].kind
        if kind in ANNEXES:
            return PassageRole.ANNEX
        if kind in ("preamble", "title_line"):
            return PassageRole.PREAMBLE if kind == "preamble" else PassageRole.TITLE
        at = tree.nodes[at].parent
    return PassageRole.OPERATIVE
