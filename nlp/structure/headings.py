"""Lines that are no provision: headings of parts and articles, bare headings, editorial matter."""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = r"(?:\d{1,4}(?:[.\-–]\d{1,4}){0,3}[A-Za-z]{0,2}|[IVXLCDM]{1,7}|[A-Z])"
CONTAINER = re.compile(
    r"(?P<kind>part|title|subtitle|chapter|subchapter|division|subdivision|book|subpart|annex|appendix|schedule|attachment)"
    rf"(?:\s+(?P<number>{NUMBER}|one|two|three|four|five|six|first|second|third))?"
    r"(?P<rest>\s*[.:—–\-]*\s*.*)",
    re.IGNORECASE,
)
BASIC = re.compile(
    rf"(?:(?P<article>article|art\.)\s+(?P<a>{NUMBER}(?:\s?(?:bis|ter|quater))?)"
    rf"|(?P<section>§§?|section|sec\.)\s*(?P<s>\d{{1,5}}(?:[.\-–]\d{{1,5}}){{0,3}}[A-Za-z]{{0,3}})"
    r"|(?P<c>\d{1,3}[A-Z]?-\d{1,4}(?:\.\d{1,3})?-\d{1,4}[A-Za-z]?)(?=\.\s))"
    r"(?P<rest>\s*[.:—–\-]*\s*.*)",
    re.IGNORECASE,
)
EDITORIAL = re.compile(
    r"(?:\(?(?:Added|Amended|As amended|Repealed)\s+(?:by\s+)?Pub\.? L\."
    r"|\(Pub\. L\. \d"
    r"|\((?:June|July|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.|Jan\.|Feb\.|Mar\.|Apr\.|May)\s\d{1,2},\s\d{4},\sch\."
    r"|(?:Editorial Notes|Statutory Notes and Related Subsidiaries|References in Text|Codification|Prior Provisions|Amendments|Short Title of \d{4} Amendment|"
    r"Effective Date(?: of \d{4} Amendment)?|Transfer of Functions|Change of Name|Executive Documents|Table of Contents|CONTENTS|Arrangement of Sections)\.?$"
    r"|\d{4}[—–]Subsecs?\.|\d{4}[—–]Pub\. L\."
    r"|(?:Page|page)\s\d{1,4}(?:\sof\s\d{1,4})?$"
    r"|\[?(?:F|C|S|E)?\d{1,4}\]?\s(?:Inserted|Substituted|Amended|Repealed|Deleted)\sby\s"
    r"|\d{1,4}$|[\s_*=\-—–.•]{2,}$)"
)
TERMINAL = (".", ";", ":", ",", "—", "–", "-")
SMALL = frozenset(["a", "an", "the", "of", "and", "or", "for", "to", "in", "on", "by", "with", "from", "as", "at", "against", "et", "de"])


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading line of a division: `kind` in lower case, `number` as written, `rest` of the line, and where the rest begins."""

    kind: str
    number: str | None
    rest: str
    rest_at: int


def container_heading(line: str) -> Heading | None:
    """`PART II — Offences`, `Chapter 3`, `ANNEX`: a division above the articles; None for a sentence that begins so."""
    match = CONTAINER.match(line)
    if not match or len(line) > 220:
        return None
    kind, number, rest = match["kind"].lower(), match["number"], match["rest"]
    top = kind in ("annex", "appendix", "schedule", "attachment")
    if number is None and not (top and (not rest.strip(" .:—–-") or line.isupper())):
        return None
    if not line[0].isupper() or line.endswith((";", ",")) or (line.endswith(".") and len(line.split()) > 12):
        return None
    words = rest.strip(" .:—–-[]")
    if words and not rest.lstrip().startswith((".", ":", "—", "–", "-")) and not words[0].isupper():
        return None
    return Heading(kind, number, words, len(line) - len(rest) + rest.find(words) if words else len(line))


def basic_heading(line: str) -> Heading | None:
    """`Article 5 — Offences`, `§ 7102. Definitions`, `SEC. 102.`: an article or section; None for a sentence that begins so."""
    match = BASIC.match(line)
    if not match or not (line[0].isupper() or line[0] == "§" or match["c"]):
        return None
    kind = "article" if match["article"] else "section"
    rest = match["rest"]
    words = rest.strip(" .:—–-")
    marked = rest.lstrip().startswith((".", ":", "—", "–", "-")) or (match["section"] or "").startswith("§")
    if words and not marked and (not words[0].isupper() or (len(line) > 130 and line.endswith("."))):
        return None
    if kind == "section" and match["section"] in ("Section", "Sec.") and words and not marked and len(line.split()) > 14:
        return None
    return Heading(kind, match["a"] or match["s"] or match["c"], words, len(line) - len(rest) + rest.find(words) if words else len(line))


def is_editorial(line: str) -> bool:
    """Source credits, amendment notes, tables of contents, page furniture."""
    return bool(EDITORIAL.match(line))


def is_bare_heading(line: str) -> bool:
    """A short line without closing punctuation that is set like a heading: capitals at its head, no verb form that a sentence needs."""
    if len(line) > 130 or line.endswith(TERMINAL) or not line[0].isalnum():
        return False
    words = line.split()
    if not (line[0].isupper() or line[0].isdigit()) or len(words) > 16:
        return False
    return not re.search(r"\b(?:shall|may|must|should|is|are|was|were|has|have|means|will|recommends?|calls?)\b", line) or line.isupper()
