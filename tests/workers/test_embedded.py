from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from corpora.store import jobs
from corpora.store.jobs import JobState
from tests.servers import until, upload
from tests.workers.service import is_alive, kill, look, opened, results, running, small_settings, wait_for, worker_of
from workers.queue import notify
from workers.runner import NICENESS
from workers.settings import to_environment
from workers.wake import Bell, bell_folder, ring

pytest_plugins = ("tests.servers",)


def test_the_runner_does_what_was_accepted_before_and_after_it_started(database_url: str, tmp_path: Path) -> None:
    settings = small_settings(tmp_path, DATABASE_URL=database_url)
    with opened(settings) as store:
        before = [upload(store, f"before {n}") for n in range(5)]
        with running(settings):
            wait_for(store, [a.job_id for a in before], JobState.DONE)
            after = upload(store, "after")
            notify(settings, [after.job_id])
            wait_for(store, [after.job_id], JobState.DONE)
        assert [results(store, a.document_id) for a in [*before, after]] == [1] * 6


def test_a_runner_killed_in_the_middle_is_replaced_and_its_job_done_by_the_next(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    with opened(settings) as store, running(settings) as supervisor:
        accepted = upload(store, "sleep 1")
        wait_for(store, [accepted.job_id], JobState.RUNNING)
        first = worker_of(look(store, accepted.job_id))
        assert supervisor.pids == (first,)
        kill(first)
        wait_for(store, [accepted.job_id], JobState.DONE)
        job = look(store, accepted.job_id)
        assert job.attempt == 2
        assert worker_of(job) != first
        assert results(store, accepted.document_id) == 1


def test_a_document_that_kills_its_worker_is_set_aside_and_the_others_are_done(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, LEASE_SECONDS="1")
    with opened(settings) as store:
        poison, other = upload(store, "die", max_attempts=2), upload(store, "other")
        with running(settings):
            wait_for(store, [poison.job_id, other.job_id])
        job = look(store, poison.job_id)
        assert (job.state, job.error_code, job.attempt) == (JobState.FAILED, jobs.EXHAUSTED, 2)
        assert look(store, other.job_id).state is JobState.DONE


def test_a_stopped_runner_hands_its_job_back_at_once(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, LEASE_SECONDS="60")
    with opened(settings) as store:
        accepted = upload(store, "sleep 20")
        with running(settings):
            wait_for(store, [accepted.job_id], JobState.RUNNING)
            began = time.monotonic()
        assert time.monotonic() - began < 8
        job = look(store, accepted.job_id)
        assert (job.state, job.attempt) == (JobState.QUEUED, 0)


def test_a_cancelled_job_frees_its_runner(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    with opened(settings) as store, running(settings):
        long, short = upload(store, "report 300"), upload(store, "short")
        wait_for(store, [long.job_id], JobState.RUNNING)
        with store.transaction() as tx:
            assert jobs.cancel(tx, long.job_id)
        wait_for(store, [short.job_id], JobState.DONE, 15)
        assert look(store, long.job_id).state is JobState.CANCELLED
        assert results(store, long.document_id) == 0


def test_a_runner_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    program = """
        import os, time
        from workers.embedded import start_runner
        from workers.settings import from_environment
        supervisor = start_runner(from_environment(os.environ))
        while not supervisor.pids:
            time.sleep(0.05)
        print(*supervisor.pids, flush=True)
        time.sleep(60)
    """
    environment = {**os.environ, **to_environment(settings)}
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        runner = int(parent.stdout.readline())
        assert is_alive(runner)
        kill(parent.pid)
        until(lambda: not is_alive(runner), 15)


@pytest.mark.skipif(not hasattr(os, "nice"), reason="processes have no niceness here")
def test_a_runner_leaves_the_processors_to_the_api_first(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    with opened(settings) as store, running(settings):
        accepted = upload(store, "sleep 0.2")
        wait_for(store, [accepted.job_id], JobState.DONE)
        runner = psutil.Process(worker_of(look(store, accepted.job_id)))
        assert runner.nice() == min(psutil.Process().nice() + NICENESS, 19)


def test_a_grown_runner_is_replaced_after_its_document(tmp_path: Path) -> None:
    settings = small_settings(tmp_path, MEMORY_MIB="200")
    with opened(settings) as store, running(settings):
        first, second = upload(store, "grow 1"), upload(store, "grow 2")
        wait_for(store, [first.job_id], JobState.DONE)
        wait_for(store, [second.job_id], JobState.DONE)
        assert worker_of(look(store, first.job_id)) != worker_of(look(store, second.job_id))


def test_the_bell_wakes_and_is_not_missed(tmp_path: Path) -> None:
    settings = small_settings(tmp_path)
    ring(settings)  # nobody there
    with Bell(settings) as bell:
        ring(settings)
        ring(settings)
        assert bell.wait(5)
        assert not bell.wait(0.05)
    assert list(bell_folder(settings).glob("*")) == []


@pytest.mark.parametrize("depth", [1, 20])
def test_bells_hang_in_deep_folders_too(tmp_path: Path, depth: int) -> None:
    folder = tmp_path.joinpath(*["a folder of ten"] * depth)
    settings = small_settings(folder)
    with Bell(settings) as bell:
        ring(settings)
        assert bell.wait(5)
    (bell_folder(settings) / "1.bell").write_text("left by a killed process")
    with Bell(settings):
        assert [path.name for path in bell_folder(settings).glob("*.bell")] == [f"{os.getpid()}.bell"]
