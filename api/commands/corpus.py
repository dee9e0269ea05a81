"""`lexframe corpus`: corpora on a running service."""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import typer

from api.commands.annotate import find_files
from api.commands.client import Client
from api.commands.refused import Refused
from api.terminal import printable
from corpora.manifests import Manifest, read_manifest

Json = dict[str, Any]
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2")
MOST_FILES, MOST_BYTES = 100, 16 << 20  # in one request
ORDERS = ("pause", "resume", "cancel", "retry")
LOOK_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be sent, under its path in the corpus."""

    path: str
    file: Path
    sha256: str


@dataclass(slots=True)
class Tally:
    """What became of all files."""

    added: int = 0
    skipped: int = 0
    refused: list[Json] = field(default_factory=list)

    def count(self, answer: Json) -> None:
        """Adds what the service said."""
        self.added += len(answer["added"])
        self.skipped += len(answer["skipped"])
        self.refused += answer["refused"]


def add_paths(name: str, paths: Sequence[Path], manifest: Path | None, url: str, *, as_json: bool) -> int:
    """Sends what the corpus does not have yet; returns 1 if any file was refused."""
    client = Client(url)
    told = read_manifest(manifest.name, manifest.read_bytes()) if manifest else {}
    documents, archives = _sorted_out(paths, manifest)
    if not documents and not archives:
        raise Refused("there is no document under the given paths")
    corpus = _made(client, name)
    tally = Tally()
    for group in _groups(_missing(client, corpus, documents, tally)):
        tally.count(_sent(client, corpus, group, told))
    for archive in archives:
        with archive.open("rb") as data:
            tally.count(client.post(f"/v1/corpora/{corpus['id']}/documents", files=[("file", (archive.name, data))], timeout=None))
    _tell(name, corpus, tally, as_json)
    return 1 if tally.refused else 0


def annotate_corpus(name: str, url: str, *, every: bool, wait: bool, as_json: bool) -> int:
    """Begins a batch and, if asked, follows it to its end; returns 1 if any document failed."""
    client = Client(url)
    corpus = find_corpus(client, name)
    batch = client.post(f"/v1/corpora/{corpus['id']}/annotate", json={"which": "all" if every else "missing"})
    if wait:
        batch = _followed(client, batch)
    print(json.dumps(batch) if as_json else printable(_batch_line(name, batch)))
    return 1 if batch["states"]["failed"] else 0


def show_status(name: str | None, url: str, *, failures: bool, as_json: bool) -> None:
    """One line for each corpus and, for a named one, its latest batch and what failed in it."""
    client = Client(url)
    if name is None:
        items = client.get("/v1/corpora")["items"]
        print(json.dumps(items) if as_json else "\n".join(printable(_corpus_line(one)) for one in items))
        return
    corpus = find_corpus(client, name)
    batch = _latest_batch(client, corpus)
    failed = list(_failures(client, batch)) if batch and failures else []
    if as_json:
        print(json.dumps({"corpus": corpus, "batch": batch, "failures": failed}))
        return
    lines = [_corpus_line(corpus), *([_batch_line(name, batch)] if batch else [])]
    print("\n".join(map(printable, [*lines, *(f"{one['path']}: {one['message']} ({one['code']})" for one in failed)])))


def order_batch(name: str, order: str, url: str) -> None:
    """Pauses, resumes, cancels the latest batch of a corpus, or tries again what failed in it."""
    if order not in ORDERS:
        raise Refused(f"{order!r} is none of {', '.join(ORDERS)}")
    client = Client(url)
    batch = _latest_batch(client, find_corpus(client, name))
    if batch is None:
        raise Refused(f"the corpus {name!r} has no batch yet")
    print(printable(_batch_line(name, client.post(f"/v1/batches/{batch['id']}/{order}"))))


def delete_corpus(name: str, url: str, *, documents: bool, sure: bool) -> None:
    """Deletes a corpus and, with `documents`, what it holds; asks at a terminal unless `sure`. Raises Refused, also without a yes."""
    client = Client(url)
    corpus = find_corpus(client, name)
    what = f"the corpus {name!r}" + (f" with its documents ({corpus['documents']})" if documents else "; its documents stay")
    if not sure and not (sys.stdin.isatty() and typer.confirm(printable(f"Delete {what}?"), err=True)):
        raise Refused("nothing was deleted: --yes says that you are sure")
    client.delete(corpus["links"]["self"] + ("?with_documents=true" if documents else ""))
    print(printable(f"deleted: {what}"))


def find_corpus(client: Client, name: str) -> Json:
    """The corpus of that name; raises Refused."""
    known = client.get("/v1/corpora", name=name)["items"]
    if not known:
        raise Refused(f"there is no corpus named {name!r}")
    return dict(known[0])


def _sorted_out(paths: Sequence[Path], manifest: Path | None) -> tuple[list[Found], list[Path]]:
    """Documents with their paths below the folder that was given, and archives."""
    archives = [path for path in paths if path.is_file() and path.name.lower().endswith(ARCHIVES)]
    documents: list[Found] = []
    for path in (path for path in paths if path not in archives):
        base = path if path.is_dir() else path.parent
        files = [file for file in find_files([path]) if file != manifest]
        documents += [Found(file.relative_to(base).as_posix(), file, _digest(file)) for file in files]
    return documents, archives


def _digest(file: Path) -> str:
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def _missing(client: Client, corpus: Json, documents: Sequence[Found], tally: Tally) -> list[Found]:
    """What the corpus does not have, each digest once."""
    known: set[str] = set()
    for start in range(0, len(documents), 5000):
        asked = [one.sha256 for one in documents[start : start + 5000]]
        known.update(client.post(f"/v1/corpora/{corpus['id']}/known", json={"sha256": asked})["known"])
    fresh = {one.sha256: one for one in reversed(documents) if one.sha256 not in known}
    tally.skipped += len(documents) - len(fresh)
    return list(reversed(fresh.values()))


def _groups(documents: Sequence[Found]) -> Iterator[list[Found]]:
    """So many files and bytes as go well in one request."""
    group: list[Found] = []
    size = 0
    for one in documents:
        length = one.file.stat().st_size
        if group and (len(group) == MOST_FILES or size + length > MOST_BYTES):
            yield group
            group, size = [], 0
        group.append(one)
        size += length
    if group:
        yield group


def _sent(client: Client, corpus: Json, group: Sequence[Found], told: Manifest) -> Json:
    said = [json.dumps({"path": one.path, **told[one.path].given()}) for one in group if one.path in told]
    with contextlib.ExitStack() as open_files:
        files: list[tuple[str, Any]] = [("file", (one.path, open_files.enter_context(one.file.open("rb")))) for one in group]
        if said:
            files.append(("manifest", ("manifest.jsonl", "\n".join(said).encode())))
        return client.post(f"/v1/corpora/{corpus['id']}/documents", files=files, timeout=None)


def _made(client: Client, name: str) -> Json:
    known = client.get("/v1/corpora", name=name)["items"]
    return dict(known[0]) if known else client.post("/v1/corpora", json={"name": name})


def _latest_batch(client: Client, corpus: Json) -> Json | None:
    items = client.get(f"/v1/corpora/{corpus['id']}/batches")["items"]
    return dict(items[0]) if items else None


def _failures(client: Client, batch: Json) -> Iterator[Json]:
    query: Mapping[str, str] = {}
    while True:
        page = client.get(f"/v1/batches/{batch['id']}/failures", **query)
        yield from page["items"]
        if page["next_after"] is None:
            return
        query = {"after": page["next_after"]}


def _followed(client: Client, batch: Json) -> Json:
    """The batch once it is done or cancelled, with a bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("", total=batch["documents"])
        while batch["state"] not in {"done", "cancelled"}:
            time.sleep(LOOK_EVERY)
            batch = client.get(f"/v1/batches/{batch['id']}")
            stages = ", ".join(f"{number} in {stage}" for stage, number in batch["stages"].items())
            bar.update(task, completed=batch["ended"], description=printable(stages or batch["state"]))
    return batch


def _tell(name: str, corpus: Json, tally: Tally, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"corpus_id": corpus["id"], "added": tally.added, "skipped": tally.skipped, "refused": tally.refused}))
        return
    for one in tally.refused:
        print(printable(f"{one['path']}: {one['why']}"), file=sys.stderr)
    print(printable(f"{name}: {tally.added} added, {tally.skipped} skipped, {len(tally.refused)} refused"))


def _corpus_line(corpus: Json) -> str:
    return f"{corpus['name']}: {corpus['documents']} documents, {corpus['annotated']} annotated"


def _batch_line(name: str, batch: Json) -> str:
    states = ", ".join(f"{number} {state}" for state, number in batch["states"].items() if number)
    left = batch["seconds_left"]
    return f"{name}: batch {batch['state']}: {states}" + (f"; about {left:.0f} s left" if left else "")
