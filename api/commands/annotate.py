"""`lexframe annotate`: files and folders to JSON, on this machine."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from api.commands.refused import Refused
from api.terminal import printable
from corpora.filling import ENDINGS
from workers.settings import from_environment
from workers.work import Failure, JobInput, Work

Json = dict[str, Any]
Step = Callable[[str], None]


def annotate_paths(paths: Sequence[Path], output: Path | None, as_json: bool, codebooks: Sequence[str] | None = None) -> int:
    """Annotates every file; returns 1 if any failed, else 0. Without an output folder or `--json`, a line per document is printed."""
    files = list(find_files(paths))
    if not files:
        raise Refused("there is no document under the given paths")
    targets = name_targets(files, output) if output else {}
    work = load_pipeline(codebooks)
    with _progress(len(files)) as step:
        results = [_annotate_one(work, file, targets.get(file), as_json, step) for file in files]
    return 0 if all(results) else 1


def load_pipeline(codebooks: Sequence[str] | None = None) -> Work:
    """The pipeline that workers run, with the threads of one of them, so that the same file gives the same bytes here and there.

    `codebooks`, names or folders, are read instead of all that are installed. Raises Refused.
    """
    from models.manifest import ModelDamaged
    from workers.process import limit_threads, pipeline

    settings = from_environment(os.environ)
    if codebooks:
        settings = replace(settings, codebooks=_chosen(codebooks, settings.codebooks))
    limit_threads(settings, os.environ)
    try:
        return pipeline(settings)(settings)
    except ModelDamaged as error:
        raise Refused(str(error)) from error


def _chosen(wanted: Sequence[str], places: Sequence[str]) -> tuple[str, ...]:
    """The folders of the codebooks that are meant; raises Refused where one is unknown or cannot be used."""
    from corpora.codebooks import usable_codebooks

    found = []
    for name in wanted:
        usable, refused = usable_codebooks([name] if Path(name).is_dir() else places)
        fit = [one for one in usable if Path(name).is_dir() or one.codebook.name == name]
        why = [one for one in refused if Path(name).is_dir() or one.folder.name == name]
        if not fit:
            raise Refused(str(why[0]) if why else f"there is no trained codebook {name!r} (in {', '.join(places)})")
        found += [str(one.folder) for one in fit]
    return tuple(found)


def annotate_file(work: Work, file: Path, report: Step = lambda stage: None) -> Json:
    """The annotated document; raises Failure where the file holds no text for us, OSError where it cannot be opened."""
    return work.run(JobInput(file.read_bytes(), None, None, lambda stage, progress: report(stage)))


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as they are given; of a folder those of known endings, in order, hidden ones left out. Raises Refused."""
    for path in paths:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if found.suffix.lower() in ENDINGS and _counts(found, path))
        elif path.exists():
            yield path
        else:
            raise Refused(f"{path} does not exist")


def name_targets(files: Sequence[Path], output: Path) -> dict[Path, Path]:
    """STEM.json for each file; files of one stem keep their ending, files of one name get a number, so that none overwrites another."""
    stems = [file.stem for file in files]
    taken: set[str] = set()
    found: dict[Path, Path] = {}
    for file in dict.fromkeys(files):
        base = file.stem if stems.count(file.stem) == 1 else file.name
        name, number = base, 1
        while name in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name)
        found[file] = output / f"{name}.json"
    return found


def summary(name: str, found: Json) -> str:
    """One line about an annotated document."""
    if found["status"] != "annotated":
        return f"{name}: kept, but not annotated: {found['document']['warnings'][-1]}"
    scores, framing = found["framing"]["scores"], found["framing"]["label"]
    counts = ", ".join(f"{len(found[layer])} {layer}" for layer in ("blocks", "definitions", "statements"))
    own = "".join(f"; {one['codebook']}: {_shares(one)}" for one in found.get("codings", ()))
    return f"{name}: {framing} (crime {scores['crime']:.0%}, rights {scores['rights']:.0%}); {counts}{own}"


def _shares(coding: Json) -> str:
    """The framing after a codebook of the user's own, in a few words."""
    shares = ", ".join(f"{side} {share:.0%}" for side, share in coding["scores"].items())
    return f"{coding['framing']} ({shares})" if coding["framing"] else "coded"


def _annotate_one(work: Work, file: Path, target: Path | None, as_json: bool, step: Step) -> bool:
    """Whether it succeeded. Any document may provoke what nobody foresaw; the others are annotated all the same."""
    step(file.name)
    try:
        found = annotate_file(work, file)
        _deliver(found, file, target, as_json)
    except (Failure, OSError) as error:
        print(printable(f"{file}: {error}"), file=sys.stderr)
        return False
    except Exception as error:  # the boundary of one document, as in `workers.running`
        print(printable(f"{file}: failed unexpectedly ({type(error).__name__}: {error})"), file=sys.stderr)
        return False
    return True


def _deliver(found: Json, file: Path, target: Path | None, as_json: bool) -> None:
    from nlp.wire import dumps

    if target is not None:
        _write(target, dumps(found))
    if as_json:
        sys.stdout.buffer.write(dumps(found).encode())
        sys.stdout.buffer.flush()
    elif target is None:
        print(printable(summary(file.name, found)))
    elif found["status"] != "annotated":
        print(printable(summary(file.name, found)), file=sys.stderr)


def _write(target: Path, text: str) -> None:
    """All of the file or none of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=target.parent, prefix=".", suffix=".part", delete=False) as file:
        beginning = Path(file.name)
        try:
            file.write(text)
            file.close()
            beginning.chmod(0o644)
            beginning.replace(target)
        finally:
            beginning.unlink(missing_ok=True)


def _counts(file: Path, folder: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)


@contextlib.contextmanager
def _progress(count: int) -> Iterator[Step]:
    """A bar on a terminal, nothing elsewhere; each call names the document that comes next."""
    if not sys.stderr.isatty():
        yield lambda name: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), redirect_stdout=False) as bar:
        task = bar.add_task("", total=count, completed=-1)

        def step(name: str) -> None:
            bar.update(task, advance=1, description=printable(name))

        yield step
        bar.update(task, completed=count)
