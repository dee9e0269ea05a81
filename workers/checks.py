"""What a worker or service needs, looked at piece by piece: each finding says what there is and, where it is wrong, what to do."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path

import psutil
from sqlalchemy import text

from corpora.store import attendance, jobs, leases
from corpora.store.blobs import FolderBlobs, open_blobs
from corpora.store.errors import StoreError
from corpora.store.identity import new_id
from corpora.store.jobs import EVERY_KIND, JobKind, JobState
from corpora.store.migrate import StoreTooNew, is_current
from corpora.store.names import clean_line
from corpora.store.session import Store, Transaction, open_store, sqlite_file
from workers.queue import BrokerGone, Redis, look_at_redis
from workers.settings import Settings, process_name
from workers.versions import program_version

SHIPPED = "workers.annotation:load_work"
LITTLE_SPACE, TOO_LITTLE_SPACE = 5 << 30, 500 << 20
WAITING_LONG = 3600.0


class State(StrEnum):
    """How a thing stands: `warn` works, but not as it should; `bad` does not work."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of one thing; `todo` says what to do about it, empty where all is well."""

    check: str
    state: State
    found: str
    todo: str = ""

    def json(self) -> dict[str, str]:
        """As JSON values."""
        return {name: str(value) for name, value in asdict(self).items()}


def look_at_database(settings: Settings) -> tuple[Finding, Store | None]:
    """Whether the database answers, is written to and has the tables of this program; the open store where all that is so."""
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        todo = "`lexframe migrate` makes it; so does the first start of `lexframe serve`"
        return Finding("database", State.WARN, f"there is none yet at {file}", todo), None
    store = open_store(settings.database_url, settings.blob_url)
    found = _of_database(store)
    if found.state is not State.OK:
        store.close()
    return found, store if found.state is State.OK else None


def _of_database(store: Store) -> Finding:
    told = partial(Finding, "database")
    try:
        if not is_current(store):
            return told(State.BAD, f"{_name(store)} has not the tables of this version", "run `lexframe migrate`")
        with store.transaction() as tx:
            leases.take(tx, "doctor", process_name(), 1.0)
            leases.give_back(tx, "doctor", process_name())
            return told(State.OK, f"{_name(store)}; {_version(tx)}, tables up to date")
    except StoreTooNew as error:
        return told(State.BAD, str(error), "start the newer version, or restore the backup that was made before it")
    except StoreError as error:
        return told(State.BAD, f"{_name(store)}: {_cause(error)}", "see that the server runs and that LEXFRAME_DATABASE_URL is right")


def _version(tx: Transaction) -> str:
    name, question = ("PostgreSQL", "SHOW server_version") if tx.is_postgres else ("SQLite", "SELECT sqlite_version()")
    return f"{name} {tx.execute(text(question)).scalar_one()}"


def _name(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=True)


def _cause(error: StoreError) -> str:
    """What the driver said, in one line."""
    cause = getattr(error.__cause__, "orig", None) or error.__cause__ or error
    return clean_line(str(cause), 200)


def look_at_files(settings: Settings) -> Finding:
    """Whether original files can be written, read and deleted, and how much space is left."""
    told = partial(Finding, "files")
    blobs = open_blobs(settings.blob_url)
    try:
        if not isinstance(blobs, FolderBlobs):
            _write_and_delete(settings)
            return told(State.OK, f"{settings.blob_url}: written, read and deleted")
        there = _nearest(blobs.root)
        if there == blobs.root:
            _write_and_delete(settings)
        elif not (there.is_dir() and os.access(there, os.W_OK)):
            return told(State.BAD, f"{blobs.root} cannot be made", f"let this user write to {there}, or set LEXFRAME_BLOB_URL")
    except (StoreError, OSError, ImportError, ValueError) as error:
        cause = clean_line(str(error.__cause__ or error), 200)
        return told(State.BAD, f"{settings.blob_url}: {cause}", "see that LEXFRAME_BLOB_URL is right and that this user may write there")
    return _space(blobs.root, free_bytes(settings) or 0, told)


def _write_and_delete(settings: Settings) -> None:
    blobs, said = open_blobs(settings.blob_url), f"lexframe doctor {new_id()}".encode()
    stored = blobs.put_stream([said], len(said))
    try:
        with blobs.open(stored.sha256) as file:
            if file.read() != said:
                raise OSError("what was written is read otherwise")
    finally:
        blobs.delete(stored.sha256)


def free_bytes(settings: Settings) -> int | None:
    """The space that is left where original files are kept; None where that is no folder of this machine."""
    blobs = open_blobs(settings.blob_url)
    return shutil.disk_usage(_nearest(blobs.root)).free if isinstance(blobs, FolderBlobs) else None


def _space(folder: Path, free: int, told: Callable[..., Finding]) -> Finding:
    found = f"{folder}: {free / (1 << 30):.1f} GiB free"
    if free < TOO_LITTLE_SPACE:
        return told(State.BAD, found, "make room: uploads are refused when the disk is full")
    if free < LITTLE_SPACE:
        return told(State.WARN, found, "make room before the disk is full")
    return told(State.OK, found)


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that exists."""
    return next((one for one in (folder, *folder.parents) if one.exists()), Path("/"))


def look_at_broker(settings: Settings) -> Finding:
    """Whether Redis answers, and keeps what it is given."""
    told = partial(Finding, "broker")
    if settings.embedded:
        return told(State.OK, "none is needed: `lexframe serve` runs the jobs itself")
    try:
        redis = look_at_redis(settings)
    except BrokerGone as error:
        todo = "see that Redis runs and that LEXFRAME_REDIS_URL is right; until then documents are accepted and wait"
        return told(State.BAD, f"Redis does not answer: {clean_line(str(error), 200)}", todo)
    found = f"Redis {redis.version}, {redis.messages} messages wait"
    if evicting := _faults(redis):
        return told(
            State.WARN, f"{found}; {evicting}", "start it with --maxmemory-policy noeviction; jobs are not lost, but wait for minutes"
        )
    return told(State.OK, found)


def _faults(redis: Redis) -> str:
    return "" if redis.policy in {"", "noeviction"} else f"it drops messages when memory ends ({redis.policy})"


def look_at_models(settings: Settings) -> Finding:
    """Whether the models are as they were shipped, and can be loaded and used; this takes seconds, and as much memory as a worker."""
    told = partial(Finding, "models")
    if JobKind.ANNOTATE not in settings.kinds:
        return told(State.OK, f"none are needed: this machine takes {', '.join(settings.kinds)}")
    if settings.pipeline == SHIPPED and (damage := next(_damages(settings), "")):
        return told(State.BAD, damage, "install the program again; a model of your own (LEXFRAME_MODEL) has to be made again")
    began = time.monotonic()
    try:
        _load(settings)
    except Exception as error:  # whatever keeps a pipeline from being loaded is what was asked for
        todo = "a worker would not start; see the message, and LEXFRAME_PIPELINE, LEXFRAME_MODEL and LEXFRAME_CODEBOOKS"
        return told(State.BAD, f"not to be loaded: {type(error).__name__}: {clean_line(str(error), 200)}", todo)
    resident = psutil.Process().memory_info().rss >> 20
    found = f"loaded and used in {time.monotonic() - began:.1f} s, {resident} MiB"
    if resident > settings.memory_mib:
        return told(State.WARN, found, f"raise LEXFRAME_MEMORY_MIB ({settings.memory_mib}): a worker is replaced after each document")
    refused = list(_refused(settings))
    if refused:
        return told(State.WARN, f"{found}; {refused[0]}", "train the codebook again, or take its folder out of LEXFRAME_CODEBOOKS")
    return told(State.OK, found)


def _damages(settings: Settings) -> Iterator[str]:
    """What differs from the manifests."""
    import models
    from models.manifest import ModelDamaged, verify

    weights = Path(models.__file__).parent / "weights"
    for folder in (settings.model or weights / "provisions", weights / "statements", weights / "syntax"):
        try:
            verify(folder)
        except (ModelDamaged, OSError, ValueError) as error:
            yield str(error)


def _refused(settings: Settings) -> Iterator[str]:
    from corpora.codebooks import usable_codebooks

    if settings.pipeline == SHIPPED:
        yield from map(str, usable_codebooks(settings.codebooks)[1])


def _load(settings: Settings) -> None:
    from workers.process import limit_threads, pipeline

    limit_threads(settings, os.environ)
    pipeline(settings)(settings)


def look_at_sandbox() -> Finding:
    """Whether readers of strangers' files run under bubblewrap."""
    from corpora.readers.child import sandboxed

    told = partial(Finding, "sandbox")
    if sandboxed():
        return told(State.OK, "files are read under bubblewrap")
    if shutil.which("bwrap") is None:
        return told(
            State.WARN, "bubblewrap is missing: files are read under limits alone", "install bubblewrap (apt-get install bubblewrap)"
        )
    todo = "allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, or the container's security options)"
    return told(State.WARN, "bubblewrap may not make a sandbox here: files are read under limits alone", todo)


def look_at_workers(settings: Settings, store: Store, *, here: bool) -> Finding:
    """Whether somebody takes jobs; with `here`, whether somebody on this machine does."""
    told = partial(Finding, "workers")
    with store.reading() as tx:
        there, waiting = attendance.present(tx), jobs.counts(tx)[JobState.QUEUED]
    ours = [one for one in there if one.machine == socket.gethostname()]
    if here and not ours:
        return told(State.BAD, "none of this machine was seen within the last minute", "see its log, and start it again")
    if not there:
        start = "`lexframe serve` runs one" if settings.embedded else "start `lexframe worker` on this machine or another"
        return told(State.BAD if waiting else State.WARN, f"none was seen within the last minute, and {waiting} jobs wait", start)
    machines, kinds = {one.machine for one in there}, {kind for one in there for kind in one.kinds}
    found = f"{len(there)} on {len(machines)} machine{'s' * (len(machines) > 1)} take {', '.join(k for k in EVERY_KIND if k in kinds)}"
    if idle := [kind for kind in EVERY_KIND if kind not in kinds]:
        return told(State.WARN, found, f"nobody takes {', '.join(idle)}: start a worker with LEXFRAME_KINDS={','.join(idle)}")
    if others := sorted({one.version for one in there} - {program_version()}):
        return told(
            State.WARN, f"{found}; some are of version {', '.join(others)}, not {program_version()}", "bring all machines to one version"
        )
    return told(State.OK, found)


def look_at_queue(settings: Settings, store: Store) -> Finding:
    """How many jobs wait, and for how long."""
    told = partial(Finding, "queue")
    with store.reading() as tx:
        counts, oldest, now = jobs.counts(tx), min(jobs.waiting_since(tx).values(), default=None), tx.now()
    waiting, running = counts[JobState.QUEUED], counts[JobState.RUNNING]
    age = (now - oldest).total_seconds() if oldest else 0.0
    found = f"{waiting} wait{_since(oldest, age)}, {running} run, {counts[JobState.FAILED]} have failed"
    if waiting >= settings.max_queued:
        return told(State.BAD, found, f"uploads are refused above {settings.max_queued}: add workers, or raise LEXFRAME_MAX_QUEUED")
    if age > WAITING_LONG:
        return told(State.WARN, found, "add workers (LEXFRAME_CONCURRENCY, or `lexframe worker` on other machines), or wait")
    return told(State.OK, found)


def _since(oldest: datetime | None, seconds: float) -> str:
    if oldest is None:
        return ""
    return f" (the oldest for {seconds:.0f} s)" if seconds < 120 else f" (the oldest for {seconds / 60:.0f} min)"
