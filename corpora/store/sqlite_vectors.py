"""sqlite-vec, where this Python can load extensions into SQLite; builds without that (pyenv's, macOS') compute distances in numpy."""

from __future__ import annotations

import sqlite3
from functools import cache


def load(connection: sqlite3.Connection) -> None:
    """Gives a connection the functions on vectors, where that is possible."""
    if is_loadable():
        _load(connection)


@cache
def is_loadable() -> bool:
    """Whether sqlite-vec works here."""
    if not hasattr(sqlite3.Connection, "enable_load_extension"):
        return False
    with_it = sqlite3.connect(":memory:")
    try:
        _load(with_it)
    except (ImportError, sqlite3.Error):
        return False
    finally:
        with_it.close()
    return True


def _load(connection: sqlite3.Connection) -> None:
    import sqlite_vec

    connection.enable_load_extension(True)
    sqlite_vec.load(connection)
    connection.enable_load_extension(False)
