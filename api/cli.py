"""The command line: `lexframe COMMAND`. Heavy imports wait until a command runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from api.commands.refused import Refused
from api.corpus_cli import corpus
from api.options import SERVICE, Json, Space, Url
from api.review_cli import review
from workers.libraries import settle

app = typer.Typer(
    name="lexframe",
    help="Reads instruments against human trafficking: definitions, obligations, victim provisions and framing.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

keys = typer.Typer(help="Access keys: make, list and revoke them, in the database itself.", no_args_is_help=True)
app.add_typer(keys, name="keys")
webhooks = typer.Typer(help="Webhooks: who is told when jobs and batches end. In the database itself.", no_args_is_help=True)
app.add_typer(webhooks, name="webhooks")

app.add_typer(corpus, name="corpus")
app.add_typer(review, name="review")


@app.command()
def annotate(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Folder for one JSON per document.")] = None,
    codebook: Annotated[
        list[str] | None,
        typer.Option(help="Only with this trained codebook beside the shipped one: its name or folder; several are possible."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Annotate files on this machine, without a server. Exit code 1 if any file failed; the others are written all the same."""
    from api.commands.annotate import annotate_paths

    raise typer.Exit(annotate_paths(paths, output, as_json, codebook))


@app.command()
def show(
    file: Annotated[Path, typer.Argument(help="An annotated JSON, or a document to annotate first.")],
    as_json: Json = False,
) -> None:
    """Show a document in the terminal: its text in colour, and the framing of its parts."""
    from api.commands.show import show_file

    show_file(file, as_json)


@app.command(name="export")
def export_documents(
    paths: Annotated[list[Path], typer.Argument(help="Annotated JSONs, documents to annotate first, or folders of them.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write; a folder for one file per document.")],
    format_name: Annotated[str, typer.Option("--format", help="akn, web-annotation, brat, spacy, uima, label-studio, refi-qda, csv, …")],
) -> None:
    """Write annotated documents as the files of another tool. Several documents make one file, or one each in a folder."""
    from api.commands.export import export_files

    export_files(paths, output, format_name)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: LEXFRAME_HOST or 127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 takes a free one.  [default: LEXFRAME_PORT or 8080]", min=0, max=65535)
    ] = None,
) -> None:
    """Start the service. Without LEXFRAME_REDIS_URL it also starts the process that annotates."""
    from api.commands.serve import serve_forever

    serve_forever(host, port)


@app.command()
def worker() -> None:
    """Start a Celery worker; needs LEXFRAME_REDIS_URL and a database that the API shares."""
    from api.commands.serve import work_forever

    work_forever()


@app.command()
def upload(
    files: Annotated[list[Path], typer.Argument(help="Files to send.")],
    url: Url = SERVICE,
    title: Annotated[str | None, typer.Option(help="Title of the instrument.")] = None,
    date: Annotated[str | None, typer.Option(help="Its date.")] = None,
    body: Annotated[str | None, typer.Option(help="The body that issued it.")] = None,
    kind: Annotated[str | None, typer.Option(help="What kind of instrument it is.")] = None,
    work: Annotated[str | None, typer.Option(help="Id of the instrument of which this is a version.")] = None,
    version: Annotated[str | None, typer.Option(help="Label of the version; needs --work.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until the documents are annotated.")] = False,
    as_json: Json = False,
) -> None:
    """Send documents to a running service. Exit code 1 if any was refused or failed."""
    from api.commands.upload import upload_files

    fields = {"title": title, "date": date, "body": body, "kind": kind, "work": work, "version": version}
    raise typer.Exit(upload_files(files, url, {k: v for k, v in fields.items() if v}, wait=wait, as_json=as_json))


@app.command()
def compare(
    left: Annotated[str, typer.Argument(help="The earlier text: a document, an annotated JSON, or the id of a document of the service.")],
    right: Annotated[str, typer.Argument(help="The later one.")],
    url: Url = SERVICE,
    html: Annotated[Path | None, typer.Option(help="Write an HTML file with both texts side by side.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a report to be filed, NAME.docx or NAME.html, or tables, NAME.zip (CSV) or NAME.parquet.zip.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every changed provision.")] = False,
    as_json: Json = False,
) -> None:
    """Say what changed between two documents: summary first, then the changes by weight."""
    from api.commands.compare import Written, compare_files

    compare_files(left, right, url, Written(html, report, as_json), everything)


@app.command()
def timeline(
    versions: Annotated[list[str], typer.Argument(help="Two or more texts of a work, the earliest first: files or ids.")],
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Show how the balance between crime and rights moved over a chain of versions, and why."""
    from api.commands.compare import timeline_of

    timeline_of(versions, url, as_json)


@app.command()
def search(
    words: Annotated[list[str] | None, typer.Argument(help='Words, "phrases", beginn*, one OR other, -not.')] = None,
    meaning: Annotated[bool, typer.Option("--meaning", help="Rank by what the words mean instead.")] = False,
    like: Annotated[str | None, typer.Option(help="DOCUMENT#UNIT: find provisions like this one.")] = None,
    label: Annotated[
        list[str] | None, typer.Option(help="LAYER/LABEL that is carried, such as victim/child; several are possible.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=VALUE: layer, framing, statement, strength, bearer, probability, work, version, kind, body, since, until, …"
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
    offset: Annotated[int, typer.Option(min=0)] = 0,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew, on this machine's own store, and vectors that lack.")
    ] = False,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Find provisions by words, labels or meaning."""
    from api.commands.search import rebuild_index, search_service

    if rebuild:
        return rebuild_index()
    asked = {"q": " ".join(words or ()), "by": "meaning" if meaning else "words", "limit": limit, "offset": offset}
    return search_service(asked, like, label or [], where or [], url, as_json=as_json)


@app.command()
def demo(port: Annotated[int, typer.Option(help="Port; the next free one if it is taken.")] = 8080) -> None:
    """Start the service, annotate two versions of a sample convention through it, and show what was found."""
    from api.commands.demo import run_demo

    run_demo(port)


@app.command()
def train(
    gold: Annotated[list[Path] | None, typer.Option(help="Folders of gold files to learn from.")] = None,
    dev: Annotated[Path | None, typer.Option(help="Folder of gold files for calibration and thresholds.")] = None,
    texts: Annotated[Path | None, typer.Option(help="Folder of the texts, NAME.txt for NAME.jsonl.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the model; of a codebook's, `codebooks` in the data folder.")] = None,
    few: Annotated[bool, typer.Option("--few", help="Adjust the shipped model to a few coded blocks, in seconds.")] = False,
    encoder: Annotated[
        str | None, typer.Option(help="A Hugging Face encoder: a local folder, or a name if it is in the local cache.")
    ] = None,
    written: Annotated[Path | None, typer.Option(help="Folder of provisions written for training.", exists=True, file_okay=False)] = None,
    start: Annotated[list[Path] | None, typer.Option(help="Go on from the mean of these models' weights.")] = None,
    teachers: Annotated[
        int, typer.Option(help="Models that learn from all works but their own fold, and judge that for students.", min=0, max=20)
    ] = 0,
    students: Annotated[int, typer.Option(help="Of teachers: the model is the mean of as many.", min=1, max=20)] = 2,
    uncoded: Annotated[
        Path | None, typer.Option(help="A list of texts in --texts that teachers label for students.", exists=True, dir_okay=False)
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="[default: 4; of a teacher 5, of a student 6]", min=1, max=100)] = None,
    seed: int = 20261124,
    codebook: Annotated[Path | None, typer.Option(help="A codebook of your own (TOML, docs/codebooks.md).")] = None,
    examples: Annotated[list[Path] | None, typer.Option(help="Its coded examples (CSV or JSON Lines); no encoder is trained then.")] = None,
) -> None:
    """Train the provision model from gold labels; given again after an interruption, it goes on from the last whole epoch. The
    shipped recipe is --teachers 5. With --few, adjust the shipped model to them and say what that changes; with --codebook and
    --examples, train a codebook of your own.
    """
    from api.commands.adapt import adapt_model
    from api.commands.train import Lessons, Plan, train_codebook, train_model

    if codebook or examples:
        train_codebook(codebook, examples or [], out)
    elif few:
        adapt_model(gold or [], texts, out)
    else:
        lessons = Lessons(gold or [], dev, texts, written, start or (), uncoded)
        train_model(lessons, out, encoder, Plan(seed, epochs, teachers, students))


@app.command()
def migrate() -> None:
    """Bring the database's tables to the newest form."""
    from api.commands.serve import migrate_store

    migrate_store()


@app.command()
def doctor(
    quick: Annotated[bool, typer.Option("--quick", help="Without loading models and trying the sandbox.")] = False,
    here: Annotated[bool, typer.Option("--worker", help="Ask for a worker on this machine, as a worker's health check does.")] = False,
    as_json: Json = False,
) -> None:
    """Look at all that the service needs, and say what to do. Exit code 1 where something does not work."""
    from api.commands.doctor import examine

    raise typer.Exit(examine(quick=quick, here=here, as_json=as_json))


@keys.command("add")
def keys_add(
    name: Annotated[str, typer.Argument(help="Whose it is, or what for.")],
    scope: Annotated[list[str], typer.Option(help="read, write, review or admin; several are possible.")],
    space: Annotated[
        list[str] | None, typer.Option(help="A space that it sees, * for all; several are possible.  [default: default]")
    ] = None,
    days: Annotated[int | None, typer.Option(help="After so many days it ends by itself.", min=1, max=36500)] = None,
    as_json: Json = False,
) -> None:
    """Make a key. Its secret is shown this once."""
    from api.commands.keys import add_key

    add_key(name, scope, space or ["default"], days, as_json)


@keys.command("list")
def keys_list(as_json: Json = False) -> None:
    """List all keys, the newest first, without their secrets."""
    from api.commands.keys import list_keys

    list_keys(as_json)


@keys.command("revoke")
def keys_revoke(key: Annotated[str, typer.Argument(help="Its id or its prefix.")]) -> None:
    """End a key at once and for good, with the sessions that were begun with it."""
    from api.commands.keys import revoke_key

    revoke_key(key)


@webhooks.command("add")
def webhooks_add(
    url: Annotated[str, typer.Argument(help="Where to post to, https://…")],
    event: Annotated[
        list[str] | None, typer.Option(help="job.done, job.failed, job.cancelled, batch.done, batch.cancelled.  [default: all]")
    ] = None,
    space: Space = "default",
    as_json: Json = False,
) -> None:
    """Make a webhook. The secret that signs its deliveries is shown this once."""
    from api.commands.webhooks import add_webhook

    add_webhook(url, event or [], space, as_json)


@webhooks.command("list")
def webhooks_list(space: Space = "default", as_json: Json = False) -> None:
    """List the webhooks of a space, each with what became of its last delivery."""
    from api.commands.webhooks import list_webhooks

    list_webhooks(space, as_json)


@webhooks.command("delete")
def webhooks_delete(webhook: Annotated[str, typer.Argument(help="Its id.")], space: Space = "default") -> None:
    """Delete a webhook, with all that it was still to be told."""
    from api.commands.webhooks import remove_webhook

    remove_webhook(webhook, space)


@webhooks.command("test")
def webhooks_test(webhook: Annotated[str, typer.Argument(help="Its id.")], space: Space = "default") -> None:
    """Have a running worker tell the webhook that it works. Exit code 1 where that does not arrive."""
    from api.commands.webhooks import try_webhook

    try_webhook(webhook, space)


@app.command()
def audit(
    of: Annotated[str | None, typer.Option("--of", help="Only acts on what has this id.")] = None,
    actor: Annotated[str | None, typer.Option(help="Only acts by the key of this name.")] = None,
    action: Annotated[str | None, typer.Option(help="Only these acts: upload, read, export, annotate, decide, delete, …")] = None,
    space: Annotated[str | None, typer.Option(help="Only of this space.")] = None,
    most: Annotated[int, typer.Option(help="At most so many, the newest first.", min=1, max=100_000)] = 50,
    as_json: Json = False,
) -> None:
    """Show who did what, from the database itself."""
    from api.commands.audit import show_audit

    show_audit(of, actor, action, space, most, as_json)


@app.command()
def version(as_json: Json = False) -> None:
    """Print the version."""
    import json

    from workers.versions import program_version

    found = {"name": "lexframe", "version": program_version()}
    typer.echo(json.dumps(found) if as_json else f"lexframe {found['version']}")


def main() -> None:
    """Runs the command line; what a user can cause ends in one line and exit code 1."""
    settle(os.environ)
    sys.exit(run())


def run() -> int:
    """The exit status of the command line."""
    try:
        app()
    except Refused as error:
        return _complain(error)
    except KeyboardInterrupt:
        return 130
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    except Exception as error:
        if not _is_named(error):
            raise
        return _complain(error)
    return 0


def _is_named(error: Exception) -> bool:
    """Whether an error is one of those whose message is written for the user. They are imported only once something went wrong."""
    from corpora.manifests import BadManifest
    from corpora.store.errors import StoreError
    from workers.settings import BadSetting

    return isinstance(error, (StoreError, BadSetting, BadManifest))


def _complain(error: Exception) -> int:
    from api.terminal import printable

    typer.echo(f"lexframe: {printable(str(error))}", err=True)
    return 1


if __name__ == "__main__":
    main()
