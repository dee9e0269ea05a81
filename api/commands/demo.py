"""`lexframe demo`: the main job on sample instruments, through a service of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from api.cli import Refused
from api.commands.client import Service
from api.commands.serve import listen

SHOWN = ("model-convention-1-criminal-justice-draft", "model-convention-2-victims-rights-draft")
MOST = 6

Json = dict[str, Any]


def run_demo(port: int) -> None:
    """Starts the service, uploads two versions, prints what was found; stays until Ctrl-C on a terminal, else ends by itself."""
    console = Console(highlight=False, soft_wrap=True)
    with tempfile.TemporaryDirectory(prefix="lexframe-demo-") as folder:
        free = _free_port(port)
        process = _start(free, Path(folder))
        try:
            service = Service(f"http://127.0.0.1:{free}")
            console.print(f"Starting Lexframe on http://127.0.0.1:{free} …")
            service.wait_until_ready(120)
            for sample in _samples():
                _show(console, sample.label, _annotated(console, service, sample))
            _where_next(console, free)
            if sys.stdin.isatty():
                console.print("The service goes on until you press Ctrl-C.")
                process.wait()
        except KeyboardInterrupt:
            console.print("stopped")
        finally:
            process.terminate()
            process.wait(60)


def _samples() -> list[Any]:
    from corpora.samples import samples

    found = {sample.name: sample for sample in samples()}
    return [found[name] for name in SHOWN]


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        try:
            listener = listen("127.0.0.1", port)
        except Refused:
            continue
        number = int(listener.getsockname()[1])
        listener.close()
        return number
    raise Refused("there is no free port")


def _start(port: int, folder: Path) -> subprocess.Popen[bytes]:
    mine = {k: v for k, v in os.environ.items() if not k.startswith("LEXFRAME_")}
    environment = mine | {"LEXFRAME_DATA_DIR": str(folder), "LEXFRAME_LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)


def _annotated(console: Console, service: Service, sample: Any) -> Json:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / sample.file
        file.write_text(sample.text, encoding="utf-8")
        fields = {"title": sample.title, "work": sample.work, "version": sample.label, "date": sample.date, "body": sample.body}
        accepted = service.upload(file, {key: str(value) for key, value in fields.items() if value})
    with console.status(f"annotating {sample.label}") as status:
        for state in service.states(accepted["job"]):
            status.update(f"annotating {sample.label}: {state.get('stage') or state['state']}")
            if state["state"] == "failed":
                raise Refused(state["error"]["message"])
    return service.annotations(accepted["document"])


def _show(console: Console, label: str, document: Json) -> None:
    framing = document["framing"]
    low, high = framing["interval"] or (0.0, 1.0)
    console.print(f"\n[bold]{escape(document['document']['title'] or '')} — {escape(label)}[/bold]")
    share = f"rights share {framing['scores']['rights']:.0%}, 95 %: {low:.0%} to {high:.0%}"
    console.print(f"  Framing: [bold]{framing['label']}[/bold] ({share})")
    labels = {unit["id"]: unit["label"] for unit in document["units"]}
    console.print("  Strongest evidence:")
    for block, evidence in _strongest(document):
        console.print(f"    {escape(labels[block['unit']]):<18} {escape(evidence['label'])}: “{escape(evidence['text'])}”")
    terms = [d["term"]["text"] for d in document["definitions"]]
    console.print(f"  Definitions ({len(terms)}): {escape('; '.join(terms[:12]))}{' …' if len(terms) > 12 else ''}")
    console.print("  Victim provisions:")
    for name, where in _victim(document, labels):
        console.print(f"    {name:<15} {escape(', '.join(where[:MOST]))}{' …' if len(where) > MOST else ''}")


def _strongest(document: Json) -> list[tuple[Json, Json]]:
    """The indicator evidence of most weight, at most two phrases a label."""
    found = [(b, e) for b in document["blocks"] for e in b["evidence"] if e["label"].startswith("indicators/")]
    found.sort(key=lambda pair: -pair[1]["weight"])
    seen: dict[str, int] = {}
    chosen = []
    for block, evidence in found:
        seen[evidence["label"]] = seen.get(evidence["label"], 0) + 1
        if seen[evidence["label"]] <= 1:
            chosen.append((block, {**evidence, "label": evidence["label"].partition("/")[2]}))
    return chosen[:MOST]


def _victim(document: Json, labels: dict[str, str]) -> Iterator[tuple[str, list[str]]]:
    where: dict[str, list[str]] = {}
    for block in document["blocks"]:
        for name in block["victim"]:
            where.setdefault(name, []).append(labels[block["unit"]])
    return iter(sorted(where.items()))


def _where_next(console: Console, port: int) -> None:
    console.print("\n[bold]Where to look next[/bold]")
    console.print(f"  curl http://127.0.0.1:{port}/v1/documents                 the documents, their framing and their jobs")
    console.print("  .venv/bin/lexframe annotate FILE -o out              your own document, without a server")
    console.print("  docs/annotations.md, docs/method.md                  what the JSON says, and how it comes to say it")
