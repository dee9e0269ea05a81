"""What a reader returns, and the limits that it keeps to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of reading one file. Sizes in bytes, `text` in characters, `seconds` of wall and of processor time.

    `ratio` is of unpacked to packed size and holds for parts above a megabyte; `depth` is of nested elements.
    """

    file: int = 100_000_000
    text: int = 20_000_000
    pages: int = 2_000
    entries: int = 2_000
    unpacked: int = 200_000_000
    entry: int = 100_000_000
    main_part: int = 30_000_000
    ratio: int = 100
    depth: int = 2_000
    seconds: int = 60
    memory: int = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a range of the text stands in the file: page of a PDF (from 1), line of an HTML source, paragraph of a Word file (from 1)."""

    start: int
    end: int
    source: int


@dataclass(frozen=True, slots=True)
class Extract:
    """What one format's reader found: text with one paragraph a line (as it is, for plain text), pages as (start, end), notes, warnings.

    `source_map` has a place for each paragraph, and is empty where the text is the file's own, so that offsets hold against the file.
    """

    text: str
    media_type: str
    title: str | None = None
    pages: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    source_map: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadText:
    """An extract with its language (ISO 639-1, `und` where there are no words to tell it by)."""

    text: str
    media_type: str
    language: str
    title: str | None = None
    pages: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    source_map: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The words of a paragraph and where it stands in the file (see `Place`)."""

    words: str
    source: int


def laid_out(paragraphs: Iterable[Paragraph]) -> tuple[str, tuple[Place, ...]]:
    """One paragraph a line, a blank line between: the form in which extracted texts are kept, with the place of each."""
    parts: list[str] = []
    places: list[Place] = []
    at = 0
    for paragraph in paragraphs:
        parts.append(paragraph.words)
        places.append(Place(at, at + len(paragraph.words), paragraph.source))
        at += len(paragraph.words) + 2
    return ("\n\n".join(parts) + "\n" if parts else ""), tuple(places)


def paragraphs_text(paragraphs: list[str]) -> str:
    """One paragraph a line, a blank line between: the form in which extracted texts are kept."""
    return "\n\n".join(paragraphs) + "\n" if paragraphs else ""
