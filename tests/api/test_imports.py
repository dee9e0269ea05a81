from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"torch", "spacy", "thinc", "transformers", "numpy", "lingua", "lxml", "docx", "pypdfium2", "sklearn"}
SERVICE = """
import sys, tempfile
from starlette.testclient import TestClient
from api.app import create_app
from api.settings import from_environment
with tempfile.TemporaryDirectory() as folder:
    app = create_app(from_environment({"LEXFRAME_DATA_DIR": folder}), runner=False)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.post("/v1/documents", files={"file": ("a.txt", b"a")}).status_code == 202
        assert client.get("/v1/documents").status_code == client.get("/readyz").status_code == 200
"""
COMMAND_LINE = "import sys, api.cli"


@pytest.mark.parametrize(
    ("code", "unwanted"), [(SERVICE, HEAVY), (COMMAND_LINE, HEAVY | {"fastapi", "sqlalchemy", "celery", "httpx", "uvicorn"})]
)
def test_a_process_that_does_not_annotate_loads_nothing_heavy(code: str, unwanted: set[str]) -> None:
    shown = f"{code}\nprint(*(name for name in sys.modules if '.' not in name))"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", shown], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert unwanted & set(done.stdout.split()) == set()
