"""The rows of each analysis. Shares are rounded to four places; a share of nothing is None. docs/method.md defines the figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from corpora.analytics.asked import What
from corpora.analytics.counts import Counts
from corpora.analytics.groups import Group
from corpora.store.facts import WHOLE, FactLayer
from nlp.codebook import codebook
from nlp.types import ElementRole, Framing, StatementType, Strength

Value = str | int | float | None
Row = Mapping[str, Value]
Maker = Callable[[Counts, Group], Iterator[Row]]

LAYERS: Mapping[What, tuple[FactLayer, ...]] = {
    What.FRAMING: (FactLayer.FRAMING,),
    What.BALANCE: (),
    What.LABELS: (FactLayer.FRAMING, FactLayer.INDICATOR, FactLayer.VICTIM, FactLayer.CONDITIONAL),
    What.STRENGTH: (FactLayer.STATEMENT,),
    What.DEFINITIONS: (FactLayer.ELEMENT, FactLayer.COMBINATION, FactLayer.OFFENCE),
    What.COMBINATIONS: (FactLayer.COMBINATION,),
    What.COOCCURRENCE: (FactLayer.FRAMING, FactLayer.INDICATOR, FactLayer.VICTIM, FactLayer.PAIR),
}
"""The facts that each analysis counts."""


def rows_of(what: What, counts: Counts) -> tuple[Row, ...]:
    """The rows of an analysis, group by group; the columns of the groups stand first."""
    named = [by.value for by in counts.groups.by]
    return tuple(
        {**dict(zip(named, group, strict=True)), **row} for group in counts.groups.documents for row in _MAKERS[what](counts, group)
    )


def _framing(counts: Counts, group: Group) -> Iterator[Row]:
    for framing in Framing:
        documents, provisions = counts.framed[group, framing], counts.numbers[group, FactLayer.FRAMING, framing]
        yield {
            "framing": framing.value,
            **_documents(counts, group, documents),
            "provisions": provisions,
            "provision_share": _share(provisions, counts.sums[group, FactLayer.FRAMING]),
        }


def _balance(counts: Counts, group: Group) -> Iterator[Row]:
    found = counts.balances[group]
    shares = sorted(share for share, number in found.items() if share is not None for _ in range(number))
    points = (("lowest", 0.0), ("lower_quartile", 0.25), ("median", 0.5), ("upper_quartile", 0.75), ("highest", 1.0))
    yield {
        "documents": len(shares),
        "without": found[None],
        "mean": _share(sum(shares), len(shares) * WHOLE),
        **{name: _quantile(shares, part) for name, part in points},
    }


def _labels(counts: Counts, group: Group) -> Iterator[Row]:
    for layer in (FactLayer.INDICATOR, FactLayer.VICTIM):
        for label in _known(layer, counts):
            provisions = counts.numbers[group, layer, label]
            yield {
                "layer": layer.value,
                "label": label,
                **_documents(counts, group, counts.documents[group, layer, label]),
                "provisions": provisions,
                "provision_share": _share(provisions, counts.sums[group, FactLayer.FRAMING]),
                "conditional": counts.numbers[group, FactLayer.CONDITIONAL, label] if layer is FactLayer.VICTIM else None,
            }


def _strength(counts: Counts, group: Group) -> Iterator[Row]:
    for kind in StatementType:
        for strength in Strength:
            key = (group, FactLayer.STATEMENT, f"{kind.value}.{strength.value}")
            yield {
                "type": kind.value,
                "strength": strength.value,
                **_documents(counts, group, counts.documents[key]),
                "statements": counts.numbers[key],
                "statement_share": _share(counts.numbers[key], counts.sums[group, FactLayer.STATEMENT]),
            }


def _definitions(counts: Counts, group: Group) -> Iterator[Row]:
    for role in ElementRole:
        yield {
            "element": role.value,
            **_documents(counts, group, counts.defining[group, role]),
            **_defined(counts, group, counts.numbers[group, FactLayer.ELEMENT, role]),
            "offences": counts.numbers[group, FactLayer.OFFENCE, role],
        }


def _combinations(counts: Counts, group: Group) -> Iterator[Row]:
    roles = {role.value: n for n, role in enumerate(ElementRole)}
    found = counts.labels(FactLayer.COMBINATION)
    for label in sorted(found, key=lambda label: (-len(label.split()), [roles.get(role, len(roles)) for role in label.split()])):
        key = (group, FactLayer.COMBINATION, label)
        yield {
            "elements": label.replace(" ", " + "),
            **_documents(counts, group, counts.documents[key]),
            **_defined(counts, group, counts.numbers[key]),
        }


def _cooccurrence(counts: Counts, group: Group) -> Iterator[Row]:
    whole = counts.sums[group, FactLayer.FRAMING]
    known = [(layer, label) for layer in (FactLayer.INDICATOR, FactLayer.VICTIM) for label in _known(layer, counts)]
    carried = [(label, counts.numbers[group, layer, label]) for layer, label in known]
    for (one, of_one), (other, of_other) in combinations(carried, 2):
        key = (group, FactLayer.PAIR, " ".join(sorted((one, other))))
        both, expected = counts.numbers[key], of_one * of_other / whole if whole else 0.0
        yield {
            "one": one,
            "other": other,
            "documents": counts.documents[key],
            "provisions": both,
            "expected": round(expected, 2),
            "lift": _share(both, expected),
            "jaccard": _share(both, of_one + of_other - both),
            "of_one": _share(both, of_one),
            "of_other": _share(both, of_other),
        }


_MAKERS: Mapping[What, Maker] = {
    What.FRAMING: _framing,
    What.BALANCE: _balance,
    What.LABELS: _labels,
    What.STRENGTH: _strength,
    What.DEFINITIONS: _definitions,
    What.COMBINATIONS: _combinations,
    What.COOCCURRENCE: _cooccurrence,
}


def _documents(counts: Counts, group: Group, documents: int) -> Row:
    return {"documents": documents, "document_share": _share(documents, counts.groups.documents[group])}


def _defined(counts: Counts, group: Group, definitions: int) -> Row:
    return {"definitions": definitions, "definition_share": _share(definitions, counts.sums[group, FactLayer.COMBINATION])}


def _known(layer: FactLayer, counts: Counts) -> list[str]:
    """The codebook's labels of a layer, then others that were found."""
    of = {FactLayer.INDICATOR: "indicators", FactLayer.VICTIM: "victim"}[layer]
    listed = [label.name for label in codebook().labels if label.layer == of]
    return [*listed, *sorted(counts.labels(layer).difference(listed))]


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _quantile(ordered: Sequence[int], part: float) -> float | None:
    """Between two values in proportion (Hyndman and Fan 1996, type 7)."""
    if not ordered:
        return None
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return round((ordered[low] + (ordered[high] - ordered[low]) * (place - low)) / WHOLE, 4)
