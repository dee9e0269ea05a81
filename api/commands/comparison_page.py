"""A comparison as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from api.terminal import printable
from nlp.compare.ranking import ranked
from nlp.compare.timeline import reasons
from nlp.compare.types import Change, Comparison, Drift, Kind, Pair, Place
from nlp.types import Span

Words = tuple[str, bool]


def page(found: Comparison, names: tuple[str, str]) -> str:
    """The file's text; every word of the documents is escaped, and steering characters are replaced."""
    environment = Environment(loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    heads = (found.left, found.right)
    shares = (found.drift.left, found.drift.right)
    sides = [(side, names[n], heads[n], f"{shares[n]:.1%}") for n, side in enumerate(("left", "right"))]
    return environment.get_template("comparison_file.html").render(
        names=tuple(printable(name) for name in names),
        sides=sides,
        shift=shift(found.drift),
        kinds=[(kind, count) for kind, count in found.counts.items() if count],
        reasons=reasons(found),
        pairs=[_pair(pair) for pair in _in_order(found)],
    )


def shift(drift: Drift) -> str:
    """The shift of the balance in one line."""
    spread = f" (95 %: {drift.interval[0]:+.1%} to {drift.interval[1]:+.1%})" if drift.interval else ""
    read = f"; {drift.reading:+.1%} from equal words that were read otherwise" if abs(drift.reading) >= 0.0005 else ""
    return f"rights share {drift.left:.1%} → {drift.right:.1%}, shift {drift.shift:+.1%}{spread}{read}"


def _in_order(found: Comparison) -> Iterator[Pair]:
    """Pairs with the weightiest change first, then those that changed in wording or number alone, then those that were read otherwise."""
    order = ranked(found)
    first = [one.pair for one in order if one.worth]
    rest = [n for n, pair in enumerate(found.pairs) if pair.kind is not Kind.UNCHANGED]
    return (found.pairs[n] for n in dict.fromkeys([*first, *rest, *(one.pair for one in order)]))


def _pair(pair: Pair) -> dict[str, Any]:
    labels = [", ".join(place.label for place in side) for side in (pair.left, pair.right)]
    cut = [edit.left for edit in pair.edits if edit.left]
    new = [edit.right for edit in pair.edits if edit.right]
    return {
        "where": printable(" → ".join(dict.fromkeys(label for label in labels if label))),
        "kind": pair.kind.value,
        "changes": [_change(change) for change in pair.changes],
        "left": list(_marked(pair.left, cut)),
        "right": list(_marked(pair.right, new)),
    }


def _change(change: Change) -> dict[str, Any]:
    values = change.before and change.after and change.before != change.after
    return {
        "kind": change.kind.value.replace(".", ": ").replace("_", " "),
        "about": printable(change.about),
        "values": printable(f"{change.before} → {change.after}") if values else "",
        "sureness": change.sureness,
    }


def _marked(places: Sequence[Place], spans: Sequence[Span]) -> Iterator[Words]:
    """The words of some provisions in pieces: (words, whether they changed)."""
    for n, place in enumerate(places):
        at = place.start
        for span in sorted((s for s in spans if place.start <= s.start < place.end), key=lambda s: s.start):
            end = min(span.end, place.end)
            yield printable(place.text[at - place.start : span.start - place.start]), False
            yield printable(place.text[span.start - place.start : end - place.start]), True
            at = end
        yield printable(place.text[at - place.start :]) + ("\n" if n + 1 < len(places) else ""), False
