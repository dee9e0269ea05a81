"""A corpus of annotations made by hand, each with what its figures are to be reckoned from."""

from __future__ import annotations

from typing import Any

from corpora.store import annotations as kept
from corpora.store import corpora
from corpora.store.annotations import Key
from corpora.store.documents import NewDocument
from corpora.store.session import Store
from corpora.store.tables import DEFAULT_SPACE

Json = dict[str, Any]


def new_corpus(store: Store, name: str = "treaties", space: str = DEFAULT_SPACE) -> str:
    """An empty corpus."""
    with store.transaction() as tx:
        return corpora.create(tx, name, space=space)


def member(store: Store, corpus_id: str, text: str, result: Json | None, *, space: str = DEFAULT_SPACE, **said: str) -> str:
    """A document of the corpus with this annotation, or without one."""
    blob = store.blobs.put_stream([text.encode()], 1 << 20)
    with store.transaction() as tx:
        document = corpora.add(tx, corpus_id, f"{text}.txt", NewDocument(sha256=blob.sha256, size=blob.size, **said), space=space)  # type: ignore[arg-type]
        assert document is not None
        if result is not None:
            key = Key(space, blob.sha256, "", str(result.get("pipeline", "p")))
            kept.attach(tx, document, kept.keep(tx, key, {"text": text, **result}))
    return document


def result(
    framing: str = "crime",
    rights: float | None = 0.0,
    blocks: list[Json] | None = None,
    statements: list[tuple[str, str]] | None = None,
    definitions: list[list[str]] | None = None,
    offences: list[str] | None = None,
) -> Json:
    """An annotated document as the document contract has it, as far as it is counted; `rights` None where no block is framed."""
    place = {"start": 0, "end": 1}
    scores = {"crime": 0.0, "rights": 0.0} if rights is None else {"crime": round(1 - rights, 4), "rights": rights}
    return {
        "framing": {"label": framing, "scores": scores},
        "blocks": blocks or [],
        "statements": [{"type": kind, "strength": strength, "bearer_class": None, "trigger": place} for kind, strength in statements or []],
        "definitions": [
            {"form": "means", "term": place, "elements": [{"role": role, **place} for role in roles]} for roles in definitions or []
        ],
        "elements": [{"role": role, **place} for role in offences or []],
    }


def block(framing: str, *labels: str, conditional: bool = False) -> Json:
    """A block with these labels: indicators have a dot, victim provisions have none."""
    carried = {True: {label: 0.9 for label in labels if "." in label}, False: {label: 0.9 for label in labels if "." not in label}}
    place = {"unit": "u", "start": 0, "end": 1, "framing": framing, "four_p": {}, "conditional": conditional}
    return {**place, "indicators": carried[True], "victim": carried[False]}
