"""Webhooks as they go over the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import Wire
from corpora.store.deliveries import Delivery, DeliveryState
from corpora.store.webhooks import EVERY_EVENT, Event, Webhook

Subscribed = Literal[Event.JOB_DONE, Event.JOB_FAILED, Event.JOB_CANCELLED, Event.BATCH_DONE, Event.BATCH_CANCELLED]


class WebhookIn(BaseModel):
    """A webhook to be made."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(min_length=1, max_length=2000, examples=["https://example.org/lexframe"])
    events: tuple[Subscribed, ...] = Field(EVERY_EVENT, min_length=1, max_length=len(EVERY_EVENT), description="what it is told of")


class WebhookOut(Wire):
    """A webhook, without its secret."""

    id: str
    url: str
    events: tuple[Event, ...]
    created: datetime

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookOut:
        return cls(**{name: getattr(webhook, name) for name in WebhookOut.model_fields})


class WebhookMade(WebhookOut):
    """A webhook that was made just now."""

    secret: str = Field(description="signs the deliveries; it is not told again", examples=["whsec_…"])

    @classmethod
    def with_secret(cls, webhook: Webhook, secret: str) -> Self:
        return cls(**{name: getattr(webhook, name) for name in WebhookOut.model_fields}, secret=secret)


class WebhooksOut(Wire):
    """All webhooks of a space."""

    items: tuple[WebhookOut, ...]


class DeliveryOut(Wire):
    """What a webhook was told, or is to be told."""

    id: str = Field(description="the header `webhook-id`, the same at each attempt")
    event: Event
    state: DeliveryState
    attempt: int = Field(description="how often it was tried")
    status: int | None = Field(description="of the last answer")
    error: str | None
    created: datetime
    ended: datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> DeliveryOut:
        return cls(**{name: getattr(delivery, name) for name in DeliveryOut.model_fields})


class DeliveriesOut(Wire):
    """The latest deliveries."""

    items: tuple[DeliveryOut, ...]
