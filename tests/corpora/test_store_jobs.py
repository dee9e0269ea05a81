from __future__ import annotations

import random
import threading
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import update

from corpora.store import documents, jobs, leases, recovery
from corpora.store.identity import new_id, utc_now
from corpora.store.jobs import Claim, Job, JobKind, JobState
from corpora.store.session import Store
from corpora.store.tables import jobs as job_table
from tests.servers import upload

pytest_plugins = ("tests.servers",)

LEASE = 60.0


def look(store: Store, job_id: str) -> Job:
    with store.reading() as tx:
        job = jobs.get(tx, job_id)
    assert job is not None
    return job


def claim(store: Store, job_id: str | None, now: datetime | None = None) -> Claim | None:
    with store.transaction() as tx:
        return jobs.claim(tx, job_id, LEASE, worker="here:1", now=now)


def claimed(store: Store, job_id: str, now: datetime | None = None) -> Claim:
    found = claim(store, job_id, now)
    assert found is not None
    return found


def test_a_claim_counts_the_attempt_and_keeps_others_out(store: Store) -> None:
    job_id = upload(store, "x").job_id
    held = claimed(store, job_id)
    assert (held.attempt, held.fence) == (1, 1)
    assert claim(store, job_id) is None
    assert claim(store, None) is None
    job = look(store, job_id)
    assert (job.state, job.attempt, job.worker) == (JobState.RUNNING, 1, "here:1")
    assert job.lease_until is not None
    assert 50 < (job.lease_until - utc_now()).total_seconds() <= LEASE


def test_the_heartbeat_renews_the_lease_and_tells_the_progress(store: Store) -> None:
    job_id = upload(store, "x").job_id
    held = claimed(store, job_id)
    later = utc_now() + timedelta(seconds=40)
    with store.transaction() as tx:
        assert jobs.heartbeat(tx, held, "syntax\x00", 7.0, now=later)
    job = look(store, job_id)
    assert (job.stage, job.progress, job.lease_until) == ("syntax", 1.0, later + timedelta(seconds=LEASE))


def test_the_job_of_lowest_rank_then_the_oldest_is_next(store: Store) -> None:
    first, second, urgent = (upload(store, text) for text in "abc")
    with store.transaction() as tx:
        urgent_job = jobs.add(tx, urgent.document_id, rank=-5)
    taken = []
    while held := claim(store, None):
        taken.append(held.job_id)
    assert taken == [urgent_job, first.job_id, second.job_id, urgent.job_id]


def test_racing_workers_each_get_a_job_of_their_own(store: Store) -> None:
    made = {upload(store, str(n)).job_id for n in range(12)}
    taken: list[str] = []

    def work() -> None:
        while held := claim(store, None):
            taken.append(held.job_id)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for job_id in made - set(taken):  # a row that another was just taking was passed over
        taken.append(claimed(store, job_id).job_id)
    assert sorted(taken) == sorted(made)


def test_a_silent_worker_loses_its_job_and_its_late_commit_is_thrown_away(store: Store) -> None:
    job_id = upload(store, "x").job_id
    late = claimed(store, job_id)
    fresh = claimed(store, job_id, utc_now() + timedelta(seconds=LEASE + 1))
    assert (fresh.attempt, fresh.fence) == (2, 2)
    with store.transaction() as tx:
        assert not jobs.heartbeat(tx, late, None, 0)
        assert not jobs.commit(tx, late)
        assert not jobs.fail(tx, late, "x", "x", retry=False)
        assert not jobs.release(tx, late)
        assert jobs.commit(tx, fresh)
    assert look(store, job_id).state is JobState.DONE


def test_a_commit_can_be_repeated_by_the_same_claim_only(store: Store) -> None:
    job_id = upload(store, "x").job_id
    late = claimed(store, job_id)
    held = claimed(store, job_id, utc_now() + timedelta(seconds=LEASE + 1))
    with store.transaction() as tx:
        assert jobs.commit(tx, held)
        assert jobs.commit(tx, held)
        assert not jobs.commit(tx, late)


def test_handing_back_does_not_count_and_still_fences(store: Store) -> None:
    job_id = upload(store, "x").job_id
    held = claimed(store, job_id)
    with store.transaction() as tx:
        assert jobs.release(tx, held)
    assert look(store, job_id).attempt == 0
    again = claimed(store, job_id)
    assert (again.attempt, again.fence) == (1, 2)
    with store.transaction() as tx:
        assert not jobs.commit(tx, held)
        assert jobs.commit(tx, again)


@pytest.mark.parametrize(
    ("attempts", "retry", "states"),
    [
        (3, False, ["failed"]),
        (1, True, ["failed"]),
        (3, True, ["queued", "queued", "failed"]),
    ],
)
def test_errors_are_tried_again_only_as_often_as_allowed(store: Store, attempts: int, retry: bool, states: list[str]) -> None:
    job_id = upload(store, "x", max_attempts=attempts).job_id
    seen, now = [], utc_now()
    for _ in states:
        now += timedelta(hours=1)
        with store.transaction() as tx:
            held = jobs.claim(tx, job_id, LEASE, now=now)
            assert held is not None
            assert jobs.fail(tx, held, "broken", "It broke.\n\x00", retry=retry, now=now)
        seen.append(look(store, job_id).state)
    job = look(store, job_id)
    assert (seen, job.error_code, job.error_message) == (states, "broken", "It broke.")
    assert claim(store, job_id, now + timedelta(hours=2)) is None


def test_a_failed_attempt_waits_longer_each_time(store: Store) -> None:
    job_id, now, waits = upload(store, "x", max_attempts=100).job_id, utc_now(), []
    for _ in range(6):
        with store.transaction() as tx:
            held = jobs.claim(tx, job_id, LEASE, now=now)
            assert held is not None
            jobs.fail(tx, held, "x", "x", retry=True, now=now)
        due = look(store, job_id).not_before
        waits.append((due - now).total_seconds())
        assert claim(store, job_id, due - timedelta(seconds=0.1)) is None
        now = due
    assert waits == [2.0, 6.0, 18.0, 54.0, 60.0, 60.0]


def test_expired_leases_end_where_no_attempt_is_left(store: Store) -> None:
    one, three = upload(store, "a", max_attempts=1).job_id, upload(store, "b").job_id
    claimed(store, one)
    claimed(store, three)
    with store.transaction() as tx:
        assert recovery.reconcile(tx) == []
        assert recovery.reconcile(tx, utc_now() + timedelta(seconds=LEASE + 1)) == [three]
    failed, queued = look(store, one), look(store, three)
    assert (failed.state, failed.error_code) == (JobState.FAILED, jobs.EXHAUSTED)
    assert "1 times of 1" in (failed.error_message or "")
    assert (queued.state, queued.attempt) == (JobState.QUEUED, 1)


def test_cancelling_and_retrying(store: Store) -> None:
    job_id = upload(store, "x").job_id
    held = claimed(store, job_id)
    with store.transaction() as tx:
        assert not jobs.retry(tx, job_id)
        assert jobs.cancel(tx, job_id)
        assert not jobs.cancel(tx, job_id)
        assert not jobs.heartbeat(tx, held, None, 0)
        assert not jobs.commit(tx, held)
        assert jobs.retry(tx, job_id)
    job = look(store, job_id)
    assert (job.state, job.attempt, job.finished) == (JobState.QUEUED, 0, None)
    with store.transaction() as tx:
        assert not jobs.commit(tx, held)


def test_messages_are_sent_again_ever_more_rarely(store: Store) -> None:
    job_id, start = upload(store, "x").job_id, utc_now()
    sent = []
    for second in range(0, 3600, 15):
        with store.transaction() as tx:
            if recovery.reconcile(tx, start + timedelta(seconds=second)):
                sent.append(second)
    gaps = [b - a for a, b in pairwise(sent)]
    assert sent[0] == 15  # the first message is the API's own, 15 s are given to it
    assert gaps == [30, 60, 120, 240, 480, 600, 600, 600, 600]
    assert look(store, job_id).state is JobState.QUEUED


def test_what_the_broker_has_lost_is_sent_again_before_its_time(store: Store) -> None:
    job_id, start = upload(store, "x").job_id, utc_now()
    for second in (20, 60, 130):
        with store.transaction() as tx:
            recovery.reconcile(tx, start + timedelta(seconds=second))
    with store.transaction() as tx:
        soon = start + timedelta(seconds=150)
        assert recovery.reconcile(tx, soon) == []
        assert recovery.reconcile(tx, soon, waiting=1) == []
        assert recovery.reconcile(tx, soon, publish=False, waiting=0) == []
        assert recovery.reconcile(tx, soon, waiting=0) == [job_id]
        assert recovery.reconcile(tx, soon, waiting=0) == []
        recovery.unpublish(tx, [job_id], soon)
        assert recovery.reconcile(tx, soon) == [job_id]


def test_of_lost_messages_so_many_are_sent_again_the_oldest_first(store: Store) -> None:
    ids, start = [upload(store, str(n)).job_id for n in range(6)], utc_now()
    with store.transaction() as tx:
        for age, job_id in enumerate(reversed(ids)):  # the last was sent just now, the first longest ago
            sent = {"published": start - timedelta(seconds=14 + age / 2), "publish_after": start + timedelta(seconds=600)}
            tx.execute(update(job_table).where(job_table.c.id == job_id).values(**sent))
        tx.execute(update(job_table).where(job_table.c.id == ids[2]).values(publish_after=start))
        assert recovery.reconcile(tx, start, waiting=3) == [ids[2], ids[0], ids[1]]  # the one that is due anyway counts
        assert recovery.reconcile(tx, start, waiting=3) == [ids[3]]  # the others were sent less than 15 s ago


def test_a_job_that_nobody_was_told_of_goes_before_those_whose_messages_wait(store: Store) -> None:
    ids, start = [upload(store, str(n)).job_id for n in range(4)], utc_now() + timedelta(seconds=20)
    with store.transaction() as tx:
        tx.execute(update(job_table).where(job_table.c.id == ids[3]).values(published=None))
        assert recovery.reconcile(tx, start, waiting=3) == [ids[3]]
        assert recovery.reconcile(tx, start, waiting=4) == []


@pytest.mark.parametrize("seed", range(2))
def test_however_many_messages_are_lost_few_are_sent_in_vain(store: Store, seed: int) -> None:
    """A reconciler that sent again whatever waited for 8 s came to 77,931 messages for 8,000 jobs."""
    waiting = {upload(store, str(n)).job_id for n in range(60)}
    chance, now = random.Random(seed), utc_now()  # on a busy machine the uploads take longer than the first step
    broker, sent, lost, seconds = list(waiting), len(waiting), 0, 0
    while waiting and seconds < 600:
        seconds += 5
        for message in broker[:2]:  # a worker does two jobs in that time
            if message in waiting:
                with store.transaction() as tx:
                    held = jobs.claim(tx, message, LEASE, now=now + timedelta(seconds=seconds))
                    assert held is not None
                    assert jobs.commit(tx, held)
                waiting.remove(message)
        del broker[:2]
        if seconds % 20 == 0:
            kept = [message for message in broker if chance.random() < 0.5]
            lost, broker = lost + len(broker) - len(kept), kept
        with store.transaction() as tx:
            again = recovery.reconcile(tx, now + timedelta(seconds=seconds), waiting=len(broker))
        broker, sent = [*broker, *again], sent + len(again)
    assert not waiting
    assert lost > 20
    assert sent <= 60 + 2 * lost  # one for each, and at worst one more that goes to a job whose message was there


def test_counts_of_states(store: Store) -> None:
    made = [upload(store, text).job_id for text in "abc"]
    with store.transaction() as tx:
        jobs.cancel(tx, made[0])
        counts, by_kind = jobs.counts(tx), jobs.counts_by_kind(tx)
        waiting = jobs.waiting_since(tx)
    assert counts == {**dict.fromkeys(JobState, 0), JobState.QUEUED: 2, JobState.CANCELLED: 1}
    assert by_kind == {(JobKind.ANNOTATE, JobState.QUEUED): 2, (JobKind.ANNOTATE, JobState.CANCELLED): 1}
    assert waiting == {JobKind.ANNOTATE: look(store, made[1]).created}


def test_what_is_to_be_tried_later_does_not_wait_yet(store: Store) -> None:
    held = claimed(store, upload(store, "x").job_id)
    with store.transaction() as tx:
        assert jobs.running_stages(tx) == {"starting": 1}
        jobs.heartbeat(tx, held, "reading", 0.1)
        assert jobs.running_stages(tx) == {"reading": 1}
        jobs.fail(tx, held, "odd", "It broke.", retry=True, delay=600)
        assert jobs.waiting_since(tx) == {}


def test_a_deleted_document_takes_its_running_job_along(store: Store) -> None:
    accepted = upload(store, "x")
    held = claimed(store, accepted.job_id)
    with store.transaction() as tx:
        documents.delete(tx, accepted.document_id)
    with store.transaction() as tx:
        assert not jobs.heartbeat(tx, held, None, 0)
        assert not jobs.commit(tx, held)


def test_a_lease_has_one_holder(store: Store) -> None:
    now = utc_now()
    rows = [("a", 0, True), ("b", 1, False), ("a", 9, True), ("b", 18, False), ("b", 20, True), ("a", 21, False)]
    for holder, second, expected in rows:
        with store.transaction() as tx:
            assert leases.take(tx, "x", holder, 10, now=now + timedelta(seconds=second)) is expected
    with store.transaction() as tx:
        leases.give_back(tx, "x", "a")
        assert not leases.take(tx, "x", "a", 10, now=now + timedelta(seconds=22))
        leases.give_back(tx, "x", "b")
        assert leases.take(tx, "x", "a", 10, now=now + timedelta(seconds=22))


def test_ids_sort_by_time() -> None:
    ids = [new_id(milliseconds) for milliseconds in (0, 1, 1_700_000_000_000, 1_700_000_000_001, (1 << 48) - 1)]
    assert ids == sorted(ids)
    assert {(i[14], i[19] in "89ab") for i in ids} == {("7", True)}
