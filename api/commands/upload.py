"""`lexframe upload`: documents to a running service."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.commands.client import Client
from api.commands.refused import Refused
from api.terminal import printable

Json = dict[str, Any]


def upload_files(files: Sequence[Path], url: str, fields: Mapping[str, str], *, wait: bool, as_json: bool) -> int:
    """Sends the files one by one; returns 1 if any was refused or its job failed, the others go on."""
    client = Client(url)
    sent = [_upload_one(client, file, fields, wait, as_json) for file in files]
    return 0 if all(sent) else 1


def _upload_one(client: Client, file: Path, fields: Mapping[str, str], wait: bool, as_json: bool) -> bool:
    try:
        with file.open("rb") as data:
            accepted = client.upload(file.name, data, fields)
        job = last(watched(client, accepted["job_id"], file.name)) if wait else {"state": "queued", "error": None}
        document = client.document(accepted["document_id"]) if job["state"] == "done" else {}
    except (Refused, OSError) as error:
        print(printable(f"{file}: {error}"), file=sys.stderr)
        return False
    said = {"file": str(file), "document_id": accepted["document_id"], "job_id": accepted["job_id"], "state": job["state"]}
    said |= {"error": job["error"], "framing": document.get("framing")}
    print(json.dumps(said) if as_json else printable(_sentence(said)), file=sys.stdout if as_json or not job["error"] else sys.stderr)
    return job["state"] in {"done", "queued"}


def _sentence(said: Json) -> str:
    reason = f": {said['error']['message']}" if said["error"] else f" ({said['framing']})" if said["framing"] else ""
    return f"{said['file']}: {said['state']}, document {said['document_id']}{reason}"


def last(states: Iterator[Json]) -> Json:
    """The last of a job's states."""
    ended: Json = {}
    for state in states:
        ended = state
    return ended


def watched(client: Client, job_id: str, name: str) -> Iterator[Json]:
    """The job's states, with a bar on a terminal."""
    if not sys.stderr.isatty():
        yield from client.states(job_id)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    with Progress(TextColumn("{task.description}", markup=False), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(printable(name), total=1.0)
        for state in client.states(job_id):
            bar.update(task, completed=state["progress"], description=printable(f"{name}: {state['stage'] or state['state']}"))
            yield state
