from __future__ import annotations

import pytest

from api.pages.words import amount, carried, coefficient, count, dated, defining, hint, lasting, short_title


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


@pytest.mark.parametrize(
    ("date", "says"),
    [
        ("2020-02-10", "10 February 2020"),
        ("2000-11", "November 2000"),
        ("1949", "1949"),
        ("2020-13-01", "2020-13-01"),
        ("circa 1950", "circa 1950"),
        (None, ""),
    ],
)
def test_a_date_in_words_as_far_as_it_is_known(date: str | None, says: str) -> None:
    assert dated(date) == says


@pytest.mark.parametrize(
    ("value", "name", "says"),
    [(None, "alpha", "–"), (-0.021, "fleiss", "−0.02"), (-0.001, "alpha", "0.00"), (0.96, "ac1", "0.96"), (0.96, "percent", "96 %")],
)
def test_a_figure_of_agreement(value: float | None, name: str, says: str) -> None:
    assert coefficient(value, name) == says


@pytest.mark.parametrize(
    ("layer", "label", "says"),
    [
        ("victim", "legal", "Legal aid"),
        ("references", "elsewhere", "Refers to another instrument"),
        ("elements", "child", "Element: where the victim is a child"),
        ("definitions", "means", "Definition"),
    ],
)
def test_what_a_provision_carries(layer: str, label: str, says: str) -> None:
    assert carried(layer, label) == says


def test_a_number_with_its_noun() -> None:
    assert [count(1, "document"), count(1204, "document"), count(2, "batch", "batches")] == ["1 document", "1,204 documents", "2 batches"]


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Trafficking in Persons (Offences, Orders and Protection) Act 2011", "Trafficking in Persons Act 2011"),
        ("No Price on a Person: A Policy Paper, 2020–2024", "No Price on a Person"),
        ("Recommendation (2004) 5", "Recommendation (2004) 5"),
        ("C105: Abolition of Forced Labour", "C105: Abolition of Forced Labour"),
        ("draft.txt", "draft.txt"),
    ],
)
def test_a_title_without_its_subtitle_and_brackets(title: str, short: str) -> None:
    assert short_title(title) == short


@pytest.mark.parametrize(
    ("exclusions", "says", "shown"),
    [([], "includes", "blood"), ([{"start": 9}], "includes", "blood"), ([{"start": 3}], "does not include", "does not include blood")],
)
def test_what_is_left_out_is_not_said_to_be_included(exclusions: list[dict[str, int]], says: str, shown: str) -> None:
    definition = {"form": "includes", "definiens": {"start": 3, "text": "blood"}, "exclusions": exclusions}
    assert defining(definition) == says
    assert hint(definition) == shown
