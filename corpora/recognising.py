"""Which work a document is of, told by its first page."""

from __future__ import annotations

from corpora.catalogue.find import FIRST_PAGE, load_catalogue
from corpora.store import works
from corpora.store.session import Transaction


def recognise(tx: Transaction, document_id: str, text: str, *, space: str) -> None:
    """Notes the work that the first page tells, if any; what users said goes before."""
    work_id = load_catalogue().recognise(text[:FIRST_PAGE])
    if work_id is not None:
        works.recognise(tx, document_id, work_id, space=space)
