"""Sections and paragraphs whose numbers run through a text that does not call them articles or sections."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.structure.headings import ANNEXES
from nlp.structure.marks import Mark, Role
from nlp.structure.numbers import Number, opening_numbers
from nlp.structure.quotations import introduces_quotation, quoted_lines

BARE_NUMBER = re.compile(r"(?P<n>\d{1,3}(?:\.\d{1,4})?[A-Z]{0,3})(?:\s+(?=[A-Z(“\"\[])|$)")
NEAR = 40
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that may begin a running paragraph: its index, its number, where its words begin, whether a full stop follows the number."""

    index: int
    written: str
    body_at: int
    dotted: bool

    @property
    def key(self) -> Key:
        """By what it is ordered: 12 < 12A < 12.1 < 13."""
        digits = re.match(r"(\d+)(?:\.(\d+))?([A-Za-z]*)", self.written)
        return (int(digits[1]), int(digits[2] or 0), digits[3].lower()) if digits else (0, 0, "")


def with_running_numbers(marks: list[Mark]) -> list[Mark]:
    """The marks, with lines whose numbers rise through the body (or through one annex) made its sections or paragraphs.

    A part of the text that names articles or sections before any such number keeps them.
    """
    result = list(marks)
    quoted = quoted_lines([m.line.text for m in marks])
    for segment in _segments(marks):
        found = [c for i in segment if (c := _candidate(marks, i))]
        candidates = [c for c in found if c.index not in quoted]
        headed = next((i for i in segment if marks[i].role is Role.BASIC), len(marks))
        chosen = _chosen(candidates, marks) if candidates and headed > candidates[0].index else []
        for c in chosen:
            result[c.index] = _section(marks[c.index], c, quoted=False)
        taken = {c.index for c in chosen}
        for c in found:
            if c.index not in taken and (c.index in quoted or _inserted(c, marks)):
                result[c.index] = _section(marks[c.index], c, quoted=True)
    return result


def _section(mark: Mark, c: Candidate, *, quoted: bool) -> Mark:
    inner = _inner(mark.line.text, c.body_at)
    body_at = inner[-1].end if inner else c.body_at
    return Mark(mark.line, Role.BASIC, basic=c.written, numbers=inner, body_at=body_at, quoted=quoted)


def _inserted(c: Candidate, marks: Sequence[Mark]) -> bool:
    """Whether a section stands among words that an amendment inserts without quotation marks."""
    before = [m for m in marks[max(0, c.index - NEAR) : c.index] if m.role is not Role.HEADING]
    decimal = not c.dotted and "." in c.written
    return any(introduces_quotation(m.line.text) for m in (before if decimal else before[-1:]))


def _segments(marks: Sequence[Mark]) -> list[list[int]]:
    """The body, and each annex by itself."""
    segments: list[list[int]] = [[]]
    for i, mark in enumerate(marks):
        if mark.role is Role.CONTAINER and mark.heading and mark.heading.kind in ANNEXES:
            segments.append([])
        segments[-1].append(i)
    return segments


def _candidate(marks: Sequence[Mark], index: int) -> Candidate | None:
    mark, text = marks[index], marks[index].line.text
    if mark.role is Role.NUMBERED and mark.numbers[0].form == "dot" and text[0].isdigit():
        return Candidate(index, mark.numbers[0].written, mark.numbers[0].end, True)
    if (
        mark.role in (Role.EDITORIAL, Role.HEADING, Role.PLAIN)
        and (len(text) > 4 or _alone(marks, index))
        and (match := BARE_NUMBER.match(text))
    ):
        return Candidate(index, match["n"], match.end(), False)
    return None


def _alone(marks: Sequence[Mark], index: int) -> bool:
    """Whether a line that is only a number stands above a subsection (1), and is no page number."""
    following = marks[index + 1] if index + 1 < len(marks) else None
    return following is not None and bool(following.numbers) and (following.numbers[0].form, following.numbers[0].written) == ("paren", "1")


def _chosen(candidates: list[Candidate], marks: Sequence[Mark]) -> list[Candidate]:
    """The longest run of rising numbers; a section printed twice, with its heading and with its text, stays in it."""
    if not _counts([c for c in candidates if not c.dotted]):
        candidates = [c for c in candidates if c.dotted]
    run = _rising([c.key for c in candidates])
    if len(run) < 2 and not (run and candidates[run[0]].key[0] == 1):
        return []
    chosen = set(run)
    return [c for i, c in enumerate(candidates) if i in chosen or _again(i, candidates, chosen)]


def _rising(keys: Sequence[Key]) -> list[int]:
    """The indices of the longest strictly rising run (patience sorting)."""
    tails: list[Key] = []
    ends: list[int] = []
    back: list[int] = []
    for i, key in enumerate(keys):
        at = bisect_left(tails, key)
        back.append(ends[at - 1] if at else -1)
        if at == len(tails):
            tails.append(key)
            ends.append(i)
        elif key < tails[at]:
            tails[at], ends[at] = key, i
    run: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        run.append(at)
        at = back[at]
    return run[::-1]


def _again(i: int, candidates: Sequence[Candidate], chosen: set[int]) -> bool:
    """The same number on one of the next lines: the heading of a section and then its text."""
    around = (j for j in (i - 1, i + 1) if j in chosen)
    return any(candidates[j].key == candidates[i].key and abs(candidates[j].index - candidates[i].index) <= 2 for j in around)


def _counts(bare: Sequence[Candidate]) -> bool:
    """Whether numbers without a full stop are a count (at least two, most of them one after the other) and not figures in prose."""
    keys = [c.key for c in bare]
    if not keys:
        return True
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(keys)]
    close = sum(whole == 1 or (whole == 0 and 0 <= part <= 1) for whole, part in steps)
    return len(keys) >= 2 and close >= 0.5 * len(steps)


def _inner(text: str, body_at: int) -> tuple[Number, ...]:
    """The numbers in brackets that follow the number of a section on its own line."""
    found = opening_numbers(text[body_at : body_at + 80])
    return tuple(Number(n.written, n.form, n.begin + body_at, n.end + body_at) for n in found if n.form == "paren")
