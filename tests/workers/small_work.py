"""Pipelines of the tests: small, pure, and told by the document itself how to behave."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace

from corpora.store.annotations import Json
from workers.settings import Settings
from workers.work import JobInput, PassingFailure, PermanentFailure, Work

_held: list[bytes] = []

PIPELINE = {"name": "counter", "version": "1", "components": ["count"], "models": {}}


def count(job: JobInput) -> Json:
    """The characters of a text, as an annotated document without layers."""
    text = job.data.decode()
    job.report("counting", 0.5)
    return {
        "schema": "test",
        "status": "annotated",
        "document": {"language": "en", "media_type": "text/plain", "title": job.title, "characters": len(text)},
        "pipeline": PIPELINE,
        "text": text,
        "framing": {"label": "rights", "scores": {"crime": 0.25, "rights": 0.75}},
    }


def obey(job: JobInput) -> Json:
    """Counts, after doing what the first word of the document says."""
    word, _, rest = job.data.decode().partition(" ")
    job.report("obeying", 0.1)
    match word:
        case "sleep":
            time.sleep(float(rest.split()[0]))
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "refuse":
            raise PermanentFailure("refused", "This document asks to be refused.")
        case "stumble":
            raise PassingFailure("stumbled", "Something else went wrong.")
        case "break":
            raise RuntimeError("this document asks to break")
        case "report":
            for step in range(int(rest)):
                time.sleep(0.1)
                job.report(f"step {step}", step / int(rest))
        case "grow":
            _held.append(b"x" * (200 << 20))
        case "sink":
            raise MemoryError
    return count(job)


def load_counter(settings: Settings) -> Work:
    return Work(PIPELINE, count)


def load_obedient(settings: Settings) -> Work:
    return Work(PIPELINE, obey)


def load_slowly(settings: Settings) -> Work:
    """As large models do from a cold disk."""
    time.sleep(4)
    return load_obedient(settings)


def rules(job: JobInput) -> Json:
    """Structure and references of a real text, by the rules that need no model."""
    from nlp.references import find_references
    from nlp.structure.find import find_structure
    from nlp.wire import plain

    text = job.data.decode()
    job.report("structure", 0.1)
    structure = find_structure(text)
    return {
        **count(job),
        "pipeline": RULES,
        "units": [plain(unit) for unit in structure.units],
        "references": [plain(one) for one in find_references(text, structure, lambda name: None)],
    }


def read_apart(job: JobInput) -> Json:
    """The same, of a file that is read in a process of its own as the service reads it."""
    from corpora.readers.child import read_in_child
    from corpora.readers.errors import ReaderKilled

    try:
        return rules(replace(job, data=read_in_child(job.data).text.encode()))
    except ReaderKilled as error:
        raise PassingFailure(error.code, str(error)) from error


RULES = {"name": "rules", "version": "1", "components": ["structure", "references"], "models": {}}


def load_rules(settings: Settings) -> Work:
    return Work(RULES, rules)


def load_readers(settings: Settings) -> Work:
    return Work(RULES, read_apart)
