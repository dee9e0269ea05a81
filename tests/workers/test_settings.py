from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from workers.broker import broker_url
from workers.settings import BadSetting, Settings, described, from_environment, to_environment


def test_without_any_variable_everything_lies_in_the_users_data_folder() -> None:
    settings = from_environment({"HOME": "/home/someone"})
    assert settings.data_dir == Path("/home/someone/.local/share/lexframe")
    assert settings.database_url == "sqlite:////home/someone/.local/share/lexframe/lexframe.sqlite3"
    assert settings.blob_url == "/home/someone/.local/share/lexframe/files"
    assert settings.embedded


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("LEXFRAME_DATA_DIR", "/srv/x", "database_url", "sqlite:////srv/x/lexframe.sqlite3"),
        ("LEXFRAME_DATABASE_URL", "postgresql://u:p@h/d", "database_url", "postgresql://u:p@h/d"),
        ("LEXFRAME_REDIS_URL", "redis://h:1/2", "redis_url", "redis://h:1/2"),
        ("LEXFRAME_REDIS_URL", "", "redis_url", None),
        ("LEXFRAME_LEASE_SECONDS", "2.5", "lease_seconds", 2.5),
        ("LEXFRAME_MAX_UPLOAD_BYTES", "1000", "max_upload_bytes", 1000),
        ("LEXFRAME_PIPELINE", "a.b:c", "pipeline", "a.b:c"),
        ("XDG_DATA_HOME", "/x", "data_dir", Path("/x/lexframe")),
    ],
)
def test_a_variable_sets_its_field(name: str, text: str, field: str, value: object) -> None:
    assert getattr(from_environment({"HOME": "/home/someone", name: text}), field) == value


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("LEXFRAME_LEASE_SECONDS", "soon", "number is needed"),
        ("LEXFRAME_LEASE_SECONDS", "0", "from 1"),
        ("LEXFRAME_LEASE_SECONDS", "nan", "from 1"),
        ("LEXFRAME_CONCURRENCY", "1.5", "number is needed"),
        ("LEXFRAME_CONCURRENCY", "-1", "from 1 to 512"),
        ("LEXFRAME_REDIS_URL", "localhost:6379", "redis://"),
        ("LEXFRAME_DATABASE_URL", "mysql://h/d", "postgresql://"),
        ("LEXFRAME_PIPELINE", "os.system", "module:function"),
        ("LEXFRAME_LOG_LEVEL", "loud", "DEBUG"),
    ],
)
def test_a_wrong_value_is_named(name: str, text: str, why: str) -> None:
    with pytest.raises(BadSetting, match=name) as refused:
        from_environment({name: text})
    assert (refused.value.name, refused.value.value) == (name, text)
    assert why in refused.value.why


def test_a_wrong_url_is_named_without_its_password() -> None:
    with pytest.raises(BadSetting) as refused:
        from_environment({"LEXFRAME_DATABASE_URL": "mysql://user:secret@host/x"})
    assert "secret" not in str(refused.value)
    assert "user" in str(refused.value)


def test_settings_pass_to_another_process_unchanged() -> None:
    plain = from_environment({"HOME": "/home/someone"})
    for settings in (plain, replace(plain, redis_url="redis://h", threads=3, lease_seconds=2.5, max_attempts=7)):
        assert from_environment(to_environment(settings)) == settings


def test_every_setting_is_described_once() -> None:
    names = [name for name, _, _ in described()]
    assert len(set(names)) == len(names) == len(fields(Settings))
    assert all(name.startswith("LEXFRAME_") and shown and says for name, shown, says in described())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("redis://:p@h:1/2", "redis://:p@h:1/2"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_redis_as_kombu_names_it(given: str, expected: str) -> None:
    assert broker_url(given) == expected
