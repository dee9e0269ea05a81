"""Conditions, exceptions, deadlines and beneficiaries of a statement, by the words that open them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from nlp.statements.softening import SOFTENERS
from nlp.types import Span, quote

Range = tuple[int, int]

CONDITION = re.compile(
    r"\b(?:if|where|when|whenever|wherever|in\s++(?:the\s++)?(?:event|case)s?\s++(?:that|of|where)|"
    r"in\s++cases\s++(?:of|in\s++which|where)|subject\s++to|"
    r"provided,?\s++(?:always\s++)?that|on\s++(?:the\s++)?condition\s++that|as\s++long\s++as|so\s++long\s++as|"
    r"to\s++the\s++extent\s++that|upon\s++(?:the\s++)?request|"
    r"only\s++(?:if|when|where|after))\b",
    re.IGNORECASE,
)
EXCEPTION = re.compile(
    r"\b(?:unless|except(?:\s++(?:that|for|where|when|if|as|in))?|save(?:\s++(?:as|in|for|that|where))?|other\s++than\s++(?:as|where|in)|"
    r"with\s++the\s++exception\s++of|without\s++prejudice\s++to)\b",
    re.IGNORECASE,
)
COUNT = (
    r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|forty|"
    r"sixty|ninety|twenty-four|forty-eight|seventy-two)"
)
UNIT = r"(?:(?:working|calendar|business|clear)\s++)?(?:hour|day|week|month|year)s?"
DEADLINE = re.compile(
    r"\b(?:(?:within|not\s++later\s++than|no\s++later\s++than|not\s++less\s++than|at\s++least|not\s++more\s++than|"
    r"not\s++exceeding|for\s++(?:a\s++)?(?:period|term)\s++of|after|before|every|"
    r"(?:once|twice)\s++every)\s++(?:a\s++period\s++of\s++|the\s++period\s++of\s++|not\s++(?:less|"
    rf"more)\s++than\s++)?(?:{COUNT})(?:\s*\(\d+\))?\s++{UNIT}(?:\s++(?:after|from|of|before|following|"
    rf"prior\s++to)\s++[^,;:.]{{1,120}})?"
    rf"|(?:not|no)\s++later\s++than\s++[^,;:.]{{3,80}}|by\s++\d{{1,2}}\s++\w+\s++\d{{4}}|by\s++[A-Z]\w+\s++\d{{1,2}},\s++\d{{4}}"
    r"|as\s++soon\s++as\s++(?:\w+\s++)?(?:possible|practicable)|without\s++(?:undue\s++)?delay|forthwith|immediately|"
    r"annually|each\s++year|every\s++year)\b(?<!\s)",
    re.IGNORECASE,
)
BENEFICIARY = re.compile(
    r"\b(?:to|for|of|that|assist|protect|inform|provide|support|on\s++behalf\s++of)\s++((?:(?:a|an|the|each|every|"
    r"any|all|such|these|those|its|their|child|adult|potential|"
    r"presumed|identified|alleged|suspected|trafficked|minor|unaccompanied|smuggled|foreign|migrant|exploited)\s++){0,4}"
    r"(?:victims?|survivors?|child(?:ren)?|complainants?|witness(?:es)?|trafficked\s++persons?|migrants?|"
    r"refugees?|women|girls|workers|persons\s++at\s++risk|asylum[- ]seekers)"
    r"(?:\s++of\s++(?:human\s++)?(?:trafficking(?:\s++in\s++persons)?|crimes?|offences?|violence|exploitation))?)\b",
    re.IGNORECASE,
)
CLAUSE_END = re.compile(r"[,;:.](?=\s|$)|[—–]")


def conditions(text: str, sentence: Range, trigger: Range, end: int) -> tuple[Span, ...]:
    """The conditions in front of the trigger (to the comma before the main clause) and behind it (to the end of the action)."""
    return _spans(text, CONDITION, sentence, trigger, end)


def exceptions(text: str, sentence: Range, trigger: Range, end: int) -> tuple[Span, ...]:
    """The exceptions, delimited as conditions are."""
    return _spans(text, EXCEPTION, sentence, trigger, end)


def deadline(text: str, bounds: Sequence[int]) -> Span | None:
    """The first deadline, period or frequency between two bounds: the sentence, its bearer and its trigger, the end of the action.

    "Within three months after the receipt the receiving State shall …" ends before its bearer.
    """
    ends = sorted(bounds)
    found = next((m for a, b in pairwise(ends) if (m := DEADLINE.search(text, a, b))), None)
    return quote(text, found.start(), found.end()) if found else None


def beneficiary(text: str, action: Range) -> Span | None:
    """Who is to gain from the action, where its words name a victim, a child or another protected person."""
    found = BENEFICIARY.search(text, *action)
    return quote(text, found.start(1), found.end(1)) if found else None


def _spans(text: str, opener: re.Pattern[str], sentence: Range, trigger: Range, end: int) -> tuple[Span, ...]:
    found = list[Span]()
    front = opener.match(text, sentence[0], trigger[0])
    if front:
        comma = text.rfind(",", front.end(), trigger[0])
        if comma > front.end():
            found.append(quote(text, front.start(), comma))
    at = trigger[1]
    while (behind := opener.search(text, at, end)) is not None:
        stop = CLAUSE_END.search(text, behind.end(), end)
        last = stop.start() if stop else end
        if last <= behind.end() and (wider := CLAUSE_END.search(text, behind.end() + 1, end)):
            last = wider.start()
        if last > behind.start() and not SOFTENERS.fullmatch(text, behind.start(), last):
            found.append(quote(text, behind.start(), last))
        at = max(last, behind.end())
    return tuple(found)
