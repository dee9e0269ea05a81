"""How soon uploads are answered, idle and under load: `python benchmarks/uploads.py [--clients 50] [--seconds 30] [--every 2] [--servers]`.

Texts of 20 KB are sent to `lexframe serve` (embedded, SQLite; with `--servers`, Redis and PostgreSQL).

1. Idle: workers take no annotations (`LEXFRAME_KINDS=export,compare`). One client sends 200 texts one after the other: the idle median,
   of which all else is told as a multiple. Then all clients at once, to see what they cost each other without any worker.
2. Saturated: the same store with two workers, each at a text, and hundreds waiting behind. All clients at once, on a connection each:
   paced, each sending a text every two seconds; and without a pause, each sending the next as soon as the last is answered.

An error is any answer but 202, or a broken line. Else settings are the defaults: `LEXFRAME_RATE` does not matter, as no access key is
asked for on this machine; `LEXFRAME_MAX_QUEUED` (100,000) is not reached. Clients are threads of three processes on the same machine,
and take their part of its processors.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import httpx
from serving import Serving, paragraphs, serving, started_servers, until

SIZE = 20_000
ALONE = 200  # uploads
PROCESSES = 3


@dataclass
class Tally:
    """Seconds until each answer, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def texts(name: str) -> Iterator[bytes]:
    """Texts of 20 KB without end, none like another."""
    lines = paragraphs()
    random.Random(name).shuffle(lines)
    body, number = "\n\n".join(lines).encode("ascii", "replace"), 0
    while True:
        yield f"Draft {name}-{number}\n\n".encode().ljust(40) + body[: SIZE - 40]
        number += 1


def client(url: str, name: str, every: float, over: float, tally: Tally, most: int | None = None) -> None:
    """Uploads texts until that moment, or so many: one each `every` seconds, or as soon as the last is answered."""
    with httpx.Client(base_url=url, timeout=60) as http:
        due = time.monotonic()
        for number, text in enumerate(texts(name)):
            if time.monotonic() > over or number == most:
                return
            began = time.perf_counter()
            try:
                status = http.post("/v1/documents", files={"file": ("text.txt", text)}).status_code
                tally.seconds.append(time.perf_counter() - began)
                if status != 202:
                    tally.errors.append(str(status))
            except httpx.HTTPError as error:
                tally.errors.append(type(error).__name__)
            due += every
            time.sleep(max(0.0, due - time.monotonic()))


def crowd(url: str, name: str, clients: int, every: float, seconds: float) -> Tally:
    """So many clients in this process, which begin spread over the first pause."""
    tally, over = Tally(), time.monotonic() + seconds
    threads = [threading.Thread(target=client, args=(url, f"{name}-{n}", every, over, tally)) for n in range(clients)]
    for thread in threads:
        thread.start()
        time.sleep(every / clients)
    for thread in threads:
        thread.join()
    return tally


def crowds(here: Serving, name: str, every: float, asked: argparse.Namespace) -> Tally:
    """All clients, shared out over some processes, so that their own work delays them little."""
    shares = [asked.clients // PROCESSES + (n < asked.clients % PROCESSES) for n in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        given = [(str(here.http.base_url), f"{name}-{n}", share, every, asked.seconds) for n, share in enumerate(shares)]
        found = pool.starmap(crowd, given)
    return Tally([one for tally in found for one in tally.seconds], [one for tally in found for one in tally.errors])


def tell(way: str, tally: Tally, idle: float) -> None:
    """Prints one line of figures."""
    cuts = quantiles(tally.seconds, n=100, method="inclusive")
    figures = {"way": way, "uploads": len(tally.seconds), "errors": len(tally.errors), "kinds_of_errors": sorted(set(tally.errors))}
    figures |= {"p50_ms": round(cuts[49] * 1000, 1), "p99_ms": round(cuts[98] * 1000, 1), "p99_over_idle_p50": round(cuts[98] / idle, 1)}
    print(json.dumps(figures), flush=True)


def measure(folder: Path, servers: Mapping[str, str] | None, asked: argparse.Namespace) -> None:
    """Prints a line for each way."""
    with serving(folder, servers=servers, KINDS="export,compare") as here:
        client(str(here.http.base_url), "first", 0, time.monotonic() + 60, Tally(), 20)
        alone = Tally()
        client(str(here.http.base_url), "alone", 0, time.monotonic() + 120, alone, ALONE)
        idle = median(alone.seconds)
        tell("one client, idle", alone, idle)
        tell(f"{asked.clients} clients without a pause, idle", crowds(here, "idle", 0, asked), idle)
    with serving(folder, workers=2, servers=servers) as here:
        until(lambda: here.at_work() == 2)
        for way, every in ((f"a text every {asked.every:g} s each", asked.every), ("without a pause", 0.0)):
            tell(f"{asked.clients} clients {way}, saturated", crowds(here, way, every, asked), idle)
            if here.at_work() < 2:
                sys.exit("the workers were not saturated: no job waits any more")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30, help="how long each crowd uploads")
    parser.add_argument("--every", type=float, default=2, help="seconds from one upload of a paced client to its next")
    parser.add_argument("--servers", action="store_true", help="with Redis, PostgreSQL and a Celery worker")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lexframe-api-") as name, started_servers() if asked.servers else nullcontext() as urls:
        if asked.servers and urls is None:
            sys.exit("redis-server or PostgreSQL is missing")
        measure(Path(name), urls, asked)


if __name__ == "__main__":
    main()
