"""What a text is called."""

from __future__ import annotations

import re

LONGEST = 400
JUNK = re.compile(
    r"^(?:untitled|document\d*|microsoft word\b.*|word document|index|home|slide \d+|\W*)$|\.(?:docx?|pdf|rtf|indd|txt|html?|wpd|odt)$",
    re.IGNORECASE,
)


def title_of(text: str, stated: str | None) -> str | None:
    """The first paragraph where it reads like a title, else the title that the file states, unless a program made it up.

    The text comes first, so that the same instrument has the same title in every format.
    """
    first = text.lstrip("\ufeff \t\r\n")[: LONGEST + 100].partition("\n")[0].strip()
    heading = first.lstrip("#").strip()
    if heading and (_is_title(heading) or heading != first):
        return heading
    said = " ".join((stated or "").split())
    return said[:LONGEST] if said and not JUNK.search(said) else None


def _is_title(words: str) -> bool:
    """Two words or more, no full stop or comma at the end, and capitals on half of the long words."""
    long = re.findall(r"[^\W\d_]{4,}", words)
    capitals = sum(word[0].isupper() for word in long)
    return len(words.split()) > 1 and len(words) <= LONGEST and words[-1] not in ".,;:—" and 0 < len(long) <= 2 * capitals
