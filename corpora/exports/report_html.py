"""A report as one HTML file that needs nothing else: no script, no address, every word escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from corpora.exports.archive import gather
from corpora.exports.report import Section, Table, steady

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border:1px solid #bbb;padding:.35rem .5rem;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}th{background:#f0f0f0}"
    "@media print{body{max-width:none;font-size:11px}tr{break-inside:avoid}}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def write_html(sections: Iterable[Section]) -> Iterator[bytes]:
    """The report, section by section."""
    return gather(_pieces(sections))


def _pieces(sections: Iterable[Section]) -> Iterator[str]:
    for i, section in enumerate(sections):
        if i == 0:
            yield f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{_said(section.heading)}</title>\n'
            yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><meta name="viewport" content="width=device-width">\n'
            yield f"<style>{_STYLE}</style></head><body><main>\n"
        level = "h1" if i == 0 else "h2"
        yield f"<{level}>{_said(section.heading)}</{level}>\n"
        yield from (f"<p>{_said(words)}</p>\n" for words in section.paragraphs)
        if section.table and section.table.rows:
            yield from _table(section.table)
    yield "</main></body></html>\n"


def _table(table: Table) -> Iterator[str]:
    yield "<table><thead><tr>" + "".join(f'<th scope="col">{_said(name)}</th>' for name in table.head) + "</tr></thead><tbody>\n"
    for row in table.rows:
        yield "<tr>" + "".join(f"<td>{_said(cell)}</td>" for cell in row) + "</tr>\n"
    yield "</tbody></table>\n"


def _said(words: str) -> str:
    return escape(steady(words))
