"""What components of one pipeline share: models loaded once, and each text read once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, lru_cache, partial

from spacy.language import Language
from spacy.tokens import Doc

from corpora.catalogue.find import load_catalogue
from models.labeller import Labeller, load_labeller
from models.manifest import verify
from nlp.annotate import WEIGHTS, WorkNames
from nlp.structure.find import find_structure
from nlp.syntax import load_syntax, parse
from nlp.types import Structure


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's structure, and its passages tagged and parsed."""

    structure: Structure
    docs: tuple[Doc, ...]


@lru_cache(maxsize=4)
def read(text: str) -> Reading:
    """The reading of a text, kept while the other components of a pipeline come to it."""
    structure = find_structure(text)
    return Reading(structure, tuple(parse(syntax(), [p.text for p in structure.passages])))


@lru_cache(maxsize=4)
def structure_of(text: str) -> Structure:
    """The units and passages of a text."""
    return find_structure(text)


@cache
def syntax() -> Language:
    """Lexframe's own tagger and parser; a user's model is left alone, and findings do not depend on it."""
    return load_syntax()


@cache
def labeller() -> Labeller:
    """The provision model.

    A process that is forked after the model has run (`nlp.pipe` with several) would wait for ever for threads that only its parent
    has: it computes with one thread.
    """
    import torch

    os.register_at_fork(after_in_child=partial(torch.set_num_threads, 1))
    return load_labeller(WEIGHTS / "provisions")


@cache
def work_names() -> WorkNames:
    """The work that the name of an instrument means."""
    return load_catalogue().find


@cache
def digests() -> dict[str, str]:
    """The models by their digests, as a saved pipeline notes them."""
    return {name: verify(WEIGHTS / name) for name in ("provisions", "syntax")}
