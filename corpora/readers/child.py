"""Reads a stranger's file in a process of its own, with limits, and in a sandbox where bubblewrap is at hand."""

from __future__ import annotations

import json
import os
import resource
import selectors
import signal
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path
from shutil import which
from typing import IO, Any

from corpora.readers.errors import LimitExceeded, ParserCrashed, ParserTimeout, ReaderKilled, ReadingError, TooLarge, error_named
from corpora.readers.model import Extract, Limits, Place, ReadText
from corpora.readers.read import extract, in_its_language

ROOT = Path(__file__).parents[2]
LENGTH = struct.Struct(">Q")
TIMED_OUT = (-signal.SIGXCPU, 128 + signal.SIGXCPU)
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)  # the second as bubblewrap tells it


def read_in_child(data: bytes, limits: Limits | None = None) -> ReadText:
    """The text of a file, as `read.read` gives it; a reader that hangs, crashes or takes too much is stopped and named.

    Raises ReadingError: its own kind where the file was refused, else ParserTimeout, ParserCrashed, LimitExceeded, or ReaderKilled.
    """
    limits = limits or Limits()
    if len(data) > limits.file:
        raise TooLarge(f"({len(data)} bytes; at most {limits.file} are read)")
    return in_its_language(_answer(_run(data, limits)))


def _run(data: bytes, limits: Limits) -> bytes:
    """What the child writes, from a file without a name that it reads as its standard input."""
    command = [*_sandbox(), sys.executable, "-m", "corpora.readers.child", json.dumps(asdict(limits))]
    with tempfile.TemporaryFile() as source:
        source.write(data)
        source.seek(0)
        process = subprocess.Popen(
            command,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd="/",
            start_new_session=True,
        )
        try:
            output = _received(process, most=12 * limits.text + 10_000_000, until=time.monotonic() + limits.seconds)
            status = process.wait(timeout=5)
        except (TimeoutError, subprocess.TimeoutExpired) as wrong:
            raise ParserTimeout(f"(after {limits.seconds} s)") from wrong
        finally:
            _end(process)
    if status in TIMED_OUT:
        raise ParserTimeout(f"(after {limits.seconds} s of computing)")
    if status in KILLED:
        raise ReaderKilled
    if status or len(output) < LENGTH.size or LENGTH.unpack(output[: LENGTH.size])[0] != len(output) - LENGTH.size:
        raise ParserCrashed(f"(exit status {status})")
    return output[LENGTH.size :]


def _environment() -> dict[str, str]:
    """Nothing of the parent's: it may hold passwords."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


def _received(process: subprocess.Popen[bytes], most: int, until: float) -> bytes:
    """All that the process writes; raises TimeoutError at the deadline and LimitExceeded beyond `most` bytes."""
    stream = process.stdout
    assert stream is not None
    found = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout=max(0.0, until - time.monotonic())):
                raise TimeoutError
            chunk = os.read(stream.fileno(), 1 << 20)
            if not chunk:
                return bytes(found)
            found += chunk
            if len(found) > most:
                raise LimitExceeded(f"(its text takes more than {most} bytes)")


def _end(process: subprocess.Popen[bytes]) -> None:
    """No process of the group outlives the call; what bubblewrap has started dies with it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()


def _answer(output: bytes) -> Extract:
    answer: dict[str, Any] = json.loads(output)
    if "error" in answer:
        raise error_named(str(answer["error"]), str(answer["detail"]))
    return Extract(
        text=str(answer["text"]),
        media_type=str(answer["media_type"]),
        title=answer["title"],
        pages=tuple((int(start), int(end)) for start, end in answer["pages"]),
        notes=tuple(map(str, answer["notes"])),
        warnings=tuple(map(str, answer["warnings"])),
        source_map=tuple(Place(int(start), int(end), int(source)) for start, end, source in answer["source_map"]),
    )


@cache
def _sandbox() -> tuple[str, ...]:
    """The bubblewrap command in front of the reader: no network, nothing writable; empty where it is missing or not allowed to work."""
    program = which("bwrap")
    if program is None:
        return ()
    needed = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", sys.prefix, sys.base_prefix, str(ROOT / "corpora"))
    binds = [path for path in dict.fromkeys(needed) if Path(path).exists()]
    command = (
        program, "--unshare-all", "--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",  # noqa: S108
        *(word for bind in binds for word in ("--ro-bind", bind, bind)),
    )  # fmt: skip
    probe = [*command, sys.executable, "-c", "import corpora.readers.child"]
    try:
        works = subprocess.run(probe, env=_environment(), cwd="/", capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    return command if works else ()


def sandboxed() -> bool:
    """Whether readers run under bubblewrap on this machine."""
    return bool(_sandbox())


def main() -> None:
    """The child: file on standard input; on standard output the length of the answer in eight bytes, then the answer as JSON."""
    limits = Limits(**json.loads(sys.argv[1]))
    _limit(limits)
    answer = json.dumps(_attempted(sys.stdin.buffer, limits)).encode("ascii")
    sys.stdout.buffer.write(LENGTH.pack(len(answer)) + answer)


def _attempted(source: IO[bytes], limits: Limits) -> dict[str, object]:
    try:
        found = extract(source.read(), limits)
    except ReadingError as refused:
        return {"error": refused.code, "detail": refused.detail}
    except MemoryError:
        return {"error": LimitExceeded.code, "detail": "(it takes too much memory)"}
    except RecursionError:
        return {"error": LimitExceeded.code, "detail": "(nested too deeply)"}
    places = [(place.start, place.end, place.source) for place in found.source_map]
    return {
        "text": found.text,
        "media_type": found.media_type,
        "title": found.title,
        "pages": found.pages,
        "notes": found.notes,
        "warnings": found.warnings,
        "source_map": places,
    }


def _limit(limits: Limits) -> None:
    """Binds this process: memory, processor time (a second's grace before the kernel kills), no writing, no cores, no children."""
    for kind, soft, hard in (
        (resource.RLIMIT_AS, limits.memory, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds, limits.seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
    ):
        resource.setrlimit(kind, (soft, hard))


if __name__ == "__main__":
    main()
