"""Log lines: text for people, or JSON for programs. A JSON line carries what is bound to the work at hand, such as the job's id."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, MutableMapping
from contextvars import copy_context
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars, merge_contextvars

from workers.settings import Settings

TEXT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"
bound = bound_contextvars


def set_up_logging(settings: Settings) -> None:
    """Sends lines of this process to standard error, in the form that the settings ask for."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_lines() if settings.log_format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    logging.captureWarnings(True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def json_lines() -> logging.Formatter:
    """A line is one JSON object: `event`, `level`, `logger`, `timestamp` (UTC), `process`, and what is bound or given as `extra`."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.ExtraAdder(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_process,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def in_this_context(act: Callable[[], None]) -> Callable[[], None]:
    """The same act for a thread of its own, with what is bound here."""
    context = copy_context()
    return lambda: context.run(act)


def _add_process(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["process"] = os.getpid()
    return event
