"""What a second version takes over from the first, and that nothing comes out otherwise for it."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import pytest

from models.labeller import Labeller, Reading
from nlp.annotate import Annotator, load_annotator
from nlp.reuse import NOTHING, earlier
from nlp.types import AnnotatedDocument, Source
from nlp.wire import dumps, to_json

FIRST = "model-convention-2-victims-rights-draft"


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return load_annotator()


@pytest.fixture(scope="module")
def text() -> str:
    return resources.files("corpora.samples").joinpath(f"{FIRST}.txt").read_text(encoding="utf-8")[:6000]


@pytest.fixture(scope="module")
def before(annotator: Annotator, text: str) -> AnnotatedDocument:
    return annotator(text, source("Model convention"))


def source(title: str) -> Source:
    return Source("0" * 64, "text/plain", "en", title=title)


def test_the_second_version_is_the_same_with_and_without_the_first(annotator: Annotator, text: str, before: AnnotatedDocument) -> None:
    lines = text.split("\n")
    middle = len(lines) // 2
    later = "\n".join([*lines[:middle], "Each State Party shall provide victims with legal aid free of charge.", *lines[middle:]])
    alone = annotator(later, source("Model convention"))
    with_it = annotator(later, source("Model convention"), before=before)
    assert dumps(to_json(with_it)) == dumps(to_json(alone))
    known = earlier(before, annotator.provenance)
    assert len(known.blocks) == len(before.blocks)


def test_what_is_known_is_not_read_again(
    annotator: Annotator, text: str, before: AnnotatedDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    real = Labeller.read

    def counted(self: Labeller, pairs: list[object]) -> Reading:
        read.append(len(pairs))
        return real(self, pairs)  # type: ignore[arg-type]

    monkeypatch.setattr(Labeller, "read", counted)
    again = annotator(f"{text}\n\nEach State Party shall report every year.\n", source("Model convention"), before=before)
    assert sum(read) <= 2
    assert len(again.blocks) >= len(before.blocks)


def test_nothing_is_taken_from_another_pipeline_or_in_another_context(annotator: Annotator, before: AnnotatedDocument) -> None:
    other = replace(annotator.provenance, version="another")
    assert earlier(before, other) is NOTHING
    known = earlier(before, annotator.provenance)
    retitled = earlier(replace(before, source=source("Another title")), annotator.provenance)
    assert not known.blocks.keys() & retitled.blocks.keys()
