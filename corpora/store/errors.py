"""What can go wrong in the store; each docstring is the message."""

from __future__ import annotations


class StoreError(Exception):
    """The store could not do what was asked."""

    def __str__(self) -> str:
        return self.args[0] if self.args else (self.__doc__ or "").strip()


class StoreUnavailable(StoreError):
    """The database or the file store cannot be reached at the moment; try again shortly."""


class StoreFull(StoreError):
    """There is no space left where documents are kept."""


class UploadLost(StoreUnavailable):
    """The same file was being deleted while it was uploaded; upload it again."""


class BlobMissing(StoreError):
    """The original bytes of this document are not in the file store."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"The original bytes {sha256} are not in the file store.")
        self.sha256 = sha256


class TooLarge(StoreError):
    """The file is larger than the limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file is larger than the limit of {limit} bytes.")
        self.limit = limit


class IdempotencyConflict(StoreError):
    """This idempotency key was used before for a different upload."""

    def __init__(self, key: str) -> None:
        super().__init__("This idempotency key was used before for a different upload.")
        self.key = key


class BadCursor(StoreError):
    """The cursor is not one that this service gave out."""


class UnstorableText(StoreError):
    """A text holds what can be neither kept nor looked for: a null character, or one half of a surrogate pair."""


class UnknownField(StoreError):
    """A document has no such field that could be changed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A document has no field {name!r} that could be changed.")
        self.name = name


class BadDatabaseUrl(StoreError):
    """The database URL names neither an SQLite file nor a PostgreSQL database."""


class BadKey(StoreError):
    """An access key cannot be made so."""


class CorpusExists(StoreError):
    """There is a corpus of this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a corpus named {name!r} already.")
        self.name = name


class BadCorpusName(StoreError):
    """A corpus needs a name of at least one visible character."""


class BatchOpen(StoreError):
    """The corpus is being annotated; cancel that batch, or wait for its end."""


class NothingToAnnotate(StoreError):
    """The corpus has no document that could be annotated."""


class LabelTaken(StoreError):
    """The work has another version of this label."""

    def __init__(self, label: str) -> None:
        super().__init__(f"The work has another version of the label {label!r}.")
        self.label = label


class TooManyWebhooks(StoreError):
    """The space has as many webhooks as it may have; delete one first."""
