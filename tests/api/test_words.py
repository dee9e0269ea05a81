from __future__ import annotations

import pytest

from api.pages.words import amount, count, lasting


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (0, "less than a minute"),
        (58, "about 1 minute"),
        (150, "about 2 minutes"),
        (3500, "about 1 hour"),
        (9000, "about 2 hours"),
        (200_000, "about 2 days"),
    ],
)
def test_a_stretch_of_time_in_words(seconds: float, says: str) -> None:
    assert lasting(seconds) == says


@pytest.mark.parametrize(
    ("size", "says"),
    [(None, "–"), (0, "0 bytes"), (999, "999 bytes"), (1234, "1.2 KB"), (150_000, "150 KB"), (5_100_000_000_000, "5100 GB")],
)
def test_a_size_in_words(size: int | None, says: str) -> None:
    assert amount(size) == says


def test_a_number_with_its_noun() -> None:
    assert [count(1, "document"), count(1204, "document"), count(2, "batch", "batches")] == ["1 document", "1,204 documents", "2 batches"]
