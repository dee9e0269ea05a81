"""`lexframe search`: provisions of a running service, and the index made anew."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from api.commands.client import Client
from api.commands.refused import Refused
from api.terminal import printable

Json = dict[str, Any]
ROOM = 200


def search_service(asked: Json, like: str | None, labels: Sequence[str], where: Sequence[str], url: str, *, as_json: bool) -> None:
    """Prints what the service finds; raises Refused where it cannot be asked so."""
    asked = {**asked, **_conditions(where), "label": list(labels)}
    path = "/v1/search"
    if like is not None:
        document, mark, unit = like.partition("#")
        if not (document and mark and unit):
            raise Refused("--like takes DOCUMENT#UNIT, such as 0198…#art_6__para_3")
        path, asked = "/v1/search/like", {**asked, "document": document, "unit": unit}
        del asked["q"], asked["by"]
    found = Client(url).get(path, **asked)
    print(json.dumps(found, ensure_ascii=False) if as_json else _shown(found, asked["offset"]))


def rebuild_index() -> None:
    """Makes the index of this machine's store anew, then the vectors that provisions lack."""
    from api.settings import from_environment
    from corpora import searching
    from corpora.annotating import default_annotator
    from corpora.search.vectors import make_missing
    from corpora.store.migrate import migrate
    from corpora.store.session import open_store

    settings = from_environment(os.environ)
    store = open_store(settings.database_url, settings.blob_url)
    try:
        migrate(store)
        indexed = searching.rebuild(store, _step("indexed"))
        read = make_missing(store, default_annotator(model=settings.model), _step("read for their meaning"))
        with store.reading() as tx:
            way = searching.way(tx)
    finally:
        store.close()
    print(f"{indexed} annotations indexed, {read} read again for their meaning; distances by {way}")


def _step(what: str) -> Any:
    def step(done: int, every: int) -> None:
        if done and done % 100 == 0:
            print(f"{done} of {every} {what}", file=sys.stderr, flush=True)

    return step


def _conditions(where: Sequence[str]) -> Json:
    parted = [one.partition("=") for one in where]
    if any(not (name and mark) for name, mark, _ in parted):
        raise Refused("--where takes NAME=VALUE, such as strength=mandatory")
    return {name: value for name, _, value in parted}


def _shown(found: Json, offset: int) -> str:
    lines = [line for number, one in enumerate(found["items"], offset + 1) for line in _lines(number, one)]
    if not lines:
        return "nothing found"
    more = f"{found['total']} found" + (f"; more with --offset {found['next_offset']}" if found["next_offset"] else "")
    return "\n".join([*lines, more])


def _lines(number: int, one: Json) -> list[str]:
    home = one["document"]
    name = home["title"] or home["filename"]
    labels = ", ".join(dict.fromkeys(_label(carried) for carried in one["labels"]))
    words = " ".join(one["snippet"]["text"].split())[:ROOM]
    return [
        printable(f"{number}. {name}, {one['place']}  [{one['framing']}] {one['score']:.2f}  {home['id']}#{one['unit']}"),
        printable(f"   {words}"),
        *([printable(f"   {labels}")] if labels else []),
    ]


def _label(carried: Json) -> str:
    more = [carried[name] for name in ("strength", "bearer") if carried[name]]
    return f"{carried['label']} ({', '.join(more)})" if more else str(carried["label"])
