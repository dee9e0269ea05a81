from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpora.store import annotations as kept
from corpora.store import documents, jobs, recovery
from corpora.store.identity import utc_now
from corpora.store.jobs import Job, JobState
from corpora.store.session import Store
from tests.servers import upload
from tests.workers.small_work import PIPELINE, count, load_obedient, obey
from workers.running import Outcome, run_job
from workers.settings import Settings, from_environment
from workers.work import JobInput, Json, Work

pytest_plugins = ("tests.servers",)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return from_environment({"LEXFRAME_DATA_DIR": str(tmp_path), "LEXFRAME_LEASE_SECONDS": "2", "LEXFRAME_GRACE_SECONDS": "0"})


def look(store: Store, job_id: str) -> Job:
    with store.reading() as tx:
        job = jobs.get(tx, job_id)
    assert job is not None
    return job


def due_at_once(store: Store, job_id: str) -> None:
    """Lets the pause after a failed attempt be over."""
    until = look(store, job_id).not_before
    time.sleep(max(0.0, (until - utc_now()).total_seconds()))


def test_a_document_is_annotated_and_its_result_stored(store: Store, settings: Settings) -> None:
    accepted = upload(store, "Trafficking in persons is prohibited.", title="Act")
    assert run_job(store, accepted.job_id, load_obedient(settings), settings) is Outcome.DONE
    with store.reading() as tx:
        document, annotation = documents.get(tx, accepted.document_id), kept.latest(tx, accepted.document_id)
        assert document is not None
        assert annotation is not None
        result = kept.result(tx, annotation.id)
    job = look(store, accepted.job_id)
    assert (job.state, job.progress, document.framing, document.characters) == (JobState.DONE, 1.0, "rights", 37)
    assert (result["text"], result["document"]["title"]) == ("Trafficking in persons is prohibited.", "Act")


def test_none_takes_the_next_job_and_says_when_there_is_none(store: Store, settings: Settings) -> None:
    made = [upload(store, text).job_id for text in ("one", "two")]
    work = load_obedient(settings)
    assert [run_job(store, None, work, settings) for _ in range(3)] == [Outcome.DONE, Outcome.DONE, Outcome.NOTHING]
    assert {look(store, job_id).state for job_id in made} == {JobState.DONE}


@pytest.mark.parametrize("job_id", ["", "nothing", "00000000-0000-7000-8000-000000000000", "'; DROP TABLE jobs"])
def test_an_unknown_id_is_no_job(store: Store, settings: Settings, job_id: str) -> None:
    assert run_job(store, job_id, load_obedient(settings), settings) is Outcome.NOTHING


def test_the_same_bytes_and_pipeline_are_annotated_once(store: Store, settings: Settings) -> None:
    done: list[str] = []

    def watched(job: JobInput) -> Json:
        done.append(job.data.decode())
        return count(job)

    work = Work(PIPELINE, watched)
    made = [upload(store, text, title=title) for text, title in [("same", "A"), ("same", "A"), ("other", "A"), ("same", "B")]]
    outcomes = [run_job(store, accepted.job_id, work, settings) for accepted in made]
    assert outcomes == [Outcome.DONE, Outcome.REUSED, Outcome.DONE, Outcome.DONE]
    assert done == ["same", "other", "same"]
    with store.reading() as tx:
        first, second = (kept.latest(tx, accepted.document_id) for accepted in made[:2])
    assert first is not None
    assert first == second


def test_another_pipeline_annotates_again(store: Store, settings: Settings) -> None:
    accepted = upload(store, "same")
    run_job(store, accepted.job_id, Work(PIPELINE, count), settings)
    with store.transaction() as tx:
        again = jobs.add(tx, accepted.document_id)
    assert run_job(store, again, Work({**PIPELINE, "version": "2"}, count), settings) is Outcome.DONE
    with store.reading() as tx:
        assert len(kept.all_of(tx, accepted.document_id)) == 2


@pytest.mark.parametrize(
    ("text", "attempts", "state", "code"),
    [
        ("refuse", 3, JobState.FAILED, "refused"),
        ("break", 1, JobState.FAILED, "internal_error"),
        ("break", 3, JobState.QUEUED, "internal_error"),
        ("stumble", 1, JobState.FAILED, "stumbled"),
        ("stumble", 3, JobState.QUEUED, "stumbled"),
        ("sink", 1, JobState.FAILED, "out_of_memory"),
    ],
)
def test_what_a_document_provokes_ends_in_its_row(
    store: Store, settings: Settings, text: str, attempts: int, state: JobState, code: str
) -> None:
    job_id = upload(store, text, max_attempts=attempts).job_id
    assert run_job(store, job_id, load_obedient(settings), settings) is Outcome.FAILED
    job = look(store, job_id)
    assert (job.state, job.error_code, job.attempt) == (state, code, 1)
    assert "RuntimeError" not in (job.error_message or "")


def test_a_broken_attempt_is_tried_again(store: Store, settings: Settings) -> None:
    tries: list[int] = []

    def at_the_second(job: JobInput) -> Json:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError
        return count(job)

    job_id, work = upload(store, "x").job_id, Work(PIPELINE, at_the_second)
    assert run_job(store, job_id, work, settings) is Outcome.FAILED
    assert run_job(store, job_id, work, settings) is Outcome.NOTHING
    due_at_once(store, job_id)
    assert run_job(store, job_id, work, settings) is Outcome.DONE
    job = look(store, job_id)
    assert (job.state, job.attempt, job.error_code) == (JobState.DONE, 2, None)


def test_bytes_that_are_gone_are_said_to_be(store: Store, settings: Settings) -> None:
    accepted = upload(store, "x")
    for sha256 in list(store.blobs.older_than(-10)):
        store.blobs.delete(sha256)
    assert run_job(store, accepted.job_id, load_obedient(settings), settings) is Outcome.FAILED
    assert look(store, accepted.job_id).error_code == "original_missing"


def interfered(store: Store, settings: Settings, act: Callable[[str, str], None]) -> tuple[Outcome, str]:
    """Runs a job while `act(document_id, job_id)` happens in the middle of its work."""
    accepted = upload(store, "x")

    def work(job: JobInput) -> Json:
        act(accepted.document_id, accepted.job_id)
        for step in range(60):
            time.sleep(0.05)
            job.report(f"step {step}", 0.5)
        return count(job)

    return run_job(store, accepted.job_id, Work(PIPELINE, work), settings), accepted.job_id


def test_a_cancelled_job_stops_working(store: Store, settings: Settings) -> None:
    def cancel(document_id: str, job_id: str) -> None:
        with store.transaction() as tx:
            jobs.cancel(tx, job_id)

    began = time.monotonic()
    outcome, job_id = interfered(store, settings, cancel)
    assert outcome is Outcome.LOST
    assert time.monotonic() - began < 2.5
    assert look(store, job_id).state is JobState.CANCELLED


def test_a_deleted_document_leaves_nothing_behind(store: Store, settings: Settings) -> None:
    def delete(document_id: str, job_id: str) -> None:
        with store.transaction() as tx:
            documents.delete(tx, document_id)

    assert interfered(store, settings, delete)[0] is Outcome.LOST
    with store.reading() as tx:
        assert documents.page(tx).items == ()
    assert list(store.blobs.older_than(-10)) == []


def test_the_heartbeat_keeps_a_long_job_from_being_taken(store: Store, settings: Settings) -> None:
    job_id = upload(store, "sleep 3.2").job_id
    outcomes: list[Outcome] = []
    thread = threading.Thread(target=lambda: outcomes.append(run_job(store, job_id, load_obedient(settings), settings)))
    thread.start()
    time.sleep(2.6)  # longer than the lease
    with store.transaction() as tx:
        recovery.reconcile(tx)
        assert jobs.claim(tx, job_id, 2) is None
    thread.join()
    assert outcomes == [Outcome.DONE]
    assert look(store, job_id).attempt == 1


def test_a_document_that_takes_too_long_is_failed(store: Store, tmp_path: Path) -> None:
    settings = from_environment({"LEXFRAME_DATA_DIR": str(tmp_path), "LEXFRAME_JOB_SECONDS": "1"})
    job_id, ended = upload(store, "sleep 2").job_id, threading.Event()
    assert run_job(store, job_id, load_obedient(settings), settings, end=ended.set) is Outcome.LOST
    job = look(store, job_id)
    assert ended.is_set()
    assert (job.state, job.error_code, job.attempt) == (JobState.FAILED, "time_limit", 1)


def test_a_stopping_process_hands_its_job_back(store: Store, settings: Settings) -> None:
    job_id, stop, ended = upload(store, "sleep 1.5").job_id, threading.Event(), threading.Event()
    stop.set()
    assert run_job(store, job_id, load_obedient(settings), settings, stop=stop, end=ended.set) is Outcome.LOST
    job = look(store, job_id)
    assert ended.is_set()
    assert (job.state, job.attempt) == (JobState.QUEUED, 0)
    assert run_job(store, job_id, Work(PIPELINE, obey), settings) is Outcome.DONE
