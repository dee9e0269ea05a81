"""Akoma Ntoso 3.0 (OASIS): structure as the body, definitions as `def`, references as `ref`, all marks in the analysis."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator, Iterator
from datetime import date
from itertools import pairwise, takewhile
from typing import Any
from urllib.parse import quote

from corpora.exports.akn_tree import Inline, Node, Writer, tree_of, without_overlap
from corpora.exports.archive import gather
from corpora.exports.item import Item
from corpora.exports.marks import LABELS, marks
from corpora.exports.xml import attributes, storable

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
MARKS = "urn:lexframe:marks:1"
MEDIA_TYPE = "application/akn+xml"
UNKNOWN_DATE = "0001-01-01"
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")

Json = dict[str, Any]


def write_akn(item: Item) -> Iterator[bytes]:
    """One document; a text with units becomes an `act`, one without a `doc`. Valid against the schema of the standard."""
    return gather(_pieces(item))


def _pieces(item: Item) -> Iterator[str]:
    annotated = item.annotated
    tops = tree_of(annotated.get("units", ()))
    opening, preamble, body, closing = _parts(tops)
    tag, name = ("act", "body") if body else ("doc", "mainBody")
    writer = Writer(item.text, without_overlap(_inlines(annotated)))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<akomaNtoso xmlns="{NAMESPACE}" xmlns:lex="{MARKS}">'
    yield f"<{tag}{attributes({'name': annotated['document'].get('kind') or tag})}>"
    yield from _meta(item)
    at = 0
    if body or preamble:
        at = (preamble or body[0]).start
        yield from _preface(writer, opening, at)
    if preamble:
        yield from _preamble(writer, preamble)
        at = preamble.end
    at = yield from _body(writer, body, name, at, closing.start if closing else len(item.text))
    if closing:
        yield f"<conclusions{attributes({'eId': closing.unit['id']})}>"
        yield from writer.lines(at, len(item.text))
        yield "</conclusions>"
    yield f"</{tag}></akomaNtoso>\n"


def _parts(tops: list[Node]) -> tuple[Node | None, Node | None, list[Node], Node | None]:
    """Title, preamble, body and conclusions, of the topmost units."""
    rest = list(tops)
    title = rest.pop(0) if rest and rest[0].unit["kind"] == "title" and not rest[0].unit["number"] and not rest[0].children else None
    preamble = rest.pop(0) if rest and rest[0].unit["kind"] == "preamble" else None
    closing = rest.pop() if len(rest) > 1 and rest[-1].unit["kind"] == "conclusions" else None
    return title, preamble, rest, closing


def _preface(writer: Writer, title: Node | None, end: int) -> Iterator[str]:
    if writer.blank(0, end):
        yield from writer.lines(0, end)
        return
    yield "<preface>"
    at = 0
    if title is not None:
        yield from writer.lines(0, title.start)
        yield f"<longTitle{attributes({'eId': title.unit['id']})}>"
        yield from writer.lines(title.start, title.end, "docTitle")
        yield "</longTitle>"
        at = title.end
    yield from writer.lines(at, end)
    yield "</preface>"


def _preamble(writer: Writer, node: Node) -> Iterator[str]:
    """Recitals in `recitals`, the other words of the preamble as lines."""
    yield f"<preamble{attributes({'eId': node.unit['id']})}>"
    at, left = node.start, list(node.children)
    while left:
        run = list(takewhile(lambda child: child.unit["kind"] == "recital", left))
        while len(run) > 1 and not all(writer.blank(a.end, b.start) for a, b in pairwise(run)):
            run.pop()
        first = left[0]
        yield from writer.lines(at, first.start)
        if not run:
            yield from writer.lines(first.start, first.end)
            at, left = first.end, left[1:]
            continue
        yield from _recitals(writer, run)
        at, left = run[-1].end, left[len(run) :]
    yield from writer.lines(at, node.end)
    yield "</preamble>"


def _recitals(writer: Writer, run: list[Node]) -> Iterator[str]:
    yield "<recitals>"
    at = run[0].start
    for node in run:
        yield from writer.lines(at, node.start)
        yield f"<recital{attributes({'eId': node.unit['id']})}>"
        begins = yield from writer.head(node.unit | {"heading": None}, node.start, node.end)
        if writer.blank(begins, node.end):
            yield "<p/>"
        yield from writer.lines(begins, node.end)
        yield "</recital>"
        at = node.end
    yield "</recitals>"


def _body(writer: Writer, nodes: list[Node], tag: str, start: int, end: int) -> Generator[str, None, int]:
    """The body; hands back where it ends."""
    yield f"<{tag}>"
    at = start
    for i, node in enumerate(nodes):
        yield from writer.between(at, node.start, f"body__text_{i}")
        yield from writer.unit(node)
        at = node.end
    if nodes:
        yield from writer.between(at, end, f"body__text_{len(nodes)}")
    else:
        if writer.blank(at, end):
            yield "<p/>"
        yield from writer.lines(at, end)
    yield f"</{tag}>"
    return end


def _inlines(annotated: Json) -> list[Inline]:
    defined = [
        Inline(one["term"]["start"], one["term"]["end"], "def", (("refersTo", f"#term_{i + 1}"),))
        for i, one in enumerate(annotated.get("definitions", ()))
    ]
    cited = [Inline(one["start"], one["end"], "ref", (("href", _target(one)),)) for one in annotated.get("references", ())]
    return [*cited, *defined]


def _target(reference: Json) -> str:
    if reference.get("target"):
        return f"#{reference['target']}"
    return f"/akn/zz/act/{UNKNOWN_DATE}/{quote(reference['work'], safe='')}" if reference.get("work") else "#"


def _meta(item: Item) -> Iterator[str]:
    annotated = item.annotated
    yield "<meta>"
    yield from _identification(item)
    yield '<analysis source="#lexframe"><otherAnalysis source="#lexframe">'
    digest = hashlib.sha256(storable(item.text).encode()).hexdigest()
    yield f"<lex:text{attributes({'sha256': digest, 'characters': len(item.text), 'file': annotated['document']['sha256']})}/>"
    for mark in marks(annotated):
        place = {"id": mark.id, "layer": mark.layer, "label": mark.label, "start": mark.start, "end": mark.end, "unit": mark.unit or None}
        more = {f"lex:{name}": value for name, value in mark.values.items()}
        yield f"<lex:mark{attributes(place | more)}"
        yield (
            ">" + "".join(f"<lex:link{attributes({'role': r, 'to': to})}/>" for r, to in mark.links) + "</lex:mark>" if mark.links else "/>"
        )
    yield "</otherAnalysis></analysis>"
    yield from _references(annotated)
    yield "</meta>"


def _identification(item: Item) -> Iterator[str]:
    document = item.annotated["document"]
    day, language = iso_date(item.date), _language(document.get("language"))
    work = f"/akn/zz/act/{day}/{quote(item.work or item.name, safe='')}"
    expression = f"{work}/{language}@{quote(item.version or '', safe='')}"
    yield '<identification source="#lexframe">'
    for name, uri, more in (
        ("FRBRWork", work, '<FRBRcountry value="zz"/>'),
        ("FRBRExpression", expression, f'<FRBRlanguage language="{language}"/>'),
        ("FRBRManifestation", f"{expression}/main.xml", '<FRBRformat value="application/akn+xml"/>'),
    ):
        yield f"<{name}><FRBRthis{attributes({'value': f'{uri}/!main'})}/><FRBRuri{attributes({'value': uri})}/>"
        yield f'<FRBRdate{attributes({"date": day, "name": "Generation"})}/><FRBRauthor href="#lexframe"/>{more}</{name}>'
    yield "</identification>"


def _references(annotated: Json) -> Iterator[str]:
    """The maker of the analysis, each defined term, each label that occurs."""
    yield '<references source="#lexframe">'
    pipeline = annotated["pipeline"]
    maker = f"{pipeline['name']} {pipeline['version']}"
    yield f"<TLCOrganization{attributes({'eId': 'lexframe', 'href': '/akn/ontology/organization/lexframe', 'showAs': maker})}/>"
    for i, one in enumerate(annotated.get("definitions", ())):
        term = one["term"]["text"]
        href = f"/akn/ontology/term/{quote(storable(term), safe='')}"
        yield f"<TLCTerm{attributes({'eId': f'term_{i + 1}', 'href': href, 'showAs': term})}/>"
    keys = {f"{layer}.{name}" for b in annotated.get("blocks", ()) for layer in LABELS for name in b.get(layer, ())}
    for key in sorted(keys):
        yield f"<TLCConcept{attributes({'eId': f'concept_{key}', 'href': f'/akn/ontology/concept/{key}', 'showAs': key})}/>"
    yield "</references>"


def iso_date(said: str | None) -> str:
    """A date as XML has it, its first day where only year or month is known."""
    found = _DATE.match(said or "")
    if not found:
        return UNKNOWN_DATE
    try:
        return date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except ValueError:
        return UNKNOWN_DATE


def _language(code: str | None) -> str:
    """ISO 639-2, as the standard's addresses have it."""
    return {"en": "eng", "fr": "fra", "es": "spa", "de": "deu"}.get(code or "", "und")
