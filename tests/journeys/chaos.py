"""A service whose parts are killed while documents come in: real processes, real documents, and a ledger of what was promised."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import redis
from sqlalchemy import func, select

from corpora.samples import sample_text, samples
from corpora.store.errors import StoreError
from corpora.store.session import Store, open_store
from corpora.store.tables import jobs
from tests.conftest import SHARED
from tests.journeys.service import program
from tests.servers import PostgresServer, RedisServer, free_port
from workers.queue import BrokerGone, send
from workers.settings import Settings, from_environment

PART = 1500  # characters
QUICK = {"LEASE_SECONDS": "3", "RECOVERY_SECONDS": "0.5", "DEAF_SECONDS": "6", "MAX_ATTEMPTS": "50", "LOG_LEVEL": "ERROR"}
PIPELINE = "tests.workers.small_work:load_rules"


def parts(number: int) -> list[str]:
    """So many different texts: instruments cut into parts where they stand beside the checkout, else the samples."""
    folder = SHARED / "instruments"
    whole = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))] or [
        sample_text(sample.name) for sample in samples()
    ]
    cut = [text[at : at + PART] for text in whole for at in range(0, len(text), PART)]
    cut = [part for part in dict.fromkeys(cut) if len(part) > PART // 2]
    return [cut[n % len(cut)] if n < len(cut) else f"{cut[n % len(cut)]}\n\n{n}\n" for n in range(number)]


@dataclass
class Kept:
    """A process that is started again whenever it ends, as systemd or Docker would."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        with self.log.open("ab") as out:
            while not self.over.is_set():
                self.process = subprocess.Popen(
                    [*self.command], env=dict(self.environment), stdin=subprocess.DEVNULL, stdout=out, stderr=out
                )
                self.process.wait()
                self.over.wait(0.3)

    def family(self) -> list[psutil.Process]:
        """The process and all that it has started."""
        with contextlib.suppress(psutil.NoSuchProcess, AttributeError):
            assert self.process is not None
            parent = psutil.Process(self.process.pid)
            return [parent, *parent.children(recursive=True)]
        return []

    def stop(self) -> None:
        self.over.set()
        family = self.family()
        for process in family[:1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        psutil.wait_procs(family, timeout=15)
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


@dataclass
class Ledger:
    """What clients were told: documents by id once the answer was there, and every status."""

    promised: dict[str, str] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    broken_lines: int = 0


@dataclass
class Arena:
    """A service in processes of its own, with the servers it stands on where it is not embedded."""

    folder: Path
    url: str
    settings: Settings
    api: Kept
    worker: Kept | None = None
    redis: RedisServer | None = None
    postgres: PostgresServer | None = None
    ledger: Ledger = field(default_factory=Ledger)
    faults: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def upload(self, texts: Sequence[str], seconds: float, done: threading.Event) -> None:
        """A client that sends the texts over this time and repeats what was not answered, under the same key."""
        pause = seconds / len(texts)
        with httpx.Client(base_url=self.url, timeout=10) as client:
            for number, text in enumerate(texts):
                while not self._sent(client, text, f"{threading.get_ident()}-{number}"):
                    time.sleep(0.3)
                if not done.is_set():
                    time.sleep(pause)

    def _sent(self, client: httpx.Client, text: str, key: str) -> bool:
        try:
            answer = client.post("/v1/documents", files={"file": ("part.txt", text.encode())}, headers={"Idempotency-Key": key})
        except httpx.HTTPError:
            self.ledger.broken_lines += 1
            return False
        self.ledger.statuses[answer.status_code] += 1
        if answer.status_code in {200, 202}:
            self.ledger.promised[answer.json()["document_id"]] = text
        return answer.status_code in {200, 202}

    @contextlib.contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Notes how long the block takes."""
        began = time.monotonic()
        yield
        self.seconds[phase] = round(time.monotonic() - began, 1)

    def harm(self, fault: Callable[[Arena], None]) -> None:
        """One fault, noted."""
        fault(self)
        self.faults[fault.__name__.replace("_", " ")] += 1

    def count_messages(self) -> None:
        """Adds what Redis has been sent in this life of it."""
        if self.redis is not None:
            with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.redis.url) as client:
                self.messages += client.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0)

    def open_jobs(self, store: Store) -> int | None:
        """How many jobs have not ended; None where the database does not say."""
        with contextlib.suppress(StoreError), store.reading() as tx:
            still = select(func.count()).select_from(jobs).where(jobs.c.state.in_(["queued", "running"]))
            return int(tx.execute(still).scalar_one())
        return None


@contextlib.contextmanager
def arena(
    folder: Path, *, redis: RedisServer | None = None, postgres: PostgresServer | None = None, pipeline: str = PIPELINE
) -> Iterator[Arena]:
    """A running service: embedded on SQLite, or with Celery and PostgreSQL where servers are given."""
    given = {**QUICK, "PIPELINE": pipeline, "CONCURRENCY": "2", "POLL_SECONDS": "0.1"}
    if redis is not None and postgres is not None:
        given |= {"REDIS_URL": redis.url, "DATABASE_URL": postgres.new_database()}
    environment, port = program(folder, **given), free_port()
    command = [sys.executable, "-m", "api.cli"]
    api = Kept([*command, "serve", "--port", str(port)], environment, folder / "api.log")
    worker = Kept([*command, "worker"], environment, folder / "worker.log") if redis else None
    here = Arena(folder, f"http://127.0.0.1:{port}", from_environment(environment), api, worker, redis, postgres)
    kept = [one for one in (api, worker) if one]
    for one in kept:
        one.start()
    try:
        yield here
    finally:
        for one in kept:
            one.stop()


def run(here: Arena, texts: Sequence[str], faults: Sequence[Callable[[Arena], None]], pause: float) -> Store:
    """Uploads while the faults strike, then waits until everything has ended; the open store."""
    done = threading.Event()
    clients = [
        threading.Thread(target=here.upload, args=(texts[start::2], len(faults) * pause * 1.2, done), daemon=True) for start in range(2)
    ]
    for client in clients:
        client.start()
    with here.timed("until the first promise"):
        _until(lambda: bool(here.ledger.promised), 60)
    with here.timed("under fire"):
        for fault in faults:
            here.harm(fault)
            time.sleep(random.uniform(0.5, 1.5) * pause)
        done.set()
    with here.timed("until all was accepted"):
        for client in clients:
            client.join(600)
            assert not client.is_alive(), "a client waits for ever"
    store = open_store(here.settings.database_url, here.settings.blob_url)
    with here.timed("until all had ended"):
        _while_it_goes_on(lambda: here.open_jobs(store), 120)
    here.count_messages()
    return store


def _until(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not in {seconds} s"
        time.sleep(0.3)


def _while_it_goes_on(left: Callable[[], int | None], seconds: float) -> None:
    """Waits until nothing is left, as long as that needs on this machine, but so long at most for one more to end."""
    least, since = None, time.monotonic()
    while (now := left()) != 0:
        if now is not None and (least is None or now < least):
            least, since = now, time.monotonic()
        assert time.monotonic() - since < seconds, f"{least} jobs are open, and none has ended for {seconds} s"
        time.sleep(0.3)


def _strike(process: psutil.Process, number: int = signal.SIGKILL) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def kill_a_child(here: Arena) -> None:
    """One of the processes that run jobs."""
    owner = here.worker or here.api
    for process in random.sample(leaves := owner.family()[1:], min(1, len(leaves))):
        if not process.children():
            _strike(process)


def kill_a_reader(here: Arena) -> None:
    """The process that reads a stranger's file, if there is one at the moment."""
    owner = here.worker or here.api
    until = time.monotonic() + 2
    while time.monotonic() < until:
        for process in reversed(owner.family()):
            with contextlib.suppress(psutil.NoSuchProcess):
                if "corpora.readers.child" in process.cmdline():
                    _strike(process)
                    return


def kill_the_worker(here: Arena) -> None:
    """The main process of Celery, or of the embedded runner; its children learn it by themselves."""
    owner = here.worker or here.api
    for process in owner.family()[1:2]:
        _strike(process)


def kill_the_supervisor(here: Arena) -> None:
    """What keeps the worker alive."""
    owner = here.worker or here.api
    for process in owner.family()[:1]:
        _strike(process)


def kill_the_api(here: Arena) -> None:
    for process in here.api.family()[:1]:
        _strike(process)


def stop_the_worker(here: Arena) -> None:
    """An orderly restart."""
    owner = here.worker or here.api
    for process in owner.family()[:1]:
        _strike(process, signal.SIGTERM)


def kill_redis_with_its_data(here: Arena) -> None:
    assert here.redis is not None
    here.count_messages()
    here.redis.kill()
    for folder in here.redis.folder.glob("appendonlydir"):
        shutil.rmtree(folder)
    here.redis.start()


def kill_redis(here: Arena) -> None:
    """It comes back with what its append-only file has."""
    assert here.redis is not None
    here.count_messages()
    here.redis.kill()
    time.sleep(0.3)
    here.redis.start()


def stop_postgres_at_once(here: Arena) -> None:
    assert here.postgres is not None
    here.postgres.stop("immediate")
    time.sleep(0.5)
    here.postgres.start()


def send_messages_again(here: Arena) -> None:
    """Of jobs in any state, several times and in any order."""
    store = open_store(here.settings.database_url, here.settings.blob_url)
    with contextlib.suppress(StoreError, BrokerGone):
        with store.reading() as tx:
            ids = list(tx.execute(select(jobs.c.id).order_by(jobs.c.id.desc()).limit(30)).scalars())
        again = [*ids, *ids, "no such job"]
        random.shuffle(again)
        send(here.settings, again)
    store.close()


def fill_the_disk(here: Arena) -> None:
    """Only where the files lie on a small file system of their own; for a second there is no room on it."""
    ballast = here.folder / "files" / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb") as file:
        while True:
            file.write(b"\0" * (1 << 16))
            file.flush()
    time.sleep(1.0)
    ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def small_disk(folder: Path, size: str = "24m") -> Iterator[bool]:
    """A file system of that size at the folder; False where this user may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
