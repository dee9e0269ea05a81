from __future__ import annotations

import pytest

from tests.dependencies import LOCK, is_allowed, licence_faults, locked, vulnerabilities


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT)", True),
        ("Apache-2.0 WITH LLVM-exception AND MIT", True),
        ("Apache-2.0 AND (MIT OR BSD-3-Clause)", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("GNU Affero General Public License v3", False),
        ("LGPL-3.0-only", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_which_licences_can_be_kept_to(licence: str, allowed: bool) -> None:
    assert is_allowed(licence) is allowed


def test_what_is_pinned_and_installed_has_a_licence_that_can_be_kept_to() -> None:
    assert list(licence_faults()) == []


def test_a_package_under_the_gpl_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.dependencies.READ", {"celery": "GPL-3.0-or-later"})
    assert any(line.startswith("celery (pinned): licence 'GPL-3.0-or-later'") for line in licence_faults())


def test_names_are_read_from_the_lock() -> None:
    assert locked("# a\nPip_Audit==2.1\nx==1\n") == {"pip-audit", "x"}
    assert {"celery", "torch", "fastapi"} <= locked(LOCK.read_text(encoding="utf-8"))


def test_a_known_vulnerability_is_told() -> None:
    one = {"id": "CVE-1", "fix_versions": ["2.0"]}
    told = list(vulnerabilities([{"name": "x", "version": "1.0", "vulns": [one]}, {"name": "y", "version": "1", "vulns": []}]))
    assert told == ["x 1.0: CVE-1, mended in 2.0"]
