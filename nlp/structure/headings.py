"""Lines that head what follows: divisions, articles and sections, headings without a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 260
ANNEXES = ("annex", "appendix", "schedule", "attachment")
NUMBER = r"(?:\d{1,4}(?:[.\-–‑]\d{1,4}){0,3}[A-Za-z]{0,2}|[IVXLCDM]{1,7}|[A-Z])(?![\w(])"
ORDINAL = r"one|two|three|four|five|six|seven|eight|nine|ten|first|second|third|fourth|fifth|sixth"
CONTAINER = re.compile(
    rf"[\"“‘]?(?:the\s)?(?:(?P<before>{ORDINAL})\s(?P<scheduled>schedule|annex|part|chapter)\b"
    r"|(?P<kind>part|title|subtitle|chapter|subchapter|division|subdivision|book|subpart|annex|appendix|schedule|attachment)"
    rf"(?:\s+(?:no\.\s?)?(?P<number>{NUMBER}|(?:{ORDINAL})\b))?"
    rf"|(?P<section>section)\s+(?P<roman>[IVX]{{1,6}}|[A-Z])(?![\w(]))"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
BASIC = re.compile(
    rf"[\"“‘]?(?:(?P<article>article|art\.)\s+(?P<a>{NUMBER}(?:\s?(?:bis|ter|quater))?)"
    r"|(?P<section>§§?|section|sec\.)\s*(?P<s>\d{1,5}[A-Za-z]{0,3}(?:[.\-–‑]\d{1,5}[A-Za-z]{0,3}){0,3})(?![\w(])"
    r"|(?P<code>\d{1,3}[A-Z]?[\-‑]\d{1,4}(?:\.\d{1,3})?[\-‑]\d{1,4}[A-Za-z]?|\d{1,3}\.\d{1,3}[\-‑]\d{1,3}[\-‑]\d{1,3})(?=\.\s))"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
SEPARATOR = (".", ":", "—", "–", "-", "―")
TERMINAL = (".", ";", ":", ",", "—", "–", "-", "―", "”.", "?", "!")
VERBS = re.compile(
    r"\b(?:shall|may|must|should|is|are|was|were|has|have|had|means?|will|would|can|cannot|recommends?|calls?|includes?|urges?|encourages?|applies|apply)\b"
)
SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "and",
        "or",
        "for",
        "to",
        "in",
        "on",
        "by",
        "with",
        "from",
        "as",
        "at",
        "against",
        "et",
        "de",
        "du",
        "under",
        "into",
        "who",
    ]
)
STRIP = " .:—–-―[]\t"


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading line of a division: `kind` in lower case, `number` as written, `rest` of the line, and where the rest begins."""

    kind: str
    number: str | None
    rest: str
    rest_at: int


def container_heading(line: str) -> Heading | None:
    """`PART II — Offences`, `Chapter 3`, `ANNEX`: a division above the articles; None for a sentence that begins so."""
    match = CONTAINER.match(line) if len(line) <= LONGEST else None
    if not match or not (line[0].isupper() or line[0] in '"“‘'):
        return None
    kind = (match["kind"] or match["scheduled"] or match["section"]).lower()
    number, rest = match["number"] or match["before"] or match["roman"], match["rest"]
    if number is None and not (kind in ANNEXES and (not rest.strip(STRIP) or line.isupper())):
        return None
    if number and number.isalpha() and number.islower() and number not in ORDINAL.split("|"):
        return None
    return _heading(kind, number, line, rest) if _set_as_heading(line, rest) else None


def _set_as_heading(line: str, rest: str) -> bool:
    words = rest.strip(STRIP)
    if not words:
        return True
    if line.endswith((";", ",")) or (line.endswith(".") and len(line.split()) > 14):
        return False
    marked = rest.lstrip().startswith(SEPARATOR)
    if VERBS.search(rest) and not line.isupper() and (not marked or rest.lstrip().startswith(".")):
        return len(words.split()) <= 12 and marked
    return marked or words[0].isupper() or words[0] in '“"‘[('


def basic_heading(line: str) -> Heading | None:
    """`Article 5 — Offences`, `§ 7102. Definitions`, `SEC. 102.`: an article or section; None for a sentence that begins so."""
    match = BASIC.match(line)
    if not match:
        return None
    sign = match["section"] or ""
    if not (line.lstrip('"“‘')[:1].isupper() or sign.startswith("§") or match["code"]):
        return None
    kind = "article" if match["article"] else "section"
    number, rest = match["a"] or match["s"] or match["code"], match["rest"]
    words = rest.strip(STRIP)
    marked = rest.lstrip().startswith(SEPARATOR) or sign.startswith("§") or sign.isupper()
    if words and not marked and (not words[0].isupper() or line.endswith((".", ";", ",", ":")) or len(line) > 130):
        return None
    return _heading(kind, number, line, rest)


def _heading(kind: str, number: str | None, line: str, rest: str) -> Heading:
    words = rest.strip(STRIP)
    return Heading(kind, number, words, len(line) - len(rest) + rest.find(words) if words else len(line))


def is_bare_heading(line: str) -> bool:
    """A short line without closing punctuation that is set like a heading: capitals at its head, no verb that a sentence needs."""
    if not line.strip() or len(line) > 130 or line.endswith(TERMINAL) or not (line[0].isalnum() or line[0] in '“‘"(['):
        return False
    words = line.split()
    opening = line.lstrip('“‘"([')[:1]
    if not (opening.isupper() or opening.isdigit()) or len(words) > 16:
        return False
    if words[-1].lower() in ("and", "or"):
        return False
    return line.isupper() or not VERBS.search(line)


def is_titled(line: str) -> bool:
    """Whether most words of a line begin with a capital, as in a title."""
    words = [w.strip("“”‘’\"'()[],;:.") for w in line.split()]
    telling = [w for w in words if w and w[0].isalpha() and w.lower() not in SMALL]
    return bool(telling) and sum(w[0].isupper() for w in telling) > 0.6 * len(telling)
