"""Label Studio: one task for each document, its marks as predictions, and the labelling configuration they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from corpora.exports.archive import dump
from corpora.exports.item import Item
from corpora.exports.marks import Mark, marks

Json = dict[str, Any]


def write_label_studio(items: Iterable[Item]) -> Iterator[bytes]:
    """A list of tasks to be imported; offsets are code points, as Label Studio's `Text` has them."""
    begun = False
    for item in items:
        yield b",\n" if begun else b"[\n"
        begun = True
        yield from _task(item)
    yield b"\n]\n" if begun else b"[]\n"


def _task(item: Item) -> Iterator[bytes]:
    pipeline = item.annotated["pipeline"]
    data = {"text": item.text, "title": item.heading, "name": item.name, "sha256": item.annotated["document"]["sha256"]}
    version = dump(f"{pipeline['name']} {pipeline['version']}")
    yield b'{"data": ' + dump(data) + b', "predictions": [{"model_version": ' + version + b', "result": ['
    begun = False
    for mark in marks(item.annotated):
        for result in _results(item.text, mark):
            yield (b",\n" if begun else b"\n") + dump(result)
            begun = True
    yield b"\n]}]}"


def _results(text: str, mark: Mark) -> Iterator[Json]:
    value = {"start": mark.start, "end": mark.end, "text": text[mark.start : mark.end], "labels": [f"{mark.layer}/{mark.label}"]}
    meta = {"text": [f"{name}: {said}" for name, said in mark.values.items()]}
    yield {"id": mark.id, "from_name": "label", "to_name": "text", "type": "labels", "value": value, "meta": meta}
    for role, to in mark.links:
        yield {"from_id": mark.id, "to_id": to, "type": "relation", "direction": "right", "labels": [role]}


def labelling_configuration(labels: Iterable[str]) -> str:
    """The configuration of a project into which the tasks can be imported."""
    rows = "\n".join(f"    <Label value={quoteattr(label)}/>" for label in labels)
    return f'<View>\n  <Labels name="label" toName="text">\n{rows}\n  </Labels>\n  <Text name="text" value="$text"/>\n</View>\n'
