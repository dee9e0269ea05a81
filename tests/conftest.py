"""What tests share: where a developer's instruments lie, if they do."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[1].parent / "shared"


@pytest.fixture(scope="session")
def instruments() -> Path:
    """The folder of real instruments; the test is skipped where there is none."""
    folder = SHARED / "instruments"
    if not folder.is_dir():
        pytest.skip("the instruments do not stand beside this checkout")
    return folder
