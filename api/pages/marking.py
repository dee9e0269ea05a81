"""Text cut where marks begin and end, so that marks which overlap can all be shown."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from api.pages.words import hint

Json = dict[str, Any]

LONGEST_HINT = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in which no mark begins or ends; `marks` say what they are part of."""

    words: str
    marks: tuple[str, ...] = ()
    href: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """A mark over the text; references and uses of terms lead somewhere."""

    start: int
    end: int
    mark: str
    href: str | None = None
    hint: str | None = None


def ranges_of(document: Json) -> list[Range]:
    """Every mark of a document, in the order of the text."""
    return sorted(_all(document), key=lambda mark: (mark.start, mark.end, mark.mark))


def pieces(text: str, start: int, end: int, ranges: Sequence[Range]) -> Iterator[Piece]:
    """The words from `start` to `end`, cut at the marks that touch them (those that begin inside)."""
    first = bisect_left(ranges, start, key=lambda mark: mark.start)
    last = bisect_left(ranges, end, key=lambda mark: mark.start)
    inside = [mark for mark in ranges[first:last] if mark.start < min(mark.end, end)]
    cuts = sorted({start, end, *(mark.start for mark in inside), *(min(mark.end, end) for mark in inside)})
    for left, right in pairwise(cuts):
        over = [mark for mark in inside if mark.start <= left and right <= mark.end]
        link = next((mark for mark in over if mark.href), None)
        yield Piece(
            text[left:right], tuple(dict.fromkeys(mark.mark for mark in over)), link.href if link else None, link.hint if link else None
        )


def _all(document: Json) -> Iterator[Range]:
    for definition in document["definitions"]:
        yield Range(definition["term"]["start"], definition["term"]["end"], "term")
        for element in definition["elements"]:
            yield Range(element["start"], element["end"], f"element {element['role']}")
    for element in document["elements"]:
        yield Range(element["start"], element["end"], f"element {element['role']}")
    for statement in document["statements"]:
        yield Range(statement["trigger"]["start"], statement["trigger"]["end"], f"trigger {statement['strength']}")
        if bearer := statement["bearer"]:
            yield Range(bearer["start"], bearer["end"], "bearer")
    for block in document["blocks"]:
        for evidence in block["evidence"]:
            yield Range(evidence["start"], evidence["end"], "evidence")
    yield from _links(document)


def _links(document: Json) -> Iterator[Range]:
    for reference in document["references"]:
        target, work = reference["target"], reference["work"]
        href = f"#{target}" if target else f"/works/{work}" if work else None
        yield Range(reference["start"], reference["end"], "reference", href, work)
    for use in document["uses"]:
        definition = document["definitions"][use["definition"]]
        meaning = definition["definiens"] and hint(definition)[:LONGEST_HINT]
        yield Range(use["start"], use["end"], "use", f"#term-{use['definition'] + 1}", meaning)
