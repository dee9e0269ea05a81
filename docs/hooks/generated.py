"""Writes what the code itself says into the site while it is built: HTTP routes, tables, the codebook, the card of the model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

Json = dict[str, Any]
CARD = Path(__file__).parents[2] / "models" / "weights" / "provisions" / "README.md"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds reference/http.md, tables.md, codebook.md and model.md."""
    files.append(File.generated(config, "reference/http.md", content="\n".join(_routes(_description()))))
    files.append(File.generated(config, "reference/tables.md", content="\n".join(_tables())))
    files.append(File.generated(config, "reference/codebook.md", content="\n".join(_codebook())))
    files.append(File.generated(config, "reference/model.md", content=CARD.read_text(encoding="utf-8")))
    return files


def _codebook() -> Iterator[str]:
    from api.pages.words import LAYERS
    from nlp.codebook import codebook

    book = codebook()
    yield f"# Codebook\n\nThe shipped codebook, `{book.name}` {book.version} (`nlp/codebook.toml`), as the model was trained on it."
    for layer in dict.fromkeys(label.layer for label in book.labels):
        yield f"\n## {LAYERS[layer]}\n\n| label | speaks for | given where |\n| --- | --- | --- |"
        for label in book.labels:
            if label.layer == layer:
                sides = ", ".join(book.sides_of([label.name])) if layer == book.framing_layer else ""
                yield f"| `{label.key}` | {sides} | {label.description} |"


def _description() -> Json:
    from api.app import create_app
    from api.settings import from_environment

    with TemporaryDirectory() as folder:
        return dict(create_app(from_environment({"LEXFRAME_DATA_DIR": folder}), runner=False).openapi())


def _routes(described: Json) -> Iterator[str]:
    yield "# HTTP\n\nThe whole description is served at `/v1/openapi.json`; errors are `application/problem+json` (RFC 9457).\n"
    for path, methods in sorted(described["paths"].items()):
        for method, one in methods.items():
            yield f"## `{method.upper()} {path}`\n\n**{one.get('summary', '')}**\n\n{one.get('description', '')}\n"
            yield from _parameters(one.get("parameters", ()))
            yield "Answers: " + ", ".join(f"{status} ({said['description']})" for status, said in one["responses"].items()) + "\n"


def _parameters(found: list[Json]) -> Iterator[str]:
    if found:
        yield "| parameter | in | meaning |\n| --- | --- | --- |"
        for one in found:
            needed = "; needed" if one.get("required") else ""
            yield f"| `{one['name']}` | {one['in']}{needed} | {one.get('description', '').replace('|', '&#124;')} |"
        yield ""


def _tables() -> Iterator[str]:
    from corpora.exports.tables import COLUMNS, MEANINGS

    yield "# Tables\n\nWhat stands in the CSV and Parquet exports. Offsets count code points of the stored text, the end exclusive."
    yield "The table `changes` has rows where a comparison is exported.\n"
    for table, columns in COLUMNS.items():
        yield f"## {table}\n\n| column | type | meaning |\n| --- | --- | --- |"
        yield from (f"| `{name}` | {kind} | {MEANINGS[name]} |" for name, kind in columns.items())
        yield ""
    yield from _analyses()


def _analyses() -> Iterator[str]:
    from corpora.analytics.asked import COLUMNS, MEANINGS, TITLES, By

    yield "## Analyses of corpora\n\nBefore these columns stand those of the groups.\n\n| column | meaning |\n| --- | --- |"
    yield from (f"| `{by.value}` | {MEANINGS[by.value]} |" for by in By if by is not By.NONE)
    for what, columns in COLUMNS.items():
        yield f"\n### {what.value}: {TITLES[what]}\n\n| column | meaning |\n| --- | --- |"
        yield from (f"| `{name}` | {MEANINGS[name]} |" for name in columns)
