"""Reads a stranger's file in a process of its own, with limits, and in a sandbox where bubblewrap is at hand."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from shutil import which

from corpora.readers.errors import LimitExceeded, ParserCrashed, ParserTimeout, ReadingError, error_named
from corpora.readers.language import language_of
from corpora.readers.model import Extract, Limits, ReadText
from corpora.readers.read import extract

ROOT = Path(__file__).parents[2]


def read_in_child(data: bytes, limits: Limits | None = None) -> ReadText:
    """The text of a file, as `read.read` gives it; a reader that hangs, crashes or takes too much is stopped and named.

    Raises ReadingError: its own kind where the file was refused, else ParserTimeout, ParserCrashed or LimitExceeded.
    """
    limits = limits or Limits()
    found = _answer(_run(data, limits))
    return ReadText(found.text, found.media_type, language_of(found.text), found.title, found.pages, found.notes, found.warnings)


def _run(data: bytes, limits: Limits) -> bytes:
    command = [*_sandbox(), sys.executable, "-m", "corpora.readers.child", json.dumps(asdict(limits))]
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "LC_ALL": "C.UTF-8",
    }
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd="/", start_new_session=True
    )
    try:
        output, _ = process.communicate(data, timeout=limits.seconds)
    except subprocess.TimeoutExpired as wrong:
        raise ParserTimeout(f"(after {limits.seconds} s)") from wrong
    finally:
        _end(process)
    if process.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
        raise ParserTimeout(f"(after {limits.seconds} s of computing)")
    if process.returncode or not output:
        raise ParserCrashed(f"(exit status {process.returncode})")
    return output


def _end(process: subprocess.Popen[bytes]) -> None:
    """No process of the group outlives the call."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answer(output: bytes) -> Extract:
    answer = json.loads(output)
    if "error" in answer:
        raise error_named(answer["error"], answer["detail"])
    pages = tuple((int(start), int(end)) for start, end in answer["pages"])
    notes, warnings = tuple(map(str, answer["notes"])), tuple(map(str, answer["warnings"]))
    return Extract(str(answer["text"]), str(answer["media_type"]), answer["title"], pages, notes, warnings)


@cache
def _sandbox() -> tuple[str, ...]:
    """The bubblewrap command in front of the reader: no network, nothing writable; empty where it is missing or not allowed to work."""
    program = which("bwrap")
    if program is None:
        return ()
    needed = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", sys.prefix, sys.base_prefix, str(ROOT))
    binds = [path for path in dict.fromkeys(needed) if Path(path).exists()]
    command = (
        program, "--unshare-all", "--die-with-parent", "--new-session", *(word for bind in binds for word in ("--ro-bind", bind, bind)),
        "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp",  # noqa: S108
    )  # fmt: skip
    try:
        works = subprocess.run([*command, sys.executable, "-c", ""], capture_output=True, timeout=20, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        works = False
    return command if works else ()


def sandboxed() -> bool:
    """Whether readers run under bubblewrap on this machine."""
    return bool(_sandbox())


def main() -> None:
    """The child: file on standard input, JSON on standard output."""
    limits = Limits(**json.loads(sys.argv[1]))
    _limit(limits)
    data = sys.stdin.buffer.read()
    try:
        answer: dict[str, object] = asdict(extract(data, limits))
    except ReadingError as refused:
        answer = {"error": refused.code, "detail": refused.detail}
    except MemoryError:
        answer = {"error": LimitExceeded.code, "detail": "(it takes too much memory)"}
    except RecursionError:
        answer = {"error": LimitExceeded.code, "detail": "(nested too deeply)"}
    sys.stdout.write(json.dumps(answer))


def _limit(limits: Limits) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory), (resource.RLIMIT_CPU, limits.seconds), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 128), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main()
