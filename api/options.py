"""Options that many commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Url = Annotated[str, typer.Option(help="Where the service is.", envvar="LEXFRAME_URL")]
Space = Annotated[str, typer.Option(help="The space that is meant.")]
SERVICE = "http://127.0.0.1:8080"
