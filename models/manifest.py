"""Which files a model consists of, with their digests; a model whose files differ is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MANIFEST = "manifest.json"
REFUSED = {".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib"}
PICKLED = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"PK\x03\x04")


@dataclass(eq=False)  # a frozen one cannot take up the traceback of a context manager
class ModelDamaged(Exception):
    """A model's file is missing, differs from its manifest, or is of a kind that could run code."""

    folder: Path
    why: str

    def __str__(self) -> str:
        return f"the model in {self.folder} cannot be used: {self.why}"


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, made: Mapping[str, object] | None = None) -> str:
    """Notes the digest of every file under `folder`, and with `made` what the model was made of; returns the model's own digest."""
    files = {p.relative_to(folder).as_posix(): file_digest(p) for p in sorted(folder.rglob("*")) if _counts(p)}
    noted = {"files": files} | ({"made": made} if made else {})
    (folder / MANIFEST).write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")
    return model_digest(folder)


def model_digest(folder: Path) -> str:
    """The digest of the manifest, which stands for the whole model: `sha256:…`."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelDamaged(folder, f"{MANIFEST} is missing")
    return f"sha256:{file_digest(path)}"


def verify(folder: Path) -> str:
    """The model's digest, after every file was compared with its manifest; raises ModelDamaged."""
    digest = model_digest(folder)
    for name, wanted in json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"].items():
        path = folder / name
        if path.suffix in REFUSED or (path.suffix == ".bin" and _head(path).startswith(PICKLED)):
            raise ModelDamaged(folder, f"{name} could run code; only safetensors are read")
        if not path.is_file() or file_digest(path) != wanted:
            raise ModelDamaged(folder, f"{name} is missing or differs from the manifest")
    return digest


def _head(path: Path) -> bytes:
    """The first bytes, by which a pickle or a zip of pickles is known; spaCy's own `.bin` files are msgpack."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(4)


def _counts(path: Path) -> bool:
    return path.is_file() and path.name not in (MANIFEST, "README.md") and "__pycache__" not in path.parts
