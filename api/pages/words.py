"""Labels in words for people. A label that is not listed here (of a codebook of one's own) is shown by its own name."""

from __future__ import annotations

from collections.abc import Mapping

# The site's navigation: (name that a page gives as `here`, address, words).
SECTIONS = (
    ("start", "/", "Start"),
    ("documents", "/documents", "Documents"),
    ("search", "/search", "Search"),
)
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
}
FORMS: Mapping[str, str] = {
    "mandatory": "✓ firmly",
    "qualified": "✓ with qualifications",
    "hortatory": "○ as an encouragement",
    "absent": "✕ not found",
}
ROLES: Mapping[str, str] = {
    "act": "Act",
    "means": "Means",
    "purpose": "Purpose",
    "consent": "Consent",
    "child": "Where the victim is a child",
}
STRENGTHS = ("mandatory", "qualified", "hortatory")


def named(label: str) -> str:
    """A label in words: `crime.punishment` is Punishment; a layer before a slash is left out."""
    name = label.rpartition("/")[2]
    return NAMES.get(name) or name.replace("_", " ").replace(".", ": ").capitalize()


def percent(share: float | None) -> str:
    """A share of 0 to 1 as whole percents; a dash for nothing."""
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


def spread(interval: tuple[float, float] | list[float] | None) -> str:
    """An interval of shares: `10 to 18 %`."""
    return f"{interval[0] * 100:.0f} to {interval[1] * 100:.0f} %" if interval else "–"
