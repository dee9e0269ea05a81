from __future__ import annotations

import pytest

from api.settings import ReachableByStrangers, check_reach, described, from_environment, is_loopback
from workers.settings import BadSetting


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.org", False),
        ("", False),
    ],
)
def test_without_keys_only_this_machine_is_served(host: str, own: bool) -> None:
    settings = from_environment({}, host=host)
    assert is_loopback(host) is own
    check_reach(settings, has_keys=True)
    if own:
        check_reach(settings)
    else:
        with pytest.raises(ReachableByStrangers, match="this machine only"):
            check_reach(settings)


def test_options_win_over_variables_and_variables_over_defaults() -> None:
    env = {"LEXFRAME_PORT": "9000", "LEXFRAME_MAX_UPLOAD_BYTES": "10"}
    assert (from_environment({}).port, from_environment(env).port, from_environment(env, port=1, host=None).port) == (8080, 9000, 1)
    assert from_environment(env).max_upload_bytes == 10


@pytest.mark.parametrize("value", ["abc", "-1", "65536", "1.5"])
def test_a_port_that_is_none_is_named(value: str) -> None:
    with pytest.raises(BadSetting, match="LEXFRAME_PORT"):
        from_environment({"LEXFRAME_PORT": value})


def test_the_table_for_operators_has_each_variable_once() -> None:
    names = [name for name, _, _ in described()]
    assert {"LEXFRAME_HOST", "LEXFRAME_PORT", "LEXFRAME_DATABASE_URL"} <= set(names)
    assert len(set(names)) == len(names)
