"""UIMA CAS as XMI, with its type system: what INCEpTION and other UIMA tools open. Offsets are UTF-16 code units, as in Java."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from corpora.exports.archive import gather
from corpora.exports.item import Item
from corpora.exports.marks import Mark, marks
from corpora.exports.xml import attributes, storable

PACKAGE = "lexframe"
LINK = "Link"
FEATURES = ("identifier", "label", "unit", "id", "number", "heading", "name", "probability", "weight", "form", "scope", "strength",
            "bearer_class", "target", "work", "conditional")  # fmt: skip
LAYERS = ("unit", "block", "indicators", "victim", "four_p", "evidence", "definition", "element", "statement", "reference", "use")


def uima_entries(names: Iterable[tuple[str, Item]]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """NAME.xmi for each document, and TypeSystem.xml."""
    layers: dict[str, None] = dict.fromkeys(LAYERS)
    for name, item in names:
        yield f"{name}.xmi", gather(_xmi(item, layers))
    yield "TypeSystem.xml", [type_system(tuple(layers)).encode()]


def type_name(layer: str) -> str:
    """`FourP` for `four_p`; characters that a Java name cannot have become `_`."""
    joined = "".join(part[:1].upper() + part[1:] for part in layer.split("_"))
    return "".join(c if c.isalnum() else "_" for c in joined)


@cache
def type_system(layers: tuple[str, ...]) -> str:
    """The types: an annotation for each layer, and a relation between annotations."""
    from cassis import TypeSystem

    types = TypeSystem()
    for layer in layers:
        made = types.create_type(f"{PACKAGE}.{type_name(layer)}", supertypeName="uima.tcas.Annotation")
        for feature in FEATURES:
            types.create_feature(made, feature, "uima.cas.String")
    link = types.create_type(f"{PACKAGE}.{LINK}", supertypeName="uima.tcas.Annotation")
    types.create_feature(link, "Governor", "uima.tcas.Annotation")
    types.create_feature(link, "Dependent", "uima.tcas.Annotation")
    types.create_feature(link, "role", "uima.cas.String")
    return str(types.to_xml())


class Utf16:
    """Code points to UTF-16 code units of one text."""

    def __init__(self, text: str) -> None:
        self._wide: Sequence[int] = [] if text.isascii() else [i for i, c in enumerate(text) if ord(c) > 0xFFFF]

    def __call__(self, offset: int) -> int:
        return offset + bisect_left(self._wide, offset)


def _xmi(item: Item, layers: dict[str, None]) -> Iterator[str]:
    at = Utf16(item.text)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"'
    yield f' xmlns:tcas="http:///uima/tcas.ecore" xmlns:{PACKAGE}="http:///{PACKAGE}.ecore" xmi:version="2.0"><cas:NULL xmi:id="0"/>\n'
    language = item.annotated["document"].get("language") or "x-unspecified"
    yield f"<tcas:DocumentAnnotation{attributes({'xmi:id': 2, 'sofa': 1, 'begin': 0, 'end': at(len(item.text)), 'language': language})}/>\n"
    last = 2
    known: dict[str, tuple[int, Mark]] = {}
    for mark in marks(item.annotated):
        last += 1
        layers.setdefault(mark.layer)
        known[mark.id] = (last, mark)
        yield f"<{PACKAGE}:{type_name(mark.layer)}{attributes(_values(last, mark, at))}/>\n"
        for role, to in mark.links:
            last += 1
            dependent, words = known.get(to, (0, mark))
            place = {"xmi:id": last, "sofa": 1, "begin": at(words.start), "end": at(words.end)}
            yield f"<{PACKAGE}:{LINK}{attributes(place | {'Governor': known[mark.id][0], 'Dependent': dependent, 'role': role})}/>\n"
    yield f"<cas:Sofa{attributes({'xmi:id': 1, 'sofaNum': 1, 'sofaID': '_InitialView', 'mimeType': 'text'})}"
    yield f"{attributes({'sofaString': storable(item.text)})}/>\n"
    yield '<cas:View sofa="1" members="'
    yield from (f"{i} " if i < last else f"{i}" for i in range(2, last + 1))
    yield '"/></xmi:XMI>\n'


def _values(number: int, mark: Mark, at: Utf16) -> dict[str, object]:
    place = {"xmi:id": number, "sofa": 1, "begin": at(mark.start), "end": at(mark.end)}
    said = {name: value for name, value in mark.values.items() if name in FEATURES}
    return {**place, "identifier": mark.id, "label": mark.label, "unit": mark.unit or None, **said}
