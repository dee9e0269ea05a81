"""`lexframe doctor`: a line for each thing that the service needs."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterator, Mapping
from functools import partial

import psutil

from api.settings import ApiSettings, described, from_environment
from api.terminal import printable
from corpora.store import keys
from corpora.store.errors import BadDatabaseUrl, StoreError
from corpora.store.session import Store, sqlite_file
from workers import checks, tracing
from workers.checks import Finding, State
from workers.settings import BadSetting

OTHERS = {"LEXFRAME_URL", "LEXFRAME_KEY", "LEXFRAME_DB_PASSWORD"}
"""Variables of ours that are no settings of the service: of clients, and of docker-compose.yml."""
TABLE = "docs/operations.md has all settings"


def examine(*, quick: bool, here: bool, as_json: bool) -> int:
    """Prints what is found, as it is found; the exit status."""
    found: list[Finding] = []
    for finding in look(os.environ, quick=quick, here=here):
        found.append(finding)
        if not as_json:
            print(printable(_line(finding)), flush=True)
    if as_json:
        print(json.dumps([finding.json() for finding in found], ensure_ascii=False, indent=1))
    return 1 if any(finding.state is State.BAD for finding in found) else 0


def _line(finding: Finding) -> str:
    return f"{finding.state:<5} {finding.check:<9} {finding.found}{' → ' * bool(finding.todo)}{finding.todo}"


def look(environment: Mapping[str, str], *, quick: bool = False, here: bool = False) -> Iterator[Finding]:
    """A finding for each thing, in the order in which they need each other; what cannot be looked at without another is left out."""
    try:
        settings = from_environment(environment)
        sqlite_file(settings.database_url)
        tracing.require(settings)
    except (BadSetting, BadDatabaseUrl) as error:
        yield Finding("settings", State.BAD, str(error), f"set it otherwise; {TABLE}")
        return
    yield _of_settings(settings, environment)
    database, store = checks.look_at_database(settings)
    yield database
    yield checks.look_at_files(settings)
    yield checks.look_at_broker(settings)
    if not quick:
        yield checks.look_at_sandbox()
        yield checks.look_at_models(settings)
    if store is not None:
        yield from _of_store(settings, store, here=here)


def _of_settings(settings: ApiSettings, environment: Mapping[str, str]) -> Finding:
    """Whether variables are misspelt, or go ill together."""
    told = partial(Finding, "settings")
    known = [name for name, _, _ in described()]
    given = [name for name in environment if name.startswith("LEXFRAME_")]
    for name in given:
        if name not in {*known, *OTHERS}:
            near = difflib.get_close_matches(name, known, 1)
            return told(State.WARN, f"there is no setting {name}", f"is {near[0]} meant?" if near else f"remove it; {TABLE}")
    if not settings.embedded and sqlite_file(settings.database_url):
        todo = "set LEXFRAME_DATABASE_URL to a PostgreSQL database if workers run on other machines"
        return told(State.WARN, "Redis is set, and the database is an SQLite file, which is seen on this machine only", todo)
    needed, there = settings.concurrency * settings.memory_mib, psutil.virtual_memory().total >> 20
    if needed > there:
        todo = "lower LEXFRAME_CONCURRENCY or LEXFRAME_MEMORY_MIB"
        return told(State.WARN, f"{settings.concurrency} processes may grow to {needed} MiB, and this machine has {there}", todo)
    return told(State.OK, f"{len(set(given) & set(known))} set, the others as they come; data in {settings.data_dir}")


def _of_store(settings: ApiSettings, store: Store, *, here: bool) -> Iterator[Finding]:
    try:
        yield _of_access(settings, store)
        yield checks.look_at_workers(settings, store, here=here)
        yield checks.look_at_queue(settings, store)
    except StoreError as error:
        yield Finding("database", State.BAD, str(error), "it answered a moment ago; see its log")
    finally:
        store.close()


def _of_access(settings: ApiSettings, store: Store) -> Finding:
    """Whether those can enter who should, and nobody else."""
    told = partial(Finding, "access")
    with store.reading() as tx:
        made, good = keys.any_made(tx), keys.any_good(tx)
    if good or settings.operators_key:
        return told(State.OK, "an access key is asked for")
    make = "`lexframe keys add NAME --scope admin` makes a key, or set LEXFRAME_ADMIN_KEY"
    if made:
        return told(State.BAD, "every access key has expired or is revoked: nobody can enter", make)
    if not settings.on_loopback:
        return told(State.BAD, f"there is no access key: the service does not start on {settings.host}", make)
    return told(State.OK, "open, without keys, to everybody on this machine; others are kept out")
