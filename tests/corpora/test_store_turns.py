from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from corpora.store.errors import StoreUnavailable
from corpora.store.session import open_store
from corpora.store.turns import Turns


def waiting(turns: Turns, count: int) -> None:
    while len(turns._waiting) < count:
        time.sleep(0.001)


def test_who_came_first_writes_first() -> None:
    turns, order = Turns(), []

    def write(name: int) -> None:
        with turns.turn():
            order.append(name)

    with turns.turn():
        threads = [threading.Thread(target=write, args=(name,)) for name in range(12)]
        for count, thread in enumerate(threads, 1):
            thread.start()
            waiting(turns, count)
    for thread in threads:
        thread.join()
    assert order == list(range(12))


def test_one_at_a_time_and_an_error_passes_the_turn_on() -> None:
    turns, inside, most = Turns(), 0, 0

    def write() -> None:
        nonlocal inside, most
        for at in range(50):
            try:
                with turns.turn():
                    inside += 1
                    most = max(most, inside)
                    inside -= 1
                    if at % 7 == 0:
                        raise ValueError
            except ValueError:
                pass

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    with turns.turn():
        pass


def test_a_turn_that_does_not_come_is_told_and_lost() -> None:
    turns = Turns(patience=0.02)
    with turns.turn(), pytest.raises(StoreUnavailable), turns.turn():
        pass
    with turns.turn():
        assert not turns._waiting


def test_writers_of_sqlite_take_turns_and_readers_do_not(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db", str(tmp_path / "blobs"))
    assert store.turns is not None
    with store.transaction(), store.reading() as tx:
        assert tx.connection.exec_driver_sql("SELECT 1").scalar_one() == 1
        store.turns._patience = 0.01
        with pytest.raises(StoreUnavailable), store.transaction():
            pass
    assert open_store("postgresql://nobody@localhost/none", str(tmp_path / "blobs")).turns is None
