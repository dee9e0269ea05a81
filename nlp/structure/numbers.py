"""Numbers as instruments write them: what a line begins with, and which number follows which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

INSERTED_ROMAN = re.compile(r"([ivx]{2,5})([a-h])", re.IGNORECASE)
ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
QUOTES = "\"“”‘’'«"
OPENING = re.compile(
    r"[\"“”‘’'«\[]{0,3}(?:"
    r"\(\s?(?P<paren>\d{1,3}(?:\.\d{1,3}){0,3}[A-Za-z]{0,3}|[a-z]{1,3}|[A-Z]{1,2}|[ivxlc]{1,7}(?:\.\d{1,2})?|[IVXL]{1,6})\s?\)"
    r"|(?P<close>\d{1,3}[a-z]?|[a-zA-Z]|[ivxl]{2,6})\)"
    r"|(?P<dot>\d{1,3}(?:\.\d{1,3}){0,3}[A-Za-z]{0,2}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})\.(?=[\s—–\-(\[\"“A-Z]|$)"
    r"|(?P<dash>[•●▪■◦‣·*]|[—–\-](?=\s))"
    r")[\s—–]{0,4}"
)
INITIALS = re.compile(r"[A-Z]\.\s?[A-Z](?:\.|[a-z]+\b(?:$|,))")


class Style(StrEnum):
    """How a number counts."""

    DECIMAL = "decimal"
    LOWER = "lower"
    UPPER = "upper"
    LOWER_ROMAN = "lower_roman"
    UPPER_ROMAN = "upper_roman"
    DOUBLE_LOWER = "double_lower"
    DOUBLE_UPPER = "double_upper"
    DASH = "dash"


@dataclass(frozen=True, slots=True)
class Number:
    """One number at the head of a line: as written, how it is set (`paren`, `close`, `dot`, `dash`), where it stands in the line."""

    written: str
    form: str
    begin: int
    end: int

    def styles(self) -> tuple[Style, ...]:
        """The ways in which it can be read, likeliest first."""
        word = self.written
        if self.form == "dash":
            return (Style.DASH,)
        if word[0].isdigit():
            return (Style.DECIMAL,)
        letter, roman = (Style.LOWER, Style.LOWER_ROMAN) if word.islower() else (Style.UPPER, Style.UPPER_ROMAN)
        if "." in word:
            return (roman,)
        double = (Style.DOUBLE_LOWER if word.islower() else Style.DOUBLE_UPPER,) if len(word) == 2 and word[0] == word[1] else ()
        if not ROMAN.fullmatch(word.lower()):
            return (letter, roman) if INSERTED_ROMAN.fullmatch(word) else (letter, *double)
        if len(set(word)) == 1 and word.lower() not in ("i", "ii", "iii"):
            return (letter, roman, *double)
        return (roman, letter) if len(word) > 1 or word in "iI" else (letter, roman)


def ordinals(word: str, style: Style) -> tuple[tuple[int, str], ...]:
    """The places in its count that a number can stand for: (place from 1, suffix of an insertion such as the A of 12A)."""
    match style:
        case Style.DECIMAL:
            digits = re.match(r"[\d.]*\d", word)
            head = digits.group() if digits else "0"
            return ((int(head.split(".")[-1]), word[len(head) :]),)
        case Style.LOWER_ROMAN | Style.UPPER_ROMAN:
            head, _, tail = word.partition(".")
            if inserted := INSERTED_ROMAN.fullmatch(head):
                head, tail = inserted.groups()
            return ((_roman(head.lower()), tail),)
        case Style.LOWER | Style.UPPER:
            first = ord(word[0].lower()) - 96
            if len(word) == 1:
                return ((first, ""),)
            doubled = ((first + 26 * (len(word) - 1), ""),) if len(set(word.lower())) == 1 else ()
            return (*doubled, (first, word[1:]))
        case Style.DOUBLE_LOWER | Style.DOUBLE_UPPER:
            return ((ord(word[0].lower()) - 96, ""),)
        case _:
            return ((0, ""),)


def follows(word: str, style: Style, last: int) -> int | None:
    """The place of a number that comes next after place `last`, or is inserted right after it; None where it does neither."""
    for place, suffix in ordinals(word, style):
        if place == last + 1 or (suffix and place == last):
            return place
    return None


def begins(word: str, style: Style) -> bool:
    """Whether a number is the first of its count."""
    return any(place == 1 and not suffix for place, suffix in ordinals(word, style))


def _roman(word: str) -> int:
    total = 0
    for here, after in zip(word, [*word[1:], ""], strict=True):
        one = VALUES[here]
        total += -one if after and VALUES[after] > one else one
    return total


def opening_numbers(line: str, most: int = 4) -> Iterator[Number]:
    """The numbers that a line opens with: `1. (1) (a) …` has three."""
    at = 0
    for _ in range(most):
        match = OPENING.match(line, at)
        if not match or not match.lastgroup:
            return
        form = match.lastgroup
        written = match.group(form)
        if form == "dot" and (at > 0 or INITIALS.match(line)):
            return
        yield Number(written, form, at, match.end())
        if form == "dash":
            return
        at = match.end()
