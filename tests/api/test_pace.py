"""A key that asks too often waits, and nobody else does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.pace import MOST_BUCKETS, Pace
from corpora.store.keys import Scope
from tests.api.keyed import bearer, log_in, new_key
from tests.api.service import Served, serving, settings_in, slug


@pytest.fixture
def hurried(tmp_path: Path) -> Iterator[Served]:
    yield from serving(settings_in(tmp_path, RATE="5", STRANGER_RATE="3"))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_a_minutes_worth_and_fills_steadily() -> None:
    clock = Clock()
    pace = Pace(6, clock)
    assert [pace.wait("a") for _ in range(6)] == [0.0] * 6
    assert pace.wait("a") == pytest.approx(10.0)
    assert pace.wait("b") == 0.0
    clock.now = 10.0
    assert (pace.wait("a"), pace.wait("a")) == (0.0, pytest.approx(10.0))
    clock.now = 1000.0
    assert [pace.wait("a") for _ in range(7)][:6] == [0.0] * 6


def test_buckets_do_not_pile_up() -> None:
    pace = Pace(1, Clock())
    for number in range(MOST_BUCKETS + 5):
        pace.wait(str(number))
    assert len(pace._buckets) <= MOST_BUCKETS


def test_a_key_that_asks_too_often_waits(hurried: Served) -> None:
    _, secret = new_key(hurried, Scope.READ)
    _, other = new_key(hurried, Scope.READ)
    found = [hurried.client.get("/v1/whoami", headers=bearer(secret)) for _ in range(7)]
    assert [one.status_code for one in found] == [200] * 5 + [429] * 2
    assert slug(found[-1]) == "too-many-requests"
    assert 1 <= int(found[-1].headers["retry-after"]) <= 12
    assert hurried.client.get("/v1/whoami", headers=bearer(other)).status_code == 200


def test_wrong_keys_from_one_address_wait_and_right_ones_do_not(hurried: Served) -> None:
    _, secret = new_key(hurried, Scope.READ)
    found = [hurried.client.get("/v1/whoami", headers=bearer("lxf_guess")).status_code for _ in range(2)]
    found += [log_in(hurried, "lxf_guess").status_code for _ in range(3)]
    assert found == [401, 401, 401, 429, 429]
    assert hurried.client.get("/v1/whoami", headers=bearer(secret)).status_code == 200
    assert log_in(hurried, secret).status_code == 303


def test_sessions_of_a_key_share_its_bucket(hurried: Served) -> None:
    _, secret = new_key(hurried, Scope.READ)
    log_in(hurried, secret)
    statuses = [hurried.client.get("/v1/whoami").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_without_keys_and_for_health_there_is_no_limit(hurried: Served) -> None:
    assert {hurried.client.get("/v1/whoami").status_code for _ in range(20)} == {200}
    new_key(hurried, Scope.READ)
    assert {hurried.client.get("/healthz").status_code for _ in range(20)} == {200}
