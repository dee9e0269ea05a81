"""The label a lawyer would write: `Art. 6(3)(a)`, `§ 7102(a)(1)`, `Preamble, recital 2`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from textwrap import shorten

from nlp.structure.headings import ANNEXES
from nlp.structure.tree import Node, clean

DIVISIONS = frozenset(["part", "subpart", "title", "subtitle", "chapter", "subchapter", "division", "subdivision", "book", *ANNEXES])


def label_of(nodes: Sequence[Node], at: int, section_sign: bool) -> str:
    """The short label of the unit at `at`; numbers below an article or section stand in brackets."""
    chain = _chain(nodes, at)
    label = _head(chain[0], section_sign)
    for above, node in pairwise(chain):
        label += _below(above, node, section_sign)
    return label + (", quoted text" if chain[-1].kind == "quotation" and len(chain) > 1 else "")


def _chain(nodes: Sequence[Node], at: int) -> list[Node]:
    """The units from the article, section or annex down to this one.

    Headings stand only above unnumbered paragraphs; divisions are named only by themselves, annexes always.
    """
    chain = [nodes[at]]
    parent = nodes[at].parent
    while parent is not None and not is_division(nodes[at]):
        node = nodes[parent]
        outside = (is_division(node) and node.kind not in ANNEXES) or (node.kind == "article" and chain[-1].kind == "section")
        unnamed = node.kind == "heading" and chain[-1].kind not in ("alinea", "indent")
        if not outside and not unnamed:
            chain.append(node)
        parent = node.parent
    return chain[::-1]


def is_division(node: Node) -> bool:
    """Whether a unit stands above articles: a part or chapter, a `Section II` of a treaty, an article that only holds sections."""
    return node.kind in DIVISIONS or (node.kind == "section" and node.number is not None and node.number.isalpha())


def _head(head: Node, section_sign: bool) -> str:
    if is_division(head) and (head.kind != "title" or head.number):
        return f"{head.kind.capitalize()} {clean(head.number)}" if head.number else head.kind.capitalize()
    match head.kind:
        case "article":
            return f"Art. {clean(head.number)}"
        case "section":
            return f"§ {clean(head.number)}" if section_sign else f"s {clean(head.number)}"
        case "paragraph":
            return f"para {clean(head.number)}"
        case "alinea":
            return f"para {_count(head)}"
        case "recital":
            return f"recital {_count(head)}"
        case "indent":
            return f"indent {_count(head)}"
        case "heading":
            return shorten(head.heading or "Heading", 60, placeholder="…")
        case "title" | "preface" | "preamble" | "conclusions" | "quotation":
            return head.kind.capitalize()
        case _:
            return f"({clean(head.number)})"


def _below(above: Node, node: Node, section_sign: bool) -> str:
    match node.kind:
        case "alinea":
            return f", {'unnumbered ' if _numbered_within(above) else ''}para {_count(node)}"
        case "recital" | "indent":
            return f", {node.kind} {_count(node)}"
        case "article" | "section":
            return f", {'quoted ' if above.kind == 'quotation' else ''}{_head(node, section_sign)}"
        case "quotation":
            return ""
        case "paragraph" if above.kind in ANNEXES:
            return f", para {clean(node.number)}"
        case "conclusions" | "heading" | "preamble":
            return f", {_head(node, section_sign)}"
        case _:
            return f"{', quoted ' if above.kind == 'quotation' else ''}({clean(node.number)})"


def _numbered_within(above: Node) -> bool:
    return above.children > above.counts.get("p", 0) and above.kind not in ("heading", "conclusions", *ANNEXES)


def _count(node: Node) -> str:
    return clean(node.number) if node.number and node.kind != "indent" else node.id.rpartition("_")[2]
