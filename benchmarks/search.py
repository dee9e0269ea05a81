"""Search over 1,000, 10,000 and 100,000 provisions: time by words, by conditions and by meaning, and what the index weighs (SQLite).

Provisions are made of the words of the samples, with labels and vectors; times are medians, and each is told as a ratio to the
smallest store's, which holds from machine to machine where milliseconds do not.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from sqlalchemy import text

from corpora import searching
from corpora.codebooks import MODEL
from corpora.samples import sample_text, samples
from corpora.search.meaning import encoder_digest, meaning_of, packed
from corpora.searching import By, Search
from corpora.store import annotations as kept
from corpora.store import documents, provisions
from corpora.store.annotations import Key
from corpora.store.documents import NewDocument
from corpora.store.migrate import migrate
from corpora.store.searching import Wanted
from corpora.store.session import Store, open_store

SIZES = (1_000, 10_000, 100_000)
EACH = 500  # provisions of a document
LABELS = ("child", "assistance", "legal", "safety", "privacy", "compensation")
SEARCHES = {
    "two words": Search("victims assistance"),
    "a common word": Search("shall"),
    "phrase, OR, beginning": Search('"each party" shelter* OR housing'),
    "words and label": Search("victims", wanted=Wanted(labels=("victim/compensation",), strength="mandatory")),
    "label alone": Search(wanted=Wanted(labels=("victim/compensation",))),
    "by meaning": Search("people forced to break the law are not punished", By.MEANING),
    "by meaning, with label": Search(
        "people forced to break the law are not punished", By.MEANING, Wanted(labels=("victim/compensation",))
    ),
}


def fill(store: Store, number: int, chance: random.Random) -> None:
    """Adds a document of so many provisions."""
    sentences = [line for sample in samples() for line in sample_text(sample.name).split("\n") if len(line) > 60]
    lines = [" ".join(chance.sample(chance.choice(sentences).split(), k=8) + chance.choice(sentences).split()) for _ in range(number)]
    whole, blocks, statements, at = "\n".join(lines), [], [], 0
    for n, line in enumerate(lines):
        victim = {chance.choice(LABELS): round(chance.uniform(0.5, 1), 2)} if chance.random() < 0.4 else {}
        blocks.append(
            {"unit": f"art_{n}", "start": at, "end": at + len(line), "framing": "rights", "indicators": {}, "victim": victim, "four_p": {}}
        )
        statements.append(
            {"type": "obligation", "strength": chance.choice(("mandatory", "qualified")), "bearer_class": "state", "trigger": {"start": at}}
        )
        at += len(line) + 1
    blob = store.blobs.put_stream([whole.encode()], 1 << 30)
    with store.transaction() as tx:
        document = documents.accept(tx, NewDocument(sha256=blob.sha256, size=blob.size)).document_id
        annotation = kept.keep(
            tx, Key("default", blob.sha256, "x", "y"), {"text": whole, "blocks": blocks, "statements": statements, "definitions": ()}
        )
        kept.attach(tx, document, annotation)
        noise = np.random.default_rng(chance.randrange(1 << 30)).normal(size=(number, 384))
        made = {line: packed(row) for line, row in zip(lines, noise, strict=True)}
        provisions.keep_vectors(tx, annotation, encoder_digest(MODEL), made)


def timed(run: Callable[[], object], times: int = 5) -> float:
    """Median milliseconds, after one run that does not count."""
    run()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        spent.append((time.perf_counter() - began) * 1000)
    return median(spent)


def megabytes(store: Store) -> dict[str, float]:
    """What the file holds, by table, in MB."""
    with store.reading() as tx:
        try:
            rows = tx.execute(text("SELECT name, sum(pgsize) FROM dbstat GROUP BY name")).all()
        except Exception:  # this SQLite was built without dbstat
            pages = tx.execute(text("PRAGMA page_count")).scalar_one() * tx.execute(text("PRAGMA page_size")).scalar_one()
            return {"whole database": pages / 1e6}
    return {name: size / 1e6 for name, size in rows if size > 100_000}


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] or list(SIZES)
    first: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'b.sqlite3'}", str(Path(folder) / "files"))
        migrate(store)
        chance, there = random.Random(1), 0
        print(f"query embedded: {timed(lambda: meaning_of('people forced to break the law are not punished', MODEL)):.0f} ms")
        for size in sizes:
            began, added = time.perf_counter(), size - there
            while there < size:
                fill(store, min(EACH, size - there), chance)
                there += EACH
            with store.reading() as tx:
                way = searching.way(tx)
            print(f"\n{size:,} provisions; indexed at {added / (time.perf_counter() - began):,.0f} a second; distances by {way}")
            for name, asked in SEARCHES.items():
                with store.reading() as tx:
                    spent = timed(lambda asked=asked, tx=tx: searching.search(tx, asked))  # type: ignore[misc]
                print(f"  {name:<24} {spent:8.1f} ms   x {spent / first.setdefault(name, spent):.1f}")
            print("  " + ", ".join(f"{name} {size:.1f} MB" for name, size in sorted(megabytes(store).items(), key=lambda x: -x[1])))
        store.close()


if __name__ == "__main__":
    main()
