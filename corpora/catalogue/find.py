"""Which work a name or a title page means."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

FIRST_PAGE = 3_000


@dataclass(frozen=True, slots=True)
class Work:
    """An instrument as such (FRBR work), whatever its version: facts about it and the names by which it is cited."""

    id: str
    title: str
    names: tuple[str, ...]
    body: str
    kind: str
    adopted: date
    in_force: date | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Works by id, and the folded names that lead to them."""

    works: Mapping[str, Work]
    names: Mapping[str, str]

    def find(self, name: str) -> str | None:
        """The id of the work that is cited by this name; None where no work has it, or where it could be a passing word."""
        return self.names.get(folded(name))

    def recognise(self, text: str) -> str | None:
        """The work whose title stands on the first page of a text, the longest title that does; None where there is none."""
        page = f" {folded(text[:FIRST_PAGE])} "
        head = f" {folded(text[:400])} "
        hits = [w for w in self.works.values() if (t := folded(w.title)) and f" {t} " in head]
        hits = hits or [w for w in self.works.values() if len(t := folded(w.title)) > 30 and f" {t} " in page[: FIRST_PAGE // 3]]
        return max(hits, key=lambda w: len(folded(w.title))).id if hits else None


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
    for work in works:
        for name in (work.title, *work.names):
            names.setdefault(folded(name), work.id)
    return Catalogue({w.id: w for w in works}, names)


def _work(row: Mapping[str, object]) -> Work:
    facts = dict(row)
    facts["names"] = tuple(facts.get("names", ()))  # type: ignore[arg-type]
    facts["cites"] = tuple(facts.get("cites", ()))  # type: ignore[arg-type]
    return Work(**facts)  # type: ignore[arg-type]
