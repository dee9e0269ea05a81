"""What a report says of a document or a comparison, apart from how it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from corpora.exports.item import Item
from corpora.exports.marks import LABELS
from nlp.telling import Stretch, otherwise, stretches

Json = dict[str, Any]
METHOD = (
    "Labels are made by a trained model after the codebook, definitions and statements by rules and small models; each can be wrong. Shares"
    " are estimates with an interval. Offsets count the characters of the stored text."
)


_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def steady(words: str) -> str:
    """The words without what turns the reading direction of all that follows: each such character becomes U+FFFD."""
    return _TURNING.sub("\ufffd", words)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header, every cell plain text."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs and a table."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


def document_report(item: Item) -> Iterator[Section]:
    """The report of one document; the first section's heading is its title."""
    annotated = item.annotated
    where = _places(annotated)
    yield Section(item.heading, (), _facts(item))
    yield Section("Framing", _framing(annotated))
    if found := stretches(annotated):
        yield Section("Framing part by part", (), _parts(found))
    yield Section("Definitions", _none(annotated["definitions"]), _definitions(annotated, where))
    yield Section("Victim provisions", _none([b for b in annotated["blocks"] if b["victim"]]), _victim(annotated, where))
    yield Section("Obligations, prohibitions, rights", _none(annotated["statements"]), _statements(annotated, where))
    yield Section("Provisions", _none(annotated["blocks"]), _provisions(annotated, where))
    yield Section("How this was made", (METHOD, _maker(annotated)))


def comparison_report(comparison: Json, left: str, right: str) -> Iterator[Section]:
    """The report of a comparison, from its JSON (docs/comparison.md); `left` and `right` name the texts."""
    drift, counts = comparison["drift"], comparison["counts"]
    interval = drift.get("interval")
    spread = f" (95 %: {interval[0]:+.1%} to {interval[1]:+.1%})" if interval else ""
    yield Section(f"{left} and {right} compared", (), Table(("provisions", "number"), [(name, str(n)) for name, n in counts.items()]))
    share = (
        f"The rights share goes from {drift['left']:.0%} to {drift['right']:.0%}. Changed words move it by {drift['shift']:+.1%}{spread}."
    )
    read = f"Equal words that the model read otherwise in their new context make {drift['reading']:+.1%}." if drift.get("reading") else ""
    yield Section("Framing", tuple(filter(None, (share, read))))
    rows = [row for pair in comparison["pairs"] for row in _changes(pair)]
    yield Section("What changed in meaning", _none(rows), Table(("where", "what", "about", "before", "after"), rows))
    rows = [_pair(pair) for pair in comparison["pairs"] if pair["kind"] != "unchanged"]
    yield Section("Provisions that differ", _none(rows), Table(("what", "left", "its words", "right", "its words"), rows))
    yield Section("How this was made", (METHOD,))


def _facts(item: Item) -> Table:
    head = item.annotated["document"]
    facts = {
        "Instrument": item.work,
        "Version": item.version,
        "Date": item.date,
        "Issued by": item.body,
        "Language": head.get("language"),
        "Characters": str(len(item.text)),
        "SHA-256 of the file": head["sha256"],
    }
    return Table(("fact", "value"), [(name, value) for name, value in facts.items() if value])


def _framing(annotated: Json) -> tuple[str, ...]:
    framing = annotated["framing"]
    if annotated["status"] != "annotated":
        return (f"The text was not annotated ({annotated['status']}).",)
    interval = framing.get("interval")
    spread = f" (95 % interval {interval[0]:.0%} to {interval[1]:.0%})" if interval else ""
    scores, counts = framing["scores"], framing["counts"]
    shares = (
        f"Framing: {framing['label']}. Share of the crime framework {scores['crime']:.0%}, of the rights framework {scores['rights']:.0%}"
    )
    return (f"{shares}{spread}.", *_otherwise(framing), "Provisions: " + ", ".join(f"{n} {name}" for name, n in counts.items()) + ".")


def _otherwise(framing: Json) -> Iterator[str]:
    if found := otherwise(framing):
        (low, high), others = found.shares, [f"{label} if {says}" for label, says in found.differing]
        label = "the label would be " + ", ".join(others) if others else "the label would stay"
        yield f"Weighed otherwise the share of the rights framework would be {low:.0%} to {high:.0%}, and {label}."


def _parts(found: Sequence[Stretch]) -> Table:
    rows = [
        (
            " ".join(filter(None, (one.label, one.heading))),
            "–" if one.rights is None else f"{one.rights:.0%}",
            f"{one.share:.0%}",
            *(str(n) for n in one.counts.values()),
        )
        for one in found
    ]
    return Table(("part", "rights share", "share of the weight", *(f"{name} provisions" for name in found[0].counts)), rows)


def _definitions(annotated: Json, where: dict[str, str]) -> Table:
    rows = [
        (where[one["unit"]], one["term"]["text"], one["form"], _words((one.get("definiens") or {}).get("text") or ""), _elements(one))
        for one in annotated["definitions"]
    ]
    return Table(("where", "term", "form", "defined as", "elements"), rows)


def _elements(one: Json) -> str:
    return "; ".join(f"{element['role']}: {_words(element['text'])}" for element in one.get("elements", ()))


def _victim(annotated: Json, where: dict[str, str]) -> Table:
    rows = [
        (where[b["unit"]], _labels(b["victim"]), "yes" if b.get("conditional") else "no", _words(annotated["text"][b["start"] : b["end"]]))
        for b in annotated["blocks"]
        if b["victim"]
    ]
    return Table(("where", "kinds (probability)", "conditional", "words"), rows)


def _statements(annotated: Json, where: dict[str, str]) -> Table:
    rows = [
        (where[one["unit"]], one["type"], one["strength"], *(_words((one.get(part) or {}).get("text") or "") for part in _PARTS))
        for one in annotated["statements"]
    ]
    return Table(("where", "type", "strength", "who", "trigger", "what"), rows)


_PARTS = ("bearer", "trigger", "action")


def _provisions(annotated: Json, where: dict[str, str]) -> Table:
    rows = [
        (where[b["unit"]], b["framing"], "; ".join(_labels(b[layer]) for layer in LABELS if b.get(layer)), _words(_block(annotated, b)))
        for b in annotated["blocks"]
    ]
    return Table(("where", "framing", "labels (probability)", "words"), rows)


def _block(annotated: Json, block: Json) -> str:
    words: str = annotated["text"][block["start"] : block["end"]]
    return words


def _changes(pair: Json) -> Iterator[tuple[str, ...]]:
    place = (pair["right"] or pair["left"])[0]["label"]
    for change in pair["changes"]:
        said = [change.get("before") or _quoted(change.get("left")), change.get("after") or _quoted(change.get("right"))]
        yield (place, change["kind"].replace(".", ": ").replace("_", " "), change["about"], *said)


def _pair(pair: Json) -> tuple[str, ...]:
    sides = [("; ".join(p["label"] for p in pair[side]), _words(" ".join(p["text"] for p in pair[side]))) for side in ("left", "right")]
    return (pair["kind"], *sides[0], *sides[1])


def _quoted(span: Json | None) -> str:
    return _words(span["text"]) if span else ""


def _places(annotated: Json) -> dict[str, str]:
    return {unit["id"]: unit.get("label") or unit["id"] for unit in annotated["units"]}


def _labels(found: Json) -> str:
    return ", ".join(f"{name} ({p:.2f})" for name, p in found.items())


def _maker(annotated: Json) -> str:
    pipeline = annotated["pipeline"]
    models = ", ".join(f"{name} {digest}" for name, digest in pipeline["models"].items())
    return f"{pipeline['name']} {pipeline['version']}; models: {models or 'none'}."


def _none(found: Sequence[Any]) -> tuple[str, ...]:
    return () if found else ("None were found.",)


def _words(text: str) -> str:
    """On one line."""
    return " ".join(text.split())
