"""Readers under the limits of the real child process, forked from a process that has them loaded, so that thousands of files take minutes."""

from __future__ import annotations

import faulthandler
import io
import json
import os
import resource
import select
import signal
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import psutil

from corpora.readers.child import _attempted
from corpora.readers.model import Limits

HEAD = struct.Struct(">QQd")
LIMITS = Limits(seconds=30)
PER_PROCESS = 50
Act = Callable[[bytes, Limits], str]  # how one file ended


@dataclass(frozen=True)
class Outcome:
    """How one file ended: `read`, the code of a refusal, as the parent of a real child would name it, or `fault: …`. Memory in bytes."""

    name: str
    kind: str
    seconds: float
    memory: int


def reading(data: bytes, limits: Limits) -> str:
    """What the one-shot child does with a file."""
    found = _attempted(io.BytesIO(data), limits)
    json.dumps(found).encode("ascii")
    return str(found.get("error") or ("read" if str(found["text"]).strip() else "no words"))


def outcomes(files: Iterable[tuple[str, bytes]], limits: Limits = LIMITS, act: Act = reading) -> Iterator[Outcome]:
    """The outcome of each file, in order; a process takes so many one after the other, and a new one goes on where it fell."""
    batch: list[tuple[str, bytes]] = []
    for file in files:
        batch.append(file)
        if len(batch) == PER_PROCESS:
            yield from _batch(batch, limits, act)
            batch = []
    yield from _batch(batch, limits, act)


def _batch(batch: list[tuple[str, bytes]], limits: Limits, act: Act) -> Iterator[Outcome]:
    while batch:
        done = list(_one_process(batch, limits, act))
        yield from done
        batch = batch[len(done) :]


def _one_process(batch: list[tuple[str, bytes]], limits: Limits, act: Act) -> Iterator[Outcome]:
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(readable)
        _work(batch, limits, act, writable)
    os.close(writable)
    try:
        for name, _ in batch:
            begun = time.monotonic()
            told = _read(readable, HEAD.size, begun + limits.seconds)
            if told is None:
                kind = "parser_timeout" if time.monotonic() - begun >= limits.seconds else "parser_crashed"
                yield Outcome(name, kind, time.monotonic() - begun, 0)
                return
            size, memory, seconds = HEAD.unpack(told)
            yield Outcome(name, (_read(readable, size, begun + limits.seconds) or b"parser_crashed").decode(), seconds, memory)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(readable)


def _work(batch: list[tuple[str, bytes]], limits: Limits, act: Act, out: int) -> None:
    """The child: it never comes back."""
    faulthandler.disable()
    base = _memory()
    room = psutil.Process().memory_info().vms + limits.memory  # what the parent has loaded is not the file's
    for kind, most in ((resource.RLIMIT_AS, room), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 64)):
        resource.setrlimit(kind, (most, most))
    for _, data in batch:
        begun = time.monotonic()
        try:
            kind = act(data, limits)
        except BaseException as fault:
            kind = f"fault: {type(fault).__name__}: {fault}"[:500]
        said = kind.encode("utf-8", "replace")
        os.write(out, HEAD.pack(len(said), max(0, _memory() - base), time.monotonic() - begun) + said)
    os._exit(0)


def _memory() -> int:
    """The most memory that the process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _read(stream: int, size: int, until: float) -> bytes | None:
    found = b""
    while len(found) < size:
        if not select.select([stream], [], [], max(0.0, until - time.monotonic()))[0]:
            return None
        chunk = os.read(stream, size - len(found))
        if not chunk:
            return None
        found += chunk
    return found
