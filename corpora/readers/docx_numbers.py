"""The numbers that Word generates: counted through the document, level by level, as Word would print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpora.readers.html import letters, roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET = "– "


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, and its pattern, such as `(%2)`."""

    start: int
    form: str
    pattern: str


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each has counted."""

    levels: Mapping[tuple[str, int], Level]
    abstract: Mapping[str, str]
    overrides: Mapping[tuple[str, int], int]
    styles: Mapping[str, tuple[str, int]]
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, document: Any) -> Numbering:
        """Reads numbering.xml and the lists that styles carry; a document without either numbers nothing."""
        try:
            root = document.part.numbering_part.element
        except (NotImplementedError, KeyError, AttributeError):
            return cls({}, {}, {}, {})
        levels = {(a.get(f"{W}abstractNumId"), _int(v, "ilvl")): _level(v) for a in root.iter(f"{W}abstractNum") for v in a.iter(f"{W}lvl")}
        abstract = {n.get(f"{W}numId"): n.find(f"{W}abstractNumId").get(f"{W}val") for n in root.iter(f"{W}num")}
        overrides = {
            (n.get(f"{W}numId"), _int(o, "ilvl")): int(s.get(f"{W}val"))
            for n in root.iter(f"{W}num")
            for o in n.iter(f"{W}lvlOverride")
            if (s := o.find(f"{W}startOverride")) is not None
        }
        return cls(levels, abstract, overrides, _styles(document))

    def prefix(self, paragraph: etree._Element) -> str:
        """The number before a paragraph with the blank behind it; empty where it has none."""
        where = self._list_of(paragraph)
        if where is None:
            return ""
        number, depth = where
        level = self.levels.get((self.abstract.get(number, ""), depth))
        if level is None or level.form == "none":
            return ""
        if level.form == "bullet":
            return BULLET
        self._count(number, depth, level)
        return self._print(number, level) + " "

    def _list_of(self, paragraph: etree._Element) -> tuple[str, int] | None:
        found = paragraph.find(f"{W}pPr/{W}numPr")
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        inherited = self.styles.get(style.get(f"{W}val") or "") if style is not None else None
        if found is None:
            return inherited
        number, depth = found.find(f"{W}numId"), found.find(f"{W}ilvl")
        name = number.get(f"{W}val") if number is not None else (inherited[0] if inherited else None)
        if name in (None, "0"):
            return None
        return str(name), int(depth.get(f"{W}val") or 0) if depth is not None else (inherited[1] if inherited else 0)

    def _count(self, number: str, depth: int, level: Level) -> None:
        """One more at this level; deeper levels begin anew. Lists that share a definition count on together, as in Word."""
        abstract = self.abstract[number]
        restart = self.overrides.get((number, depth))
        if restart is not None and (number, depth) not in self.begun:
            self.counts[abstract, depth] = restart - 1
        self.begun.add((number, depth))
        self.counts[abstract, depth] = self.counts.get((abstract, depth), level.start - 1) + 1
        for deeper in range(depth + 1, 9):
            self.counts.pop((abstract, deeper), None)

    def _print(self, number: str, level: Level) -> str:
        abstract = self.abstract[number]

        def one(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            above = self.levels.get((abstract, depth))
            return _form(self.counts.get((abstract, depth), above.start if above else 1), above.form if above else "decimal")

        return re.sub(r"%(\d)", one, level.pattern)


def _int(element: etree._Element, name: str) -> int:
    return int(element.get(f"{W}{name}") or 0)


def _level(element: etree._Element) -> Level:
    def value(name: str, otherwise: str) -> str:
        found = element.find(f"{W}{name}")
        return (found.get(f"{W}val") or otherwise) if found is not None else otherwise

    return Level(int(value("start", "1")), value("numFmt", "decimal"), value("lvlText", ""))


def _styles(document: Any) -> dict[str, tuple[str, int]]:
    """Styles that carry a list, by style id."""
    found = {}
    for style in document.styles.element.iter(f"{W}style"):
        numbers = style.find(f"{W}pPr/{W}numPr")
        if numbers is not None and (number := numbers.find(f"{W}numId")) is not None:
            depth = numbers.find(f"{W}ilvl")
            found[style.get(f"{W}styleId")] = (number.get(f"{W}val"), int(depth.get(f"{W}val")) if depth is not None else 0)
    return found


def _form(count: int, form: str) -> str:
    match form:
        case "lowerLetter":
            return letters(count)
        case "upperLetter":
            return letters(count).upper()
        case "lowerRoman":
            return roman(count)
        case "upperRoman":
            return roman(count).upper()
        case _:
            return str(count)
