"""Documents a second of one worker and of two, and what the queue adds: `python benchmarks/batch.py [--documents 200] [--long 20]`.

Short documents of one to three provisions, and parts of 6,000 characters, are annotated three ways: by `lexframe annotate`; as one batch
of a corpus by the embedded service (SQLite); and as one batch by Celery workers with Redis and PostgreSQL, where their binaries are
there. Everything that one worker needs (API, database, Redis, the sandboxes of the readers) runs on one processor with it, as the
command line does; two workers have two. Each process has one thread. Time runs from the end of the first document to the end of the
last, so that loading of models counts nowhere.

Two figures: `two_workers` is the rate of two workers over that of one; `queue_adds` is the time by the service over that by the command
line, less one. Both hold within one run, on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from serving import long_texts, on_cores, program, serving, short_documents, started_servers, until

LONG = 6000


def by_command_line(folder: Path, documents: Sequence[bytes]) -> float:
    """Seconds a document by `lexframe annotate` on one processor."""
    (folder / "in").mkdir(parents=True)
    for number, data in enumerate(documents):
        (folder / "in" / f"{number:06}.txt").write_bytes(data)
    command = [sys.executable, "-m", "api.cli", "annotate", str(folder / "in"), "-o", str(folder / "out")]
    with on_cores(1):
        subprocess.run(command, env=program({"DATA_DIR": str(folder), "THREADS": "1"}), check=True)
    return each([file.stat().st_mtime for file in (folder / "out").iterdir()])


def by_service(folder: Path, loads: dict[str, list[bytes]], workers: int, servers: Mapping[str, str] | None) -> dict[str, float]:
    """Seconds a document of each load by so many workers on as many processors."""
    found = {}
    with on_cores(workers), serving(folder, workers=workers, servers=servers) as here:
        here.warm_up(workers)
        for name, documents in loads.items():
            batch = here.post(f"/v1/corpora/{here.fill(name, documents)}/annotate")["id"]
            until(here.is_idle, 3600, every=1.0)
            found[name] = each(here.ends(batch))
    return found


def each(ends: Sequence[float]) -> float:
    """Seconds from one end to the next, on average."""
    return (max(ends) - min(ends)) / (len(ends) - 1)


def both(folder: Path, loads: dict[str, list[bytes]], servers: bool) -> dict[str, dict[str, float]] | None:
    """Seconds a document by one worker and by two, servers on the processors of their workers; None where there are no servers."""
    found = {}
    for name, workers in (("one", 1), ("two", 2)):
        with on_cores(workers), started_servers() if servers else contextlib.nullcontext() as urls:
            if servers and urls is None:
                return None
            found[name] = by_service(folder / name, loads, workers, urls)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=200, help="how many short documents")
    parser.add_argument("--long", type=int, default=20, help=f"how many texts of {LONG} characters")
    asked = parser.parse_args()
    loads = {"short": short_documents(asked.documents), "long": long_texts(asked.long, LONG)}
    if len(os.sched_getaffinity(0)) < 2:
        sys.exit("two processors are needed")
    with tempfile.TemporaryDirectory(prefix="lexframe-batch-") as name:
        folder = Path(name)
        plain = {load: by_command_line(folder / "command" / load, documents) for load, documents in loads.items()}
        print(json.dumps({"way": "command line", **{f"{load}_each_s": round(plain[load], 4) for load in loads}}), flush=True)
        for way, servers in (("embedded, SQLite", False), ("Celery, Redis, PostgreSQL", True)):
            spent = both(folder / way.split(",")[0], loads, servers)
            if spent is None:
                print(json.dumps({"way": way, "left_out": "redis-server or PostgreSQL is missing"}))
                continue
            figures: dict[str, object] = {"way": way}
            for load in loads:
                one, two = spent["one"][load], spent["two"][load]
                figures |= {f"{load}_per_s": round(1 / one, 2), f"{load}_two_workers": round(one / two, 2)}
                figures |= {f"{load}_queue_adds": round(one / plain[load] - 1, 3)}
            print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
