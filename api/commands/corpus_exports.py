"""`lexframe corpus export` and `exports`: corpora of a running service as the files of other tools."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.commands.client import Client
from api.commands.corpus import find_corpus
from api.commands.export import write_whole
from api.commands.refused import Refused
from api.commands.upload import last, watched
from api.terminal import printable
from corpora.exports.formats import UnknownFormat, find_format

Json = dict[str, Any]


def export_corpus(name: str, format_name: str | None, export_id: str | None, output: Path, url: str) -> None:
    """Has the corpus written in a format, waits for that, and fetches the file; with `export_id`, one that is there. Raises Refused."""
    if (format_name is None) == (export_id is None):
        raise Refused("give either --format, or --id of an export that is there (`lexframe corpus exports NAME`)")
    client = Client(url)
    at = find_corpus(client, name)["links"]["self"]
    export = _ordered(client, at, format_name) if format_name else _known(client, at, name, str(export_id))
    job = last(watched(client, export["links"]["job"].rpartition("/")[2], f"{name}: {export['format']}"))
    if job["state"] != "done":
        raise Refused(job["error"]["message"] if job["error"] else f"the export was {job['state']}")
    try:
        write_whole(output, client.pieces(export["links"]["file"]))
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error}") from error
    print(printable(f"written: {output}, export {export['id']}"))


def list_exports(name: str, delete: Sequence[str], url: str, *, as_json: bool) -> None:
    """The exports of a corpus, the latest first, after those that are to go have gone. Raises Refused."""
    client = Client(url)
    at = find_corpus(client, name)["links"]["self"]
    for export_id in delete:
        client.delete(_known(client, at, name, export_id)["links"]["self"])
    items = _items(client, at)
    print(json.dumps(items) if as_json else "\n".join(printable(_line(one)) for one in items), end="\n" if as_json or items else "")


def _ordered(client: Client, at: str, format_name: str) -> Json:
    try:
        return client.post(f"{at}/exports", json={"format": find_format(format_name).name})
    except UnknownFormat as error:
        raise Refused(str(error)) from error


def _known(client: Client, at: str, name: str, export_id: str) -> Json:
    found = next((one for one in _items(client, at) if one["id"] == export_id), None)
    if found is None:
        raise Refused(f"the corpus {name!r} has no export {export_id}")
    return found


def _items(client: Client, at: str) -> list[Json]:
    return list(client.get(f"{at}/exports")["items"])


def _line(export: Json) -> str:
    size = f", {export['size']} bytes" if export["size"] is not None else ""
    return f"{export['id']}  {export['format']}: {export['state']}{size}, ordered {export['created'][:16].replace('T', ' ')}"
