"""Which lines are provisions, and which only head or accompany them."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.structure.headings import SMALL, STRIP, is_bare_heading, is_titled
from nlp.structure.marks import Mark, Role
from nlp.structure.numbers import Style, begins

LONGEST = 130
CONNECTORS = frozenset(["and", "or", "but", "and/or", "intituled", "to", "between", "versus"])
ENDS = (".", ";", ",", ":", "—", "–", "-", " and", " or")


def bodies_of(marks: Sequence[Mark], statute: bool) -> list[bool]:
    """Whether each line is a provision (True) or only a heading, a connecting word or editorial matter (False)."""
    return [_is_body(marks, i, statute) for i in range(len(marks))]


def _is_body(marks: Sequence[Mark], i: int, statute: bool) -> bool:
    mark = marks[i]
    match mark.role:
        case Role.PLAIN:
            return mark.line.text.strip(" .,;:").lower() not in CONNECTORS
        case Role.NUMBERED:
            return not (is_numbered_heading(marks, i) or _item_heading(marks, i) or not mark.rest.strip(STRIP))
        case Role.BASIC:
            return _basic_body(marks, i, statute)
        case _:
            return False


def is_numbered_heading(marks: Sequence[Mark], i: int) -> bool:
    """`II. Legal framework`: a number with a full stop or closing bracket, then words set as a heading, and paragraphs below."""
    mark = marks[i]
    if (
        mark.role is not Role.NUMBERED
        or len(mark.numbers) != 1
        or mark.numbers[0].form == "dash"
        or not is_bare_heading(mark.rest.strip() or ".")
    ):
        return False
    number = mark.numbers[0]
    following = next((m for m in marks[i + 1 : i + 2] if m.role is not Role.EDITORIAL), None)
    if following is None or _unpunctuated_list(marks, i) or _carries_on(mark, following):
        return False
    if number.form == "dot" and number.written[0].isupper():
        return True
    return following.role is not Role.NUMBERED or begins_below(mark, following)


def begins_below(mark: Mark, following: Mark) -> bool:
    """Whether the next line begins a list of another kind below this one."""
    number, other = mark.numbers[0], following.numbers[0]
    return other.form == "dash" or (
        (other.form, other.styles()[0]) != (number.form, number.styles()[0]) and any(begins(other.written, s) for s in other.styles())
    )


def _item_heading(marks: Sequence[Mark], i: int) -> bool:
    """`(b) Findings` above a paragraph of its own or a list."""
    mark = marks[i]
    words = mark.rest.strip()
    if not words or len(words) > LONGEST or not is_bare_heading(words) or mark.numbers[-1].styles()[0] is Style.DASH or i + 1 >= len(marks):
        return False
    following = marks[i + 1]
    if following.role is Role.NUMBERED:
        return begins_below(Mark(mark.line, mark.role, numbers=mark.numbers[-1:]), following) and not _unpunctuated_list(marks, i)
    return following.role in (Role.PLAIN, Role.HEADING) and not _carries_on(mark, following) and not _unpunctuated_list(marks, i)


def _carries_on(mark: Mark, following: Mark) -> bool:
    """Whether the next line is the rest of this one's sentence: it begins small, or this one ends on a small word."""
    starts = following.line.text.lstrip("“‘\"'([")[:1]
    return (starts.islower() and following.role is not Role.NUMBERED) or mark.line.text.rpartition(" ")[2] in SMALL


def _unpunctuated_list(marks: Sequence[Mark], i: int) -> bool:
    """Whether the line before is an item of the same kind, itself without closing punctuation."""
    if not i or marks[i - 1].role is not Role.NUMBERED:
        return False
    before, number = marks[i - 1], marks[i].numbers[0]
    same = before.numbers[-1].form == number.form and bool(set(before.numbers[-1].styles()) & set(number.styles()))
    return same and not before.line.text.endswith(ENDS)


def _basic_body(marks: Sequence[Mark], i: int, statute: bool) -> bool:
    mark = marks[i]
    words = mark.rest.strip(STRIP)
    if mark.numbers:
        return bool(words)
    if not words:
        return False
    if mark.heading is not None and mark.line.text.isupper():
        return False
    if _names_article(marks, i, words):
        return False
    if mark.rest.rstrip().endswith((";", ",")) or len(words) > LONGEST or not is_bare_heading(words):
        return not (mark.heading is not None and is_titled(words) and len(words) < 300 and not mark.rest.rstrip().endswith((";", ",", ":")))
    following = marks[i + 1] if i + 1 < len(marks) else None
    leads = mark.rest.rstrip().endswith((":", "—", "–", "-")) and not mark.rest.rstrip().endswith((".–", ".—", ".-", ".--"))
    if leads or (following is not None and _carries_on(mark, following)):
        return mark.heading is None
    if mark.heading is None and mark.rest.rstrip().endswith("."):
        # where nothing stands under it, it is no heading, but a provision in few words
        return following is None or (following.role is Role.BASIC and not (statute and following.basic == mark.basic))
    return following is None and mark.heading is None


def _names_article(marks: Sequence[Mark], i: int, words: str) -> bool:
    """`Article 35 — Offences committed by means of networks`: words on an article's own line that end without a stop, a provision below."""
    mark, following = marks[i], marks[i + 1] if i + 1 < len(marks) else None
    if mark.heading is None or following is None or len(words) > LONGEST or mark.line.text.rstrip().endswith(ENDS):
        return False
    return following.role in (Role.PLAIN, Role.NUMBERED) and not _carries_on(mark, following)
