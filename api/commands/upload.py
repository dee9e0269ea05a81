"""`lexframe upload`: documents to a running service."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from api.cli import Refused
from api.commands.client import Service


def upload_files(files: Sequence[Path], url: str, fields: dict[str, str], *, wait: bool, as_json: bool) -> int:
    """Sends the files one by one; returns 1 if any was refused or failed, the others go on."""
    service = Service(url)
    failed = 0
    for file in files:
        try:
            if not file.is_file():
                raise Refused("there is no such file")
            accepted = service.upload(file, fields)
            state = list(service.states(accepted["job"]))[-1] if wait else {"state": "queued"}
        except Refused as error:
            failed += 1
            print(f"{file}: {error}", file=sys.stderr)
            continue
        failed += state.get("state") == "failed"
        print(
            json.dumps({"file": str(file), **accepted, "job_state": state}) if as_json else f"{file}: {_said(accepted['document'], state)}"
        )
    return 1 if failed else 0


def _said(document: str, state: dict[str, object]) -> str:
    error = state.get("error")
    reason = f" ({error['message']})" if isinstance(error, dict) else ""
    return f"{state.get('state')} as document {document}{reason}"
