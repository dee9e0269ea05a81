"""The passages to be coded: every paragraph and list item that is no heading, with what it is read with."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.structure.headings import ANNEXES
from nlp.structure.marks import Mark
from nlp.structure.tree import Tree
from nlp.types import Passage, PassageRole

OPEN_END = (":", "—", "–", "―", "-", ",", ";", " and", " or")


def passages_of(tree: Tree, marks: Sequence[Mark], bodies: Sequence[bool]) -> tuple[Passage, ...]:
    """One passage per body line, in order."""
    found: list[Passage] = []
    by_line: dict[int, int] = {}
    for i, mark in enumerate(marks):
        node = tree.owner.get(i)
        if not bodies[i] or node is None:
            continue
        line = mark.line
        leads = _leads(tree, node, i, by_line, found)
        by_line[i] = len(found)
        found.append(
            Passage(tree.nodes[node].id, line.start, line.end, line.text, _role(tree, node), _headings(tree, node, line.text), leads)
        )
    return tuple(found)


def _headings(tree: Tree, node: int, own: str) -> tuple[str, ...]:
    """The headings above a passage, outermost first, without the one that it opens with itself."""
    found: list[str] = []
    at: int | None = node
    while at is not None:
        heading = tree.nodes[at].heading
        title = tree.nodes[at].kind == "title" and tree.nodes[at].number is None
        if heading and not title and not (at == node and heading in own[:160]):
            found.append(heading)
        at = tree.nodes[at].parent
    return tuple(reversed(found))


def _leads(tree: Tree, node: int, line: int, by_line: dict[int, int], found: Sequence[Passage]) -> tuple[int, ...]:
    """The paragraphs that introduce a passage: those of the units above it, as far as they end openly or have items below."""
    chain: list[int] = []
    item = tree.nodes[node].kind != "alinea"
    at: int | None = node
    while at is not None:
        own = tree.nodes[at].own
        if own is not None and own != line and own in by_line:
            lead = by_line[own]
            if (item and at != node) or found[lead].text.endswith(OPEN_END):
                chain.append(lead)
        item = item or tree.nodes[at].kind != "alinea"
        at = tree.nodes[at].parent
    return tuple(reversed(chain))


def _role(tree: Tree, node: int) -> PassageRole:
    at: int | None = node
    while at is not None:
        kind = tree.nodes[at].kind
        if kind in ANNEXES:
            return PassageRole.ANNEX
        if kind == "preamble":
            return PassageRole.PREAMBLE
        at = tree.nodes[at].parent
    return PassageRole.OPERATIVE
