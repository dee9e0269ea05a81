"""`lexframe corpus analytics`: a corpus of a running service in figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from api.commands.client import Client
from api.commands.corpus import find_corpus
from api.commands.refused import Refused
from api.terminal import printable

Json = dict[str, Any]
ENDINGS = ("csv", "json", "png", "svg", "vl")


def show_analytics(name: str, what: str | None, by: Sequence[str], url: str, *, form: str | None, output: Path | None) -> None:
    """An analysis as a table, as CSV or JSON, or written to a file; without one, what there is. Raises Refused."""
    client = Client(url)
    at = find_corpus(client, name)["links"]["analytics"]
    if what is None:
        _list(client.get(at), form, output)
        return
    asked = f"{at}/{quote(what, safe='')}"
    if output is not None:
        output.write_bytes(client.file(asked, by=by, format=_ending(output)))
        print(printable(f"written: {output}"))
    elif form == "csv":
        print(printable(client.file(asked, by=by, format="csv").decode("utf-8-sig").replace("\r\n", "\n")), end="")
    else:
        found = client.get(asked, by=by)
        print(json.dumps(found) if form == "json" else printable(_shown(found)))


def _list(found: Json, form: str | None, output: Path | None) -> None:
    if form == "csv" or output is not None:
        raise Refused(f"say which analysis: {', '.join(one['analysis'] for one in found['items'])}")
    lines = [f"{one['analysis']:<14}{one['title']}" for one in found["items"]]
    print(json.dumps(found) if form == "json" else printable("\n".join([counted_line(found["counted"]), *lines])))


def counted_line(counted: Json) -> str:
    """What figures count, in a line."""
    kept = ", ".join(f"{number} in {language}" for language, number in counted["unsupported"].items())
    parts = [f"{counted['counted']} of {counted['documents']} documents counted"]
    parts += [f"{counted['unannotated']} not annotated"] if counted["unannotated"] else []
    parts += [f"not read for their language: {kept}"] if kept else []
    parts += [f"read by {len(counted['pipelines'])} different pipelines"] if len(counted["pipelines"]) > 1 else []
    return "; ".join(parts)


def _shown(found: Json) -> str:
    """The rows as a table; numbers stand to the right."""
    names = list(found["columns"])
    cells = [[_cell(row[name]) for name in names] for row in found["rows"]]
    numbers = [all(not isinstance(row[name], str) for row in found["rows"]) for name in names]
    widths = [max(map(len, column)) for column in zip(names, *cells, strict=True)]
    lines = ["  ".join(_set(*one) for one in zip(line, widths, numbers, strict=True)).rstrip() for line in (names, *cells)]
    print(printable(f"{found['title']}: {counted_line(found['counted'])}"), file=sys.stderr)
    return "\n".join(lines)


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


def _set(text: str, width: int, is_number: bool) -> str:
    return text.rjust(width) if is_number else text.ljust(width)


def _ending(output: Path) -> str:
    ending = output.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise Refused(f"{output}: a file of an analysis ends in {', '.join(f'.{one}' for one in ENDINGS)}")
    return ending
