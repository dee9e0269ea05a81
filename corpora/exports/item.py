"""What is exported: an annotated document with what its keeper says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document: `name` begins the names of its files, `annotated` is its JSON (docs/annotations.md), the rest is catalogue data."""

    name: str
    annotated: Json
    id: str | None = None
    title: str | None = None
    work: str | None = None
    version: str | None = None
    date: str | None = None
    body: str | None = None

    @property
    def text(self) -> str:
        """The text to which every offset refers."""
        found: str = self.annotated["text"]
        return found

    @property
    def heading(self) -> str:
        """What the document is called: its title, else the first line of its text, else its name."""
        said = self.title or self.annotated["document"].get("title")
        return said or self.text.strip().partition("\n")[0][:200] or self.name


def file_names(items: Iterable[Item]) -> Iterator[tuple[str, Item]]:
    """A file name without ending for each document, each once: letters, digits, `.`, `_`, `-`."""
    taken: set[str] = set()
    for item in items:
        base = _UNSAFE.sub("-", item.name).strip(".-")[:100] or "document"
        name, number = base, 1
        while name.casefold() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.casefold())
        yield name, item
