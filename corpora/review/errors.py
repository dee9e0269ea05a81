"""What can go wrong in a review; each docstring is the message."""

from __future__ import annotations

from corpora.store.errors import StoreError


class UnknownReview(StoreError):
    """There is no review with this id."""


class UnknownDecision(StoreError):
    """There is no such decision in this review."""


class UnknownDocuments(StoreError):
    """A document of the review is not there, or not annotated yet."""

    def __init__(self, document_id: str) -> None:
        super().__init__(f"The document {document_id} is not there, or not annotated yet.")


class NothingToReview(StoreError):
    """There is nothing to code: the documents have no blocks, or the model is sure of all of them."""


class BadReview(StoreError):
    """The review cannot be made as it is ordered."""


class BadDecision(StoreError):
    """The decision does not fit the text, the codebook or the review."""


class BlockNotInText(BadDecision):
    """The document has no such place."""

    def __init__(self, start: int, end: int) -> None:
        super().__init__(f"The reviewed text has no block or words at {start}:{end}.")


class ReviewClosed(StoreError):
    """The review is closed; nothing is decided in it any more."""


class NothingToUndo(StoreError):
    """There is nothing that could be taken back: this coder has decided nothing in this review."""


class StillBlind(StoreError):
    """The review is blind: coders see what the others decided once it is closed."""
