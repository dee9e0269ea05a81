"""Citations: internal ones resolved to units, external ones to works."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlp.types import Reference, Structure, Unit

WorkNames = Callable[[str], str | None]

NUMBER = r"(?:\d{1,5}[A-Za-z]{0,2}(?:[.\-–]\d{1,4}[A-Za-z]?){0,3}|[IVXL]{1,6}\b)"
SUBS = r"(?:\s?\((?:\d{1,3}[A-Z]?|[a-z]{1,3}|[A-Z]{1,2}|[ivx]{1,5}|[IVX]{1,5})\)){0,6}"
WORD = r"(?:sub-?)*(?:section|paragraph|article|clause)s?|parts?|chapters?|titles?|schedules?|annex(?:es)?|points?|divisions?"
INTERNAL = re.compile(
    rf"\b(?P<word>{WORD}|§§?)\s*(?P<number>{NUMBER}{SUBS}|(?:\((?:\d{{1,3}}[A-Z]?|[a-zA-Z]{{1,3}})\)\s?){{1,6}})"
    rf"(?P<more>(?:,\s?|\s(?:to|and|or)\s|\s?[–-]\s?)(?:{NUMBER}{SUBS}|(?:\((?:\d{{1,3}}|[a-zA-Z]{{1,3}})\)){{1,6}})){{0,6}}"
    r"(?P<where>(?:,?\s(?:and|of)\s(?:paragraph|subsection|subparagraph|section|article)\s[\w()]{1,12}){0,2}"
    r"\s(?:of|to|in)\s(?:(?:this|the\spresent|that|such|the\ssame)\s[A-Za-z]{3,14}|title\s\d{1,3}"
    r"|the\s(?:Convention|Covenant|Charter|Statute|(?:principal\s)?Act|Code)(?!\s(?:of|on|[A-Z]))))?",
    re.IGNORECASE,
)
STATUTES = re.compile(
    r"\b\d{1,2}\sU\.?\s?S\.?\s?C\.?(?:\s(?:§§?\s?)?\d{1,5}[a-z]{0,2}(?:[–-]\d{1,3}[a-z]?)?(?:\([0-9A-Za-z]{1,5}\)){0,5})?"
    r"|\b\d{1,2}\sC\.?F\.?R\.?\s(?:§§?\s?)?[\d.]{1,10}"
    r"|\bPub(?:lic|\.)\sL(?:aw|\.)\s(?:No\.\s)?\d{2,3}[–-]\d{1,4}"
    r"|\b(?:Council\s)?(?:Directive|Regulation|Framework\sDecision)\s(?:\([A-Z]{2,3}\)\s)?(?:No\.?\s)?\d{2,4}/\d{1,4}(?:/[A-Z]{2,4})?"
)
NAMED = re.compile(
    r"\b(?:(?:[A-Z][\w’'\-]{1,30}|\((?:[A-Z][\w’'\-]{1,30}\s?){1,6}\))"
    r"(?:,?\s(?:and|or|of|the|in|on|for|to|against|from|with|its|all|by|relating|concerning)){0,3}[,\s]{1,2}){0,22}"
    r"(?:Convention|Protocol|Covenant|Declaration|Charter|Statute|Act|Ordinance|Code|Constitution|Pact)\b"
    r"(?:(?:\s(?:on|of|against|concerning|relating|for|to|the|in|and|or|by|from|its|all|with)){1,4}"
    r"\s[A-Z][\w’'\-]{1,30}(?:,?\s(?:and|or|[A-Z][\w’'\-]{1,30})){0,14}){0,6}"
    r"(?:,?\s(?:of\s)?(?:1[89]|20)\d{2}\b)?(?:\s?\(No\.\s\d{1,3}\))?"
)
OWN = re.compile(
    r"(?:this|the present|said)\s+(?:convention|protocol|covenant|act|statute|agreement|law|bill|charter|ordinance|code)$", re.IGNORECASE
)
LEAD_IN = re.compile(
    r"(?:(?:The|This|An?|That|These|Each|Any|In|Under|the|By|For|Of|To|And|See|Section|Article|Recalling|Noting|Considering|Whereas)"
    r"\s){1,4}"
)
OF_THE = re.compile(r"^\s?(?:of|to|in)\s(?:the\s)?(?=[A-Z])")
FOREIGN = re.compile(r"the\s(?:Convention|Covenant|Charter|principal\sAct|Code)$|title\s\d")
KINDS: Mapping[str, tuple[str, ...]] = {
    "subsection": ("subsection", "paragraph"),
    "paragraph": ("paragraph", "subsection", "point"),
    "subparagraph": ("subparagraph", "point", "paragraph"),
    "clause": ("clause", "point", "subparagraph"),
    "subclause": ("subclause", "clause"),
    "point": ("point",),
}


@dataclass(frozen=True, slots=True)
class Places:
    """The units of a document, by parent and number, and by place."""

    units: Mapping[str, Unit]
    below: Mapping[str | None, Mapping[str, str]]
    top: Mapping[tuple[str, str], str]
    starts: Sequence[int]
    at: Sequence[str]

    @classmethod
    def of(cls, structure: Structure) -> Places:
        units = {u.id: u for u in structure.units}
        below: dict[str | None, dict[str, str]] = {}
        top: dict[tuple[str, str], str] = {}
        for unit in structure.units:
            if unit.number:
                number = _bare(unit.number)
                below.setdefault(unit.parent, {}).setdefault(number, unit.id)
                top.setdefault((unit.kind, number.lower()), unit.id)
        passages = structure.passages
        return cls(units, below, top, [p.start for p in passages], [p.unit for p in passages])

    def unit_at(self, offset: int) -> str | None:
        """The unit of the passage in which an offset lies."""
        i = bisect_right(self.starts, offset) - 1
        return self.at[i] if i >= 0 else None

    def above(self, unit: str | None) -> list[str]:
        """A unit and those above it, innermost first."""
        chain: list[str] = []
        while unit is not None:
            chain.append(unit)
            unit = self.units[unit].parent
        return chain


def find_references(text: str, structure: Structure, work_names: WorkNames) -> tuple[Reference, ...]:
    """Every citation in the passages, in order, without overlap; what cannot be resolved is kept with neither target nor work."""
    places = Places.of(structure)
    found: list[Reference] = []
    for passage in structure.passages:
        local = [*_external(passage.text, work_names), *_internal(passage.text, passage.unit, places, work_names)]
        end = -1
        for start, stop, target, work in sorted(local, key=lambda r: (r[0], -r[1])):
            if start >= end:
                at = passage.start + start
                found.append(Reference(passage.unit, at, passage.start + stop, passage.text[start:stop], target, work))
                end = stop
    return tuple(found)


Found = tuple[int, int, str | None, str | None]


def _external(words: str, work_names: WorkNames) -> list[Found]:
    found: list[Found] = []
    for match in STATUTES.finditer(words):
        found.append((match.start(), match.end(), None, _statute(match.group(), work_names)))
    for match in NAMED.finditer(words):
        name, shift = _trimmed(match.group())
        work = _longest(name, work_names)
        if work or len(name.split()) > 1:
            found.append((match.start() + shift, match.start() + shift + len(name), None, work))
    return found


def _trimmed(name: str) -> tuple[str, int]:
    """The name without words that only begin its sentence ("Under the …", "The …"), and how much was cut."""
    cut = LEAD_IN.match(name)
    shift = cut.end() if cut else 0
    return name[shift:], shift


def _longest(name: str, work_names: WorkNames) -> str | None:
    """The work of the whole name, or of the name without its last words, as long as it still names an instrument."""
    words = name.split()
    for end in range(len(words), max(0, len(words) - 12), -1):
        if work := work_names(" ".join(words[:end]).rstrip(",")):
            return work
    return None


def _statute(cite: str, work_names: WorkNames) -> str | None:
    plain = re.sub(r"\([0-9A-Za-z]{1,5}\)", "", cite.replace("–", "-")).strip()
    plain = re.sub(r"(U\.?\s?S\.?\s?C\.?)\s(?:§§?\s?)?", "U.S.C. ", plain)
    return work_names(plain) or work_names(re.sub(r"^Pub\. L\. (?:No\. )?", "Public Law ", plain))


def _internal(words: str, unit: str, places: Places, work_names: WorkNames) -> list[Found]:
    found: list[Found] = []
    for match in INTERNAL.finditer(words):
        kind = re.sub(r"[-\s]", "", match["word"].lower()).rstrip("s") or "section"
        kind = "section" if kind.startswith("§") else kind
        rest = words[match.end() : match.end() + 200]
        elsewhere = NAMED.match(OF_THE.sub("", rest)) if OF_THE.match(rest) else FOREIGN.search(match["where"] or "")
        end = _end(words, match)
        if elsewhere and not OWN.search((match["where"] or "").strip()):
            work = _longest(elsewhere.group(), work_names) if elsewhere.re is NAMED else None
            found.append((match.start(), end, None, work))
            continue
        found.append((match.start(), end, _target(kind, match["number"], match["where"] or "", unit, places), None))
    return found


def _end(words: str, match: re.Match[str]) -> int:
    """The end of a citation: with "of this Article", without the blank or half word that a pattern may leave."""
    return match.start() + len(words[match.start() : match.end()].rstrip(" ,"))


def _target(kind: str, number: str, where: str, unit: str, places: Places) -> str | None:
    steps = [_bare(part) for part in re.findall(r"\([^)]+\)|[^()\s]+", number)]
    outer = re.search(r"(paragraph|subsection|subparagraph|section|article)\s([\w()]{1,12})", where, re.IGNORECASE)
    if outer:
        base = _target(outer[1].lower(), outer[2], "", unit, places)
        return _descend(base, steps, places) if base else None
    if kind in ("article", "section", "part", "chapter", "title", "schedule", "annex", "division"):
        first = places.top.get((kind, steps[0].lower()))
        return _descend(first, steps[1:], places) if first else None
    for here in places.above(unit):
        parent = places.units[here].parent
        if found := _descend(parent, steps, places, KINDS.get(kind)):
            return found
    if kind == "paragraph" and (first := places.top.get(("paragraph", steps[0].lower()))):
        return _descend(first, steps[1:], places)
    return None


def _descend(unit: str | None, steps: Sequence[str], places: Places, kinds: tuple[str, ...] | None = None) -> str | None:
    """Down from a unit along numbers; the first step must be one of `kinds` where they are given."""
    for i, step in enumerate(steps):
        unit = places.below.get(unit, {}).get(step)
        if unit is None or (i == 0 and kinds and places.units[unit].kind not in kinds):
            return None
    return unit


def _bare(number: str) -> str:
    return number.strip("().§ –—-\t")
