"""The numbers that Word generates: counted through the document, level by level, as Word would print them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from corpora.readers.counting import repeated_letters, roman

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BULLET = "• "
LEVELS = 9


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, its pattern, such as `(%2)`, and what sets it back.

    `restart` is the number of levels above whose advance begins this one anew: all of them unless said otherwise, 0 for none.
    """

    start: int
    form: str
    pattern: str
    legal: bool
    restart: int
    style: str | None


@dataclass(frozen=True, slots=True)
class List:
    """A list that paragraphs name: the definition whose counts it shares, its levels, and the numbers at which it begins them."""

    definition: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document and how far each definition has counted."""

    lists: Mapping[str, List]
    styles: Mapping[str, tuple[str, int]]
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, document: Any) -> Numbering:
        """Reads numbering.xml and the lists that styles carry; a document without either numbers nothing."""
        try:
            root = document.part.numbering_part.element
            styles = document.styles.element
        except (NotImplementedError, KeyError, AttributeError):
            return cls({}, {})
        lists = _lists(root, styles)
        return cls(lists, _styles(styles, lists))

    def prefix(self, paragraph: etree._Element) -> str:
        """The number before a paragraph with the blank behind it; empty where it has none."""
        where = self._place_of(paragraph)
        owner = self.lists.get(where[0]) if where else None
        level = owner.levels.get(where[1]) if owner and where else None
        if where is None or owner is None or level is None:
            return ""
        if level.form == "bullet":
            return BULLET
        self._count(where[0], owner, where[1], level)
        printed = self._print(owner, level).strip()
        return f"{printed} " if printed else ""

    def _place_of(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """List and level of a paragraph: its own, or what its style lends it. List 0 means none."""
        found = paragraph.find(f"{W}pPr/{W}numPr")
        style = _value(paragraph.find(f"{W}pPr"), "pStyle")
        inherited = self.styles.get(style) if style else None
        if found is None:
            return inherited
        name = _value(found, "numId") or (inherited[0] if inherited else None)
        depth = _value(found, "ilvl")
        if name in (None, "0"):
            return None
        return str(name), _number(depth, inherited[1] if inherited else 0)

    def _count(self, name: str, owner: List, depth: int, level: Level) -> None:
        """One more at this level; deeper levels begin anew. Lists that share a definition count on together, as in Word."""
        key = owner.definition, depth
        if depth in owner.starts and (name, depth) not in self.begun:
            self.counts[key] = owner.starts[depth] - 1
        self.begun.add((name, depth))
        self.counts[key] = self.counts.get(key, level.start - 1) + 1
        for deeper in range(depth + 1, LEVELS):
            below = owner.levels.get(deeper)
            if below is None or depth < below.restart:
                self.counts.pop((owner.definition, deeper), None)

    def _print(self, owner: List, level: Level) -> str:
        def one(match: re.Match[str]) -> str:
            depth = int(match[1]) - 1
            above = owner.levels.get(depth)
            count = self.counts.get((owner.definition, depth), above.start if above else 1)
            return printed(count, "decimal" if level.legal or above is None else above.form)

        return re.sub(r"%([1-9])", one, level.pattern)


def printed(count: int, form: str) -> str:
    """A number in one of Word's forms; forms of other scripts are printed as figures."""
    match form:
        case "lowerLetter":
            return repeated_letters(count)
        case "upperLetter":
            return repeated_letters(count).upper()
        case "lowerRoman":
            return roman(count)
        case "upperRoman":
            return roman(count).upper()
        case "decimalZero":
            return f"{count:02d}"
        case "ordinal":
            return f"{count}{'th' if count % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"
        case "none":
            return ""
        case _:
            return str(count)


def _lists(root: etree._Element, styles: etree._Element) -> dict[str, List]:
    definitions = {a.get(f"{W}abstractNumId") or "": a for a in root.iter(f"{W}abstractNum")}
    named = {num.get(f"{W}numId") or "": _value(num, "abstractNumId") or "" for num in root.iter(f"{W}num")}
    linked = {s.get(f"{W}styleId"): _value(s.find(f"{W}pPr/{W}numPr"), "numId") for s in styles.iter(f"{W}style")}
    found = {}
    for num in root.iter(f"{W}num"):
        name = num.get(f"{W}numId") or ""
        definition = named[name]
        link = _value(definitions.get(definition), "numStyleLink")
        if link and (other := linked.get(link)):
            definition = named.get(other, definition)
        element = definitions.get(definition)
        levels = {_number(v.get(f"{W}ilvl")): _level(v) for v in element.iter(f"{W}lvl")} if element is not None else {}
        starts = {}
        for override in num.iter(f"{W}lvlOverride"):
            depth = _number(override.get(f"{W}ilvl"))
            if (own := override.find(f"{W}lvl")) is not None:
                levels[depth] = _level(own)
            if start := _value(override, "startOverride"):
                starts[depth] = _number(start)
        found[name] = List(definition, levels, starts)
    return found


def _level(element: etree._Element) -> Level:
    depth = _number(element.get(f"{W}ilvl"))
    return Level(
        start=_number(_value(element, "start"), 1),
        form=_value(element, "numFmt") or "decimal",
        pattern=_value(element, "lvlText") or "",
        legal=element.find(f"{W}isLgl") is not None and _value(element, "isLgl") not in ("0", "false", "off"),
        restart=min(depth, _number(_value(element, "lvlRestart"), depth)),
        style=_value(element, "pStyle"),
    )


def _styles(root: etree._Element, lists: Mapping[str, List]) -> dict[str, tuple[str, int]]:
    """Styles that carry a list, by style id: their own, or that of the style on which they are based."""
    styles = {s.get(f"{W}styleId") or "": s for s in root.iter(f"{W}style")}
    found = {}
    for name in styles:
        list_name, depth = None, None
        at: str | None = name
        for _ in range(20):
            style = styles.get(at or "")
            if style is None:
                break
            numbers = style.find(f"{W}pPr/{W}numPr")
            list_name, depth = list_name or _value(numbers, "numId"), depth or _value(numbers, "ilvl")
            at = _value(style, "basedOn")
        if list_name and list_name != "0" and list_name in lists:
            tied = next((d for d, level in lists[list_name].levels.items() if level.style == name), 0)
            found[name] = (list_name, _number(depth, tied))
    return found


def _value(element: etree._Element | None, name: str) -> str | None:
    """The `w:val` of a child, if it has one."""
    child = element.find(f"{W}{name}") if element is not None else None
    return child.get(f"{W}val") if child is not None else None


def _number(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,8}", text) else otherwise
