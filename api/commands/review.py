"""`lexframe review`: reviews of a running service."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.commands.client import Client
from api.commands.corpus import find_corpus
from api.commands.export import write_whole
from api.commands.refused import Refused
from api.terminal import printable

Json = dict[str, Any]
FIGURES = ("percent", "cohen", "fleiss", "alpha", "ac1", "f1")


def start_review(order: Json, documents: Sequence[str], corpus: str | None, url: str, *, as_json: bool) -> None:
    """Starts a review of these documents and of those of a corpus; raises Refused."""
    client = Client(url)
    ids = [*documents, *(_annotated(client, corpus) if corpus else ())]
    made = client.post("/v1/reviews", json={**order, "documents": list(dict.fromkeys(ids))})
    print(json.dumps(made) if as_json else made["id"])


def show_status(review_id: str | None, url: str, *, as_json: bool) -> None:
    """One line for each review, and of one each coder's progress and how its provisions stand; raises Refused."""
    client = Client(url)
    if review_id is None:
        items = client.get("/v1/reviews")["items"]
        print(json.dumps(items) if as_json else "\n".join(printable(_line(one)) for one in items), end="\n" if as_json or items else "")
        return
    found = client.get(_at(review_id))
    lines = [_line(found), *(f"{one['coder']}: {one['coded']} of {one['assigned']} coded" for one in found["progress"])]
    lines.append(", ".join(f"{number} {standing}" for standing, number in found["standing"].items()))
    print(json.dumps(found) if as_json else printable("\n".join(lines)))


def print_tasks(review_id: str, coder: str | None, wish: Mapping[str, Any], url: str) -> None:
    """A coder's provisions as JSON Lines; raises Refused."""
    said = {name: value for name, value in wish.items() if value}
    _print_lines(Client(url).get(f"{_at(review_id)}/tasks", **_by(coder), **said)["items"])


def take_in_files(review_id: str, files: Sequence[Path], url: str) -> None:
    """Sends files of codings and decisions, one after the other; raises Refused at the first that is not taken, naming it."""
    client = Client(url)
    for file in files:
        kind = "text/csv" if file.suffix.lower() == ".csv" else "application/jsonl"
        try:
            taken = client.post(f"{_at(review_id)}/files", content=file.read_bytes(), headers={"Content-Type": kind}, timeout=None)
        except (OSError, Refused) as error:
            raise Refused(f"{file}: {error}") from error
        print(printable(f"{file}: {taken['lines']} lines taken in"))


def show_agreement(review_id: str, coder: str | None, url: str, *, as_json: bool) -> None:
    """The figures as tables; raises Refused."""
    found = Client(url).get(f"{_at(review_id)}/agreement", **_by(coder))
    print(json.dumps(found) if as_json else printable("\n".join(_agreement(found))))


def print_disagreements(review_id: str, coder: str | None, url: str) -> None:
    """What waits for an adjudicator as JSON Lines; raises Refused."""
    _print_lines(Client(url).get(f"{_at(review_id)}/disagreements", **_by(coder))["items"])


def fetch_gold(review_id: str, coder: str | None, output: Path, url: str) -> None:
    """Writes the archive of reference labels; raises Refused."""
    try:
        write_whole(output, Client(url).pieces(f"{_at(review_id)}/gold", **_by(coder)))
    except OSError as error:
        raise Refused(f"{output} cannot be written: {error}") from error
    print(printable(f"written: {output}"))


def carry_decisions(review_id: str, earlier: str, later: str, url: str, *, as_json: bool) -> None:
    """Carries decisions over, and prints how many went how; raises Refused."""
    counts = Client(url).post(f"{_at(review_id)}/carry", json={"earlier": earlier, "later": later}, timeout=None)["counts"]
    print(json.dumps(counts) if as_json else ", ".join(f"{number} {how}" for how, number in counts.items()))


def close_review(review_id: str, url: str) -> None:
    """Ends a review; raises Refused."""
    print(printable(_line(Client(url).post(f"{_at(review_id)}/close"))))


def delete_review(review_id: str, url: str) -> None:
    """Deletes a review; raises Refused."""
    Client(url).delete(_at(review_id))


def _at(review_id: str) -> str:
    return f"/v1/reviews/{review_id}"


def _by(coder: str | None) -> dict[str, str]:
    return {"coder": coder} if coder else {}


def _annotated(client: Client, corpus: str) -> Iterator[str]:
    """The annotated documents of a corpus, page after page."""
    at = find_corpus(client, corpus)["links"]["documents"]
    query: dict[str, str] = {}
    while True:
        page = client.get(at, **query)
        yield from (one["id"] for one in page["items"] if one["framing"])
        if page["next_cursor"] is None:
            return
        query = {"cursor": page["next_cursor"]}


def _print_lines(items: Sequence[Json]) -> None:
    for one in items:
        print(json.dumps(one))


def _line(review: Json) -> str:
    kind = ", ".join(word for word, holds in (("blind", review["blind"]), ("closed", review["closed"])) if holds)
    return f"{review['id']}  {review['name']}: {', '.join(review['coders'])}" + (f" ({kind})" if kind else "")


def _agreement(found: Json) -> Iterator[str]:
    """A table of everything that was measured, with what counts in no figure and the warnings."""
    left_out = ", ".join(f"{number} {why}" for why, number in found["excluded"].items())
    yield f"{found['blocks']} provisions coded by two or more; in no figure: {left_out}"
    rows = {"each label of each provision": found["overall"], "all labels of a provision": found["sets"]}
    rows |= {key: one for key, one in found["labels"].items() if any(one["prevalence"][1:])}
    rows |= {f"{one['first']} / {one['second']}": one["figures"] for one in found["pairs"]}
    cells = [["", "units", *FIGURES]]
    cells += [[name, str(one["units"]), *(_cell(one["figures"].get(figure)) for figure in FIGURES)] for name, one in rows.items() if one]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    yield from ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells)
    for layer, one in found["spans"].items():
        yield f"spans of {layer}, over {one['characters']} characters: unitizing alpha {_cell({**one, 'value': one['alpha']})}"
    yield from (f"{name}: {one['warning']}" for name, one in rows.items() if one and one["warning"])


def _cell(figure: Json | None) -> str:
    if not figure or figure["value"] is None:
        return "–"
    between = f" [{figure['low']:.2f}, {figure['high']:.2f}]" if figure["low"] is not None else ""
    return f"{figure['value']:.2f}{between}"
