"""The audit log as it goes over the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from api.schemas import Wire
from corpora.store.audit import Entry


class EntryOut(Wire):
    """One act."""

    id: str
    moment: datetime
    actor: str = Field(description="the name of the key; `local` without keys, `worker` for what the service did itself")
    action: str = Field(examples=["read"])
    object_id: str = Field(description="the document, corpus, review, key … that was acted on")
    details: dict[str, str | int | None] = Field(description="digests, names, the digest of the pipeline; never words of a document")

    @classmethod
    def of(cls, entry: Entry) -> EntryOut:
        return cls(**{name: getattr(entry, name) for name in EntryOut.model_fields})


class AuditOut(Wire):
    """One page; it is the last where it has fewer entries than asked for."""

    items: tuple[EntryOut, ...]
