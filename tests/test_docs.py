from __future__ import annotations

import re
from pathlib import Path

from api.app import create_app
from api.settings import described, from_environment
from corpora.analytics.asked import What

ROOT = Path(__file__).parents[1]
MADE = {f"reference/{name}.md" for name in ("codebook", "http", "model", "tables")}
"""Pages that come about when the site is built."""


def test_every_setting_is_in_the_operators_table() -> None:
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name, _, _ in described() if f"| `{name}` |" not in table] == []
    known = {name for name, _, _ in described()}
    assert set(re.findall(r"^\| `(LEXFRAME_\w+)` \|", table, re.MULTILINE)) == known


def test_the_two_commands_stand_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z]+)", readme):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    assert {"make demo", "make test"} <= set(re.findall(r"make [a-z]+", readme))


def test_links_of_the_documentation_lead_somewhere() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in set(re.findall(r"\]\(((?!https?:)[^)#]+)", page.read_text(encoding="utf-8"))) - MADE:
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_routes_that_are_named_are_there(tmp_path: Path) -> None:
    app = create_app(from_environment({"LEXFRAME_DATA_DIR": str(tmp_path)}), runner=False)
    there = {(method.upper(), re.sub(r"{\w+}", "{}", path)) for path, methods in app.openapi()["paths"].items() for method in methods}
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/v1/[\w/{}-]*)", page.read_text(encoding="utf-8")):
            assert (method, re.sub(r"{\w+}", "{}", path)) in there, f"{page.name}: {method} {path}"


def test_every_analysis_of_a_corpus_is_defined_in_the_method() -> None:
    table = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [what.value for what in What]
