"""The job that writes a whole corpus into one file of the store, piece by piece."""

from __future__ import annotations

from corpora.exporting import annotated_items
from corpora.exports.formats import UnknownFormat, find_format
from corpora.store import corpora, exports, jobs
from corpora.store.blobs import StoredBlob
from corpora.store.exports import Export
from corpora.store.jobs import Claim
from corpora.store.points import Point, passing
from corpora.store.session import Store, Transaction
from workers.heart import Heart
from workers.work import PermanentFailure

MOST_BYTES = 1 << 42  # the disk is the limit, and says so
GONE = PermanentFailure("corpus_deleted", "The corpus was deleted.")


def write_export(store: Store, claim: Claim, heart: Heart) -> tuple[Export, StoredBlob]:
    """Writes the file; nothing names it yet. Raises PermanentFailure, ClaimLost, StoreError."""
    with store.reading() as tx:
        export = exports.of_job(tx, claim.job_id)
        corpus = corpora.get(tx, export.corpus_id, space=claim.space) if export else None
    if export is None or corpus is None:
        raise GONE
    try:
        many = find_format(export.format).many
    except UnknownFormat as error:
        raise PermanentFailure("unknown_format", str(error)) from error

    def passed(number: int) -> None:
        heart.report("exporting", min(0.99, number / max(corpus.documents, 1)))

    items = annotated_items(store, corpus.id, space=claim.space, passed=passed)
    blob = store.blobs.put_stream(many(items), MOST_BYTES)
    passing(Point.EXPORT_WRITTEN)
    return export, blob


def finish_export(tx: Transaction, claim: Claim, export: Export, blob: StoredBlob) -> bool:
    """Ends the job with its file, unless the claim is lost; then the file is swept up later."""
    if not jobs.commit(tx, claim):
        return False
    exports.finish(tx, export.id, blob)
    passing(Point.EXPORT_FINISHED)
    return True
