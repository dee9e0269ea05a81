"""`lexframe webhooks`: who is told when jobs and batches end, in the database itself."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence

from api.commands.keys import opened
from api.commands.refused import Refused
from api.settings import from_environment
from api.terminal import printable
from corpora.store import deliveries, webhooks
from corpora.store.deliveries import Delivery, DeliveryState
from corpora.store.session import Store
from corpora.store.webhooks import EVERY_EVENT, Event, Webhook
from workers.outbound import BadTarget, target

PATIENCE = 30.0


def add_webhook(url: str, events: Sequence[str], space: str, as_json: bool) -> None:
    """Makes a webhook and prints its secret alone on standard output; raises Refused."""
    wrong = [name for name in events if name not in EVERY_EVENT]
    if wrong:
        raise Refused(f"there is no event {wrong[0]!r}: {', '.join(EVERY_EVENT)} are possible")
    try:
        target(url, from_environment(os.environ).webhook_hosts)
    except BadTarget as error:
        raise Refused(str(error)) from error
    with opened() as store, store.transaction() as tx:
        made, secret = webhooks.add(tx, url, [Event(name) for name in events] or EVERY_EVENT, space=space, actor="command line")
    if as_json:
        print(json.dumps({**_shown(made), "secret": secret}))
        return
    print(f"Webhook {made.id}: {printable(made.url)}. This secret signs its deliveries and is not shown again:", file=sys.stderr)
    print(secret)


def list_webhooks(space: str, as_json: bool) -> None:
    """Prints the webhooks of a space, each with its last delivery."""
    with opened() as store, store.reading() as tx:
        found = [(one, deliveries.of_webhook(tx, one.id, 1)) for one in webhooks.every(tx, space=space)]
    if as_json:
        print(json.dumps([_shown(one) for one, _ in found]))
        return
    for one, last in found:
        print(printable(f"{one.id}  {one.url}  {' '.join(one.events)}; {_outcome(last[0]) if last else 'nothing was told yet'}"))


def remove_webhook(webhook_id: str, space: str) -> None:
    """Deletes a webhook; raises Refused where there is none of that id."""
    with opened() as store, store.transaction() as tx:
        if not webhooks.delete(tx, webhook_id, space=space, actor="command line"):
            raise Refused(f"the space {space!r} has no webhook {webhook_id!r}")
    print(f"Webhook {webhook_id} is deleted.")


def try_webhook(webhook_id: str, space: str) -> None:
    """Has a running worker tell the webhook that it works, and prints how that went; raises Refused where it did not arrive."""
    with opened() as store:
        with store.transaction() as tx:
            webhook = webhooks.get(tx, webhook_id, space=space)
            if webhook is None:
                raise Refused(f"the space {space!r} has no webhook {webhook_id!r}")
            sent = deliveries.announce_test(tx, webhook)
        found = _tried(store, sent)
    if found.state is not DeliveryState.DELIVERED:
        raise Refused(_outcome(found))
    print(_outcome(found))


def _tried(store: Store, sent: Delivery) -> Delivery:
    """The delivery after its first attempt, or as it is when patience ends."""
    until, found = time.monotonic() + PATIENCE, sent
    while time.monotonic() < until and found.state is DeliveryState.WAITING and found.error is None:
        time.sleep(0.2)
        with store.reading() as tx:
            found = next((one for one in deliveries.of_webhook(tx, sent.webhook_id) if one.id == sent.id), found)
    return found


def _outcome(delivery: Delivery) -> str:
    if delivery.state is DeliveryState.DELIVERED:
        return f"{delivery.event} was delivered, with status {delivery.status}"
    if delivery.attempt == 0:
        return f"{delivery.event} waits to be sent; is a service or worker running?"
    return f"{delivery.event} did not arrive at attempt {delivery.attempt}: {delivery.error or 'it is being sent'}"


def _shown(webhook: Webhook) -> dict[str, object]:
    return {"id": webhook.id, "url": webhook.url, "events": list(webhook.events), "created": webhook.created.isoformat()}
