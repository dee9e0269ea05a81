"""`lexframe show`: an annotated document in the terminal."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.commands.refused import Refused
from api.findings import FRAMINGS, Part, marks, parts, unit_labels
from api.terminal import printable
from nlp.wire import SCHEMA

STYLES = {"crime": "red", "rights": "green", "hybrid": "magenta", "neutral": ""}
MARKS = {"term": "bold", "trigger": "italic", "evidence": "underline"}

Json = dict[str, Any]


def show_file(file: Path, as_json: bool) -> None:
    """Prints a document; raises Refused where it can be neither read nor annotated."""
    document = load(file)
    if as_json:
        print(json.dumps({"framing": document["framing"], "parts": [asdict(part) for part in parts(document)]}, ensure_ascii=False))
        return
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in coloured(document):
        console.print(line)
    console.print(parts_table(parts(document)))
    console.print(shares(document))


def load(file: Path) -> Json:
    """An annotated document from its JSON, or from a document that is annotated now; raises Refused."""
    from api.commands.annotate import annotate_file, load_pipeline
    from workers.work import Failure

    try:
        known = read_json(file)
        return known if known is not None else annotate_file(load_pipeline(), file)
    except (Failure, OSError) as error:
        raise Refused(f"{file}: {error}") from error


def coloured(document: Json) -> list[Text]:
    """Each block under its name, in the colour of its framing; terms, modal words and evidence stand out, labels follow."""
    text, labels = document["text"], unit_labels(document)
    ranges = sorted(marks(document))
    return [_block(text, block, labels.get(block["unit"], ""), ranges) for block in document["blocks"]]


def parts_table(found: list[Part]) -> Table:
    """The table of framing per part."""
    table = Table(title="Framing by part (blocks)")
    for name in ("part", "heading"):
        table.add_column(name)
    for framing in FRAMINGS:
        table.add_column(Text(framing, STYLES[framing]), justify="right")
    for part in found:
        heading = printable((part.heading or "").replace("\n", " "))
        table.add_row(Text(printable(part.label)), Text(heading), *(str(part.counts[framing]) for framing in FRAMINGS))
    return table


def shares(document: Json) -> str:
    """The framing of the whole document in one line."""
    framing = document["framing"]
    if document["status"] != "annotated":
        return f"Document: not annotated ({document['document']['language']})"
    interval = framing.get("interval")
    spread = f" (rights share 95 %: {interval[0]:.0%} to {interval[1]:.0%})" if interval else ""
    return f"Document: {framing['label']}, crime {framing['scores']['crime']:.0%}, rights {framing['scores']['rights']:.0%}{spread}"


def read_json(file: Path) -> Json | None:
    """The annotated document in a JSON file, None where the file is none; raises Refused for JSON of another kind."""
    data = file.read_bytes()
    if file.suffix.lower() != ".json" and data.lstrip()[:1] != b"{":
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{file} is not JSON: {error}") from error
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise Refused(f"{file} is not an annotated document ({SCHEMA})")
    return found


def _block(text: str, block: Json, label: str, ranges: list[tuple[int, int, str]]) -> Text:
    start, end = block["start"], block["end"]
    words = Text(printable(text[start:end]), style=STYLES[block["framing"]])
    for first, last, mark in ranges:
        if start <= first and last <= end:
            words.stylize(MARKS[mark], first - start, last - start)
    found = [*block["indicators"], *block["victim"], *block["four_p"]]
    tail = Text(f"  [{', '.join(found)}]" if found else "", style="dim")
    return Text(f"{printable(label)}  ", style="dim") + words + tail
