"""The command line of corpora: `lexframe corpus COMMAND`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import SERVICE, Json, Url

corpus = typer.Typer(help="Corpora on a running service: filled, annotated and followed as a whole.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Name of the corpus.")]


@corpus.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Name of the corpus; it is made where there is none.")],
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, ZIP and TAR archives.")],
    manifest: Annotated[Path | None, typer.Option(help="CSV, JSON Lines or TOML: path, title, date, body, kind, work, version.")] = None,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Add documents to a corpus. What it has already is skipped, so a broken-off run is simply repeated. Exit code 1 if any was refused."""
    from api.commands.corpus import add_paths

    raise typer.Exit(add_paths(name, paths, manifest, url, as_json=as_json))


@corpus.command("annotate")
def annotate(
    name: Name,
    every: Annotated[bool, typer.Option("--all", help="Also documents that are annotated already.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the batch has ended.")] = False,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Annotate a corpus as one batch. Exit code 1 if it was waited for and any document failed."""
    from api.commands.corpus import annotate_corpus

    raise typer.Exit(annotate_corpus(name, url, every=every, wait=wait, as_json=as_json))


@corpus.command("status")
def status(
    name: Annotated[str | None, typer.Argument(help="Name of a corpus; without it, all of them.")] = None,
    failures: Annotated[bool, typer.Option("--failures", help="Also what could not be annotated, and why.")] = False,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Show corpora, and how far the latest batch of one is."""
    from api.commands.corpus import show_status

    show_status(name, url, failures=failures, as_json=as_json)


@corpus.command("analytics")
def analytics(
    name: Name,
    what: Annotated[
        str | None,
        typer.Argument(help="framing, balance, labels, strength, definitions, combinations, cooccurrence; without it, what there is."),
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="Group by year, decade, body, kind, work or none; twice for two.  [default: as is usual]")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write a file: its ending is .csv, .json, .svg, .png or .vl (Vega-Lite).")
    ] = None,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Show a corpus in figures: framing over time, by body and kind, what provisions carry, how firm they are, how they define."""
    from api.commands.analytics import show_analytics

    form = "json" if as_json else "csv" if as_csv else None
    show_analytics(name, what, by or [], url, form=form, output=output)


@corpus.command("export")
def export(
    name: Name,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write.")],
    format_name: Annotated[
        str | None, typer.Option("--format", help="json, akn, web-annotation, brat, spacy, uima, label-studio, refi-qda, csv, …")
    ] = None,
    export_id: Annotated[str | None, typer.Option("--id", help="Fetch this export, which is there or on its way, instead.")] = None,
    url: Url = SERVICE,
) -> None:
    """Have all annotated documents of a corpus written as one file of another tool, wait for it, and fetch it."""
    from api.commands.corpus_exports import export_corpus

    export_corpus(name, format_name, export_id, output, url)


@corpus.command("exports")
def exports(
    name: Name,
    delete: Annotated[list[str] | None, typer.Option(help="Delete the export of this id first; several are possible.")] = None,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """List the exports of a corpus that are kept, the latest first."""
    from api.commands.corpus_exports import list_exports

    list_exports(name, delete or [], url, as_json=as_json)


@corpus.command("batch")
def batch(
    name: Name,
    order: Annotated[str, typer.Argument(help="pause, resume, cancel, or retry what failed.")],
    url: Url = SERVICE,
) -> None:
    """Steer the latest batch of a corpus."""
    from api.commands.corpus import order_batch

    order_batch(name, order, url)


@corpus.command("delete")
def delete(
    name: Name,
    documents: Annotated[bool, typer.Option("--documents", help="Delete its documents as well.")] = False,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    url: Url = SERVICE,
) -> None:
    """Delete a corpus with its batches and exports. Its documents stay, unless asked otherwise."""
    from api.commands.corpus import delete_corpus

    delete_corpus(name, url, documents=documents, sure=sure)
