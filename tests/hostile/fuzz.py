"""`make fuzz`: malformed files through each reader, arbitrary texts through the whole pipeline, then atheris where it is installed.

Files are read under the limits of the real child, in processes forked from one that has the readers loaded (`pool`); of each format some go
through the real child, bubblewrap and all. Prints a line of JSON for each kind, and a table at the end; ends with status 1 where anything
crashed, hung, passed its memory or ended without a named outcome, and puts what did it into `fuzz-findings/`, from where it becomes a test case.
"""

from __future__ import annotations

import argparse
import collections
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpora.readers.child import read_in_child
from corpora.readers.errors import ReadingError
from tests.corpora.files import OUTCOMES
from tests.hostile import sides
from tests.hostile.mutate import malformed, seeds
from tests.hostile.pool import LIMITS, Outcome, outcomes
from tests.hostile.texts import texts

FINDINGS = Path("fuzz-findings")
LONGEST_TEXT_SECONDS = 20.0
MOST_TEXT_MEMORY = 1 << 30  # what the pipeline may grow by over all texts, in bytes


@dataclass
class Told:
    """How one kind went: outcomes with their numbers, how many of them must not be, and what the worst one took."""

    kind: str
    outcomes: collections.Counter[str] = field(default_factory=collections.Counter)
    faults: int = 0
    slowest_s: float = 0.0
    most_mib: float = 0.0
    seconds: float = 0.0

    def add(self, found: Outcome, is_fault: bool) -> None:
        """Counts one more."""
        self.outcomes[found.kind] += 1
        self.faults += is_fault
        self.slowest_s = round(max(self.slowest_s, found.seconds), 2)
        self.most_mib = round(max(self.most_mib, found.memory / (1 << 20)), 1)


def main() -> None:
    """Runs everything once."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--files", type=int, default=10_000, help="malformed files for each reader")
    said.add_argument("--children", type=int, default=100, help="of each format, files for the real child process")
    said.add_argument("--texts", type=int, default=10_000, help="texts for the pipeline")
    said.add_argument("--atheris", type=int, default=60, help="seconds of atheris for each target, 0 for none")
    said.add_argument("--seed", type=int, default=1)
    wanted = said.parse_args()
    told = [_said(read_files(kind, wanted.files, wanted.seed)) for kind in seeds()]
    told += [_said(in_children(kind, wanted.children, wanted.seed + 1)) for kind in seeds()]
    told += [_said(read_sides(side, wanted.files, wanted.seed)) for side in sides.SIDES]
    told.append(_said(annotate_texts(wanted.texts, wanted.seed)))
    faults = sum(one.faults for one in told)
    if wanted.atheris:
        from tests.hostile.guided import run_all

        faults += run_all(wanted.atheris)
    print(table(told))
    sys.exit(1 if faults else 0)


def read_files(kind: str, count: int, seed: int) -> Told:
    """Malformed files of a format through its reader."""
    made = dict[str, bytes]()
    return _told(kind, outcomes(_noted(malformed(kind, count, seed), made)), made, is_fault)


def read_sides(side: str, count: int, seed: int) -> Told:
    """Malformed files of another kind through what reads them."""
    made = dict[str, bytes]()
    found = outcomes(_noted(sides.malformed_side(side, count, seed), made), act=sides.reader_of(side))
    return _told(side, found, made, lambda one: one.kind not in sides.OUTCOMES or one.memory > LIMITS.memory)


def in_children(kind: str, count: int, seed: int) -> Told:
    """Malformed files through the process of its own that the service uses; its memory is the kernel's to limit and is not counted here."""
    made = dict[str, bytes]()
    return _told(f"{kind} in a child", map(_in_child, _noted(malformed(kind, count, seed), made)), made, is_fault)


def _in_child(file: tuple[str, bytes]) -> Outcome:
    name, data = file
    begun = time.monotonic()
    try:
        read_in_child(data, LIMITS)
        kind = "read"
    except ReadingError as refused:
        kind = refused.code
    except Exception as fault:
        kind = f"fault: {type(fault).__name__}: {fault}"
    return Outcome(name, kind, time.monotonic() - begun, 0)


def _told(kind: str, found: Iterable[Outcome], made: dict[str, bytes], is_wrong: Callable[[Outcome], bool]) -> Told:
    begun, told = time.monotonic(), Told(kind)
    for one in found:
        data, wrong = made.pop(one.name), is_wrong(one)
        told.add(one, wrong)
        if wrong:
            _keep(one.name, data, one.kind)
    told.seconds = round(time.monotonic() - begun)
    return told


def is_fault(found: Outcome) -> bool:
    """Whether an outcome is none of those that have a name, or took what it may not take.

    PDFium is a stranger's C++: where it dies of a file, or draws a form that draws itself again and again until its time is up, its
    process ends, the caller hears `parser_crashed` or `parser_timeout`, and no more is asked.
    """
    named = OUTCOMES if found.name.startswith("pdf") else OUTCOMES - {"parser_crashed", "parser_timeout"}
    ended = found.kind in named
    return not ended or found.memory > LIMITS.memory


def annotate_texts(count: int, seed: int) -> Told:
    """Annotates them all; a fault is one that raises, takes too long, comes out changed, or leaves the process too large."""
    from corpora.annotating import default_annotator
    from nlp.types import Source
    from nlp.wire import dumps, to_json

    annotator, told, begun = default_annotator(), Told("annotate"), time.monotonic()
    annotator("Each Party shall protect victims.", Source(sha256="0" * 64, media_type="text/plain", language="en"))
    base = _memory()
    for name, text in texts(count, seed):
        at = time.monotonic()
        try:
            found = annotator(text, Source(sha256="0" * 64, media_type="text/plain", language="en"))
            dumps(to_json(found))
            kind = "read" if found.text == text else "the text came out changed"
        except Exception as fault:
            kind = f"fault: {type(fault).__name__}: {fault}"[:500]
        one = Outcome(name, kind, time.monotonic() - at, _memory() - base)
        wrong = kind != "read" or one.seconds > LONGEST_TEXT_SECONDS or one.memory > MOST_TEXT_MEMORY
        told.add(one, wrong)
        if wrong:
            _keep(name, text.encode("utf-8", "surrogatepass"), f"{kind}, {one.seconds:.0f} s, {one.memory >> 20} MiB")
    told.seconds = round(time.monotonic() - begun)
    return told


def table(told: Iterable[Told]) -> str:
    """What was seen, as a table of Markdown."""
    head = ["what", "files", "read", "refusals, each by a named error", "PDFium ended", "faults", "slowest s", "most MiB", "s"]
    rows = [" | ".join(head), " | ".join("---" for _ in head)]
    for one in told:
        refused = [f"{name} {count}" for name, count in one.outcomes.most_common() if name not in {"read", "parser_crashed"}]
        died = one.outcomes["parser_crashed"]
        figures = [
            one.kind,
            one.outcomes.total(),
            one.outcomes["read"],
            ", ".join(refused) or "–",
            died,
            one.faults,
            one.slowest_s,
            one.most_mib,
            one.seconds,
        ]
        rows.append(" | ".join(map(str, figures)))
    return "\n".join(f"| {row} |" for row in rows)


def _said(told: Told) -> Told:
    print(json.dumps({**vars(told), "outcomes": dict(told.outcomes.most_common())}), flush=True)
    return told


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _noted(files: Iterator[tuple[str, bytes]], made: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in files:
        made[name] = data
        yield name, data


def _keep(name: str, data: bytes, why: str) -> None:
    FINDINGS.mkdir(exist_ok=True)
    (FINDINGS / name).write_bytes(data)
    print(f"{name}: {why}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
