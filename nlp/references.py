"""Citations: internal ones resolved to units, external ones to works."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nlp.reference_patterns import BEFORE, INTERNAL, LEAD_IN, LISTED, MEMBER, NAMED, OF_THE, OWN, PARTIES_TO, RANGE, STATUTES, STEP, TRAIL
from nlp.reference_places import Places, WorkNames, aliases_of, amended_by, first_convention, steps_of
from nlp.types import Passage, Reference, Structure

LONGEST_TAIL = 14
REST = 220
ABROAD = ""
GOES_ON = re.compile(r"\s[A-Z]")
YEAR = re.compile(r",?\s(?:of\s)?(\d{4})\b")


@dataclass(frozen=True, slots=True)
class Found:
    """A citation in a passage, by offsets in it."""

    start: int
    end: int
    target: str | None = None
    work: str | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known while a document's citations are read.

    `aliases` are its own short names for works; `comments_on` is the convention that a text without articles of its own comments on.
    """

    structure: Structure
    places: Places
    work_names: WorkNames
    aliases: Mapping[str, str]
    comments_on: str | None = None

    def read(self, passage: Passage) -> Iterator[Found]:
        """The citations of a passage, in order, without overlap: of those that begin at one place, the longest."""
        found = [*self._external(passage.text), *self._internal(passage)]
        end = -1
        for one in sorted(found, key=lambda f: (f.start, -f.end)):
            if one.start >= end:
                yield one
                end = one.end

    def _external(self, words: str) -> Iterator[Found]:
        for match in STATUTES.finditer(words):
            yield Found(match.start(), match.end(), None, statute(match.group(), self.work_names))
        for match in NAMED.finditer(words):
            if words[max(0, match.start() - 1) : match.start()] in ("“", '"', "‘") and match.group() not in self.aliases:
                continue
            cut = PARTIES_TO.match(match.group()) or LEAD_IN.match(match.group())
            start = match.start() + (cut.end() if cut else 0)
            work, length = longest(words[start : match.end()], self.work_names)
            name = TRAIL.sub("", words[start : start + length])
            work = work or self.aliases.get(name)
            if work or len(name.split()) > 1:
                yield Found(start, start + len(name), None, work)

    def _internal(self, passage: Passage) -> Iterator[Found]:
        last: str | None = None
        amends = self._amended(passage)
        for match in INTERNAL.finditer(passage.text):
            end = match.start() + len(match.group().rstrip(" ,"))
            elsewhere = self._elsewhere(passage, match, amends)
            if elsewhere is not None:
                yield Found(match.start(), end, self._quoted_target(match, passage.unit), elsewhere or None)
                continue
            base = last if BEFORE.search(match["owner"] or "") else None
            target = self._target(match, passage.unit, base)
            last = target or last
            yield Found(match.start(), end, target, None, self._targets(match, target))

    def _amended(self, passage: Passage) -> str | None:
        """The work that the passage amends, "" if it amends one that is not known, None if it amends none or this one."""
        words = amended_by(passage, self.structure.passages)
        if words is None or re.search(r"\bof\sthis\s\w+\s*$", words):
            return None
        works = [work for one in self._external(words) if (work := one.work)]
        return works[0] if works else self._alias(words) or ABROAD

    def _alias(self, words: str) -> str | None:
        return next((work for name, work in self.aliases.items() if re.search(rf"\b{re.escape(name)}\b", words)), None)

    def _elsewhere(self, passage: Passage, match: re.Match[str], amends: str | None) -> str | None:
        """The work that a numbered citation belongs to: "" for one that is not known, None for this document."""
        owner, rest = match["owner"] or "", passage.text[match.end() : match.end() + REST]
        if OWN.match(owner):
            return None
        if title := re.match(r"title\s(\d+)", owner, re.IGNORECASE):
            chapter = "ch. " if _kind(match["word"] or "") == "chapter" else ""
            return statute(f"{title[1]} U.S.C. {chapter}{match['number'].partition('(')[0].strip()}", self.work_names) or ABROAD
        if re.match(r"the\s[A-Z]", owner):
            return self._by_short_name(owner[4:], amends)
        if re.match(r"(?:that|such)\s", owner) and not BEFORE.search(owner):
            return ABROAD
        if (of_the := OF_THE.match(rest)) and (named := NAMED.match(rest, of_the.end())):
            work, length = longest(named.group(), self.work_names)
            return work or self.aliases.get(TRAIL.sub("", named.group()[:length])) or ABROAD
        if self.comments_on and amends is None and _kind(match["word"] or "") == "article":
            return self.comments_on
        return amends

    def _by_short_name(self, name: str, amends: str | None) -> str | None:
        """What the document calls "the Convention", else the law that it amends, else itself where it is one with articles or sections."""
        if (work := self.aliases.get(name) or amends) is not None:
            return work
        own = any(kind in ("article", "section") for kind, _ in self.places.top)
        return None if own and name in ("Convention", "Covenant", "Charter", "Statute", "Protocol") else ABROAD

    def _quoted_target(self, match: re.Match[str], unit: str) -> str | None:
        """Inside quoted law, what the citation means there."""
        return self._target(match, unit, None) if "__qstr_" in unit and not match["owner"] else None

    def _targets(self, match: re.Match[str], first: str | None) -> tuple[str, ...]:
        """Every unit of a list or range: each further number stands beside the one before it."""
        more = match["more"] or (LISTED.search(match["inner"]) or [""])[0]
        if first is None:
            return ()
        found = [first]
        for joint, number in MEMBER.findall(more):
            beside = self.places.beside(found[-1], steps_of(number))
            if beside is None:
                break
            found += self.places.between(found[-1], beside) if RANGE.search(joint) else []
            found.append(beside)
        return tuple(found)

    def _target(self, match: re.Match[str], unit: str, base: str | None) -> str | None:
        steps = [(_kind(match["word"] or "section"), match["number"])]
        steps[:0] = [(_kind(step["word"]), step["number"]) for step in STEP.finditer(match["inner"])]
        steps += [(_kind(step["word"]), step["number"]) for step in STEP.finditer(match["chain"])]
        for kind, number in reversed(steps):
            base = self.places.target(kind, number, base or unit)
            if base is None:
                return None
        return base


def find_references(text: str, structure: Structure, work_names: WorkNames) -> tuple[Reference, ...]:
    """Every citation in the passages, in order, without overlap; what cannot be resolved is kept with neither target nor work.

    A range or list of provisions leads to the first of them, and names all in `targets`. Citations in words that amend another law are that law's.
    """
    reader = _reader(text, structure, work_names)
    return tuple(_reference(text, passage, found) for passage in structure.passages for found in reader.read(passage))


def _reader(text: str, structure: Structure, work_names: WorkNames) -> Reader:
    title = next((u.heading for u in structure.units if u.kind == "title" and u.heading), "")

    def find(words: str) -> str | None:
        named = NAMED.match(words)
        return longest(named.group(), work_names)[0] if named else None

    aliases = aliases_of(structure.passages, title, find)
    own = any(u.kind in ("article", "section") for u in structure.units)
    comments_on = None if own else aliases.get("Convention") or first_convention(structure.passages, find)
    if comments_on:
        aliases["Convention"] = comments_on
    return Reader(structure, Places.of(structure), work_names, aliases, comments_on)


def _reference(text: str, passage: Passage, found: Found) -> Reference:
    start, end = passage.start + found.start, passage.start + found.end
    return Reference(passage.unit, start, end, text[start:end], found.target, found.work, found.targets)


def _kind(word: str) -> str:
    word = re.sub(r"[-\s.]", "", word.lower())
    word = {"art": "article", "para": "paragraph", "annexes": "annex"}.get(word, word)
    return word if word == "annex" else word.rstrip("s")


def longest(name: str, work_names: WorkNames) -> tuple[str | None, int]:
    """The work of a name or of its beginning, and how many characters name it; the whole name where nothing does.

    A beginning that a capital follows is another instrument ("Geneva Conventions Act"), and so is one of another year than its id tells.
    """
    ends = [m.end() for m in re.finditer(r"\S+", name)][-LONGEST_TAIL:]
    for end in reversed(ends):
        words, after = name[:end].rstrip(","), name[end:]
        year = YEAR.match(after)
        if GOES_ON.match(after) and not name[:end].endswith(","):
            continue
        work = work_names(words)
        if work and (year is None or year[1] in work):
            return work, len(words)
    return None, len(name)


def statute(cite: str, work_names: WorkNames) -> str | None:
    """The work of `22 U.S.C. 7102(9)`, `Pub. L. 106–386`, `Directive 2011/36/EU`."""
    plain = re.sub(r"\([0-9A-Za-z]{1,5}\)", "", cite.replace("–", "-")).strip()
    plain = re.sub(r"(U\.?\s?S\.?\s?C\.?)\s(?:§§?\s?)?", "U.S.C. ", plain)
    return work_names(plain) or work_names(re.sub(r"^Pub\. L\. (?:No\. )?", "Public Law ", plain))
