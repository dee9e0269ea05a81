"""`make fuzz`: malformed files through each reader, arbitrary texts through the whole pipeline, then atheris where it is installed.

Prints one line a kind; ends with status 1 where anything crashed, hung, passed its memory or ended without a named outcome, and
puts what did it into `fuzz-findings/`, from where it becomes a test case.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.corpora.files import OUTCOMES
from tests.hostile.mutate import malformed, seeds
from tests.hostile.pool import LIMITS, Outcome, outcomes
from tests.hostile.texts import texts

FINDINGS = Path("fuzz-findings")
LONGEST_TEXT_SECONDS = 20.0


def main() -> None:
    """Runs everything once."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--files", type=int, default=10_000, help="malformed files for each reader")
    said.add_argument("--texts", type=int, default=10_000, help="texts for the pipeline")
    said.add_argument("--atheris", type=int, default=60, help="seconds of atheris for each target, 0 for none")
    said.add_argument("--seed", type=int, default=1)
    wanted = said.parse_args()
    faults = sum(read_files(kind, wanted.files, wanted.seed) for kind in seeds())
    faults += annotate_texts(wanted.texts, wanted.seed)
    if wanted.atheris:
        from tests.hostile.guided import run_all

        faults += run_all(wanted.atheris)
    sys.exit(1 if faults else 0)


def read_files(kind: str, count: int, seed: int) -> int:
    """Reads them all; how many did what must not be."""
    begun, seen = time.monotonic(), collections.Counter[str]()
    slowest, largest, faults = 0.0, 0, 0
    made = dict[str, bytes]()
    for found in outcomes(_noted(malformed(kind, count, seed), made)):
        data = made.pop(found.name)
        seen[found.kind] += 1
        slowest, largest = max(slowest, found.seconds), max(largest, found.memory)
        if is_fault(found):
            faults += 1
            _keep(found.name, data, found.kind)
    print(json.dumps({"reader": kind, "files": sum(seen.values()), "faults": faults, "outcomes": dict(seen.most_common()),
                      "slowest_s": round(slowest, 2), "most_memory_mib": largest >> 20, "seconds": round(time.monotonic() - begun)}), flush=True)  # fmt: skip
    return faults


def is_fault(found: Outcome) -> bool:
    """Whether an outcome is none of those that have a name, or took what it may not take.

    PDFium is a stranger's C++: where it dies of a file, its process ends, the caller hears `parser_crashed`, and no more is asked.
    """
    may_die = found.name.startswith("pdf") and found.kind == "parser_crashed"
    ended = found.kind in OUTCOMES - {"parser_crashed", "parser_timeout"} or may_die
    return not ended or found.memory > LIMITS.memory


def annotate_texts(count: int, seed: int) -> int:
    """Annotates them all; how many raised, took too long, or came out changed."""
    from corpora.annotating import default_annotator
    from nlp.types import Source
    from nlp.wire import dumps, to_json

    annotator = default_annotator()
    begun, faults, slowest = time.monotonic(), 0, 0.0
    for name, text in texts(count, seed):
        at = time.monotonic()
        try:
            found = annotator(text, Source(sha256="0" * 64, media_type="text/plain", language="en"))
            dumps(to_json(found))
            wrong = "" if found.text == text else "the text came out changed"
        except Exception as fault:
            wrong = f"{type(fault).__name__}: {fault}"
        took = time.monotonic() - at
        slowest = max(slowest, took)
        if wrong or took > LONGEST_TEXT_SECONDS:
            faults += 1
            _keep(name, text.encode("utf-8", "surrogatepass"), wrong or f"{took:.0f} s")
    print(
        json.dumps({"annotate": count, "faults": faults, "slowest_s": round(slowest, 2), "seconds": round(time.monotonic() - begun)}),
        flush=True,
    )
    return faults


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
