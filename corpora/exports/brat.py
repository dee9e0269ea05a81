"""brat stand-off: NAME.txt with NAME.ann, and the configuration that names types, relations and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from corpora.exports.archive import gather
from corpora.exports.item import Item
from corpora.exports.marks import Mark, marks

_WORD = re.compile(r"[^A-Za-z0-9_-]+")
_LINE = re.compile(r"[^\n]+")
_ATTRIBUTES = ("form", "strength", "bearer_class", "conditional")  # the others are notes: brat's attributes are words of a closed list

Json = dict[str, Any]


def brat_entries(names: Iterable[tuple[str, Item]]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The files of a collection; the configuration comes last, when every type has been seen."""
    types: set[str] = set()
    links: set[str] = set()
    said: dict[str, set[str]] = {}
    for name, item in names:
        yield f"{name}.txt", [item.text.encode("utf-8", "replace")]
        yield f"{name}.ann", gather(_lines(item, types, links, said))
    yield "annotation.conf", gather(_configuration(sorted(types), sorted(links), said))


def _lines(item: Item, types: set[str], links: set[str], said: dict[str, set[str]]) -> Iterator[str]:
    numbers = {mark.id: i + 1 for i, mark in enumerate(marks(item.annotated))}
    relations = attributes = notes = 0
    for mark in marks(item.annotated):
        at, kind = numbers[mark.id], type_name(mark)
        types.add(kind)
        places = fragments(item.text, mark.start, mark.end)
        ranges = ";".join(f"{start} {end}" for start, end in places)
        yield f"T{at}\t{kind} {ranges}\t{' '.join(item.text[start:end] for start, end in places)}\n"
        for name, value in mark.values.items():
            if name in _ATTRIBUTES:
                attributes += 1
                said.setdefault(name, set()).add(_safe(str(value)))
                yield f"A{attributes}\t{name} T{at} {_safe(str(value))}\n"
            else:
                notes += 1
                yield f"#{notes}\tAnnotatorNotes T{at}\t{name}: {' '.join(str(value).split())}\n"
        for role, to in mark.links:
            relations += 1
            links.add(_safe(role))
            yield f"R{relations}\t{_safe(role)} Arg1:T{at} Arg2:T{numbers[to]}\n"


def fragments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A range without line breaks, which brat keeps out of annotations: one piece for each line."""
    return [(line.start(), line.end()) for line in _LINE.finditer(text, start, end)] or [(start, end)]


def type_name(mark: Mark) -> str:
    """A type as brat has it: letters, digits, `-` and `_`."""
    return _safe(f"{mark.layer}_{mark.label}")


def _configuration(types: list[str], links: list[str], said: dict[str, set[str]]) -> Iterator[str]:
    yield "[entities]\n" + "".join(f"{name}\n" for name in types)
    yield "\n[relations]\n" + "".join(f"{name}\tArg1:<ENTITY>, Arg2:<ENTITY>\n" for name in links)
    yield "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n"
    yield "\n[events]\n\n[attributes]\n"
    yield "".join(f"{name}\tArg:<ENTITY>, Value:{'|'.join(sorted(values))}\n" for name, values in sorted(said.items()))


def _safe(name: str) -> str:
    return _WORD.sub("-", name).strip("-") or "x"
