"""The label a lawyer would write: `Art. 6(3)(a)`, `§ 7102(a)(1)`, `Preamble, recital 2`."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.structure.tree import Node, clean

WORDS = {
    "part": "Part", "subpart": "Subpart", "title": "Title", "subtitle": "Subtitle", "chapter": "Chapter", "subchapter": "Subchapter",
    "division": "Division", "subdivision": "Subdivision", "book": "Book", "annex": "Annex", "appendix": "Appendix", "attachment": "Attachment",
    "schedule": "Schedule",
}  # fmt: skip


def label_of(nodes: Sequence[Node], at: int, section_sign: bool) -> str:
    """The short label of the unit at `at`; numbers below an article or section stand in brackets."""
    node = nodes[at]
    chain: list[Node] = [node]
    while chain[-1].kind not in WORDS and chain[-1].parent is not None:
        chain.append(nodes[chain[-1].parent])
    chain.reverse()
    if chain[0].kind in WORDS and len(chain) > 1:
        annex = chain[0].kind in ("annex", "appendix", "schedule", "attachment")
        return (f"{WORDS[chain[0].kind]} {clean(chain[0].number)}, " if annex else "") + _inside(chain[1:], section_sign)
    if chain[0].kind in WORDS:
        return f"{WORDS[node.kind]} {clean(node.number)}" if node.number else WORDS[node.kind]
    return _inside(chain, section_sign)


def _inside(chain: Sequence[Node], section_sign: bool) -> str:
    head, *rest = chain
    number = clean(head.number)
    names = {"article": f"Art. {number}", "section": f"§ {number}" if section_sign else f"s {number}", "paragraph": f"para {number}"}
    match head.kind:
        case "title_line":
            return "Title"
        case "preamble":
            return f"Preamble, recital {clean(rest[0].number)}" if rest and rest[0].kind == "recital" else "Preamble"
        case "heading":
            first = head.heading or "Heading"
        case kind:
            first = names.get(kind, f"({number})")
    return first + "".join(f"({clean(n.number)})" if n.kind != "alinea" else f", sub-para {clean(n.number)}" for n in rest)
