"""Analyses of corpora of 1,000 and 10,000 documents: time of each, and its ratio to the smaller corpus (SQLite, or the database named).

Documents are made by chance, of a dozen provisions each; times are medians of the process's own seconds, and the ratio holds from
machine to machine where milliseconds do not. On PostgreSQL, which works in a process of its own, they are of the clock.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from api.analytics_schemas import AnalysisOut
from corpora.analysing import analyse
from corpora.analytics.asked import By, What
from corpora.store import annotations as kept
from corpora.store import corpora
from corpora.store.annotations import Key
from corpora.store.documents import NewDocument
from corpora.store.migrate import migrate
from corpora.store.session import Store, open_store
from nlp.codebook import codebook
from nlp.types import ElementRole, Framing, StatementType, Strength

SIZES = (1_000, 10_000)
AT_ONCE = 250
LABELS = {layer: [label.name for label in codebook().labels if label.layer == layer] for layer in ("indicators", "victim")}
GROUPINGS: tuple[Sequence[By], ...] = ((), (By.NONE,), (By.BODY,), (By.YEAR, By.KIND))
Json = dict[str, Any]


def annotated(chance: random.Random, text: str) -> Json:
    """An annotated document by chance, as far as it is counted."""
    place, share = {"start": 0, "end": 1}, round(chance.random(), 4)

    def some(names: Sequence[str], most: int) -> list[str]:
        return chance.sample(list(names), chance.randint(0, most))

    blocks = [
        {
            **place,
            "unit": f"art_{n}",
            "framing": chance.choice(list(Framing)).value,
            "indicators": dict.fromkeys(some(LABELS["indicators"], 3), 0.9),
            "victim": dict.fromkeys(some(LABELS["victim"], 2), 0.9),
            "four_p": {},
            "conditional": chance.random() < 0.1,
        }
        for n in range(12)
    ]
    said = [(chance.choice(list(StatementType)).value, chance.choice(list(Strength)).value) for _ in range(10)]
    return {
        "text": text,
        "framing": {"label": chance.choice(list(Framing)).value, "scores": {"crime": round(1 - share, 4), "rights": share}},
        "blocks": blocks,
        "statements": [{"type": kind, "strength": strength, "bearer_class": "state", "trigger": place} for kind, strength in said],
        "definitions": [{"form": "means", "term": place, "elements": [{"role": r.value} for r in chance.sample(list(ElementRole), 2)]}],
    }


def fill(store: Store, corpus_id: str, number: int, chance: random.Random) -> None:
    """So many documents of the years 1950 to 2020, of three bodies and two kinds, some of nothing known."""
    for begin in range(0, number, AT_ONCE):
        texts = [f"{corpus_id} {n}" for n in range(begin, min(begin + AT_ONCE, number))]
        blobs = [store.blobs.put_stream([text.encode()], 1000) for text in texts]
        with store.transaction() as tx:
            for text, blob in zip(texts, blobs, strict=True):
                date = chance.choice([None, f"{chance.randint(1950, 2020)}-06-01"])
                said = {"date": date, "body": chance.choice(["UN", "OAS", "EU", None]), "kind": chance.choice(["treaty", "statute", None])}
                document = corpora.add(tx, corpus_id, text, NewDocument(sha256=blob.sha256, size=blob.size, **said))  # type: ignore[arg-type]
                annotation = kept.keep(tx, Key("default", blob.sha256, "x", "y"), annotated(chance, text))
                kept.attach(tx, str(document), annotation)


def timed(store: Store, corpus_id: str, what: What, by: Sequence[By], times: int = 3) -> float:
    """Median milliseconds of an answer, after one that does not count."""
    clock = time.perf_counter if store.engine.dialect.name == "postgresql" else time.process_time
    spent = []
    for _ in range(times + 1):
        began = clock()
        with store.reading() as tx:
            found = analyse(tx, corpus_id, what, by)
        AnalysisOut.of(corpus_id, found).model_dump_json()
        spent.append((clock() - began) * 1000)
    return median(spent[1:])


def main() -> None:
    first: dict[tuple[What, Sequence[By]], float] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{Path(folder) / 'b.sqlite3'}", str(Path(folder) / "files"))
        migrate(store)
        for size in SIZES:
            with store.transaction() as tx:
                corpus_id = corpora.create(tx, f"{size} documents")
            fill(store, corpus_id, size, random.Random(size))
            print(f"\n{size:,} documents")
            for what in What:
                for by in GROUPINGS[: 1 if what is What.COOCCURRENCE else None]:
                    spent = timed(store, corpus_id, what, by)
                    ratio = spent / first.setdefault((what, by), spent)
                    print(f"  {what.value:<13} by {', '.join(by) or 'its own':<11} {spent:8.0f} ms   x {ratio:.1f}")
        store.close()


if __name__ == "__main__":
    main()
