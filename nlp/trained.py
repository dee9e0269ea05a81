"""Trained codebooks as they lie on the disk: what there is to know of them without loading a model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.manifest import ModelDamaged, verify
from nlp.codebook import BadCodebook, Codebook, codebook, read_codebook

FILE, NOTES = "codebook.toml", "trained.json"


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained codebook; `encoder` is the digest of the model that its heads stand on, `notes` what was measured when it was made."""

    folder: Path
    codebook: Codebook
    digest: str
    encoder: str
    notes: Mapping[str, Any]


def find_trained(places: Sequence[str]) -> tuple[Path, ...]:
    """The folders of trained codebooks: each place is one, or holds some; in the order of places, then of names."""
    found: dict[Path, None] = {}
    for place in map(Path, places):
        inner = sorted(place.iterdir()) if place.is_dir() else []
        found |= dict.fromkeys([place] if _is_trained(place) else filter(_is_trained, inner))
    return tuple(found)


def read_trained(folder: Path) -> Trained:
    """What a trained codebook says of itself, after its files were compared with its manifest; raises ModelDamaged."""
    digest = verify(folder)
    try:
        notes = json.loads((folder / NOTES).read_text(encoding="utf-8"))
        return Trained(folder, read_codebook(folder / FILE), digest, str(notes["encoder"]), notes)
    except (OSError, BadCodebook, ValueError, KeyError, TypeError) as error:
        raise ModelDamaged(folder, str(error)) from error


def choose_usable(folders: Sequence[Path], encoder: str) -> tuple[tuple[Trained, ...], tuple[ModelDamaged, ...]]:
    """Those that can be read over the model with the digest `encoder`, and why the others cannot."""
    usable: dict[str, Trained] = {}
    refused: list[ModelDamaged] = []
    for folder in folders:
        try:
            one = read_trained(folder)
            _check(one, encoder, {codebook().name, *usable})
            usable[one.codebook.name] = one
        except ModelDamaged as why:
            refused.append(why)
    return tuple(usable.values()), tuple(refused)


def _check(one: Trained, encoder: str, taken: set[str]) -> None:
    if one.encoder != encoder:
        raise ModelDamaged(one.folder, "it was trained over another version of the encoder; train it again from its codebook and examples")
    if one.codebook.name in taken:
        raise ModelDamaged(one.folder, f"another codebook is called {one.codebook.name!r}; give one of them another `name`")


def _is_trained(folder: Path) -> bool:
    return not folder.name.startswith(".") and (folder / NOTES).is_file() and (folder / FILE).is_file()
