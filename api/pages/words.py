"""Labels in words for people. A label that is not listed here (of a codebook of one's own) is shown by its own name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from corpora.store.keys import Scope
from nlp.weighing import OTHERWISE as WEIGHINGS

# The site's navigation: (name that a page gives as `here`, address, words).
SECTIONS = (
    ("start", "/", "Start"),
    ("documents", "/documents", "Documents"),
    ("corpora", "/corpora", "Corpora"),
    ("works", "/works", "Instruments"),
    ("compare", "/compare", "Compare"),
    ("search", "/search", "Search"),
    ("review", "/review", "Review"),
)
# What a section needs of its visitor besides reading.
NEEDS: Mapping[str, Scope] = {"review": Scope.REVIEW}
FRAMINGS: Mapping[str, str] = {"crime": "Crime", "rights": "Rights", "hybrid": "Hybrid", "neutral": "Neutral"}
LETTERS: Mapping[str, str] = {"crime": "C", "rights": "R", "hybrid": "H", "neutral": "–"}
LAYERS: Mapping[str, str] = {
    "indicators": "Framing indicators",
    "victim": "Victim provisions",
    "four_p": "The four Ps",
    "conditional": "Conditionality",
}
NAMES: Mapping[str, str] = {
    "crime.perpetrators": "Perpetrators",
    "crime.punishment": "Punishment",
    "crime.enforcement": "Enforcement",
    "crime.definition": "Crime definition",
    "rights.victims": "Victims at the centre",
    "rights.recovery": "Recovery",
    "rights.services": "Human services",
    "rights.language": "Rights language",
    "legal": "Legal aid",
    "nonpunishment": "Non-punishment",
    "child": "Child victims",
    "recovery": "Rehabilitation",
    "law_enforcement": "Law enforcement",
    "queued": "Waiting",
    "running": "Being read",
    "done": "Ready",
}
STAGES: Mapping[str, str] = {
    "reading": "Reading the file",
    "structure": "Finding articles and paragraphs",
    "syntax": "Reading sentences",
    "statements": "Finding obligations and definitions",
    "provisions": "Labelling provisions",
    "framing": "Framing the document",
    "starting": "Beginning",
    "exporting": "Writing the file",
}
BATCHES: Mapping[str, str] = {"running": "Being annotated", "paused": "Paused", "cancelled": "Cancelled", "done": "Finished"}
STATES: Mapping[str, str] = {
    "done": "Ready",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "running": "Being read",
    "queued": "Waiting",
    "paused": "Held back",
}
GROUPS: Mapping[str, str] = {
    "none": "nothing: the corpus as a whole",
    "year": "year",
    "decade": "decade",
    "body": "issuing body",
    "kind": "kind of instrument",
    "work": "instrument",
}
CHANGES: Mapping[str, str] = {
    "statement.added": "New statement",
    "statement.dropped": "Statement dropped",
    "statement.bearer_changed": "It falls on someone else",
    "statement.type_changed": "Another kind of statement",
    "statement.strength_raised": "Firmer",
    "statement.strength_lowered": "Softer",
    "statement.condition_added": "New condition",
    "statement.condition_dropped": "Condition dropped",
    "statement.exception_added": "New exception",
    "statement.exception_dropped": "Exception dropped",
    "statement.action_changed": "Something else is to be done",
    "definition.term_added": "New defined term",
    "definition.term_dropped": "Term no longer defined",
    "definition.widened": "Definition widened",
    "definition.narrowed": "Definition narrowed",
    "definition.changed": "Definition changed",
    "definition.element_added": "Element added",
    "definition.element_dropped": "Element dropped",
    "victim.gained": "Victim provision gained",
    "victim.lost": "Victim provision lost",
    "victim.made_conditional": "Made conditional",
    "victim.made_unconditional": "Made unconditional",
    "indicator.gained": "Indicator gained",
    "indicator.lost": "Indicator lost",
    "framing.changed": "Framing changes",
    "reading.differs": "The same words, read otherwise",
}
SUBSTANCE: Mapping[str, str] = {
    "statement": "who must do what",
    "definition": "definitions",
    "victim": "victim provisions",
    "indicator": "indicators",
    "framing": "framing",
    "reading": "same words, read otherwise",
}
SIGNS: Mapping[str, str] = {"mandatory": "●", "qualified": "◐", "hortatory": "○", "absent": ""}
MOST_SAID = 6
PAIRS: Mapping[str, str] = {
    "unchanged": "Unchanged",
    "renumbered": "Renumbered",
    "moved": "Moved",
    "modified": "Reworded",
    "split": "Split",
    "merged": "Merged",
    "added": "Added",
    "removed": "Removed",
}
FORMS: Mapping[str, str] = {
    "mandatory": "✓ firmly",
    "qualified": "✓ with qualifications",
    "hortatory": "○ as an encouragement",
    "absent": "✕ not found",
}
OTHERWISE: Mapping[str, str] = {name: rule.says for name, rule in WEIGHINGS.items()}
ROLES: Mapping[str, str] = {
    "act": "Act",
    "means": "Means",
    "purpose": "Purpose",
    "consent": "Consent",
    "child": "Where the victim is a child",
}
REFERRING: Mapping[str, str] = {
    "here": "Refers to this text",
    "elsewhere": "Refers to another instrument",
    "unresolved": "Refers to what is not here",
}
VERDICTS: Mapping[str, str] = {"accepted": "✓ accepted", "rejected": "✕ rejected", "added": "+ added"}
ACTS: Mapping[str, str] = {"accept": "accepted", "correct": "corrected", "reject": "rejected", "add": "added", "comment": "commented"}
DID: Mapping[str, str] = {
    "accepted": "Accepted.",
    "rejected": "No label.",
    "corrected": "Corrected.",
    "commented": "Comment kept.",
    "undone": "Taken back; it is to be coded again.",
}
# Keys of the review page, as its help lists them; api/static/review.mjs and keys.mjs act on them.
KEYS = (
    ("a", "accept what is ticked, and go on to the next that is left"),
    ("r", "reject: no label is right here"),
    ("1 – 9", "tick or untick the label with this number"),
    ("c", "correct: choose another label by its name"),
    ("n", "write a comment; Ctrl + Enter keeps it"),
    ("u", "undo: take back what you did last"),
    ("j", "next provision"),
    ("k", "provision before"),
    ("Esc", "leave a field"),
    ("?", "these keys"),
)
EXCLUDES = "does not include"
_DEFINING: Mapping[str, str] = {
    "means": "means",
    "includes": "includes",
    "deeming": "is taken to be",
    "reference": "has the meaning that another provision gives",
    "offence": "offence",
}
# What a form for documents offers as their kind.
KINDS = ("convention", "protocol", "directive", "statute", "bill", "policy", "guideline", "general comment")
# As dates are written in English, whatever the language of the machine.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
STRENGTHS = ("mandatory", "qualified", "hortatory")


def defining(definition: Mapping[str, Any]) -> str:
    """How a definition defines, in words that stand before its defining words; one that only leaves something out says so."""
    only = [one["start"] for one in definition.get("exclusions") or ()] == [(definition.get("definiens") or {}).get("start")]
    return EXCLUDES if only else _DEFINING.get(definition["form"], definition["form"])


def hint(definition: Mapping[str, Any]) -> str:
    """What a defined term means, for where it is used: the defining words alone, but for what it does not include."""
    how, said = defining(definition), str(definition["definiens"]["text"])
    return f"{how} {said}" if how == EXCLUDES else said


def named(label: str) -> str:
    """A label in words: `crime.punishment` is Punishment; a layer before a slash is left out."""
    name = label.rpartition("/")[2]
    return NAMES.get(name) or name.replace("_", " ").replace(".", ": ").capitalize()


def carried(layer: str, label: str) -> str:
    """What a provision that was found carries besides its statements, in words."""
    if layer == "references":
        return REFERRING.get(label, named(label))
    if layer == "elements":
        return f"Element: {(ROLES.get(label) or named(label)).lower()}"
    return "Definition" if layer == "definitions" else named(label)


def shortened(words: str, most: int) -> str:
    """The words, or as many whole ones as so many characters hold, with a mark that more follow."""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + " …"


def short_title(title: str) -> str:
    """A title without its subtitle and without what stands in brackets: `Trafficking (Offences) Act 2011` is `Trafficking Act 2011`.

    A title that would have nothing or one word left stays whole, as does one that tells its year in brackets alone.
    """
    short = re.sub(r"\s*\((?!\d)[^()]*\)", "", title.partition(": ")[0]).strip()
    return short if " " in short else title


def percent(share: float | None) -> str:
    """A share of 0 to 1 as whole percents; a dash for nothing."""
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


def signed(points: float, digits: int = 1) -> str:
    """A difference with its sign, a true minus among them: `+17.6`, `−0.3`."""
    return f"{round(points, digits) or 0.0:+.{digits}f}".replace("-", "−")


def coefficient(value: float | None, name: str = "") -> str:
    """A figure of agreement by its name: the percentage as such, every other with two digits and a true minus; a dash for nothing."""
    if value is None or name == "percent":
        return percent(value)
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def spread(interval: tuple[float, float] | list[float] | None) -> str:
    """An interval of shares: `10 to 18 %`."""
    return f"{interval[0] * 100:.0f} to {interval[1] * 100:.0f} %" if interval else "–"


def lasting(seconds: float) -> str:
    """A stretch of time in the largest unit that fits: `about 3 minutes`."""
    for unit, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit * 0.95:
            number = round(seconds / unit)
            return f"about {number} {name}{'' if number == 1 else 's'}"
    return "less than a minute"


def amount(size: int | None) -> str:
    """A number of bytes in the unit that fits: `1.2 MB`."""
    if size is None:
        return "–"
    number, units = float(size), iter(("bytes", "KB", "MB", "GB"))
    unit = next(units)
    while number >= 1000 and (larger := next(units, None)):
        number, unit = number / 1000, larger
    return f"{number:.0f} {unit}" if unit == "bytes" or number >= 100 else f"{number:.1f} {unit}"


def moment(when: datetime) -> str:
    """A moment of the service's clock: `3 May 2024, 14:05 UTC`."""
    return f"{when.day} {MONTHS[when.month - 1]} {when:%Y, %H:%M} UTC"


def dated(date: str | None) -> str:
    """A date as far as it is known, in words: `2020-02-10` is `10 February 2020`, `2020-02` is `February 2020`; what is no date stays."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?", date or "")
    if found is None:
        return date or ""
    year, month, day = found.groups()
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}" if day else f"{MONTHS[int(month) - 1]} {year}"


def count(number: int, noun: str, many: str | None = None) -> str:
    """A number with its noun: `1 document`, `1,204 documents`."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def heat(value: float, diverging: bool = False) -> str:
    """The class of a cell of a heat map: `h0` to `h9`, or for a difference `r0` to `r9` towards rights, `c0` to `c9` towards crime."""
    level = min(9, int(abs(value) * (20 if diverging else 10)))
    return f"{'h' if not diverging else 'r' if value >= 0 else 'c'}{level}"
