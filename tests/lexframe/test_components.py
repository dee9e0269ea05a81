from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import lexframe
from lexframe.components import NeedsDefinitions, OtherModels, component_names
from nlp.types import AnnotatedDocument, Definition, Framing
from tests.lexframe.texts import FERRY, LAKE

LAYERS = {"lexframe_definitions": "definitions", "lexframe_elements": "elements", "lexframe_statements": "statements",
          "lexframe_references": "references", "lexframe_provisions": "blocks"}  # fmt: skip


@pytest.fixture(scope="module")
def nlp() -> Language:
    """A pipeline as a user would make it, with a component of the user's own."""
    made = spacy.blank("en")
    made.add_pipe("sentencizer")
    for name in component_names():
        made.add_pipe(name)
    return made


@pytest.fixture(scope="module")
def annotated() -> Iterator[AnnotatedDocument]:
    return lexframe.annotate(LAKE)


def check_same(doc: Doc, annotated: AnnotatedDocument) -> None:
    for layer, name in LAYERS.items():
        assert getattr(doc._, layer) == getattr(annotated, name), layer


def test_the_components_find_what_the_service_finds(nlp: Language, annotated: AnnotatedDocument) -> None:
    doc = nlp(LAKE)
    check_same(doc, annotated)
    assert len(annotated.definitions) == 1
    assert len(annotated.statements) >= 3
    [term] = doc.spans["lexframe_definitions"]
    assert (term.text, term.label_) == ("harbour trafficking", "means")
    found = term._.lexframe
    assert isinstance(found, Definition)
    assert found == annotated.definitions[0]
    assert {span.label_ for span in doc.spans["lexframe_provisions"]} <= set(Framing)
    assert [span.text for span in doc.spans["lexframe_references"]] == [r.text for r in annotated.references]


def test_needs_are_declared(nlp: Language) -> None:
    analysis = nlp.analyze_pipes(pretty=False)
    assert analysis["problems"]["lexframe_statements"] == []
    assert "doc._.lexframe_definitions" in analysis["summary"]["lexframe_definitions"]["assigns"]
    alone = spacy.blank("en")
    alone.add_pipe("lexframe_statements")
    assert alone.analyze_pipes()["problems"]["lexframe_statements"] == ["doc._.lexframe_definitions"]
    with pytest.raises(NeedsDefinitions, match="lexframe_definitions"):
        alone(FERRY)


def test_a_users_own_definitions_are_used(annotated: AnnotatedDocument) -> None:
    @Language.component("own_definitions_of_a_test")
    def own(doc: Doc) -> Doc:
        doc._.lexframe_definitions = annotated.definitions
        return doc

    made = spacy.blank("en")
    made.add_pipe("own_definitions_of_a_test")
    made.add_pipe("lexframe_statements")
    assert made(LAKE)._.lexframe_statements == annotated.statements


def test_a_model_of_the_users_own_is_left_alone(annotated: AnnotatedDocument) -> None:
    made = spacy.blank("en")
    tagger = made.add_pipe("tagger")
    for label in ("ONE", "OTHER"):
        tagger.add_label(label)  # type: ignore[attr-defined]
    made.initialize()
    tags = [token.tag_ for token in made(LAKE)]
    for name in ("lexframe_definitions", "lexframe_statements", "lexframe_references"):
        made.add_pipe(name)
    doc = made(LAKE)
    assert [token.tag_ for token in doc] == tags
    assert (doc._.lexframe_definitions, doc._.lexframe_statements) == (annotated.definitions, annotated.statements)


def test_settings_are_in_the_config_and_survive_saving(nlp: Language, annotated: AnnotatedDocument, tmp_path: Path) -> None:
    made = spacy.blank("en")
    made.add_pipe("lexframe_provisions", config={"evidence": False})
    made.add_pipe("lexframe_references", config={"catalogue": False})
    assert made.config["components"]["lexframe_provisions"]["evidence"] is False
    made.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.config["components"]["lexframe_provisions"]["evidence"] is False
    doc = again(LAKE)
    assert [b.indicators for b in doc._.lexframe_provisions] == [b.indicators for b in annotated.blocks]
    assert not any(b.evidence for b in doc._.lexframe_provisions)
    whole = spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes())
    check_same(whole(LAKE), annotated)


def test_other_models_are_told_of(nlp: Language) -> None:
    component = nlp.get_pipe("lexframe_definitions")
    with pytest.warns(OtherModels):
        component.from_bytes(b'{"provisions": "sha256:other"}')


def test_docs_are_kept_in_a_docbin(nlp: Language, annotated: AnnotatedDocument) -> None:
    data = DocBin(docs=[nlp(LAKE)], store_user_data=True).to_bytes()
    [doc] = DocBin(store_user_data=True).from_bytes(data).get_docs(spacy.blank("en").vocab)
    check_same(doc, annotated)
    assert doc.spans["lexframe_definitions"][0]._.lexframe == annotated.definitions[0]


PROCESSES = """
import spacy
from tests.lexframe.texts import FERRY, LAKE
if __name__ == "__main__":
    nlp = spacy.blank("en")
    for name in ("lexframe_definitions", "lexframe_statements", "lexframe_references", "lexframe_provisions"):
        nlp.add_pipe(name)
    alone = [nlp(text) for text in (LAKE, FERRY)]
    shared = list(nlp.pipe([LAKE, FERRY], n_process=2, batch_size=1))
    assert [d.user_data for d in shared] == [d.user_data for d in alone]
    assert [d._.lexframe_statements for d in shared] == [d._.lexframe_statements for d in alone]
    assert all(d._.lexframe_provisions for d in shared)
    print(sum(len(d._.lexframe_statements) for d in shared))
"""


def test_several_processes_find_the_same() -> None:
    """Also where the models have run with several threads before: a forked process has none of them, and must not wait for them."""
    threads = os.environ | {"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "passive"}
    done = subprocess.run([sys.executable, "-c", PROCESSES], capture_output=True, text=True, check=False, timeout=120, env=threads)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 5


def test_a_title_can_be_given(nlp: Language) -> None:
    doc = nlp.make_doc(LAKE)
    doc._.lexframe_title = "Something else"
    other = nlp.get_pipe("lexframe_provisions")(doc)
    assert [b.unit for b in other._.lexframe_provisions] == [b.unit for b in lexframe.annotate(LAKE).blocks]
