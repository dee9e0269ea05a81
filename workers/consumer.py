"""How a Celery worker hears messages: a line that is found dead is left for a new one, whatever found it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery.worker import consumer


class Consumer(consumer.Consumer):  # type: ignore[misc, unused-ignore]
    """Celery's, but an acknowledgement that fails for want of a line is not only logged.

    Such a message would fill its place among those that a worker may hold, for ever: a worker of one child would then ask Redis for no
    more messages, and so never learn that its line is dead.
    """

    def call_soon_ack(self, acknowledge: Callable[..., None], logger: Any, errors: object, *rest: Any, **named: Any) -> Any:
        """Acknowledges (or rejects) soon; errors of the connection go through to the loop, which then connects anew."""
        return super().call_soon_ack(acknowledge, logger, (), *rest, **named)
