"""The job store against a model of it: any order of claims, crashes, expiries, cancellations and deletions."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule, run_state_machine_as_test

from corpora.store import annotations as kept
from corpora.store import documents, jobs, recovery
from corpora.store.annotations import Key
from corpora.store.identity import utc_now
from corpora.store.jobs import Claim, JobState
from corpora.store.migrate import migrate
from corpora.store.session import open_store
from tests.servers import PostgresServer, upload

pytest_plugins = ("tests.servers",)

LEASE = 60.0
ATTEMPTS = 3


@dataclass
class Expected:
    """What a job should be."""

    document_id: str
    state: str = "queued"
    attempt: int = 0
    fence: int = 0
    ready: float = 0.0
    lease: float = 0.0
    results: list[int] = field(default_factory=list)


class JobStore(RuleBasedStateMachine):
    """Time stands still but for the rule that lets it pass; `self.clock` is in seconds."""

    url: str | None = None
    made = Bundle("made")
    claims = Bundle("claims")

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lexframe-machine-"))
        self.store = open_store(self.url or f"sqlite:///{self.folder / 'x.sqlite3'}", str(self.folder / "files"))
        migrate(self.store)
        with self.store.transaction() as tx:
            for document in documents.page(tx, limit=200).items:
                documents.delete(tx, document.id)
        self.start, self.clock, self.count = utc_now() + timedelta(hours=1), 0.0, 0
        self.model: dict[str, Expected] = {}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return self.start + timedelta(seconds=self.clock)

    @rule(target=made)
    def accept(self) -> str:
        self.count += 1
        accepted = upload(self.store, f"document {self.count}", max_attempts=ATTEMPTS)
        self.model[accepted.job_id] = Expected(accepted.document_id)
        return accepted.job_id

    @rule(target=claims, job=made)
    def claim(self, job: str):  # type: ignore[no-untyped-def]
        with self.store.transaction() as tx:
            found = jobs.claim(tx, job, LEASE, now=self.now)
        return self._claimed(job, found)

    @rule(target=claims)
    def claim_next(self):  # type: ignore[no-untyped-def]
        ready = sorted((job for job in self.model if self._claimable(job)), key=lambda job: (self.model[job].state == "running", job))
        with self.store.transaction() as tx:
            found = jobs.claim(tx, None, LEASE, now=self.now)
        assert (found.job_id if found else None) == (ready[0] if ready else None)
        return self._claimed(ready[0], found) if ready else multiple()

    def _claimed(self, job: str, found: Claim | None):  # type: ignore[no-untyped-def]
        assert (found is not None) == self._claimable(job)
        if found is None:
            return multiple()
        job_now = self.model[job]
        job_now.state, job_now.attempt, job_now.fence, job_now.lease = "running", job_now.attempt + 1, job_now.fence + 1, self.clock + LEASE
        assert (found.attempt, found.fence) == (job_now.attempt, job_now.fence)
        return found

    @rule(claim=claims)
    def heartbeat(self, claim: Claim) -> None:
        with self.store.transaction() as tx:
            assert jobs.heartbeat(tx, claim, "s", 0.5, now=self.now) == self._holds(claim)
        if self._holds(claim):
            self.model[claim.job_id].lease = self.clock + LEASE

    @rule(claim=claims)
    def commit(self, claim: Claim) -> None:
        with self.store.transaction() as tx:
            committed = jobs.commit(tx, claim, now=self.now)
            job = self.model.get(claim.job_id)
            repeated = job is not None and job.results == [claim.fence]
            assert committed == (self._holds(claim) or repeated)
            if committed:
                key = Key("default", "0" * 64, str(claim.fence), claim.job_id)
                kept.attach(tx, claim.document_id, kept.keep(tx, key, {"text": "x"}))
        if job is not None and self._holds(claim):
            job.state, job.results = "done", [claim.fence]

    @rule(claim=claims, again=st.booleans())
    def fail(self, claim: Claim, again: bool) -> None:
        with self.store.transaction() as tx:
            assert jobs.fail(tx, claim, "c", "m", retry=again, delay=5, now=self.now) == self._holds(claim)
        if self._holds(claim):
            job = self.model[claim.job_id]
            job.state = "queued" if again and job.attempt < ATTEMPTS else "failed"
            job.ready = self.clock + 5

    @rule(claim=claims)
    def release(self, claim: Claim) -> None:
        with self.store.transaction() as tx:
            assert jobs.release(tx, claim, now=self.now) == self._holds(claim)
        if self._holds(claim):
            job = self.model[claim.job_id]
            job.state, job.attempt, job.ready = "queued", job.attempt - 1, self.clock

    @rule(job=made)
    def cancel(self, job: str) -> None:
        with self.store.transaction() as tx:
            open_ = job in self.model and self.model[job].state in {"queued", "running"}
            assert jobs.cancel(tx, job, now=self.now) == open_
        if open_:
            self.model[job].state = "cancelled"

    @rule(job=made)
    def retry(self, job: str) -> None:
        with self.store.transaction() as tx:
            ended = job in self.model and self.model[job].state in {"failed", "cancelled"}
            assert jobs.retry(tx, job, now=self.now) == ended
        if ended:
            self.model[job].state, self.model[job].attempt, self.model[job].ready = "queued", 0, self.clock

    @rule(job=made)
    def delete(self, job: str) -> None:
        with self.store.transaction() as tx:
            known = self.model.pop(job, None)
            if known is not None:
                assert documents.delete(tx, known.document_id)

    @rule(seconds=st.sampled_from([1.0, 10.0, LEASE + 1, 700.0]))
    def time_passes(self, seconds: float) -> None:
        self.clock += seconds

    @rule()
    def reconcile(self) -> None:
        with self.store.transaction() as tx:
            sent = recovery.reconcile(tx, self.now)
        for job in self.model.values():
            if job.state == "running" and job.lease < self.clock:
                job.state = "queued" if job.attempt < ATTEMPTS else "failed"
                job.ready = self.clock
        assert all(self.model[job].state == "queued" for job in sent)
        assert len(sent) == len(set(sent))

    @invariant()
    def the_rows_are_as_expected(self) -> None:
        with self.store.reading() as tx:
            found = {job: jobs.get(tx, job) for job in self.model}
            results = {job: len(kept.all_of(tx, expected.document_id)) for job, expected in self.model.items()}
            counts = jobs.counts(tx)
        for job, expected in self.model.items():
            row = found[job]
            assert row is not None
            assert (row.state, row.attempt) == (expected.state, expected.attempt)
            assert (row.lease_until is not None) == (row.state is JobState.RUNNING)
            assert (row.finished is not None) == row.state.ended
            assert results[job] == len(expected.results)
        assert sum(counts.values()) == len(self.model)

    def _claimable(self, job: str) -> bool:
        known = self.model.get(job)
        if known is None or known.attempt >= ATTEMPTS:
            return False
        return (known.state == "queued" and known.ready <= self.clock) or (known.state == "running" and known.lease < self.clock)

    def _holds(self, claim: Claim) -> bool:
        known = self.model.get(claim.job_id)
        return known is not None and known.state == "running" and known.fence == claim.fence


def check(machine: type[JobStore], examples: int) -> None:
    health = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine, settings=settings(max_examples=examples, stateful_step_count=40, deadline=None, suppress_health_check=health)
    )


def test_the_job_store_on_sqlite_does_what_its_model_does() -> None:
    check(JobStore, 25)


@pytest.mark.services
def test_the_job_store_on_postgres_does_what_its_model_does(postgres: PostgresServer) -> None:
    check(type("OnPostgres", (JobStore,), {"url": postgres.new_database()}), 25)


@pytest.mark.chaos
def test_the_job_store_does_what_its_model_does_for_long() -> None:
    check(JobStore, 300)
