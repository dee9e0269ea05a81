"""Elements of trafficking definitions and offences."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.types import Definition, Element, Passage


def find_elements(
    text: str, passages: Sequence[Passage], definitions: Sequence[Definition]
) -> tuple[tuple[Definition, ...], tuple[Element, ...]]:
    """The definitions with their elements, and the elements of offences that define no term."""
    return tuple(definitions), ()
