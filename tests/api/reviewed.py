"""A service with an annotated document in it that was made by hand."""

from __future__ import annotations

import hashlib
from typing import Any

from corpora.store import annotations
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


def start(served: Served, documents: list[str], **more: Any) -> dict[str, Any]:
    """A review of these documents by two coders."""
    body = {"name": "first round", "documents": documents, "coders": ["ana", "ben"], **more}
    answer = served.client.post("/v1/reviews", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
