"""A comparison as a report to be filed, or as the table of its changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpora.exports.archive import stream_zip
from corpora.exports.formats import DOCX, ZIP

Json = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ComparisonFormat:
    """A form of a comparison: `write` takes its JSON (docs/comparison.md) and what the two texts are called."""

    name: str
    suffix: str
    media_type: str
    write: Callable[[Json, str, str], Iterator[bytes]]


def change_rows(comparison: Json, left: str, right: str) -> Iterator[Row]:
    """One row for each change of meaning, and one for each provision whose words differ without any; columns as in the table `changes`."""
    for pair in comparison["pairs"]:
        if pair["kind"] == "unchanged" and not pair["changes"]:
            continue
        where = {"left": left, "right": right} | _side(pair, "left") | _side(pair, "right")
        for change in pair["changes"] or ({"kind": pair["kind"]},):
            yield where | {name: change.get(name) for name in ("kind", "about", "before", "after")}


def _side(pair: Json, name: str) -> Row:
    places = pair[name]
    joined = {"unit": [p["unit"] for p in places], "where": [p["label"] for p in places], "words": [p["text"] for p in places]}
    return {f"{key}_{name}": "; ".join(values) or None for key, values in joined.items()}


def _html(comparison: Json, left: str, right: str) -> Iterator[bytes]:
    from corpora.exports.report import comparison_report
    from corpora.exports.report_html import write_html

    return write_html(comparison_report(comparison, left, right))


def _docx(comparison: Json, left: str, right: str) -> Iterator[bytes]:
    from corpora.exports.report import comparison_report
    from corpora.exports.report_docx import write_docx

    return write_docx(comparison_report(comparison, left, right))


def _csv(comparison: Json, left: str, right: str) -> Iterator[bytes]:
    from corpora.exports.tables import csv_entries

    return stream_zip(csv_entries([], change_rows(comparison, left, right)))


def _parquet(comparison: Json, left: str, right: str) -> Iterator[bytes]:
    from corpora.exports.tables import parquet_entries

    return stream_zip(parquet_entries([], change_rows(comparison, left, right)))


COMPARISON_FORMATS: Mapping[str, ComparisonFormat] = {
    found.name: found
    for found in (
        ComparisonFormat("html", ".html", "text/html", _html),
        ComparisonFormat("docx", ".docx", DOCX, _docx),
        ComparisonFormat("csv", ".zip", ZIP, _csv),
        ComparisonFormat("parquet", ".zip", ZIP, _parquet),
    )
}
