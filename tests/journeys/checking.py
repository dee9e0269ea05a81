"""What must hold after any chaos, whatever was killed: `check` looks at rows and files and names what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select, text

from corpora.store import annotations as kept
from corpora.store import trashing
from corpora.store.session import Store
from corpora.store.tables import annotation_table, document_annotations, documents, exports, jobs, trash
from workers.work import Json


def wrongs(store: Store, promised: Mapping[str, Json | None], files: Path) -> list[str]:
    """Everything that is not as promised: document id → the result of an undisturbed run, None where it must have failed."""
    trashing.empty_trash(store)
    trashing.sweep_orphans(store, older_than=-1)
    return [*_of_rows(store, promised), *_of_files(store, files)]


def _of_rows(store: Store, promised: Mapping[str, Json | None]) -> list[str]:
    found: list[str] = []
    with store.reading() as tx:
        query = select(documents.c.id, documents.c.annotation_id, jobs.c.state).outerjoin(jobs, jobs.c.id == documents.c.job_id)
        rows = {row.id: row for row in tx.execute(query)}
        found += [f"{lost} was accepted and is lost" for lost in sorted(promised.keys() - rows.keys())]
        count = select(document_annotations.c.document_id, func.count()).group_by(document_annotations.c.document_id)
        results = dict(tx.execute(count).tuples().all())
        for document_id, wanted in promised.items():
            if document_id in rows:
                row = rows[document_id]
                right = (row.state, results.get(document_id, 0)) == (("done", 1) if wanted is not None else ("failed", 0))
                found += [] if right else [f"{document_id} is {row.state} with {results.get(document_id, 0)} results"]
                if right and wanted is not None and kept.result(tx, row.annotation_id) != wanted:
                    found.append(f"{document_id} has another result than undisturbed")
        left = tx.execute(select(func.count()).select_from(jobs).where(jobs.c.state.in_(["queued", "running"]))).scalar_one()
        attached = select(document_annotations.c.annotation_id)
        unused = tx.execute(select(func.count()).select_from(annotation_table).where(annotation_table.c.id.not_in(attached))).scalar_one()
        found += [f"{left} jobs have not ended"] * bool(left) + [f"{unused} results are nobody's"] * bool(unused)
        found += ["the trash is not empty"] * bool(tx.execute(select(func.count()).select_from(trash)).scalar_one())
        if not tx.is_postgres and (answer := tx.execute(text("PRAGMA integrity_check")).scalar_one()) != "ok":
            found.append(f"SQLite: {answer}")
    return found


def _of_files(store: Store, files: Path) -> list[str]:
    with store.reading() as tx:
        wanted = set(tx.execute(select(documents.c.sha256)).scalars())
        wanted |= set(tx.execute(select(exports.c.sha256).where(exports.c.sha256.is_not(None))).scalars())
    there = {path.name for path in files.rglob("*") if path.is_file()}
    orphans, missing = sorted(there - wanted), sorted(wanted - there)
    return [f"{name} is an orphan" for name in orphans] + [f"the bytes {name} are missing" for name in missing]
