"""What ends is told: in the transaction that ends it, signed, until it arrives."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from corpora.store import batches, corpora, deliveries, documents, jobs, recovery, webhooks
from corpora.store.deliveries import Delivery, DeliveryState, wait_after
from corpora.store.documents import NewDocument
from corpora.store.jobs import JobKind
from corpora.store.session import Store
from corpora.store.webhooks import Event
from tests.servers import RedisServer, until, upload
from tests.workers.receiver import Receiver, Request, receiving
from tests.workers.service import kill, opened, running, small_settings
from tests.workers.small_work import load_obedient
from workers.running import run_job
from workers.settings import Settings
from workers.webhooks import deliver_next

pytest_plugins = ("tests.servers",)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> Settings:
    return small_settings(tmp_path, WEBHOOK_HOSTS=receiver.hosts)


def hook(store: Store, receiver: Receiver, *events: Event, space: str = "default") -> tuple[str, str]:
    """The id and secret of a webhook to the receiver."""
    with store.transaction() as tx:
        made, secret = webhooks.add(tx, receiver.url, events or webhooks.EVERY_EVENT, space=space)
    return made.id, secret


def told(store: Store, webhook_id: str) -> list[Delivery]:
    with store.reading() as tx:
        return list(reversed(deliveries.of_webhook(tx, webhook_id)))


def work(store: Store, settings: Settings, job_id: str | None = None) -> None:
    run_job(store, job_id, load_obedient(settings), settings)


def said(request: Request) -> dict[str, object]:
    return dict(json.loads(request.body)["data"])


def is_signed(request: Request, secret: str) -> bool:
    """As docs/webhooks.md tells receivers to verify it."""
    sent = {name: request.headers[f"webhook-{name}"] for name in ("id", "timestamp", "signature")}
    signed = f"{sent['id']}.{sent['timestamp']}.".encode() + request.body
    expected = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    fresh = abs(time.time() - int(sent["timestamp"])) < 300
    return fresh and f"v1,{base64.b64encode(expected).decode()}" in sent["signature"].split()


def test_a_job_that_is_done_is_told_signed_and_once(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, secret = hook(store, receiver)
    accepted = upload(store, "An Act on canaries", title="canary-title", filename="canary.txt")
    work(store, settings)
    assert [deliver_next(settings, store) for _ in range(3)] == [True, False, False]
    (request,), (delivery,) = receiver.came, told(store, webhook)
    assert said(request) == {
        "space": "default", "job_id": accepted.job_id, "kind": "annotate", "document_id": accepted.document_id, "state": "done", "error_code": None,
    }  # fmt: skip
    assert (json.loads(request.body)["type"], request.headers["webhook-id"]) == ("job.done", delivery.id)
    assert is_signed(request, secret)
    assert not is_signed(request, "whsec_" + base64.b64encode(b"x" * 32).decode())
    assert not is_signed(Request(request.path, request.headers, request.body + b" "), secret)
    assert "canary" not in request.body.decode()
    assert (delivery.state, delivery.attempt, delivery.status) == (DeliveryState.DELIVERED, 1, 200)


def test_every_end_of_a_job_is_told(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    upload(store, "refuse me", max_attempts=1)
    work(store, settings)
    cancelled, lost = upload(store, "to be cancelled"), upload(store, "to be lost", max_attempts=1)
    with store.transaction() as tx:
        jobs.cancel(tx, cancelled.job_id)
        jobs.claim(tx, lost.job_id, 1)
    with store.transaction() as tx:
        recovery.reconcile(tx, tx.now() + timedelta(seconds=5))
        jobs.cancel(tx, cancelled.job_id)
    assert [one.event for one in told(store, webhook)] == [Event.JOB_FAILED, Event.JOB_CANCELLED, Event.JOB_FAILED]


def test_an_end_that_is_rolled_back_is_not_told(store: Store, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    accepted = upload(store, "An Act")

    def cancel_and_break() -> None:
        with store.transaction() as tx:
            jobs.cancel(tx, accepted.job_id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cancel_and_break()
    assert told(store, webhook) == []


def test_an_attempt_that_will_be_repeated_is_not_told(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    upload(store, "break", max_attempts=2)
    work(store, settings)
    assert told(store, webhook) == []


def test_only_what_was_asked_for_and_only_of_the_own_space(store: Store, settings: Settings, receiver: Receiver) -> None:
    failed, _ = hook(store, receiver, Event.JOB_FAILED)
    theirs, _ = hook(store, receiver, space="theirs")
    upload(store, "An Act")
    work(store, settings)
    assert (told(store, failed), told(store, theirs)) == ([], [])


def corpus_with(store: Store, *texts: str) -> str:
    with store.transaction() as tx:
        corpus = corpora.create(tx, "a corpus")
        for number, text in enumerate(texts):
            blob = tx.blobs.put_stream([text.encode()], 1000)
            corpora.add(tx, corpus, f"{number}.txt", NewDocument(sha256=blob.sha256, size=blob.size))
    return corpus


def reconcile(store: Store) -> None:
    with store.transaction() as tx:
        recovery.reconcile(tx)


def test_a_batch_is_told_once_at_its_end_and_again_after_a_repair(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    corpus = corpus_with(store, "An Act", "refuse me")
    with store.transaction() as tx:
        batch = batches.start(tx, corpus, max_attempts=1)
    reconcile(store)
    work(store, settings)
    reconcile(store)
    assert told(store, webhook) == []
    work(store, settings)
    reconcile(store)
    reconcile(store)
    assert [one.event for one in told(store, webhook)] == [Event.BATCH_DONE]
    deliver_next(settings, store)
    expected = {"space": "default", "batch_id": batch, "corpus_id": corpus, "state": "done", "documents": {"done": 1, "failed": 1}}
    assert said(receiver.came[0]) == expected
    with store.transaction() as tx:
        batches.retry(tx, batch)
    reconcile(store)
    work(store, settings)
    reconcile(store)
    assert [one.event for one in told(store, webhook)] == [Event.BATCH_DONE, Event.BATCH_DONE]


def test_a_cancelled_batch_is_told_as_cancelled(store: Store, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    corpus = corpus_with(store, "An Act")
    with store.transaction() as tx:
        batches.cancel(tx, batches.start(tx, corpus))
    reconcile(store)
    assert [one.event for one in told(store, webhook)] == [Event.BATCH_CANCELLED]


def test_what_does_not_arrive_is_sent_again_later_and_later(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, secret = hook(store, receiver)
    receiver.answers = [500, 302, 204]
    upload(store, "An Act")
    work(store, settings)
    waits = []
    for _ in range(3):
        assert deliver_next(settings, store)
        assert not deliver_next(settings, store)
        with store.reading() as tx:
            waits.append((told(store, webhook)[0].not_before - tx.now()).total_seconds())
        due_now(store)
    (delivery,) = told(store, webhook)
    assert (delivery.state, delivery.attempt, delivery.status, delivery.error) == (DeliveryState.DELIVERED, 3, 204, None)
    assert [4 < waits[0] <= 5, 19 < waits[1] <= 20] == [True, True]
    assert len({request.headers["webhook-id"] for request in receiver.came}) == 1
    assert all(is_signed(request, secret) for request in receiver.came)


def due_now(store: Store) -> None:
    """As if the waits were over."""
    with store.transaction() as tx:
        tx.execute(deliveries.deliveries.update().values(not_before=tx.now()))


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 5), (2, 20), (3, 80), (6, 5120), (7, 20480), (8, 21600), (1000, 21600)])
def test_waits_grow_up_to_six_hours(attempt: int, seconds: float) -> None:
    assert wait_after(attempt) == seconds


def test_after_three_days_it_is_given_up_and_after_ten_forgotten(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    upload(store, "An Act")
    work(store, settings)
    with store.transaction() as tx:
        sending = deliveries.claim(tx, 60)
        assert sending
        deliveries.refused(tx, sending, "nobody there", now=sending.created + timedelta(days=3))
    (delivery,) = told(store, webhook)
    assert (delivery.state, delivery.error) == (DeliveryState.FAILED, "nobody there")
    with store.transaction() as tx:
        assert deliveries.forget_old(tx) == 0
        tx.execute(deliveries.deliveries.update().values(ended=tx.now() - timedelta(days=8)))
        assert deliveries.forget_old(tx) == 1


def test_who_is_gone_for_good_is_not_asked_again(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    receiver.answers = [410]
    upload(store, "An Act")
    work(store, settings)
    deliver_next(settings, store)
    assert told(store, webhook)[0].state is DeliveryState.FAILED


def test_what_waits_for_one_that_does_not_answer_waits_with_it(store: Store, settings: Settings, receiver: Receiver) -> None:
    hook(store, receiver)
    receiver.answers = [503]
    for text in ("An Act", "A Protocol", "A Treaty"):
        upload(store, text)
        work(store, settings)
    assert [deliver_next(settings, store) for _ in range(2)] == [True, False]
    assert len(receiver.came) == 1


def test_who_is_not_let_through_any_more_gets_nothing(store: Store, tmp_path: Path, receiver: Receiver) -> None:
    """Also where the webhook was made while the operator let it through."""
    strict = small_settings(tmp_path)
    webhook, _ = hook(store, receiver)
    upload(store, "An Act")
    work(store, strict)
    deliver_next(strict, store)
    assert receiver.came == []
    assert "https" in (told(store, webhook)[0].error or "")


def test_a_sender_that_dies_leaves_its_delivery_to_the_next_and_is_fenced(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    upload(store, "An Act")
    work(store, settings)
    with store.transaction() as tx:
        dead = deliveries.claim(tx, 2)
        assert deliveries.claim(tx, 2) is None
    assert dead
    due_now(store)
    assert deliver_next(settings, store)
    with store.transaction() as tx:
        deliveries.refused(tx, dead, "came back late")
    (delivery,) = told(store, webhook)
    assert (delivery.state, delivery.attempt, delivery.error) == (DeliveryState.DELIVERED, 2, None)


def test_with_its_document_a_delivery_is_deleted(store: Store, settings: Settings, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    accepted = upload(store, "An Act")
    work(store, settings)
    with store.transaction() as tx:
        documents.delete(tx, accepted.document_id)
    assert told(store, webhook) == []
    assert not deliver_next(settings, store)


def test_exports_and_comparisons_are_told_too(store: Store, receiver: Receiver) -> None:
    webhook, _ = hook(store, receiver)
    with store.transaction() as tx:
        jobs.cancel(tx, jobs.add_other(tx, JobKind.EXPORT))
    assert [one.event for one in told(store, webhook)] == [Event.JOB_CANCELLED]


def test_a_space_has_only_so_many(store: Store, receiver: Receiver) -> None:
    for _ in range(webhooks.MOST_OF_A_SPACE):
        hook(store, receiver)
    with pytest.raises(webhooks.TooManyWebhooks):
        hook(store, receiver)
    hook(store, receiver, space="theirs")


def test_the_embedded_runner_tells_and_another_goes_on_after_a_kill(tmp_path: Path, receiver: Receiver) -> None:
    settings = small_settings(tmp_path, WEBHOOK_HOSTS=receiver.hosts)
    receiver.pause = 1.5
    with opened(settings) as store, running(settings) as supervisor:
        webhook, _ = hook(store, receiver)
        upload(store, "An Act")
        until(lambda: bool(receiver.came), 30)
        kill(supervisor.pids[0])
        receiver.pause = 0
        until(lambda: told(store, webhook)[0].state is DeliveryState.DELIVERED, 30)
        assert [one.attempt for one in told(store, webhook)] == [2]
        assert len({request.headers["webhook-id"] for request in receiver.came}) == 1


@pytest.mark.services
def test_celery_workers_tell_too(tmp_path: Path, receiver: Receiver, redis_server: RedisServer) -> None:
    settings = small_settings(tmp_path, WEBHOOK_HOSTS=receiver.hosts, REDIS_URL=redis_server.url)
    with opened(settings) as store:
        webhook, _ = hook(store, receiver)
        with store.transaction() as tx:
            jobs.cancel(tx, jobs.add_other(tx, JobKind.EXPORT))
        with running(settings):
            until(lambda: told(store, webhook)[0].state is DeliveryState.DELIVERED, 60)
