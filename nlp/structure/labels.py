"""The label a lawyer would write: `Art. 6(3)(a)`, `§ 7102(a)(1)`, `Preamble, recital 2`."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.structure.headings import ANNEXES
from nlp.structure.tree import Node, clean

DIVISIONS = frozenset(
    [
        "part",
        "subpart",
        "title",
        "subtitle",
        "chapter",
        "subchapter",
        "division",
        "subdivision",
        "book",
        "annex",
        "appendix",
        "attachment",
        "schedule",
    ]
)
NAMELESS = frozenset(["heading", "quotation"])


def label_of(nodes: Sequence[Node], at: int, section_sign: bool) -> str:
    """The short label of the unit at `at`; numbers below an article or section stand in brackets."""
    chain = _chain(nodes, at)
    head, below = chain[0], chain[1:]
    annex = ""
    if head.kind in ANNEXES and below:
        annex, head, below = f"{_division(head)}, ", below[0], below[1:]
    return (
        annex
        + _head(head, section_sign)
        + "".join(_below(above, node) for above, node in zip(chain[-len(below) - 1 :], below, strict=False))
    )


def _heading_above(nodes: Sequence[Node], head: Node) -> int | None:
    """The heading that an unnumbered paragraph or indent stands under."""
    parent = head.parent if head.kind in ("alinea", "indent") else None
    return parent if parent is not None and nodes[parent].kind == "heading" else None


def _chain(nodes: Sequence[Node], at: int) -> list[Node]:
    """The units from the article, section or annex down to this one; headings and quotations in between are passed over."""
    chain = [nodes[at]]
    parent = nodes[at].parent
    while parent is not None and not _is_division(chain[-1]):
        node = nodes[parent]
        if _is_division(node) and node.kind not in ANNEXES:
            break
        if chain[-1].kind in ("article", "section") and node.kind != "quotation" and node.kind not in ANNEXES:
            parent = node.parent
            continue
        if node.kind not in NAMELESS or node.kind == "quotation":
            chain.append(node)
        parent = node.parent
    return [n for n in reversed(chain) if n.kind != "quotation" or n is nodes[at]]


def _is_division(node: Node) -> bool:
    return node.kind in DIVISIONS or (node.kind == "section" and node.number is not None and node.number.isalpha())


def _division(node: Node) -> str:
    name = node.kind.capitalize()
    return f"{name} {clean(node.number)}" if node.number else name


def _head(head: Node, section_sign: bool) -> str:
    number = clean(head.number)
    match head.kind:
        case "article":
            return f"Art. {number}"
        case "section" if not _is_division(head):
            return f"§ {number}" if section_sign else f"s {number}"
        case "paragraph":
            return f"para {number}"
        case "alinea":
            return f"para {head.id.rpartition('_')[2]}"
        case "heading":
            return head.heading or "Heading"
        case "recital":
            return f"recital {number}"
        case "indent":
            return f"indent {head.id.rpartition('_')[2]}"
        case "title" if head.number is None:
            return "Title"
        case "preamble" | "conclusions" | "quotation":
            return head.kind.capitalize()
        case kind if kind in DIVISIONS or kind == "section":
            return _division(head)
        case _:
            return f"({number})"


def _below(above: Node, node: Node) -> str:
    match node.kind:
        case "alinea":
            return f", {'unnumbered ' if above.children > above.counts.get('p', 0) else ''}para {node.id.rpartition('_')[2]}"
        case "recital":
            return f", recital {clean(node.number) if node.number else node.id.rpartition('_')[2]}"
        case "indent":
            return f", indent {node.id.rpartition('_')[2]}"
        case "article" | "section":
            return f", quoted {'Art.' if node.kind == 'article' else 's'} {clean(node.number)}"
        case "quotation":
            return ", quoted text"
        case _:
            return f"({clean(node.number)})"
