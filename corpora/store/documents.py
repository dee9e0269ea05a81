"""Documents: accepted with their job in one transaction, listed, changed, and really deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from corpora.store.jobs import JobState
from corpora.store.session import Transaction
from corpora.store.tables import DEFAULT_SPACE

MOST_ITEMS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDocument:
    """What comes in: bytes that are in the blob store, and what their sender says of them. Names are cleaned on the way in.

    `body` is the body that issued the instrument; `work` and `version` say which text of which instrument it is.
    """

    sha256: str
    size: int
    filename: str | None = None
    media_type: str | None = None
    title: str | None = None
    date: str | None = None
    body: str | None = None
    kind: str | None = None
    work: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The ids under which a document and its job were taken in; `replayed` where the idempotency key had done so before."""

    document_id: str
    job_id: str
    replayed: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A document as lists show it, with the state of its latest job and the outcome of its latest annotation."""

    id: str
    space: str
    sha256: str
    size: int
    filename: str
    media_type: str | None
    title: str | None
    date: str | None
    body: str | None
    kind: str | None
    work_id: str | None
    version: str | None
    created: datetime
    job_id: str | None
    state: JobState | None
    annotation_id: str | None
    status: str | None
    characters: int | None
    framing: str | None
    crime_score: float | None
    rights_score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to: `title` is part of the title or the file name in any case; the others are exact."""

    title: str | None = None
    body: str | None = None
    kind: str | None = None
    work: str | None = None
    version: str | None = None
    framing: str | None = None
    state: str | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Documents, the newest first; `next_cursor` is None on the last page."""

    items: tuple[Document, ...]
    next_cursor: str | None


def accept(
    tx: Transaction,
    new: NewDocument,
    idempotency_key: str | None = None,
    max_attempts: int = 3,
    *,
    space: str = DEFAULT_SPACE,
    actor: str = "local",
    priority: int = 0,
) -> Accepted:
    """Takes in a document with its job and audit entry; the caller notifies the queue after the commit.

    Raises IdempotencyConflict for a known key with other content, UploadLost where the bytes were deleted meanwhile.
    """
    raise NotImplementedError


def get(tx: Transaction, document_id: str, *, space: str = DEFAULT_SPACE) -> Document | None:
    """The document, None where the space has none of that id."""
    raise NotImplementedError


def page(
    tx: Transaction, cursor: str | None = None, limit: int = 50, filters: Filters | None = None, *, space: str = DEFAULT_SPACE
) -> Page:
    """One page, at most 200 items; raises BadCursor."""
    raise NotImplementedError


def delete(tx: Transaction, document_id: str, *, space: str = DEFAULT_SPACE, actor: str = "local") -> bool:
    """Deletes row, jobs, annotations and, after the commit and unless another document has them, the bytes; False where unknown."""
    raise NotImplementedError


def set_metadata(
    tx: Transaction, document_id: str, changes: Mapping[str, str | None], *, space: str = DEFAULT_SPACE, actor: str = "local"
) -> bool:
    """Changes title, date, body, kind, work or version; False where unknown. Raises UnknownField.

    Annotations stay as they are: they were made with the title and kind of their time.
    """
    raise NotImplementedError
