"""A work as it is shown: what the catalogue says, under what users say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpora.catalogue.find import Catalogue, Work
from corpora.store.works import FACTS, Held


@dataclass(frozen=True, slots=True)
class Described:
    """A work with its facts, where they come from, and how much of it a space holds."""

    id: str
    title: str | None
    names: tuple[str, ...]
    body: str | None
    kind: str | None
    adopted: str | None
    in_force: str | None
    cites: tuple[str, ...]
    amends: tuple[str, ...]
    catalogued: bool
    corrected: tuple[str, ...]
    documents: int
    versions: int


def describe(catalogue: Catalogue, held: Mapping[str, Held], work_id: str) -> Described | None:
    """The work; None where neither the catalogue nor the space knows it."""
    known, here = catalogue.works.get(work_id), held.get(work_id)
    if known is None and here is None:
        return None
    said = dict(here.facts) if here else {}
    facts = _facts(known) | said
    return Described(
        id=work_id,
        title=facts.get("title"),
        names=tuple(facts.get("names") or ()),
        body=facts.get("body"),
        kind=facts.get("kind"),
        adopted=facts.get("adopted"),
        in_force=facts.get("in_force"),
        cites=tuple(facts.get("cites") or ()),
        amends=tuple(facts.get("amends") or ()),
        catalogued=known is not None,
        corrected=tuple(sorted(said)),
        documents=here.documents if here else 0,
        versions=here.versions if here else 0,
    )


def amending(catalogue: Catalogue, held: Mapping[str, Held], work_id: str) -> tuple[str, ...]:
    """The works that amend this one, by date of adoption."""
    every = (describe(catalogue, held, other) for other in sorted({*catalogue.works, *held}))
    found = [one for one in every if one and work_id in one.amends]
    return tuple(one.id for one in sorted(found, key=lambda one: (one.adopted or "", one.id)))


def _facts(work: Work | None) -> dict[str, Any]:
    return dict(_plain(work)) if work else {}


def _plain(work: Work) -> Iterator[tuple[str, Any]]:
    for name in FACTS:
        value = getattr(work, name)
        yield name, value.isoformat() if hasattr(value, "isoformat") else value
