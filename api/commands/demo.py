"""`lexframe demo`: the main job on sample instruments, through a service of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from api.commands.client import ENDS, Client
from api.commands.refused import Refused
from api.commands.serve import listen
from api.findings import strongest, terms, victim_provisions
from api.terminal import printable
from corpora.samples import Sample, sample_bytes, samples

SHOWN = ("model-convention-1-criminal-justice-draft", "model-convention-2-victims-rights-draft")
MOST_PLACES, MOST_TERMS = 6, 12
READY_SECONDS = 120.0

Json = dict[str, Any]


def run_demo(port: int) -> None:
    """Starts the service, uploads two versions, prints what was found; stays until Ctrl-C on a terminal, else ends by itself."""
    console = Console(highlight=False, soft_wrap=True)
    with contextlib.suppress(KeyboardInterrupt), _service(port) as (url, process):
        console.print(f"Lexframe runs on {url}. Two versions of a sample convention go to it now, as a client would send them.")
        client = Client(url, "")
        shown = [show_sample(console, client, sample) for sample in samples() if sample.name in SHOWN]
        _where_next(console, url, shown)
        if sys.stdin.isatty():
            console.print("\nThe service goes on until you press Ctrl-C.")
            process.wait()


@contextlib.contextmanager
def _service(port: int) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A service on the embedded default with a data folder of its own, which goes with it."""
    number = _free_port(port)
    url = f"http://127.0.0.1:{number}"
    with tempfile.TemporaryDirectory(prefix="lexframe-demo-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "service.log"
        process = _start(number, Path(folder), log)
        try:
            _wait_until_ready(Client(url, ""), process, log)
            yield url, process
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()


def _start(port: int, folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """Other settings of the person who tries the demo stay out of it, but for a pipeline of their own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LEXFRAME_") or k == "LEXFRAME_PIPELINE"}
    environment |= {"LEXFRAME_DATA_DIR": str(folder), "LEXFRAME_LOG_LEVEL": "WARNING", "LEXFRAME_GRACE_SECONDS": "1"}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    with log.open("wb") as out:
        return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)


def _wait_until_ready(client: Client, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while not client.is_ready():
        if process.poll() is not None or time.monotonic() > until:
            raise Refused(f"the service did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def _free_port(wanted: int) -> int:
    """The wanted port, or any that is free where it is taken."""
    try:
        listener = listen("127.0.0.1", wanted)
    except Refused:
        listener = listen("127.0.0.1", 0)
    with listener:
        return int(listener.getsockname()[1])


def _annotated(console: Console, client: Client, sample: Sample) -> tuple[str, Json]:
    fields = {"title": sample.title, "kind": sample.kind, "work": sample.work, "version": sample.version, "body": sample.body}
    accepted = client.upload(sample.file, sample_bytes(sample.name), fields | {"date": sample.date.isoformat()})
    console.print(f"\n{sample.file}: accepted as job {accepted['job_id']}")
    with console.status("waiting for the models to be loaded") as status:
        for job in client.states(accepted["job_id"]):
            said = f"{job['stage']} ({job['progress']:.0%})" if job["stage"] and job["state"] == "running" else str(job["state"])
            status.update(said)
            if not console.is_terminal:
                console.print(f"  {said}")
            if job["state"] in ENDS - {"done"}:
                raise Refused(f"{sample.file}: {job['error']['message'] if job['error'] else job['state']}")
    return accepted["document_id"], client.annotations(accepted["document_id"])


def show_sample(console: Console, client: Client, sample: Sample) -> str:
    """One version, from upload to what was found in it; its document's id."""
    document_id, document = _annotated(console, client, sample)
    show_version(console, sample, document)
    return document_id


def show_version(console: Console, sample: Sample, document: Json) -> None:
    """What was found in one version: framing with its evidence, definitions, victim provisions."""
    framing = document["framing"]
    console.print(f"\n{sample.title}\n{sample.version}, {sample.date.isoformat()}", style="bold", markup=False)
    interval = framing.get("interval")
    spread = f" (95 %: {interval[0]:.0%} to {interval[1]:.0%})" if interval else ""
    console.print(
        f"  Framing: [bold]{framing['label']}[/bold], rights share {framing['scores']['rights']:.0%}{spread}; its strongest evidence:"
    )
    for finding in strongest(document):
        words = printable(" ".join(finding.words.split()))
        console.print(f"    {printable(finding.where):<14} {finding.label:<20} “{words}”", markup=False)
    defined = terms(document)
    console.print(f"  Definitions ({len(defined)}): {printable(_some(defined, MOST_TERMS, '; '))}", markup=False)
    provisions = victim_provisions(document)
    console.print(f"  Victim provisions ({len(provisions)} kinds):")
    for name, places in provisions.items():
        console.print(f"    {name:<15} {printable(_some(places, MOST_PLACES, ', '))}", markup=False)


def _some(found: list[str], most: int, between: str) -> str:
    more = f" and {len(found) - most} more" if len(found) > most else ""
    return (between.join(found[:most]) or "none") + more


def _where_next(console: Console, url: str, shown: list[str]) -> None:
    console.print("\n[bold]Where to look next[/bold]")
    console.print(f"  {url}/", markup=False)
    console.print("      the page: drop files of your own, read, search", markup=False)
    console.print(f"  {url}/compare?left={shown[0]}&right={shown[1]}", markup=False)
    console.print("      what changed in substance between the two versions, side by side", markup=False)
    for what, where in (
        (f"lexframe upload FILE --url {url} --wait", "a document of your own"),
        ("lexframe annotate FILE -o out", "the same without a server"),
        ("lexframe show out/FILE.json", "the text in colour"),
        ("docs/annotations.md, docs/method.md", "what the JSON says, and how it comes to say it"),
    ):
        console.print(f"  {what:<56} {where}", markup=False)
