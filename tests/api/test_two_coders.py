"""Two coders and an adjudicator, from the assignment to a model that has learnt from them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

import lexframe
from api.commands.adapt import adapt_model
from corpora.annotating import default_annotator
from corpora.store import annotations
from corpora.store.annotations import Key
from nlp.types import AnnotatedDocument, Block, Source
from nlp.wire import to_json
from tests.api.service import Served, slug

NAMES = ("model-convention-3-adopted", "model-statute")
LABEL = "victim/safety"
WORDS = ("protect", "safe")


@pytest.fixture(scope="module")
def documents() -> dict[str, AnnotatedDocument]:
    return {name: lexframe.annotate(text_of(name)) for name in NAMES}


def text_of(name: str) -> str:
    """Its first provisions."""
    return (files("corpora.samples") / f"{name}.txt").read_text(encoding="utf-8")[:10_000].rpartition("\n\n")[0] + "\n"


def kept(served: Served, name: str, document: AnnotatedDocument) -> str:
    accepted = served.upload(document.text.encode(), f"{name}.txt")
    with served.store.transaction() as tx:
        key = Key("default", "0" * 64, accepted["document_id"], document.source.sha256)
        annotations.attach(tx, accepted["document_id"], annotations.keep(tx, key, to_json(document)))
    return str(accepted["document_id"])


def labels_of(document: AnnotatedDocument, block: Block) -> list[str]:
    """What the coders of this test hold: the model's victim provisions, but "safety" wherever protection or safety is spoken of."""
    words = document.text[block.start : block.end].lower()
    rest = {f"victim/{label}" for label in block.victim} - {LABEL}
    return sorted(rest | ({LABEL} if any(word in words for word in WORDS) else set()))


def file_of(document_id: str, document: AnnotatedDocument, coder: str) -> Iterator[str]:
    """The second coder forgets it on every fourth block that has it."""
    seen = 0
    for block in document.blocks:
        labels = labels_of(document, block)
        seen += LABEL in labels
        if coder == "ben" and LABEL in labels and seen % 4 == 0:
            labels.remove(LABEL)
        yield json.dumps({"document": document_id, "coder": coder, "start": block.start, "end": block.end, "labels": labels})


def ask(served: Served, method: str, path: str, **more: Any) -> Any:
    answer = served.client.request(method, path, **more)
    assert answer.is_success, answer.text
    return answer.json()


def test_from_assignment_to_a_model_that_learnt(
    served: Served, documents: dict[str, AnnotatedDocument], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids = {kept(served, name, document): document for name, document in documents.items()}
    body = {"name": "what is safety", "documents": list(ids), "coders": ["ana", "ben"], "layers": ["victim"]}
    path = f"/v1/reviews/{ask(served, 'POST', '/v1/reviews', json=body)['id']}"
    for coder in ("ana", "ben"):
        lines = "\n".join(line for id_, document in ids.items() for line in file_of(id_, document, coder))
        ask(served, "POST", f"{path}/files", content=lines.encode(), headers={"Content-Type": "application/jsonl"})
        assert slug(served.client.get(f"{path}/disagreements", params={"coder": coder})) == "still-blind"

    measured = ask(served, "GET", f"{path}/agreement")["labels"][LABEL]["figures"]
    assert 0.3 < measured["alpha"]["value"] < 1
    assert measured["ac1"]["value"] > measured["alpha"]["value"]

    still_open = ask(served, "GET", f"{path}/disagreements", params={"coder": "chair"})["items"]
    assert still_open
    for block in still_open:
        coding = {name: block[name] for name in ("document_id", "start", "end")} | {"labels": block["coders"]["ana"]}
        ask(served, "POST", f"{path}/codings", json=coding | {"coder": "chair", "role": "adjudicator"})
    assert ask(served, "GET", path)["standing"]["open"] == 0

    zipfile.ZipFile(io.BytesIO(served.client.get(f"{path}/gold").content)).extractall(tmp_path)
    adapt_model([tmp_path / "labels"], tmp_path / "texts", tmp_path / "model")
    said = capsys.readouterr().out
    assert LABEL in said

    learnt = default_annotator(model=tmp_path / "model")
    before, after = (misses(documents, annotated) for annotated in (documents, again(documents, learnt)))
    assert after < before
    assert learnt.provenance != documents[NAMES[0]].pipeline


def again(documents: dict[str, AnnotatedDocument], annotator: Any) -> dict[str, AnnotatedDocument]:
    return {name: annotator(one.text, Source(one.source.sha256, "text/plain", "en")) for name, one in documents.items()}


def misses(documents: dict[str, AnnotatedDocument], annotated: dict[str, AnnotatedDocument]) -> int:
    """Blocks on which the label is not as the coders have it."""
    pairs = [
        (documents[name], block, new) for name in NAMES for block, new in zip(documents[name].blocks, annotated[name].blocks, strict=True)
    ]
    return sum((LABEL in labels_of(document, block)) != ("safety" in new.victim) for document, block, new in pairs)
