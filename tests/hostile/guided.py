"""atheris, which looks for new paths by itself: one process for each target, for so many seconds."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.hostile.mutate import seeds
from tests.hostile.sides import SIDES

TARGETS = ("detect", "html", "docx", "main part", "akn", "text", "structure", *SIDES)


def run_all(seconds: int) -> int:
    """How many targets found something; says so in a line where atheris is missing."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed here: the guided part is left out", flush=True)
        return 0
    return sum(_run(target, seconds) for target in TARGETS)


def _seeds(target: str) -> list[bytes]:
    return SIDES[target][0] if target in SIDES else [data for files in seeds().values() for data in files]


def _run(target: str, seconds: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(_seeds(target)):
            (Path(folder) / str(number)).write_bytes(data[:20_000])
        Path("fuzz-findings").mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.hostile.guided", target, folder, f"-max_total_time={seconds}", "-max_len=20000"]
        command += ["-rss_limit_mb=2048", "-timeout=20", f"-artifact_prefix=fuzz-findings/{target}-"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    runs = [line for line in done.stderr.splitlines() if line.startswith("Done ")]
    print(json.dumps({"atheris": target, "status": done.returncode, "runs": runs[-1:] or done.stderr.splitlines()[-3:]}), flush=True)
    return int(done.returncode != 0)


def main() -> None:
    """One target, in its own process."""
    import atheris

    with atheris.instrument_imports(include=["corpora", "nlp"]):
        from tests.hostile.targets import target

    act = target(sys.argv[1])
    atheris.Setup([sys.argv[0], *sys.argv[2:]], act)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
