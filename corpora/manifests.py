"""Manifests: what a table beside the files says of each of them, as CSV, JSON Lines or TOML.

Columns (or keys) are path, title, date, body, kind, work and version; only the path is needed. In TOML, each file is a table of
`[[document]]`. Paths are those in the archive or folder, relative to the manifest where it lies among the files.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import Any

MOST_BYTES = 32 << 20
NAMES = ("manifest.csv", "manifest.jsonl", "manifest.toml")


class BadManifest(ValueError):
    """A manifest cannot be read; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a manifest says of a file."""

    title: str | None = None
    date: str | None = None
    body: str | None = None
    kind: str | None = None
    work: str | None = None
    version: str | None = None

    def given(self) -> dict[str, str]:
        """The fields that are not empty."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if value}


NOTHING = Described()
Manifest = Mapping[str, Described]
_FIELDS = frozenset(f.name for f in fields(Described))


def read_manifest(name: str, data: bytes) -> Manifest:
    """The files by path; the ending of `name` says the format. Raises BadManifest."""
    if len(data) > MOST_BYTES:
        raise BadManifest(f"{name} is larger than {MOST_BYTES} bytes.")
    reader = _READERS.get(PurePosixPath(name).suffix.lower())
    if reader is None:
        raise BadManifest(f"{name}: a manifest ends in {', '.join(_READERS)}.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadManifest(f"{name} is not UTF-8 (byte {error.start}).") from None
    found: dict[str, Described] = {}
    for where, row in reader(name, text):
        path = _path(name, where, row)
        if path in found:
            raise BadManifest(f"{name}, {where}: the path {path!r} comes twice.")
        found[path] = _described(name, where, row)
    return found


def clean_path(path: str) -> str:
    """A path with forward slashes and without `./`; empty where it is absolute or climbs out of its folder."""
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return ""
    return "/".join(part for part in parts if part not in {"", "."})


def within(manifest: Manifest, folder: str) -> Manifest:
    """The manifest with its paths as seen from the folder above it."""
    return {f"{folder}/{path}": said for path, said in manifest.items()} if folder else manifest


def _csv(name: str, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in rows:
            if None in row:
                raise BadManifest(f"{name}, line {rows.line_num}: more cells than the first line has columns.")
            yield f"line {rows.line_num}", row
    except csv.Error as error:
        raise BadManifest(f"{name}, line {rows.line_num}: {error}.") from None


def _json_lines(name: str, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise BadManifest(f"{name}, line {number}: not JSON.") from None
        if not isinstance(row, dict):
            raise BadManifest(f"{name}, line {number}: an object is needed.")
        yield f"line {number}", row


def _toml(name: str, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        found = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
        raise BadManifest(f"{name}: {error}.") from None
    tables = found.get("document")
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadManifest(f"{name}: tables named [[document]] are needed.")
    yield from ((f"document {number}", table) for number, table in enumerate(tables, 1))


_READERS = {".csv": _csv, ".jsonl": _json_lines, ".toml": _toml}


def _path(name: str, where: str, row: Mapping[str, Any]) -> str:
    path = row.get("path")
    if not isinstance(path, str) or not path.strip():
        raise BadManifest(f"{name}, {where}: a path is needed.")
    cleaned = clean_path(path.strip())
    if not cleaned:
        raise BadManifest(f"{name}, {where}: the path {path!r} leads out of the folder.")
    return cleaned


def _described(name: str, where: str, row: Mapping[str, Any]) -> Described:
    unknown = sorted(set(row) - _FIELDS - {"path"})
    if unknown:
        raise BadManifest(f"{name}, {where}: there is no field {unknown[0]!r}; known are path, {', '.join(sorted(_FIELDS))}.")
    values = {key: str(value).strip() for key, value in row.items() if key in _FIELDS and value is not None}
    if values.get("version") and not values.get("work"):
        raise BadManifest(f"{name}, {where}: a version needs a work: say which instrument it is a version of.")
    return Described(**{key: value or None for key, value in values.items()})
