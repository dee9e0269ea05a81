"""What the metrics count of attempts at jobs: each once, in the transaction that ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from corpora.store import jobs, recovery, tallies
from corpora.store.jobs import JobKind
from corpora.store.session import Store
from corpora.store.tables import jobs as job_table
from corpora.store.tallies import Count, Counted, End
from tests.servers import upload
from tests.workers.service import small_settings
from tests.workers.small_work import PIPELINE, load_obedient, obey
from workers.running import run_job
from workers.settings import Settings
from workers.tally import Tally
from workers.work import JobInput, Json, Work

pytest_plugins = ("tests.servers",)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return small_settings(tmp_path, GRACE_SECONDS="0")


def counted(store: Store, name: Count) -> dict[str, float]:
    with store.reading() as tx:
        return {label: amount for (found, label), amount in tallies.totals(tx).items() if found == name}


def test_attempts_are_counted_by_their_end_and_errors_by_their_code(store: Store, settings: Settings) -> None:
    work = load_obedient(settings)
    for text, attempts in [("words", 3), ("words", 3), ("refuse this", 3), ("break it", 3), ("sink", 1)]:
        run_job(store, upload(store, text, max_attempts=attempts).job_id, work, settings)
    assert counted(store, Count.ATTEMPTS) == {"annotate/done": 1, "annotate/reused": 1, "annotate/failed": 2, "annotate/again": 1}
    assert counted(store, Count.ERRORS) == {"refused": 1, "internal_error": 1, "out_of_memory": 1}
    assert counted(store, Count.CHARACTERS) == {"": 5}
    assert counted(store, Count.SECONDS)["annotate"] > 0


def test_a_claim_that_is_lost_counts_nothing(store: Store, settings: Settings) -> None:
    job_id = upload(store, "words").job_id

    def cancelled(job: JobInput) -> Json:
        with store.transaction() as tx:
            jobs.cancel(tx, job_id)
        return obey(job)

    run_job(store, job_id, Work(PIPELINE, cancelled), settings)
    with store.reading() as tx:
        assert tallies.totals(tx) == {}


def test_what_takes_too_long_is_counted_before_the_process_ends(store: Store, settings: Settings) -> None:
    ended: list[bool] = []
    run_job(
        store, upload(store, "sleep 2").job_id, load_obedient(settings), replace(settings, job_seconds=0.1), end=lambda: ended.append(True)
    )
    assert ended == [True]
    assert counted(store, Count.ERRORS) == {"time_limit": 1}
    assert counted(store, Count.ATTEMPTS) == {"annotate/failed": 1}
    assert counted(store, Count.STAGES)["other"] > 0.1


def test_jobs_of_silent_workers_are_counted_by_the_reconciler(store: Store) -> None:
    for attempts in (1, 2, 2):
        job_id = upload(store, "words", max_attempts=attempts).job_id
        with store.transaction() as tx:
            jobs.claim(tx, job_id, 60)
    with store.transaction() as tx:
        recovery.reconcile(tx, tx.now() + timedelta(minutes=2))
    assert counted(store, Count.ATTEMPTS) == {"annotate/failed": 1, "annotate/again": 2}
    assert counted(store, Count.ERRORS) == {jobs.EXHAUSTED: 1, recovery.SILENT: 2}


def test_a_job_whose_row_is_gone_is_counted_by_nobody(store: Store) -> None:
    with store.transaction() as tx:
        tx.execute(update(job_table).values(state="done"))
        recovery.reconcile(tx)
        assert tallies.totals(tx) == {}


def test_stages_add_up_and_names_of_others_are_not_kept(store: Store) -> None:
    moments = iter([0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 31.0])
    tally = Tally(JobKind.ANNOTATE, lambda: next(moments))
    for stage in ("reading", "step 1", "step 2", "reading"):
        tally.enter(stage)
    with store.transaction() as tx:
        tally.write(tx, End.DONE)
        found: dict[Counted, float] = tallies.totals(tx)
    assert found == {
        ("attempts", "annotate/done"): 1,
        ("seconds", "annotate"): 31,
        ("stages", "reading"): 2 + 16,
        ("stages", "other"): 4 + 8,
    }
