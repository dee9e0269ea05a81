"""What each line is: a heading, a numbered paragraph, a plain paragraph, or no provision at all."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from nlp.structure.headings import Heading, basic_heading, container_heading, is_bare_heading, is_editorial
from nlp.structure.lines import Line
from nlp.structure.numbers import Number, opening_numbers

BARE_NUMBER = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,3})?[A-Z]{0,3})(?:\s+(?=[A-Z(])|$)")
ANNEXES = ("annex", "appendix", "schedule", "attachment")


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
    """A line with its role; `basic` is the number of an article, section or running paragraph that begins here."""

    line: Line
    role: Role
    heading: Heading | None = None
    basic: str | None = None
    numbers: tuple[Number, ...] = field(default=())
    body_at: int = 0


def mark_lines(lines: Sequence[Line]) -> list[Mark]:
    """One mark a line. Two passes: what a line looks like by itself, then which running numbers really count through the document."""
    first = [_first_look(line) for line in lines]
    headed = sum(1 for mark in first if mark.role is Role.BASIC)
    if headed >= 2 or any(m.role is Role.BASIC and m.line.text[0] == "§" for m in first):
        return first
    return _with_running_numbers(first)


def _first_look(line: Line) -> Mark:
    text = line.text
    if container := container_heading(text):
        return Mark(line, Role.CONTAINER, heading=container)
    if basic := basic_heading(text):
        return Mark(line, Role.BASIC, heading=basic, basic=basic.number, body_at=basic.rest_at)
    numbers = tuple(opening_numbers(text))
    if numbers and _is_division(text, numbers):
        return Mark(line, Role.HEADING)
    if numbers:
        return Mark(line, Role.NUMBERED, numbers=numbers, body_at=numbers[-1].end)
    if is_editorial(text):
        return Mark(line, Role.EDITORIAL)
    return Mark(line, Role.HEADING if is_bare_heading(text) else Role.PLAIN)


def _is_division(text: str, numbers: tuple[Number, ...]) -> bool:
    """`I. Introduction`, `B. Scope`: a heading with a letter or roman number of its own."""
    first = numbers[0]
    rest = text[first.end :]
    return (
        len(numbers) == 1
        and first.form == "dot"
        and first.written.isalpha()
        and first.written.isupper()
        and bool(rest)
        and is_bare_heading(rest)
    )


def _with_running_numbers(marks: list[Mark]) -> list[Mark]:
    """Lines whose numbers rise through a segment (the body, or one annex) begin the sections or paragraphs of a text without articles."""
    result = list(marks)
    segment: list[int] = []
    for i, mark in enumerate([*marks, None]):
        if mark is None or (mark.heading and mark.heading.kind in ANNEXES):
            for at, written, body_at in _rising(marks, segment):
                inner = _inner(marks[at].line.text, body_at)
                result[at] = Mark(marks[at].line, Role.BASIC, basic=written, numbers=inner, body_at=inner[-1].end if inner else body_at)
            segment = []
        else:
            segment.append(i)
    return result


def _inner(text: str, body_at: int) -> tuple[Number, ...]:
    """The numbers in brackets that follow the number of a section on its own line."""
    found = opening_numbers(text[body_at : body_at + 80])
    return tuple(Number(n.written, n.form, n.begin + body_at, n.end + body_at) for n in found if n.form == "paren")


def _rising(marks: Sequence[Mark], segment: Sequence[int]) -> list[tuple[int, str, int]]:
    """The longest rising run of candidate numbers: (index of the mark, number as written, where the body begins).

    A section that is printed twice, once with its heading and once with its text, stays in the run.
    """
    candidates = [c for i in segment if (c := _candidate(marks[i], i))]
    if not _counts(bare := [c for c in candidates if marks[c[0]].role is not Role.NUMBERED]):
        candidates = [c for c in candidates if c not in bare]
    keys = [_key(written) for _, written, _ in candidates]
    tails: list[tuple[int, int, str]] = []
    ends: list[int] = []
    back: list[int] = []
    for i, key in enumerate(keys):
        at = bisect_left(tails, key)
        if at < len(tails) and tails[at] == key and at == len(tails) - 1:
            at = len(tails) - 1
        back.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(key)
            ends.append(i)
        elif key < tails[at]:
            tails[at], ends[at] = key, i
    run = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(at)
        at = back[at]
    chosen = set(run)
    kept = [i for i in range(len(candidates)) if i in chosen or _again(i, keys, candidates, chosen)]
    return [candidates[i] for i in kept] if len(run) >= 2 else []


def _again(i: int, keys: Sequence[tuple[int, int, str]], candidates: Sequence[tuple[int, str, int]], chosen: set[int]) -> bool:
    """The same number on one of the next lines: the heading of a section and then its text."""
    return any(j in chosen and keys[j] == keys[i] and abs(candidates[j][0] - candidates[i][0]) <= 2 for j in (i - 1, i + 1))


def _candidate(mark: Mark, index: int) -> tuple[int, str, int] | None:
    text = mark.line.text
    if mark.role is Role.NUMBERED and mark.numbers[0].form == "dot" and mark.numbers[0].written[0].isdigit() and text[0].isdigit():
        return index, mark.numbers[0].written, mark.numbers[0].end
    if mark.role in (Role.EDITORIAL, Role.HEADING, Role.PLAIN) and (match := BARE_NUMBER.match(text)):
        return index, match["n"], match.end()
    return None


def _counts(bare: Sequence[tuple[int, str, int]]) -> bool:
    """Whether numbers without a full stop are a count (at least three, most of them one after the other) and not figures in prose."""
    keys = [_key(written) for _, written, _ in bare]
    steps = [b[0] - a[0] for a, b in pairwise(keys)]
    close = sum(0 <= step <= 1 for step in steps)
    return len(keys) >= 3 and close >= 0.5 * len(steps)


def _key(written: str) -> tuple[int, int, str]:
    digits = re.match(r"(\d+)(?:\.(\d+))?([A-Za-z]*)", written)
    return (int(digits[1]), int(digits[2] or 0), digits[3].lower()) if digits else (0, 0, "")
