"""What the benchmarks of the service share: short documents, the service in processes of its own, and servers that it stands on.

Nothing is measured here. Redis and PostgreSQL are private ones, from the system's binaries, in temporary folders; where these are
missing, or PostgreSQL would have to run as root without a user of its own, there are none.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import select

from corpora.samples import sample_text, samples
from corpora.store.session import Store, open_store
from corpora.store.tables import jobs

ROOT = Path(__file__).parents[1]
PATIENCE = 600.0
A_FORM = 100  # files in one request
Json = dict[str, Any]


def paragraphs() -> list[str]:
    """Paragraphs of the samples that are long enough to be a provision."""
    return [line for sample in samples() for line in sample_text(sample.name).split("\n") if 80 < len(line) < 700]


def short_documents(number: int, seed: int = 1) -> list[bytes]:
    """So many different texts of one to three provisions, each a paragraph of a sample under a heading of its own."""
    chance, lines = random.Random(seed), paragraphs()
    return [_short(n, chance.sample(lines, k=chance.randint(1, 3))) for n in range(number)]


def _short(number: int, lines: Sequence[str]) -> bytes:
    articles = "\n\n".join(f"Article {place}\n\n{line}" for place, line in enumerate(lines, 1))
    return f"Draft decision {number + 1} on the protection of victims of trafficking\n\n{articles}\n".encode()


def long_texts(number: int, size: int, seed: int = 1) -> list[bytes]:
    """So many different texts of so many bytes, of paragraphs of the samples in any order."""
    chance, lines = random.Random(seed), paragraphs()
    return [("\n\n".join([f"Draft {n + 1}", *chance.sample(lines, k=len(lines))])).encode("ascii", "replace")[:size] for n in range(number)]


@dataclass(frozen=True)
class Serving:
    """A running service, with the settings that it was started with."""

    http: httpx.Client
    store: Store
    environment: dict[str, str]
    processes: tuple[subprocess.Popen[bytes], ...]

    def fill(self, name: str, documents: Sequence[bytes]) -> str:
        """Makes a corpus of the documents; its id."""
        corpus: str = self.post("/v1/corpora", json={"name": name})["id"]
        self.add(corpus, documents)
        return corpus

    def add(self, corpus: str, documents: Sequence[bytes]) -> None:
        """Sends documents, a hundred in a request, with dates, bodies and kinds of all sorts."""
        for at in range(0, len(documents), A_FORM):
            group = documents[at : at + A_FORM]
            told = "\n".join(json.dumps(_described(at + n)) for n in range(len(group)))
            files = [("file", (_path(at + n), data)) for n, data in enumerate(group)]
            files.append(("manifest", ("manifest.jsonl", told.encode())))
            added = self.post(f"/v1/corpora/{corpus}/documents", files=files)["added"]
            assert len(added) == len(group), added

    def post(self, path: str, **more: Any) -> Json:
        """Posts, and stops where the service refuses."""
        answer = self.http.post(path, **more)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return dict(answer.json())

    def get(self, path: str) -> Json:
        """What is at this path."""
        answer = self.http.get(path)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return dict(answer.json())

    def warm_up(self, workers: int) -> None:
        """Sends documents until so many processes have annotated one, and so have loaded their models."""
        texts = iter(short_documents(10_000, seed=9))

        def all_warm() -> bool:
            files = {"file": ("warm.txt", next(texts).replace(b"Draft", b"Warming"))}
            for _ in range(workers):
                self.post("/v1/documents", files=files)
            with self.store.reading() as tx:
                done = select(jobs.c.worker).where(jobs.c.state == "done").distinct()
                return len(tx.execute(done).all()) >= workers

        until(all_warm, every=1.0)
        until(self.is_idle)

    def is_idle(self) -> bool:
        """Whether no job is open."""
        with self.store.reading() as tx:
            return tx.execute(select(jobs.c.id).where(jobs.c.state.in_(("queued", "running"))).limit(1)).first() is None

    def at_work(self) -> int:
        """How many jobs run just now, if others wait behind them; else 0."""
        with self.store.reading() as tx:
            found = [row.state for row in tx.execute(select(jobs.c.state).where(jobs.c.state.in_(("queued", "running"))))]
        return found.count("running") if "queued" in found else 0

    def ends(self, batch: str) -> list[float]:
        """When each document of a batch ended, in seconds since 1970, in order; stops where one failed."""
        with self.store.reading() as tx:
            rows = tx.execute(select(jobs.c.state, jobs.c.finished).where(jobs.c.batch_id == batch)).all()
        assert {row.state for row in rows} == {"done"}, {row.state for row in rows}
        return sorted(row.finished.timestamp() for row in rows)

    def resident(self) -> dict[str, float]:
        """Resident memory in MiB of the API, and of the processes that annotate together."""
        api = psutil.Process(self.processes[0].pid)
        others = list(api.children(recursive=True))
        for process in self.processes[1:]:
            others += psutil.Process(process.pid).children(recursive=True)
        return {"api": memory([api]), "workers": memory([one for one in others if annotates(one)])}


def _path(number: int) -> str:
    return f"{number:06}.txt"


def _described(number: int) -> dict[str, str]:
    kinds, bodies = ("convention", "statute", "policy", "report"), ("Assembly", "Council", "Ministry", "Commission", "Court")
    chance = random.Random(number)
    said = {"date": f"{chance.randint(1990, 2024)}-06-01", "body": chance.choice(bodies), "kind": chance.choice(kinds)}
    return {"path": _path(number), **said}


def annotates(process: psutil.Process) -> bool:
    """Whether a process has models loaded: it is much larger than any other."""
    return memory([process]) > 300


def memory(processes: Sequence[psutil.Process]) -> float:
    """Resident MiB of these processes together; those that have just ended count for nothing."""
    found = 0
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            found += process.memory_info().rss
    return found / 2**20


def until(true: Callable[[], object], seconds: float = PATIENCE, every: float = 0.1) -> None:
    """Waits until the condition holds; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{true} did not come true in {seconds:g} s")
        time.sleep(every)


@contextlib.contextmanager
def on_cores(number: int) -> Iterator[None]:
    """What is started inside runs on so many of the processors."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:number])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextlib.contextmanager
def serving(folder: Path, *, workers: int = 1, servers: Mapping[str, str] | None = None, **variables: str) -> Iterator[Serving]:
    """`lexframe serve` on a free port, and `lexframe worker` where there are servers, until the block ends.

    Each worker process has one thread, so that two of them do not share theirs; `servers` is what `started_servers` gives.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {"DATA_DIR": str(folder), "CONCURRENCY": str(workers), "THREADS": "1", "LOG_LEVEL": "WARNING"}
    environment = program({**chosen, **(servers or {}), **variables})
    port = free_port()
    store = open_store((servers or {}).get("DATABASE_URL", f"sqlite:///{folder / 'lexframe.sqlite3'}"), str(folder / "files"))
    commands = [("serve", "--port", str(port)), *([("worker",)] if servers else [])]
    with contextlib.ExitStack() as stack, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as http:
        stack.callback(store.close)
        processes = []
        for command in commands:
            processes.append(stack.enter_context(_process(environment, folder / f"{command[0]}.log", *command)))
            if len(processes) == 1:
                until(lambda: _is_ready(http))
        yield Serving(http, store, environment, tuple(processes))


def program(settings: dict[str, str]) -> dict[str, str]:
    """The environment of the program, with these settings only."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("LEXFRAME_")}
    named = {f"LEXFRAME_{name}": value for name, value in settings.items()}
    return mine | {"PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"} | named


@contextlib.contextmanager
def _process(environment: dict[str, str], log: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        command = [sys.executable, "-m", "api.cli", *arguments]
        started = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        yield started
    except BaseException:
        print(log.read_text(errors="replace")[-2000:], file=sys.stderr)
        raise
    finally:
        _end(started, 60)


def _is_ready(http: httpx.Client) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return http.get("/readyz").status_code == 200
    return False


@contextlib.contextmanager
def started_servers() -> Iterator[dict[str, str] | None]:
    """A private Redis (its file appended to each second) and PostgreSQL as settings of the service; None where the binaries are missing."""
    binaries = [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_major)][-1:]
    user = _user()
    if not binaries or shutil.which("redis-server") is None or (os.geteuid() == 0 and user is None):
        yield None
        return
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lexframe-servers-", ignore_cleanup_errors=True)))
        redis_port = stack.enter_context(_redis(folder / "redis"))
        port = stack.enter_context(_postgres(folder / "postgres", binaries[0], user))
        yield {
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
            "DATABASE_URL": f"postgresql://lexframe@127.0.0.1:{port}/postgres",
        }


@contextlib.contextmanager
def _redis(folder: Path) -> Iterator[int]:
    folder.mkdir(parents=True)
    port = free_port()
    command = ["redis-server", "--dir", str(folder), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        _end(started, 20)


@contextlib.contextmanager
def _postgres(folder: Path, binaries: Path, user: str | None) -> Iterator[int]:
    """A cluster that syncs its journal, as one in use does."""
    folder.mkdir(parents=True, mode=0o700)
    if user:
        folder.parent.chmod(0o755)
        shutil.chown(folder, user)
    port = free_port()

    def run(program: str, *arguments: str) -> None:
        command = [str(binaries / program), "-D", str(folder), *arguments]
        subprocess.run(command, user=user, cwd=folder, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "lexframe", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
    run("pg_ctl", "-l", str(folder / "log"), "-w", "-o", options, "start")
    try:
        yield port
    finally:
        run("pg_ctl", "-m", "fast", "-w", "stop")


def _major(path: Path) -> int:
    return int(path.parts[-3].split(".")[0])


def _user() -> str | None:
    """Whom PostgreSQL runs as where this is root: it refuses root."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name if os.geteuid() == 0 else None
    return None


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def _end(process: subprocess.Popen[bytes], seconds: float) -> None:
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
