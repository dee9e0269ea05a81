"""What `lexframe doctor` finds: a table of what is wrong, and what it says then."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from sqlalchemy import text

from corpora.store import attendance, tallies
from corpora.store.identity import utc_now
from corpora.store.jobs import EVERY_KIND, JobKind
from corpora.store.migrate import migrate
from corpora.store.session import Store, open_store
from tests.servers import PostgresServer, RedisServer, free_port, until, upload
from tests.workers.service import opened, running, small_settings, wait_for
from workers import checks
from workers.checks import Finding, State
from workers.settings import Settings
from workers.versions import program_version

pytest_plugins = ("tests.servers",)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return small_settings(tmp_path, DATABASE_URL=database_url)


def note(store: Store, name: str, kinds: tuple[JobKind, ...] = EVERY_KIND, version: str = "", ago: float = 0.0) -> None:
    with store.transaction() as tx:
        attendance.note(tx, name, kinds, version or program_version(), now=utc_now() - timedelta(seconds=ago))


def workers(settings: Settings, store: Store, *, here: bool = False) -> Finding:
    return checks.look_at_workers(settings, store, here=here)


def test_a_database_is_looked_at_and_not_made(settings: Settings, database_url: str) -> None:
    found, store = checks.look_at_database(settings)
    assert store is None
    if database_url.startswith("sqlite"):
        assert (found.state, "lexframe migrate" in found.todo) == (State.WARN, True)
        assert not Path(database_url.removeprefix("sqlite:///")).exists()
    else:
        assert (found.state, found.todo) == (State.BAD, "run `lexframe migrate`")
    migrate(open_store(settings.database_url, settings.blob_url))
    found, store = checks.look_at_database(settings)
    assert (found.state, found.todo) == (State.OK, "")
    assert store is not None
    with store.transaction() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    found, none = checks.look_at_database(settings)
    assert (found.state, none) == (State.BAD, None)
    assert "newer version" in found.found


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://someone:secret-word@127.0.0.1:{free_port()}/none"
    found, store = checks.look_at_database(small_settings(tmp_path, DATABASE_URL=url))
    assert (found.state, store) == (State.BAD, None)
    assert "refused" in found.found
    assert "someone" in found.found
    assert "secret-word" not in str(found.json())
    assert "LEXFRAME_DATABASE_URL" in found.todo


@pytest.mark.services
def test_a_database_that_cannot_be_written_to_does_not_do(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.new_database()
    settings = small_settings(tmp_path, DATABASE_URL=url)
    with opened(settings) as store, store.transaction() as tx:
        tx.execute(text(f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on"))
    found, none = checks.look_at_database(settings)
    assert (found.state, none) == (State.BAD, None)
    assert "read-only" in found.found


def test_files_are_written_read_and_deleted(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    files = tmp_path / "files"
    assert checks.look_at_files(settings).state is not State.BAD
    assert not files.exists(), "looking makes no folder"
    files.mkdir()
    assert "GiB free" in checks.look_at_files(settings).found
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert checks.look_at_files(replace(settings, blob_url="memory://doctor")).state is State.OK


@pytest.mark.parametrize(
    ("url", "said"), [("{folder}/taken/files", "cannot be reached"), ("nosuch://bucket/files", "nosuch"), ("s3://bucket/files", "")]
)
def test_files_that_cannot_be_kept(tmp_path: Path, url: str, said: str) -> None:
    (tmp_path / "taken").write_text("no folder")
    settings = replace(small_settings(tmp_path), blob_url=url.format(folder=tmp_path))
    if url.startswith("{"):
        (tmp_path / "taken").chmod(0o400)
    found = checks.look_at_files(settings)
    assert found.state is State.BAD
    assert "LEXFRAME_BLOB_URL" in found.todo
    assert said in found.found or "cannot be made" in found.found


@pytest.mark.parametrize(("little", "too_little", "state"), [(0, 0, State.OK), (1 << 60, 0, State.WARN), (1 << 60, 1 << 60, State.BAD)])
def test_space_that_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, little: int, too_little: int, state: State) -> None:
    monkeypatch.setattr(checks, "LITTLE_SPACE", little)
    monkeypatch.setattr(checks, "TOO_LITTLE_SPACE", too_little)
    found = checks.look_at_files(small_settings(tmp_path))
    assert (found.state, bool(found.todo)) == (state, state is not State.OK)


@pytest.mark.services
def test_the_broker_is_asked(redis_server: RedisServer, tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    assert checks.look_at_broker(settings).state is State.OK
    there = replace(settings, redis_url=redis_server.url)
    assert checks.look_at_broker(there).state is State.OK
    with redis.Redis(port=redis_server.port) as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        found = checks.look_at_broker(there)
        client.config_set("maxmemory-policy", "noeviction")
    assert (found.state, "allkeys-lru" in found.found, "noeviction" in found.todo) == (State.WARN, True, True)
    found = checks.look_at_broker(replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}/0"))
    assert (found.state, "LEXFRAME_REDIS_URL" in found.todo) == (State.BAD, True)


def test_who_takes_jobs_is_told(store: Store, tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    assert workers(settings, store).state is State.WARN
    note(store, "elsewhere:1", ago=90)
    upload(store, "a text")
    found = workers(settings, store)
    assert (found.state, "1 jobs wait" in found.found) == (State.BAD, True), "whoever was seen long ago does not count"
    note(store, "elsewhere:1", (JobKind.ANNOTATE,))
    found = workers(settings, store)
    assert (found.state, "export, compare" in found.todo) == (State.WARN, True)
    note(store, "third:7")
    found = workers(settings, store)
    assert (found.state, found.found) == (State.OK, "2 on 2 machines take export, compare, annotate")
    assert workers(settings, store, here=True).state is State.BAD
    note(store, f"{socket.gethostname()}:3")
    assert workers(settings, store, here=True).state is State.OK
    note(store, "old:1", version="0.0.1")
    found = workers(settings, store)
    assert (found.state, "0.0.1" in found.found) == (State.WARN, True)
    with store.transaction() as tx:
        attendance.leave(tx, "old:1")
        assert attendance.forget_absent(tx, now=tx.now() + timedelta(days=2)) == 3
        assert attendance.present(tx) == ()


def test_the_queue_is_told(store: Store, tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    assert checks.look_at_queue(settings, store).found == "0 wait, 0 run, 0 have failed"
    upload(store, "a text")
    assert checks.look_at_queue(settings, store).state is State.OK
    assert checks.look_at_queue(replace(settings, max_queued=1), store).state is State.BAD
    with store.transaction() as tx:
        tx.execute(text("UPDATE jobs SET created = :then, not_before = :then"), {"then": utc_now() - timedelta(hours=3)})
    found = checks.look_at_queue(settings, store)
    assert (found.state, "for 180 min" in found.found) == (State.WARN, True)


def test_models_are_loaded_or_it_is_said_why_not(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    assert checks.look_at_models(settings).state is State.OK
    assert checks.look_at_models(replace(settings, memory_mib=1)).state is State.WARN
    assert "none are needed" in checks.look_at_models(replace(settings, kinds=(JobKind.EXPORT,))).found
    found = checks.look_at_models(replace(settings, pipeline="tests.workers.small_work:load_nothing"))
    assert (found.state, "LEXFRAME_PIPELINE" in found.todo) == (State.BAD, True)
    (tmp_path / "model").mkdir()
    found = checks.look_at_models(replace(settings, pipeline=checks.SHIPPED, model=tmp_path / "model"))
    assert (found.state, "manifest.json is missing" in found.found) == (State.BAD, True)


@pytest.mark.parametrize(("works", "there", "state"), [(True, True, State.OK), (False, True, State.WARN), (False, False, State.WARN)])
def test_the_sandbox_is_told(monkeypatch: pytest.MonkeyPatch, works: bool, there: bool, state: State) -> None:
    monkeypatch.setattr("corpora.readers.child.sandboxed", lambda: works)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if there else None)
    found = checks.look_at_sandbox()
    assert found.state is state
    assert ("user namespaces" in found.todo) == (there and not works)


def test_a_runner_gives_signs_of_life_and_takes_them_back_and_what_it_does_is_counted(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    with opened(settings) as store:
        with running(settings):
            until(lambda: workers(settings, store, here=True).state is State.OK)
            wait_for(store, [upload(store, text).job_id for text in ("words", "refuse this")])
        with store.reading() as tx:
            found = tallies.totals(tx)
        assert (found["attempts", "annotate/done"], found["attempts", "annotate/failed"]) == (1, 1)
        assert workers(settings, store).state is State.WARN
