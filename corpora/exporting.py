"""The annotated documents of a corpus, one by one, for whatever is written of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from corpora.exports.item import Item
from corpora.store import annotations as kept
from corpora.store import documents
from corpora.store.documents import Document, Filters
from corpora.store.session import Store

PAGE = 100


def annotated_items(store: Store, corpus_id: str, *, space: str, passed: Callable[[int], None] = lambda number: None) -> Iterator[Item]:
    """Each annotated document of the corpus, the newest first. One is in memory at a time, and no transaction stays open between two.

    `passed` hears how many documents were looked at.
    """
    cursor, number = None, 0
    while True:
        with store.reading() as tx:
            page = documents.page(tx, cursor, PAGE, Filters(corpus=corpus_id), space=space)
        for document in page.items:
            if document.annotation_id is not None:
                yield _item(store, document, document.annotation_id)
            number += 1
            passed(number)
        cursor = page.next_cursor
        if cursor is None:
            return


def item_of(document: Document, annotated: kept.Json) -> Item:
    """A stored document as exports want it."""
    name = document.filename.rpartition(".")[0] or document.filename
    known = {"title": document.title, "version": document.version, "date": document.date, "body": document.body}
    return Item(name=name, annotated=annotated, id=document.id, work=document.work_id, **known)


def _item(store: Store, document: Document, annotation_id: str) -> Item:
    with store.reading() as tx:
        return item_of(document, kept.result(tx, annotation_id))
