"""Which work a name or a title page means."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

FIRST_PAGE = 3_000
TITLE_LINES = 6
SHORT_TITLE = re.compile(
    r"\b(?:may be (?:cited|called)(?: for all purposes)? as|may be called|shall be known (?:and cited )?as|This Act is) (?:the |“|\")*"
)
SECTION = re.compile(r"(\d+ u s c) (\d+)([a-z]?)")


@dataclass(frozen=True, slots=True)
class Work:
    """An instrument as such (FRBR work), whatever its version: facts about it and the names by which it is cited.

    `amends` are works whose text it changes, `codified` ranges of a code that it fills; `opens` are first words of texts of it that do not
    begin with its title.
    """

    id: str
    title: str
    names: tuple[str, ...]
    body: str
    kind: str
    adopted: date
    in_force: date | None = None
    cites: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    codified: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codified:
    """A range of sections of a code: `22 u s c`, from and to as (number, letter)."""

    code: str
    low: tuple[int, str]
    high: tuple[int, str]
    work: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Works by id, the folded names that lead to them, titles that several share, and the sections of codes."""

    works: Mapping[str, Work]
    names: Mapping[str, str]
    shared: frozenset[str]
    sections: tuple[Codified, ...]

    def find(self, name: str) -> str | None:
        """The id of the work that is cited by this name; None where no work has it, or where several have."""
        key = folded(name)
        if key in self.shared:
            return None
        return self.names.get(key) or self._section(key)

    def recognise(self, first_page: str) -> str | None:
        """The work whose text begins so: by its title or number on one of the first lines, its opening words, or its short-title clause.

        None where nothing tells, or where several works have the title.
        """
        page = first_page[:FIRST_PAGE]
        lines = [line.strip() for line in page.splitlines() if line.strip()][:TITLE_LINES]
        return self._by_line(lines) or self._by_opening(page) or self._by_short_title(page)

    def _by_line(self, lines: Sequence[str]) -> str | None:
        for line in lines:
            if folded(line) in self.shared:
                return None
            if work := self.find(line):
                return work
        head = folded(" ".join(lines[:2]))
        begun = [
            w for w in self.works.values() if len(t := folded(w.title)) > 12 and t not in self.shared and f"{head} ".startswith(f"{t} ")
        ]
        return max(begun, key=lambda w: len(w.title)).id if begun else None

    def _by_opening(self, page: str) -> str | None:
        head = f"{folded(page[:600])} "
        return next((w.id for w in self.works.values() for words in w.opens if head.startswith(f"{folded(words)} ")), None)

    def _by_short_title(self, page: str) -> str | None:
        clause = SHORT_TITLE.search(page)
        words = re.findall(r"\S+", page[clause.end() : clause.end() + 200]) if clause else []
        return next((work for n in range(len(words), 1, -1) if (work := self.find(" ".join(words[:n])))), None)

    def _section(self, key: str) -> str | None:
        match = SECTION.fullmatch(key)
        place = (int(match[2]), match[3]) if match else None
        return next((s.work for s in self.sections if match and place and s.code == match[1] and s.low <= place <= s.high), None)


def folded(name: str) -> str:
    """A name for comparison: small letters, words and numbers only, without a leading article."""
    words = re.findall(r"[^\W_]+", name.casefold().replace("’", "").replace("'", ""))
    return " ".join(words[1:] if words[:1] == ["the"] else words)


@cache
def load_catalogue() -> Catalogue:
    """The catalogue that ships with the program."""
    data = tomllib.loads(resources.files("corpora.catalogue").joinpath("works.toml").read_text(encoding="utf-8"))
    works = [_work(row) for row in data["work"]]
    names: dict[str, str] = {}
    shared: set[str] = set()
    for work in works:
        for name in dict.fromkeys(map(folded, (work.title, *work.names))):
            if names.setdefault(name, work.id) != work.id:
                shared.add(name)
    sections = tuple(_codified(words, work.id) for work in works for words in work.codified)
    return Catalogue({w.id: w for w in works}, names, frozenset(shared), sections)


def _work(row: Mapping[str, object]) -> Work:
    facts = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Work(**facts)  # type: ignore[arg-type]


def _codified(words: str, work: str) -> Codified:
    """`42 U.S.C. 14044-14044h` as a range."""
    code, low, high = re.findall(r"^.*U\.S\.C\.|\d+[a-z]?(?![^-]*U\.S\.C)", words)
    return Codified(folded(code), _place(low), _place(high), work)


def _place(section: str) -> tuple[int, str]:
    digits = section.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(digits), section[len(digits) :]
