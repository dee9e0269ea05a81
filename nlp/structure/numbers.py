"""Numbers as instruments write them: what a line begins with, and which number follows which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
OPENING = re.compile(
    r"[\"“”‘'\[]{0,3}(?:"
    r"\((?P<paren>\d{1,4}(?:\.\d{1,3}){0,3}[A-Za-z]{0,2}|[A-Za-z]{1,2}|[ivxl]{1,6}|[IVXL]{1,6})\)"
    r"|(?P<close>\d{1,3}[a-z]?|[a-zA-Z]|[ivxl]{2,6})\)"
    r"|(?P<dot>\d{1,4}(?:\.\d{1,3}){0,3}[A-Za-z]{0,2}|[a-zA-Z]|[ivx]{2,5}|[IVX]{2,5})\.(?=[\s—–\-(\[\"“A-Z]|$)"
    r"|(?P<dash>[•●▪■◦‣·*]|[—–\-](?=\s))"
    r")[\s—–]{0,4}"
)


class Style(StrEnum):
    """How a number counts."""

    DECIMAL = "decimal"
    LOWER = "lower"
    UPPER = "upper"
    LOWER_ROMAN = "lower_roman"
    UPPER_ROMAN = "upper_roman"
    DASH = "dash"


@dataclass(frozen=True, slots=True)
class Number:
    """One number at the head of a line: as written, how it is set (`paren`, `close`, `dot`, `dash`), where it ends in the line."""

    written: str
    form: str
    begin: int
    end: int

    @property
    def bare(self) -> str:
        return self.written

    def styles(self) -> tuple[Style, ...]:
        """The ways in which it can be read, likeliest first."""
        word = self.written
        if self.form == "dash":
            return (Style.DASH,)
        if word[0].isdigit():
            return (Style.DECIMAL,)
        letter, roman = (Style.LOWER, Style.LOWER_ROMAN) if word.islower() else (Style.UPPER, Style.UPPER_ROMAN)
        if not ROMAN.fullmatch(word.lower()):
            return (letter,)
        if len(set(word)) == 1 and len(word) < 4 and word.lower() not in ("i", "ii", "iii"):
            return (letter, roman)
        return (roman, letter) if len(word) > 1 or word in "iI" else (letter, roman)


def value(word: str, style: Style) -> int:
    """Where a number stands in its count, from 1; insertions such as 12A or (ba) stand with the number they follow, 0 for a dash."""
    match style:
        case Style.DECIMAL:
            digits = re.match(r"[\d.]+", word)
            return int(digits.group().split(".")[-1] or 0) if digits else 0
        case Style.LOWER_ROMAN | Style.UPPER_ROMAN:
            return _roman(word.lower())
        case Style.LOWER | Style.UPPER:
            first = ord(word[0].lower()) - 96
            return first + 26 if len(word) > 1 and len(set(word)) == 1 else first
        case _:
            return 0


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
        if form == "dot" and (at > 0 or (len(written) == 1 and written.isalpha() and written not in "abcdeABCDEIVX" and not _listed(line))):
            return
        yield Number(written, form, at, match.end())
        if form == "dash":
            return
        at = match.end()


def _listed(line: str) -> bool:
    """`f. The court` is an item; `J. Smith` is a name: an item goes on in words, not in an initial or a capital alone."""
    return bool(re.match(r"[a-z]\.\s", line))
