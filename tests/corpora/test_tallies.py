"""Counts that only grow: nothing is lost or counted twice, whoever counts at once."""

from __future__ import annotations

import threading

import pytest

from corpora.store import tallies
from corpora.store.session import Store
from corpora.store.tables import tallies as table
from corpora.store.tallies import SHARDS, Count

pytest_plugins = ("tests.servers",)


def totals(store: Store) -> dict[tallies.Counted, float]:
    with store.reading() as tx:
        return tallies.totals(tx)


def test_what_is_added_is_added_up(store: Store) -> None:
    for process, amounts in [
        ("here:1", {(Count.ERRORS, "too_large"): 1, (Count.CHARACTERS, ""): 20}),
        ("here:1", {(Count.ERRORS, "too_large"): 2, (Count.ERRORS, "time_limit"): 1}),
        ("there:1", {(Count.CHARACTERS, ""): 0.5, (Count.ERRORS, "nothing"): 0}),
        ("there:2", {}),
    ]:
        with store.transaction() as tx:
            tallies.add(tx, amounts, process)
    assert totals(store) == {("errors", "too_large"): 3, ("errors", "time_limit"): 1, ("characters", ""): 20.5}


def test_what_is_rolled_back_is_not_counted(store: Store) -> None:
    def count_and_fail() -> None:
        with store.transaction() as tx:
            tallies.add(tx, {(Count.ERRORS, "x"): 1}, "here:1")
            raise KeyError

    with pytest.raises(KeyError):
        count_and_fail()
    assert totals(store) == {}


def test_many_count_at_once_and_their_rows_are_few(store: Store) -> None:
    """Sixteen threads as as many processes, some of them of one shard; each names its counts in another order."""
    labels = [f"code_{n}" for n in range(5)]

    def count(number: int) -> None:
        turned = labels[number % 5 :] + labels[: number % 5]
        for _ in range(5):
            with store.transaction() as tx:
                tallies.add(tx, {(Count.ERRORS, label): 1 for label in turned}, f"machine:{number}")

    threads = [threading.Thread(target=count, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals(store) == {("errors", label): 80 for label in labels}
    with store.reading() as tx:
        rows = tx.execute(table.select()).all()
    assert 1 < len({row.shard for row in rows}) <= SHARDS
