"""Tags, lemmas and dependencies of passages, from the shipped spaCy pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps, set_current_ops

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "syntax"
LONGEST = 2_000
BATCH = 64
RUN = re.compile(r"\S{400}")
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
PLAIN = re.compile(r"(?:\w+|[^\w\s]) ?|[^\S ]+ ?| ")


class NoSyntaxModel(ValueError):
    """The folder that should hold the syntax pipeline does not hold one: run `make syntax`, or point to a folder made by it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"no syntax pipeline in {folder}")
        self.folder = folder


def load_syntax(folder: Path = WEIGHTS) -> Language:
    """The tagger, lemmatizer and parser; raises NoSyntaxModel.

    Plain numpy instead of the `blis` wheel, whose generic kernels took 1.5 to 1.9 times as long where it was measured.
    """
    if not (folder / "config.cfg").is_file():
        raise NoSyntaxModel(folder)
    set_current_ops(NumpyOps(use_blis=False))
    return spacy.load(folder)


def parse(nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
    """One Doc per text, in order; a text of more than 2,000 tokens is cut into words only: parsing it costs more than it tells."""
    docs = [_cut(nlp, readable(text)) for text in texts]
    short = nlp.pipe((doc for doc in docs if _parsed(doc)), batch_size=BATCH)
    for doc in docs:
        yield next(short) if _parsed(doc) else doc


def readable(text: str) -> str:
    """The text as models can take it: each lone surrogate, which UTF-8 cannot hold, is one U+FFFD, so that offsets stay true."""
    return LONE_SURROGATE.sub("\ufffd", text)


def _parsed(doc: Doc) -> bool:
    return 0 < len(doc) <= LONGEST and RUN.search(doc.text) is None


def _cut(nlp: Language, text: str) -> Doc:
    """The text as words. A text with an endless run of marks is cut by a plain pattern: spaCy's tokenizer takes quadratic time on it."""
    if RUN.search(text) is None:
        nlp.max_length = max(nlp.max_length, len(text) + 1)
        return nlp.make_doc(text)
    found = [(m.group().rstrip(" "), m.group()[-1] == " ") for m in PLAIN.finditer(text)]
    return Doc(nlp.vocab, words=[word or " " for word, _ in found], spaces=[bool(word) and space for word, space in found])
