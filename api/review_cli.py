"""The command line of reviews: `lexframe review COMMAND`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.options import SERVICE, Json, Url

review = typer.Typer(help="Reviews on a running service: several people decide about machine labels, and agree.", no_args_is_help=True)

Review = Annotated[str, typer.Argument(help="Id of the review.")]
Coder = Annotated[str | None, typer.Option(help="Who asks; where callers have keys, the key's name counts.")]


@review.command("start")
def start(
    name: Annotated[str, typer.Argument(help="Name of the review.")],
    documents: Annotated[list[str] | None, typer.Argument(help="Ids of annotated documents.")] = None,
    coder: Annotated[list[str] | None, typer.Option(help="Who codes; several are possible.")] = None,
    corpus: Annotated[str | None, typer.Option(help="All annotated documents of this corpus.")] = None,
    layer: Annotated[list[str] | None, typer.Option(help="Layer of labels that is coded; several are possible.  [default: all]")] = None,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Only provisions of which the machine is not sure, the least sure first.")
    ] = False,
    most: Annotated[int | None, typer.Option(help="With --unsure: at most so many provisions for each coder.", min=1)] = None,
    sharing: Annotated[int | None, typer.Option(help="How many coders see each document.  [default: all]", min=1, max=50)] = None,
    sighted: Annotated[bool, typer.Option("--sighted", help="Coders see each other's decisions before the review is closed.")] = False,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Start a review, and print its id."""
    from api.commands.review import start_review

    order = {"name": name, "coders": coder or [], "blind": not sighted, "assigned_by": "uncertainty" if unsure else "document"}
    order |= {"layers": layer or None, "coders_per_document": sharing, "blocks_per_coder": most}
    start_review(order, documents or [], corpus, url, as_json=as_json)


@review.command("status")
def status(
    review_id: Annotated[str | None, typer.Argument(help="Id of a review; without it, all of them.")] = None,
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Show reviews, and how far the coders of one are."""
    from api.commands.review import show_status

    show_status(review_id, url, as_json=as_json)


@review.command("tasks")
def tasks(
    review_id: Review,
    coder: Coder = None,
    label: Annotated[str, typer.Option(help="Only where the machine speaks of this label or layer.")] = "",
    left: Annotated[bool, typer.Option("--left", help="Only what is not coded yet.")] = False,
    machine: Annotated[bool, typer.Option("--machine", help="Show the machine's labels.")] = False,
    url: Url = SERVICE,
) -> None:
    """Print what a coder has to code: a JSON object a line, with place, words, and the labels given so far."""
    from api.commands.review import print_tasks

    print_tasks(review_id, coder, {"label": label, "left": left, "machine": machine}, url)


@review.command("code")
def code(
    review_id: Review, files: Annotated[list[Path], typer.Argument(help="JSON Lines or CSV of codings and decisions.")], url: Url = SERVICE
) -> None:
    """Take in codings and decisions from files, all lines of a file or none."""
    from api.commands.review import take_in_files

    take_in_files(review_id, files, url)


@review.command("agreement")
def agreement(review_id: Review, coder: Coder = None, url: Url = SERVICE, as_json: Json = False) -> None:
    """Show how far coders agree, with each other and with the model: over all, label by label, on spans; with 95 % intervals."""
    from api.commands.review import show_agreement

    show_agreement(review_id, coder, url, as_json=as_json)


@review.command("disagreements")
def disagreements(review_id: Review, coder: Coder = None, url: Url = SERVICE) -> None:
    """Print the provisions on which coders differ and nobody has decided yet: a JSON object a line."""
    from api.commands.review import print_disagreements

    print_disagreements(review_id, coder, url)


@review.command("gold")
def gold(
    review_id: Review,
    output: Annotated[Path, typer.Option("-o", "--output", help="ZIP archive to write.")],
    coder: Coder = None,
    url: Url = SERVICE,
) -> None:
    """Fetch the reference labels with their texts, as `lexframe train` reads them."""
    from api.commands.review import fetch_gold

    fetch_gold(review_id, coder, output, url)


@review.command("carry")
def carry(
    review_id: Review,
    earlier: Annotated[str, typer.Argument(help="Id of the document that was reviewed.")],
    later: Annotated[str, typer.Argument(help="Id of its next version.")],
    url: Url = SERVICE,
    as_json: Json = False,
) -> None:
    """Carry decisions to the next version of a document, and say how surely their words were found again."""
    from api.commands.review import carry_decisions

    carry_decisions(review_id, earlier, later, url, as_json=as_json)


@review.command("close")
def close(review_id: Review, url: Url = SERVICE) -> None:
    """End a review: nothing is decided any more, and coders see what the others decided."""
    from api.commands.review import close_review

    close_review(review_id, url)


@review.command("delete")
def delete(review_id: Review, url: Url = SERVICE) -> None:
    """Delete a review with its decisions; documents and machine labels stay."""
    from api.commands.review import delete_review

    delete_review(review_id, url)
