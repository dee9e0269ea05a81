"""Lines that are no part of the instrument: source credits, amendment notes, tables of contents, page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.structure.lines import Line

MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,7}\.?"
EDITORIAL = re.compile(
    r"(?:[(\[]?(?:Added|Amended|As amended|Repealed|Redesignated|Renumbered|Formerly)\s+"
    r"(?:and amended\s+)?(?:by\s+)?(?:Pub\.? ?L\.|P\.L\.|§)"
    r"|\((?:Added )?Pub\. L\. \d"
    rf"|\({MONTH}\s\d{{1,2}},\s\d{{4}},\s(?:ch\.|D\.C\.|Pub\.)"
    r"|(?:Editorial Notes|Statutory Notes(?: and Related Subsidiaries)?|References in Text|Codification"
    r"|Prior Provisions|Amendments|Amendment Notes"
    r"|Short Title of \d{4} Amendments?|Effective Dates?(?: of (?:\d{4} )?(?:Amendments?|Repeal))?"
    r"|Transfer of Functions|Change of Name|Executive Documents"
    r"|Historical (?:and Revision )?Notes?|Derivation|Legislative History)\.?$"
    r"|(?:\d{4}|Subsecs?\. \([^)]{1,6}\))(?:—|–|--)(?:Subsecs?\.|Pub\. L\.|Par\.|Pars\.|Section)"
    r"|[-–—\[(\s]{0,4}(?:[Pp]age|p\.)\s\d{1,4}(?:\s(?:of|/)\s\d{1,4})?[-–—\])\s]{0,4}$"
    r"|\[\[?Page \d{1,4}(?: STAT\. \d{1,5})?\]?\]$"
    r"|\[?[FCSE]?\d{1,4}\]?\.?\s(?:Inserted|Substituted|Amended|Repealed|Deleted|Added|Ins\.|Subs\.|Omitted)\sby\s"
    r"|[-–—]?\s?\d{1,4}\s?[-–—]?$"
    r"|[A-Z]{1,6}(?:/[A-Z0-9.]{1,14}){1,6}$"
    r"|[\s_*=\-—–.•]{2,}$"
    r"|(?:Source|Note to editors|See also):?$)"
)
CONTENTS = re.compile(
    r"(?:table of )?contents(?: page)?:?$|arrangement of (?:sections|act|clauses)\.?$|index of (?:articles|sections)$", re.IGNORECASE
)
LEADERS = re.compile(r"[\s.…·]{4,}\d{1,4}$|\t+\s*\d{1,4}$")
REACH = 400


def is_editorial(line: str) -> bool:
    """Whether a line, seen by itself, is editorial."""
    return bool(EDITORIAL.match(line)) if len(line) <= 200 or line[0] in "([" else False


def table_of_contents(lines: Sequence[Line]) -> frozenset[int]:
    """The lines of tables of contents: after their heading, what is said again further down or ends in a page number."""
    found = {i for i, line in enumerate(lines) if len(line.text) < 300 and re.search(r"\.{4,}\s*\d{1,4}$", line.text)}
    last: dict[str, int] = {}
    for i, line in enumerate(lines):
        if len(line.text) < 300:
            last[_key(line.text)] = i
    for i, line in enumerate(lines):
        if len(line.text) < 60 and CONTENTS.match(line.text):
            found.add(i)
            found.update(_entries(lines, i, last))
    return frozenset(found)


def _entries(lines: Sequence[Line], heading: int, last: dict[str, int]) -> list[int]:
    entries = []
    for i in range(heading + 1, min(len(lines), heading + REACH)):
        text = lines[i].text
        if not (len(text) < 300 and (last[_key(text)] > i or LEADERS.search(text))):
            break
        entries.append(i)
    return entries


def _key(text: str) -> str:
    """The words of an entry without number, leaders, page and punctuation."""
    return re.sub(r"[\W\d_]+", " ", LEADERS.sub("", text)).strip().lower()
