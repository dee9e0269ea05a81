from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "spacy", "transformers", "celery", "redis", "nlp", "models")


@pytest.mark.parametrize("module", ["queue", "settings", "embedded", "recovery", "supervisor", "wake", "running", "annotation", "process"])
def test_what_the_api_imports_loads_nothing_heavy(module: str) -> None:
    program = f"import sys, workers.{module}; print(*(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
