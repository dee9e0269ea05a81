"""Every regular expression of the program, as it is compiled, and texts made from each to be as slow for it as can be."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).parents[2]
ROOMS = ("models", "nlp", "corpora", "workers", "api", "lexframe")
MANY = 2_000
SECONDS = 0.005  # below it a text at MANY repetitions is not measured further
MOST = 1.0  # seconds of processor time after which nothing more is to be learnt
GROWTH = 9.0  # of the time, where the text becomes four times as long: 4 is linear, 16 quadratic
PIECES = (
    "a",
    "A",
    "1",
    " ",
    "\n",
    "\t",
    "(",
    ")",
    "(a)",
    "a ",
    "A ",
    "1.",
    ". ",
    ", ",
    "; ",
    "“",
    '"',
    "§ ",
    "-",
    "—",
    "<",
    "a\n",
    "\n\n",
    "Article 1 ",
    "é",
)
Pattern = re.Pattern[str] | re.Pattern[bytes]


def patterns() -> dict[str, Pattern]:
    """Every pattern that a module of ours compiles when it is imported, and every one that stands in a call, with the place of one use."""
    found: dict[str, Pattern] = {}
    compile_ = re._compile  # type: ignore[attr-defined]

    def noted(pattern: Any, flags: Any) -> Pattern:
        made: Pattern = compile_(pattern, flags)
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename == re.__file__:
            frame = frame.f_back
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in ROOMS:
            found.setdefault(f"{made.pattern!r} {made.flags}", made)
        return made

    re._compile = noted  # type: ignore[attr-defined]
    try:
        for module in _modules():
            importlib.import_module(module)
    finally:
        re._compile = compile_  # type: ignore[attr-defined]
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for text in _in_calls(ast.parse(file.read_text(encoding="utf-8"))):
                made = re.compile(text)
                found.setdefault(f"{made.pattern!r} {made.flags}", made)
    return found


def _modules() -> Iterator[str]:
    for room in ROOMS:
        yield room
        for one in pkgutil.walk_packages([str(ROOT / room)], f"{room}."):
            if "migrations" not in one.name and not one.name.endswith("__main__"):
                yield one.name


def _in_calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first, of = node.args[0], node.func.value
            if isinstance(of, ast.Name) and of.id == "re" and node.func.attr != "escape" and isinstance(first, ast.Constant):
                yield first.value


def attacks(pattern: Pattern, most: int) -> list[tuple[str, str]]:
    """What leads to the hard part, and what is then repeated: short pieces, and what the pattern itself repeats, at most so many of these."""
    own = dict.fromkeys((before, body) for before, body in repetitions(parser.parse(pattern.pattern, pattern.flags)) if body)
    spread = list(own)[:: max(1, len(own) // most)][:most]
    return [("", piece) for piece in PIECES] + spread + [("", before + body * 3) for before, body in spread]


def text_of(attack: tuple[str, str], many: int) -> str:
    """The text so many repetitions long; it ends in what fits nowhere."""
    before, body = attack
    return before + body * many + "\x00"


def repetitions(parsed: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """A text that leads to each repetition, and one that it repeats."""
    for operator, value in parsed:
        if operator in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
            _, most, body = value
            if most == codes.MAXREPEAT or most > 20:
                yield before, sample(body)
            yield from repetitions(body, before)
        elif operator is codes.SUBPATTERN:
            yield from repetitions(value[3], before)
        elif operator is codes.ATOMIC_GROUP:
            yield from repetitions(value, before)
        elif operator is codes.BRANCH:
            for one in value[1]:
                yield from repetitions(one, before)
        elif operator in {codes.ASSERT, codes.ASSERT_NOT}:
            yield from repetitions(value[1], before)
        before += sample([(operator, value)])


def sample(parsed: Any) -> str:
    """A short text that fits."""
    return "".join(_sample(operator, value) for operator, value in parsed)


def _sample(operator: Any, value: Any) -> str:
    if operator is codes.LITERAL:
        return chr(value)
    if operator is codes.NOT_LITERAL:
        return "b" if value == ord("a") else "a"
    if operator is codes.ANY:
        return "a"
    if operator is codes.IN:
        return _of_class(value)
    if operator in {codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT}:
        return sample(value[2]) * max(value[0], min(1, value[1]))
    if operator is codes.SUBPATTERN:
        return sample(value[3])
    if operator is codes.ATOMIC_GROUP:
        return sample(value)
    return sample(value[1][0]) if operator is codes.BRANCH else ""


def _of_class(members: Any) -> str:
    if members[0][0] is codes.NEGATE:
        barred = re.compile("[" + "".join(_written(one) for one in members[1:]) + "]")
        return next(c for c in "a 1(;\n\x01" if not barred.match(c))
    operator, value = members[0]
    if operator is codes.RANGE:
        return chr(value[0])
    return chr(value) if operator is codes.LITERAL else {"CATEGORY_SPACE": " ", "CATEGORY_DIGIT": "1"}.get(str(value), "a")


def _written(member: Any) -> str:
    operator, value = member
    if operator is codes.RANGE:
        return f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
    return (
        re.escape(chr(value))
        if operator is codes.LITERAL
        else {"CATEGORY_SPACE": r"\s", "CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w"}.get(str(value), r"\W")
    )


class TooSlow(Exception):
    """It was stopped."""


def seconds(pattern: Pattern, text: str, most: float = MOST) -> float:
    """Processor time of finding all matches, at most so much."""

    def stop(*_: object) -> None:
        raise TooSlow

    subject: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
    held = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, most)
    begun = time.process_time()
    try:
        for _ in pattern.finditer(subject):
            pass
    except TooSlow:
        return most
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, held)
    return time.process_time() - begun


def slow(pattern: Pattern, most: int) -> str:
    """The beginning of a text for which the time grows faster than the text, empty where there is none."""
    for attack in attacks(pattern, most):
        short, long = text_of(attack, MANY), text_of(attack, 4 * MANY)
        once = seconds(pattern, short)
        if once >= MOST or (once > SECONDS and seconds(pattern, long, 20 * MOST) > GROWTH * min(once, seconds(pattern, short))):
            return short[:80]
    return ""
