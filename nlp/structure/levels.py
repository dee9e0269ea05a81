"""Which open list a number belongs to, by the continuity of its count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlp.structure.numbers import Number, Style, begins, follows, ordinals

DEEPEST = 9


@dataclass(slots=True)
class Level:
    """An open list: how its numbers are set and count, the place of the last one, and that item's unit."""

    form: str
    style: Style
    value: int
    node: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a number goes: depth among the open lists, its reading, its place in the count, and what is odd about it."""

    depth: int
    style: Style
    value: int
    gap: bool = False


Ahead = Callable[[], Iterable[Number]]


def slot_for(levels: Sequence[Level], number: Number, *, led: bool, ahead: Ahead) -> Slot:
    """The slot of a number; `led` says that the line before introduces a list, `ahead` gives the numbers that follow."""
    return _doubled(levels, number) or _continued(levels, number, led, ahead) or _begun(levels, number, led) or _jumped(levels, number)


def continued_depth(levels: Sequence[Level], numbers: Iterable[Number]) -> int | None:
    """The depth of the open list that the coming numbers take up again; lists that begin among them are passed over."""
    fresh: set[tuple[str, Style]] = set()
    for number in numbers:
        starting = [(number.form, style) for style in number.styles() if begins(number.written, style)]
        if starting and number.form != "dash":
            fresh.update(starting)
            continue
        for depth in range(len(levels) - 1, -1, -1):
            level = levels[depth]
            if (level.form, level.style) not in fresh and _next_value(level, number) is not None:
                return depth
    return None


def _next_value(level: Level, number: Number) -> int | None:
    if level.form != number.form or level.style not in number.styles():
        return None
    return 0 if number.form == "dash" else follows(number.written, level.style, level.value)


def _doubled(levels: Sequence[Level], number: Number) -> Slot | None:
    """(aa) below (I), (AA) below (aa): lists of their own, where else (aa) is inserted after (a)."""
    inner = levels[-1].style if levels else None
    for style, above in ((Style.DOUBLE_LOWER, Style.UPPER_ROMAN), (Style.DOUBLE_UPPER, Style.DOUBLE_LOWER)):
        if inner is above and style in number.styles() and begins(number.written, style):
            return Slot(min(len(levels), DEEPEST), style, 1)
    return None


def _continued(levels: Sequence[Level], number: Number, led: bool, ahead: Ahead) -> Slot | None:
    for depth in range(len(levels) - 1, -1, -1):
        value = _next_value(levels[depth], number)
        if value is None or (number.form == "dash" and led and depth == len(levels) - 1):
            continue
        if number.written in ("i", "I") and levels[depth].style in (Style.LOWER, Style.UPPER) and _starts_roman(number, led, ahead):
            continue
        return Slot(depth, levels[depth].style, value)
    return None


def _starts_roman(number: Number, led: bool, ahead: Ahead) -> bool:
    """Whether an i after an h is the roman one: told by what comes first, ii or j."""
    second, letter = ("ii", "j") if number.written == "i" else ("II", "J")
    for after in ahead():
        if after.written in (second, letter):
            return after.written == second
    return led


def _begun(levels: Sequence[Level], number: Number, led: bool) -> Slot | None:
    """A count that begins here: inside the innermost item, or anew at the open list of its own kind."""
    for style in number.styles():
        if number.form == "dash" or begins(number.written, style):
            same = [d for d, level in enumerate(levels) if (level.form, level.style) == (number.form, style)]
            if same and (not led or len(levels) >= DEEPEST):
                return Slot(same[-1], style, 1)
            return Slot(min(len(levels), DEEPEST), style, 1)
    return None


def _jumped(levels: Sequence[Level], number: Number) -> Slot:
    """A number that neither follows nor begins: in the innermost list of its kind that it leaves a gap in, else a list of its own."""
    for depth in range(len(levels) - 1, -1, -1):
        level = levels[depth]
        if level.form == number.form and level.style in number.styles():
            place = ordinals(number.written, level.style)[0][0]
            if place > level.value:
                return Slot(depth, level.style, place, gap=True)
    style = number.styles()[0]
    same = [d for d, level in enumerate(levels) if (level.form, level.style) == (number.form, style)]
    return Slot(same[-1] if same else min(len(levels), DEEPEST), style, ordinals(number.written, style)[0][0], gap=True)
