"""What each line is: a heading, a numbered paragraph, a plain paragraph, or no provision at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from nlp.structure.editorial import is_editorial, table_of_contents
from nlp.structure.headings import Heading, basic_heading, container_heading, is_bare_heading
from nlp.structure.lines import Line
from nlp.structure.numbers import Number, opening_numbers
from nlp.structure.quotations import introduces_quotation

OPEN = (":", "—", "–", "―", "-", ";", ",", " and", " or")


class Role(StrEnum):
    """What a line does in the structure."""

    CONTAINER = "container"
    BASIC = "basic"
    NUMBERED = "numbered"
    HEADING = "heading"
    EDITORIAL = "editorial"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Mark:
    """A line with its role; `basic` is the number of an article, section or running paragraph that begins here.

    `numbers` are those of the items that open on the line, `body_at` is where its words begin; `quoted` tells that the
    section is one that an amendment inserts.
    """

    line: Line
    role: Role
    heading: Heading | None = None
    basic: str | None = None
    numbers: tuple[Number, ...] = field(default=())
    body_at: int = 0
    quoted: bool = False

    @property
    def rest(self) -> str:
        """The words after the numbers."""
        return self.line.text[self.body_at :]


def first_looks(lines: Sequence[Line]) -> list[Mark]:
    """One mark a line, from the line and the one before it."""
    contents = table_of_contents(lines)
    marks: list[Mark] = []
    letters: set[str] = set()
    for i, line in enumerate(lines):
        mark = Mark(line, Role.EDITORIAL) if i in contents else _look(line)
        if _initial(mark, letters):
            mark = Mark(line, Role.PLAIN)
        if mark.role is Role.NUMBERED and mark.numbers[0].form == "dot":
            letters.add(mark.numbers[0].written)
        if mark.role is Role.HEADING and marks and _goes_on(marks[-1], line.text):
            mark = replace(mark, role=Role.PLAIN)
        marks.append(mark)
    return marks


def _initial(mark: Mark, letters: set[str]) -> bool:
    """Whether a capital with a full stop abbreviates a name: no such letter counts up to it."""
    if mark.role is not Role.NUMBERED or mark.numbers[0].form != "dot" or not re.fullmatch(r"[A-Z]", mark.numbers[0].written):
        return False
    letter = mark.numbers[0].written
    before = {"V": "IV", "X": "IX"}.get(letter, "")
    if letter in "AI" or chr(ord(letter) - 1) in letters or before in letters:
        letters.add(letter)
        return False
    return True


def _look(line: Line) -> Mark:
    text = line.text
    if container := container_heading(text):
        return Mark(line, Role.CONTAINER, heading=container)
    if basic := basic_heading(text):
        return Mark(line, Role.BASIC, heading=basic, basic=basic.number, body_at=basic.rest_at)
    if is_editorial(text):
        return Mark(line, Role.EDITORIAL)
    if numbers := tuple(opening_numbers(text)):
        return Mark(line, Role.NUMBERED, numbers=numbers, body_at=numbers[-1].end)
    return Mark(line, Role.HEADING if is_bare_heading(text) else Role.PLAIN)


def _goes_on(before: Mark, text: str) -> bool:
    """A short line after an open one is an item of its list, unless it is set in capitals."""
    text_before = before.line.text
    open_before = before.role in (Role.PLAIN, Role.NUMBERED) and text_before.endswith(OPEN)
    return open_before and not text.isupper() and not introduces_quotation(text_before)
