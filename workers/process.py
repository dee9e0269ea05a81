"""What a process that annotates holds: set up once, thread limits first, models loaded and warm."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

import psutil

from corpora.store.jobs import JobKind
from corpora.store.migrate import migrate
from corpora.store.session import Store, open_store
from workers import tracing
from workers.libraries import settle
from workers.logs import set_up_logging
from workers.settings import Settings, from_environment
from workers.work import JobInput, Json, Work

log = logging.getLogger(__name__)

_THREAD_LIMITS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Process:
    """An open store, a loaded pipeline, and whether the process was told to stop."""

    settings: Settings
    store: Store
    work: Work
    stop: threading.Event = field(default_factory=threading.Event)


@cache
def current() -> Process:
    """This process as its environment says, started on the first call."""
    return start(from_environment(os.environ))


def start(settings: Settings) -> Process:
    """Limits threads before anything heavy is imported, opens the store, loads the pipeline."""
    limit_threads(settings, os.environ)
    set_up_logging(settings)
    tracing.set_up(settings, "lexframe-worker")
    store = open_store(settings.database_url, settings.blob_url)
    migrate(store)
    annotates = JobKind.ANNOTATE in settings.kinds
    return Process(settings, store, pipeline(settings)(settings) if annotates else Work({}, _refuse))


def _refuse(job: JobInput) -> Json:
    raise AssertionError("a worker of other kinds does not claim what is to be annotated")


def pipeline(settings: Settings) -> Callable[[Settings], Work]:
    """The function that LEXFRAME_PIPELINE names."""
    module, _, name = settings.pipeline.partition(":")
    factory: Callable[[Settings], Work] = getattr(import_module(module), name)
    return factory


def limit_threads(settings: Settings, environment: MutableMapping[str, str]) -> None:
    """Numeric libraries read these when they are first imported."""
    for name in _THREAD_LIMITS:
        environment[name] = str(settings.threads_each)
    settle(environment)


def is_too_big(settings: Settings) -> bool:
    """Whether this process has grown past its ceiling and should be replaced."""
    resident: int = psutil.Process().memory_info().rss
    return resident > settings.memory_mib << 20
