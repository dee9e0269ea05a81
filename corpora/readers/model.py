"""What a reader returns, and the limits that it keeps to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of reading one file. Sizes in bytes, `text` in characters, `seconds` of wall and of processor time."""

    text: int = 20_000_000
    pages: int = 2_000
    entries: int = 2_000
    unpacked: int = 200_000_000
    entry: int = 100_000_000
    main_part: int = 30_000_000
    ratio: int = 100
    seconds: int = 60
    memory: int = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Extract:
    """What one format's reader found: text with one paragraph a line (as it is, for plain text), pages as (start, end), notes, warnings."""

    text: str
    media_type: str
    title: str | None = None
    pages: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadText:
    """An extract with its language (ISO 639-1, `und` where there are too few words to tell)."""

    text: str
    media_type: str
    language: str
    title: str | None = None
    pages: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def paragraphs_text(paragraphs: list[str]) -> str:
    """One paragraph a line, a blank line between: the form in which extracted texts are kept."""
    return "\n\n".join(paragraphs) + "\n" if paragraphs else ""
