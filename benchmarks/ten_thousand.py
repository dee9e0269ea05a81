"""Ten thousand short documents in one batch: `python benchmarks/ten_thousand.py [--documents 10000] [--workers 2] [--servers]`.

Documents of one to three provisions, no two alike, with dates, bodies and kinds, are annotated by the pipeline that is shipped, in
`lexframe serve` (embedded, SQLite; with `--servers`, Celery workers with Redis and PostgreSQL), one thread a worker. First a corpus of a
tenth, then, in the same store, a corpus of all. Told are:

- documents a second of each tenth of the batch, and the last tenth's rate over the first's;
- resident memory of the API and of the workers together after a tenth, a half and all;
- the time of what is asked of a corpus (median of five), of the large one as a multiple of the small one's;
- the export of the large corpus as JSON Lines: annotations in it, and the most memory that API and workers had from its order to the
  last byte of its file, over what they had before.

At a dozen documents a second on two processors the whole takes a quarter of an hour; `--documents 500` shows within a minute or two that
all works.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any

from serving import Serving, serving, short_documents, started_servers, until

from corpora.analytics.asked import What

LAYERS = ("blocks", "definitions", "elements", "statements", "references")
Json = dict[str, Any]


def annotate(here: Serving, corpus: str, number: int) -> tuple[str, Json]:
    """Annotates a corpus as one batch: its id, and memory on the way."""
    batch = str(here.post(f"/v1/corpora/{corpus}/annotate")["id"])
    resident, marks = {}, [number // 10, number // 2, number]
    while marks:
        time.sleep(1.0)
        ended = here.get(f"/v1/batches/{batch}")["ended"]
        while marks and ended >= marks[0]:
            resident[f"after_{marks.pop(0)}"] = {name: round(size) for name, size in here.resident().items()}
    return batch, resident


def rates_of(ends: Sequence[float]) -> list[float]:
    """Documents a second of each tenth; time begins with the end of the first document, which therefore does not count."""
    each = len(ends) // 10
    cuts = [ends[0], *(ends[each * n - 1] for n in range(1, 11))]
    return [(each - (n == 0)) / (cuts[n + 1] - cuts[n]) for n in range(10)]


def asked_of(corpus: str, batch: str) -> Iterator[str]:
    """The addresses that are timed."""
    yield from ("/v1/corpora", f"/v1/corpora/{corpus}", f"/v1/batches/{batch}", f"/corpora/{corpus}")
    yield from (f"/v1/corpora/{corpus}/documents?limit=50", f"/v1/corpora/{corpus}/analytics")
    yield from (f"/v1/corpora/{corpus}/analytics/{what.value}" for what in What)


def times(here: Serving, corpus: str, batch: str) -> dict[str, float]:
    """Median milliseconds of each address, by its form; one that this service does not have is left out."""
    found = {}
    for address in asked_of(corpus, batch):
        if here.http.get(address).status_code == 404:
            continue
        spent = []
        for _ in range(5):
            began = time.perf_counter()
            assert here.http.get(address).is_success, address
            spent.append((time.perf_counter() - began) * 1000)
        found[address.replace(corpus, "{id}").replace(batch, "{id}")] = median(spent)
    return found


def export(here: Serving, corpus: str) -> Json:
    """Has the corpus exported and fetches the file piece by piece."""
    order, before = here.post(f"/v1/corpora/{corpus}/exports", json={"format": "json"}), here.resident()
    with Highest(here.resident) as most:
        began = time.monotonic()
        until(lambda: here.get(order["links"]["self"])["state"] == "done", 3600, every=0.5)
        written = time.monotonic() - began
        documents, annotations, size = 0, 0, 0
        with here.http.stream("GET", order["links"]["file"]) as file:
            for line in file.iter_lines():
                found = json.loads(line)
                documents, size = documents + 1, size + len(line)
                annotations += sum(len(found[layer]) for layer in LAYERS)
    grown = {f"{name}_MiB_more": round(most[name] - before[name], 1) for name in before}
    return {"documents": documents, "annotations": annotations, "MB": round(size / 1e6, 1), "written_s": round(written, 1)} | grown


class Highest:
    """The highest of each figure while it is entered, looked at five times a second."""

    def __init__(self, look: Callable[[], Mapping[str, float]]) -> None:
        self._look, self._over = look, threading.Event()
        self._most: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Mapping[str, float]:
        self._note()
        self._thread.start()
        return self._most

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(0.2):
            self._note()

    def _note(self) -> None:
        for name, value in self._look().items():
            self._most[name] = max(value, self._most.get(name, 0.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=10_000, help="a multiple of ten, at least 100")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--servers", action="store_true", help="with Redis, PostgreSQL and a Celery worker")
    asked = parser.parse_args()
    number = max(100, asked.documents // 10 * 10)
    with tempfile.TemporaryDirectory(prefix="lexframe-many-") as name, started_servers() if asked.servers else nullcontext() as urls:
        if asked.servers and urls is None:
            sys.exit("redis-server or PostgreSQL is missing")
        with serving(Path(name), workers=asked.workers, servers=urls) as here:
            measure(here, number, asked.workers)


def measure(here: Serving, number: int, workers: int) -> None:
    """Prints a line for each of the four."""
    here.warm_up(workers)
    small = here.fill("a tenth", short_documents(number // 10, seed=2))
    batch, _ = annotate(here, small, number // 10)
    fewer = times(here, small, batch)
    began = time.monotonic()
    large = here.fill("all", short_documents(number))
    print(json.dumps({"documents": number, "taken_in_per_s": round(number / (time.monotonic() - began), 1)}), flush=True)
    batch, resident = annotate(here, large, number)
    rates = rates_of(here.ends(batch))
    steady = {"last_over_first": round(rates[-1] / rates[0], 3), "slowest_over_fastest": round(min(rates) / max(rates), 3)}
    print(json.dumps({"per_s": [round(rate, 2) for rate in rates], **steady, "MiB": resident}), flush=True)
    for address, spent in times(here, large, batch).items():
        print(json.dumps({"asked": address, "ms": round(spent, 1), "times_that_of_a_tenth": round(spent / fewer[address], 2)}), flush=True)
    print(json.dumps(export(here, large)), flush=True)


if __name__ == "__main__":
    main()
