"""`lexframe show`: an annotated document in the terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api.cli import Refused

STYLES = {"crime": "red", "rights": "green", "hybrid": "magenta", "neutral": "default"}
MARKS = {"term": "bold cyan", "trigger": "bold yellow", "evidence": "underline"}

Json = dict[str, Any]


def show_file(file: Path, as_json: bool) -> None:
    """Prints a document; raises Refused where it can be neither read nor annotated."""
    document = load(file)
    if as_json:
        print(json.dumps({"framing": document["framing"], "parts": [row for row in parts(document)]}, ensure_ascii=False))
        return
    console = Console(highlight=False, soft_wrap=True)
    for block in document["blocks"]:
        console.print(_coloured(document, block))
    console.print(parts_table(document))
    console.print(f"[bold]Document: {document['framing']['label']}[/bold] {_shares(document['framing'])}")


def load(file: Path) -> Json:
    """An annotated document from its JSON, or from a document that is annotated now."""
    from corpora.readers.errors import ReadingError

    if not file.is_file():
        raise Refused(f"{file} does not exist")
    data = file.read_bytes()
    if data.lstrip()[:1] == b"{":
        try:
            found = json.loads(data)
        except ValueError as wrong:
            raise Refused(f"{file} is not JSON: {wrong}") from wrong
        if found.get("schema") != "lexframe.annotations/1":
            raise Refused(f"{file} is not an annotated document")
        return dict(found)
    from api.commands.annotate import _annotator

    try:
        return _annotator()(data)
    except ReadingError as wrong:
        raise Refused(f"{file}: {wrong}") from wrong


def _coloured(document: Json, block: Json) -> Text:
    """The words of a block in the colour of its framing; terms, modal words and evidence stand out."""
    start, end = block["start"], block["end"]
    text = Text(document["text"][start:end], style=STYLES[block["framing"]])
    spans = [(s["term"], "term") for s in document["definitions"]] + [(s["trigger"], "trigger") for s in document["statements"]]
    spans += [(e, "evidence") for e in block.get("evidence", ())]
    for span, mark in spans:
        if start <= span["start"] and span["end"] <= end:
            text.stylize(MARKS[mark], span["start"] - start, span["end"] - start)
    labels = [*block["indicators"], *block["victim"], *block["four_p"]]
    if labels:
        text.append(f"  [{', '.join(labels)}]", style="dim")
    return text


def parts(document: Json) -> Iterator[Json]:
    """Counts of framing per topmost part of the document."""
    units = {u["id"]: u for u in document["units"]}
    counts: dict[str, Counter[str]] = {}
    for block in document["blocks"]:
        unit = units[block["unit"]]
        while unit["parent"]:
            unit = units[unit["parent"]]
        counts.setdefault(unit["id"], Counter())[block["framing"]] += 1
    for name, framing in counts.items():
        unit = units[name]
        yield {"unit": name, "label": unit["label"] or name, "heading": unit["heading"], **{f: framing.get(f, 0) for f in STYLES}}


def parts_table(document: Json) -> Table:
    """The table of framing per part."""
    table = Table("part", "heading", *(f"[{STYLES[f]}]{f}[/]" for f in STYLES), title="Framing by part (blocks)")
    for row in parts(document):
        table.add_row(escape(row["label"]), escape(row["heading"] or ""), *(str(row[f]) for f in STYLES))
    return table


def _shares(framing: Json) -> str:
    interval = framing.get("interval")
    shares = f"crime {framing['scores']['crime']:.0%}, rights {framing['scores']['rights']:.0%}"
    return shares + (f" (rights share 95 %: {interval[0]:.0%} to {interval[1]:.0%})" if interval else "")
