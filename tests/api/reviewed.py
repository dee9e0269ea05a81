"""A service with an annotated document in it that was made by hand."""

from __future__ import annotations

import hashlib
from typing import Any

from corpora.codebooks import MODEL
from corpora.search.meaning import encoder_digest
from corpora.store import annotations, documents, provisions
from corpora.store.annotations import Key
from nlp.wire import to_json
from tests.annotated import TEXT, document
from tests.api.service import Served


def annotated_document(served: Served, **fields: str) -> str:
    """The id of a document whose annotation is the hand-made one."""
    accepted = served.upload(TEXT.encode(), "harbour.txt", **fields)
    with served.store.transaction() as tx:
        key = Key("default", hashlib.sha256(TEXT.encode()).hexdigest(), accepted["document_id"], "0" * 64)
        annotations.attach(tx, accepted["document_id"], annotations.keep(tx, key, to_json(document())))
    return str(accepted["document_id"])


def give_meaning(served: Served, document_id: str) -> None:
    """Gives each provision of the document a vector, the nearer to the next the shorter its way from the first."""
    with served.store.transaction() as tx:
        known = documents.get(tx, document_id)
        assert known is not None
        assert known.annotation_id is not None
        rows = list(provisions.rows_of(to_json(document())))
        turned = {row["text"]: bytes([127, 20 * row["position"], *[0] * 382]) for row in rows}
        provisions.keep_vectors(tx, known.annotation_id, encoder_digest(MODEL), turned)


def start(served: Served, documents: list[str], **more: Any) -> dict[str, Any]:
    """A review of these documents by two coders."""
    body = {"name": "first round", "documents": documents, "coders": ["ana", "ben"], **more}
    answer = served.client.post("/v1/reviews", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
