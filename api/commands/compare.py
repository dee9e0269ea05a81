"""`lexframe compare` and `lexframe timeline`: what changed, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.commands.comparison_page import page, shift
from api.commands.loading import load_all
from api.commands.refused import Refused
from api.terminal import printable
from nlp.compare.compare import compare
from nlp.compare.ranking import Ranked, ranked
from nlp.compare.timeline import Reason, Step, reasons, timeline
from nlp.compare.types import Comparison, Edit, EditKind, Kind, Pair, Place
from nlp.compare.wire import timeline_json, to_json
from nlp.types import Span
from nlp.wire import dumps

STYLES = {
    Kind.UNCHANGED: "",
    Kind.RENUMBERED: "dim",
    Kind.MOVED: "blue",
    Kind.MODIFIED: "yellow",
    Kind.SPLIT: "magenta",
    Kind.MERGED: "magenta",
    Kind.ADDED: "green",
    Kind.REMOVED: "red",
}
REPORTS = {".docx": "docx", ".html": "html", ".parquet.zip": "parquet", ".zip": "csv"}  # ending → form of `corpora.exports.comparisons`
MOST_PAIRS, MOST_CHANGES, MOST_WORDS, WIDTH = 30, 4, 40, 140


@dataclass(frozen=True, slots=True)
class Written:
    """What is written in place of the terminal's view: a page with both texts, a report, JSON."""

    html: Path | None
    report: Path | None
    as_json: bool


def compare_files(left: str, right: str, url: str, wanted: Written, everything: bool) -> None:
    """Prints what changed between two documents, or writes it; raises Refused."""
    if wanted.report is not None and _form(wanted.report) is None:
        raise Refused(f"{wanted.report}: a report is written as {' or '.join(REPORTS)}")
    ours, theirs = load_all([left, right], url)
    found = compare(ours, theirs)
    if wanted.html is not None:
        _write(wanted.html, found, (left, right))
    if wanted.report is not None:
        _report(wanted.report, found, (left, right))
    if wanted.as_json:
        print(dumps(to_json(found)), end="")
    elif wanted.html is None and wanted.report is None:
        _show(found, (left, right), everything)


def timeline_of(names: Sequence[str], url: str, as_json: bool) -> None:
    """Prints how a chain of versions moved; raises Refused."""
    if len(names) < 2:
        raise Refused("a timeline needs at least two versions")
    steps = timeline(load_all(names, url))
    if as_json:
        print(dumps(timeline_json(steps)), end="")
        return
    console = _console()
    console.print(_timeline_table(steps, names))
    for name, step in zip(names, steps, strict=True):
        for n, reason in enumerate(step.reasons):
            if n == 0:
                console.print(Text(f"\nWhy it moved with {printable(Path(name).name)}", "bold"))
            console.print(_reason(reason))


def _console() -> Console:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = WIDTH
    return console


def _show(found: Comparison, names: tuple[str, str], everything: bool) -> None:
    console = _console()
    for line in _summary(found, names):
        console.print(line)
    order = ranked(found)
    shown = list(dict.fromkeys(one.pair for one in order))
    quiet = [n for n, pair in enumerate(found.pairs) if pair.kind is not Kind.UNCHANGED and n not in set(shown)]
    console.print(Text("\nWhat changed, the weightiest first" if shown else "\nNothing changed in meaning", "bold"))
    for n in shown if everything else shown[:MOST_PAIRS]:
        for line in _pair(found.pairs[n], [one for one in order if one.pair == n]):
            console.print(line)
    for n in quiet if everything else []:
        for line in _pair(found.pairs[n], []):
            console.print(line)
    hidden = 0 if everything else max(len(shown) - MOST_PAIRS, 0) + len(quiet)
    if hidden:
        console.print(Text(f"\n{hidden} more changed provisions, most of them in number or wording alone: --all shows them.", "dim"))


def _summary(found: Comparison, names: tuple[str, str]) -> Iterator[Text]:
    for side, name, head in zip(("left ", "right"), names, (found.left, found.right), strict=True):
        yield Text(f"{side}  {printable(name)}: {head.provisions} provisions, framing {head.framing.label.value}", "bold")
    kinds = [Text(f"{count} {kind}", STYLES[Kind(kind)]) for kind, count in found.counts.items() if count]
    yield Text("Provisions: ") + Text(", ").join(kinds)
    said = ", ".join(f"{count} {name.replace('.', ' ').replace('_', ' ')}" for name, count in found.changes.items())
    yield Text(f"Meaning: {said or 'no change'}")
    yield Text(f"Balance: {shift(found.drift)}")
    for reason in reasons(found):
        yield _reason(reason)


def _reason(reason: Reason) -> Text:
    where = " → ".join(dict.fromkeys(printable(label) for label in (reason.left, reason.right) if label))
    return Text(f"  {reason.drift:+.2%}  {reason.kind.value:<10} {where:<24} ", "") + Text(_short(reason.words), "dim")


def _pair(pair: Pair, changes: Sequence[Ranked]) -> Iterator[Text]:
    labels = [", ".join(place.label for place in side) for side in (pair.left, pair.right)]
    where = printable(" → ".join(dict.fromkeys(label for label in labels if label)))
    also = [name for name, held in (("renumbered", pair.renumbered), ("moved", pair.moved)) if held and pair.kind is Kind.MODIFIED]
    drift = f"  balance {pair.drift:+.2%}" if abs(pair.drift) >= 0.0001 else ""
    yield Text(f"\n{where}  ", "bold") + Text(", ".join([pair.kind.value, *also]), STYLES[pair.kind]) + Text(drift, "dim")
    for kind, group in groupby(changes[:MOST_CHANGES], lambda one: one.change.kind):
        for one in group:
            yield Text(f"  {kind.value.replace('.', ' ').replace('_', ' ')}: ", "cyan") + Text(_change(one))
    yield from _words(pair)


def _change(one: Ranked) -> str:
    change = one.change
    values = " → ".join(v for v in (change.before, change.after) if v and v != change.about)
    both = change.before and change.after and change.before != change.after
    said = _short(change.about, 16) + (f" ({values})" if both else "")
    return f"{said}  [{change.sureness:.0%} sure]"


def _words(pair: Pair) -> Iterator[Text]:
    if pair.edits:
        yield _redline(pair)
    elif pair.kind in (Kind.ADDED, Kind.REMOVED):
        shown = (pair.right or pair.left)[0]
        yield Text(f"  {_short(shown.text)}", STYLES[pair.kind])


def _redline(pair: Pair) -> Text:
    """The right wording with what was inserted and deleted in it, as far as there is room."""
    line = Text("  ")
    for edit in pair.edits[:6]:
        line += _before(edit, pair.right)
        line += Text(f"[-{_short(edit.left.text, 14)}-]", "red strike") if edit.left else Text("")
        line += Text(f"{{+{_short(edit.right.text, 14)}+}}", "green") if edit.right else Text("")
        line += Text(" … ")
    return line


def _before(edit: Edit, right: Sequence[Place]) -> Text:
    """The few words that stand before an edit on the right, for orientation."""
    if edit.kind is EditKind.DELETE or edit.right is None:
        return Text("")
    at: Span = edit.right
    place = next((p for p in right if p.start <= at.start < p.end), None)
    words = place.text[: at.start - place.start].split()[-3:] if place else []
    return Text(printable(" ".join(words)) + " " if words else "", "dim")


def _timeline_table(steps: Sequence[Step], names: Sequence[str]) -> Table:
    table = Table(title="Timeline")
    for column in ("version", "framing", "rights share", "shift", "95 %", "read otherwise", "added", "removed", "modified"):
        table.add_column(column, justify="left" if column in ("version", "framing") else "right", no_wrap=True)
    for name, step in zip(names, steps, strict=True):
        drift, framing = step.drift, step.head.framing
        interval = f"{drift.interval[0]:+.1%} to {drift.interval[1]:+.1%}" if drift and drift.interval else ""
        moved = (f"{drift.shift:+.1%}" if drift else "", interval, f"{drift.reading:+.1%}" if drift else "")
        counts = (str(step.kinds.get(kind, "")) for kind in ("added", "removed", "modified"))
        table.add_row(Text(printable(Path(name).name)), framing.label.value, f"{framing.scores['rights']:.1%}", *moved, *counts)
    return table


def _short(words: str, most: int = MOST_WORDS) -> str:
    found = printable(words).split()
    return " ".join(found[:most]) + (" …" if len(found) > most else "")


def _write(file: Path, found: Comparison, names: tuple[str, str]) -> None:
    try:
        file.write_text(page(found, names), encoding="utf-8")
    except OSError as error:
        raise Refused(f"{file}: {error}") from error


def _report(file: Path, found: Comparison, names: tuple[str, str]) -> None:
    from corpora.exports.comparisons import COMPARISON_FORMATS

    titles = [head.title or name for head, name in zip((found.left, found.right), names, strict=True)]
    try:
        with file.open("wb") as out:
            out.writelines(COMPARISON_FORMATS[str(_form(file))].write(to_json(found), *titles))
    except OSError as error:
        raise Refused(f"{file}: {error}") from error


def _form(report: Path) -> str | None:
    return next((form for ending, form in REPORTS.items() if report.name.endswith(ending)), None)
