"""`lexframe annotate`: files and folders to JSON, on this machine."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from api.cli import Refused

KNOWN = {".txt", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".pdf", ".text"}


def annotate_paths(paths: Sequence[Path], output: Path | None, as_json: bool) -> int:
    """Annotates every file; returns 1 if any failed, else 0. Without an output folder or `--json`, a line per document is printed."""
    files = list(_files(paths))
    if not files:
        raise Refused("there is no document under the given paths")
    targets = _targets(files, output)
    run = _annotator()
    failed = 0
    with _progress(len(files)) as step:
        for file in files:
            try:
                found = run(file.read_bytes())
            except _refusals() as error:
                failed += 1
                print(f"{file}: {error}", file=sys.stderr)
            else:
                _deliver(found, file, targets.get(file), as_json)
            step()
    return 1 if failed else 0


def _refusals() -> tuple[type[Exception], ...]:
    from corpora.readers.errors import ReadingError

    return (ReadingError, OSError)


def _annotator() -> Callable[[bytes], dict[str, Any]]:
    """The pipeline, with the threads of one worker process, so that the same file gives the same bytes here and there."""
    from corpora.annotating import annotate_bytes, default_annotator
    from nlp.wire import to_json
    from workers.process import limit_threads
    from workers.settings import from_environment

    settings = from_environment(os.environ)
    limit_threads(settings, os.environ)
    import torch

    torch.set_num_threads(settings.threads_each)
    annotator = default_annotator()
    return lambda data: to_json(annotate_bytes(data, annotator=annotator))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in KNOWN and not p.name.startswith("."))
        elif path.exists():
            yield path
        else:
            raise Refused(f"{path} does not exist")


def _targets(files: Sequence[Path], output: Path | None) -> dict[Path, Path]:
    """STEM.json for each file; files of the same stem keep their ending in the name, so that none overwrites another."""
    if output is None:
        return {}
    output.mkdir(parents=True, exist_ok=True)
    stems = [f.stem for f in files]
    names: dict[str, int] = {}
    found: dict[Path, Path] = {}
    for file in files:
        name = file.stem if stems.count(file.stem) == 1 else file.name
        names[name] = names.get(name, 0) + 1
        found[file] = output / (f"{name}.json" if names[name] == 1 else f"{name}-{names[name]}.json")
    return found


def _deliver(found: dict[str, Any], file: Path, target: Path | None, as_json: bool) -> None:
    from nlp.wire import dumps

    if target is not None:
        _write(target, dumps(found))
    if as_json:
        sys.stdout.write(dumps(found))
    elif target is None:
        print(summary(file.name, found))


def summary(name: str, found: dict[str, Any]) -> str:
    """One line about a document."""
    if found["status"] != "annotated":
        return f"{name}: not annotated ({found['document']['warnings'][-1]})"
    scores, counts = found["framing"]["scores"], {k: len(found[k]) for k in ("blocks", "definitions", "statements")}
    shares = f"crime {scores['crime']:.0%}, rights {scores['rights']:.0%}"
    things = ", ".join(f"{count} {what}" for what, count in counts.items())
    return f"{name}: {found['framing']['label']} ({shares}); {things}"


def _write(target: Path, text: str) -> None:
    """All of the file or none of it."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, prefix=".", suffix=".part", delete=False) as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, target)


@contextlib.contextmanager
def _progress(count: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("annotating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("annotating", total=count)
        yield lambda: bar.advance(task)
