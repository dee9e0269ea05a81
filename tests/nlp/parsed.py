"""Passages and parses for tests: one sentence, or a text with a paragraph a line."""

from __future__ import annotations

from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from nlp.structure.find import find_structure
from nlp.syntax import load_syntax, parse
from nlp.types import Passage, PassageRole, Structure


@cache
def syntax() -> Language:
    """The shipped pipeline, loaded once."""
    return load_syntax()


def alone(text: str, heading: str = "") -> tuple[tuple[Passage, ...], list[Doc]]:
    """A text as a single operative passage."""
    passage = Passage("art_1", 0, len(text), text, PassageRole.OPERATIVE, (heading,) if heading else ())
    return (passage,), list(parse(syntax(), [text]))


def read(text: str) -> tuple[Structure, list[Doc]]:
    """A text with its structure."""
    structure = find_structure(text)
    return structure, list(parse(syntax(), [p.text for p in structure.passages]))
