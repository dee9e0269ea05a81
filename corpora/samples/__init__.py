"""Sample instruments, written for Lexframe: bodies, places and texts are invented, and may be used and changed freely.

A model convention in three versions, a model statute and a policy paper; `manifest.toml` describes them.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files


class UnknownSample(LookupError):
    """There is no sample of that name; `known` lists the names there are."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no sample named {name!r}; the samples are {', '.join(known)}.")
        self.name = name
        self.known = known


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample instrument; versions of the same instrument share `work`, and `name` is the file's name without its ending."""

    name: str
    file: str
    title: str
    kind: str
    date: date
    body: str
    work: str
    version: str
    language: str


def samples() -> tuple[Sample, ...]:
    """All samples, in the order of the manifest: versions of a work stand oldest first."""
    manifest = tomllib.loads(files(__name__).joinpath("manifest.toml").read_text("utf-8"))
    return tuple(Sample(name=entry["file"].removesuffix(".txt"), **entry) for entry in manifest["sample"])


def sample_text(name: str) -> str:
    """The text of a sample, one paragraph a line with a blank line between; raises UnknownSample."""
    return sample_bytes(name).decode("utf-8")


def sample_bytes(name: str) -> bytes:
    """The sample's file as it is stored, to be uploaded as a client would; raises UnknownSample."""
    found = next((sample for sample in samples() if sample.name == name), None)
    if found is None:
        raise UnknownSample(name, tuple(sample.name for sample in samples()))
    return files(__name__).joinpath(found.file).read_bytes()
