"""Tells webhooks what has ended: a thread beside the jobs that sends what is due, signed, until it arrives or is given up."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
import time

from corpora.store import deliveries
from corpora.store.deliveries import Sending
from corpora.store.errors import StoreError
from corpora.store.session import Store
from corpora.store.webhooks import SECRET_PREFIX
from workers import outbound
from workers.outbound import BadTarget, Unreachable
from workers.settings import Settings

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
GONE = 410


class Messenger:
    """The thread. Any number may run, in any number of processes: each delivery is taken by one at a time."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="messenger", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; what it is sending just now is sent again by another if it does not end within a second."""
        self._over.set()
        self._thread.join(timeout=1)

    def _run(self) -> None:
        while not self._over.wait(min(LOOK_EVERY, self._settings.recovery_seconds)):
            try:
                while not self._over.is_set() and deliver_next(self._settings, self._store):
                    pass
            except StoreError as error:
                log.warning("telling webhooks has to wait: %s", error)


def deliver_next(settings: Settings, store: Store) -> bool:
    """Sends the next delivery that is due; False where there is none. What a dying process was sending is sent again after the lease."""
    with store.transaction() as tx:
        sending = deliveries.claim(tx, max(settings.lease_seconds, 1.0))
    if sending is None:
        return False
    status, error = _try(settings, sending)
    with store.transaction() as tx:
        if status is not None and 200 <= status < 300:
            deliveries.arrived(tx, sending, status)
        else:
            deliveries.refused(tx, sending, error, status, final=status == GONE)
    log.info("delivery %s: attempt %d: %s", sending.id, sending.attempt, status or error)
    return True


def _try(settings: Settings, sending: Sending) -> tuple[int | None, str]:
    body = sending.body.encode()
    try:
        to = outbound.target(sending.url, settings.webhook_hosts)
        status = outbound.post(to, body, headers(sending.id, int(time.time()), body, sending.secret))
    except (BadTarget, Unreachable) as error:
        return None, str(error)
    return status, f"The webhook answered with status {status}."


def headers(delivery_id: str, moment: int, body: bytes, secret: str) -> dict[str, str]:
    """The headers of Standard Webhooks: the id (the same at each attempt), seconds since 1970, and the signature over both and the body."""
    signed = f"{delivery_id}.{moment}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), signed, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "lexframe-webhooks/1",
        "webhook-id": delivery_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
