"""Webhooks: what is told when jobs and batches end. For admins, since they have the service speak to addresses outside."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from api.access import needs
from api.deps import Caller, TheCaller, TheService
from api.errors import NoSuchWebhook, problems
from api.webhook_schemas import DeliveriesOut, DeliveryOut, WebhookIn, WebhookMade, WebhookOut, WebhooksOut
from corpora.store import audit, deliveries, webhooks
from corpora.store.keys import Scope
from corpora.store.session import Transaction
from corpora.store.webhooks import Webhook
from workers.outbound import target

router = APIRouter(prefix="/webhooks", tags=["webhooks"], dependencies=[needs(Scope.ADMIN)], responses=problems(503))


@router.get("", summary="The webhooks of a space, the newest first")
def list_webhooks(here: TheService, caller: TheCaller) -> WebhooksOut:
    """Without their secrets."""
    with here.store.reading() as tx:
        return WebhooksOut(items=tuple(WebhookOut.of(one) for one in webhooks.every(tx, space=caller.space)))


@router.post("", status_code=HTTPStatus.CREATED, summary="Make a webhook", responses=problems(403, 409, 422))
def make_webhook(wanted: WebhookIn, here: TheService, caller: TheCaller) -> WebhookMade:
    """The answer holds the secret that signs deliveries, told this once. Private addresses are refused, here and at each delivery."""
    target(wanted.url, here.settings.webhook_hosts)
    with here.store.transaction() as tx:
        made, secret = webhooks.add(tx, wanted.url, wanted.events, space=caller.space, actor=caller.actor)
    return WebhookMade.with_secret(made, secret)


@router.delete("/{webhook_id}", status_code=HTTPStatus.NO_CONTENT, summary="Delete a webhook", responses=problems(403, 404))
def delete_webhook(webhook_id: UUID, here: TheService, caller: TheCaller) -> None:
    """With everything that it was still to be told."""
    with here.store.transaction() as tx:
        if not webhooks.delete(tx, str(webhook_id), space=caller.space, actor=caller.actor):
            raise NoSuchWebhook


@router.post("/{webhook_id}/test", status_code=HTTPStatus.ACCEPTED, summary="Tell a webhook that it works", responses=problems(403, 404))
def try_webhook(webhook_id: UUID, here: TheService, caller: TheCaller) -> DeliveryOut:
    """A worker sends it within seconds; its outcome is in the list of deliveries."""
    with here.store.transaction() as tx:
        audit.record(tx, "test_webhook", str(webhook_id), actor=caller.actor, space=caller.space)
        return DeliveryOut.of(deliveries.announce_test(tx, _found(tx, caller, webhook_id)))


@router.get("/{webhook_id}/deliveries", summary="What a webhook was told, the newest first", responses=problems(404))
def list_deliveries(webhook_id: UUID, here: TheService, caller: TheCaller) -> DeliveriesOut:
    """At most a hundred; those that ended a week ago are forgotten."""
    with here.store.reading() as tx:
        found = deliveries.of_webhook(tx, _found(tx, caller, webhook_id).id)
    return DeliveriesOut(items=tuple(map(DeliveryOut.of, found)))


def _found(tx: Transaction, caller: Caller, webhook_id: UUID) -> Webhook:
    found = webhooks.get(tx, str(webhook_id), space=caller.space)
    if found is None:
        raise NoSuchWebhook
    return found
