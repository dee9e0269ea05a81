"""A chart for each analysis of a corpus. Its data are the rows of the analysis; names for people are only put in while it is drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.charts import FILLS, INK, SCHEMES, Chart, Row, altair, bars, heat, stacks
from api.pages.words import LETTERS, STRENGTHS, named
from corpora.analysing import Analysis
from corpora.analytics.asked import TITLES, By, What
from nlp.types import Framing

ALL = "all documents"
MOST_SAID = 12
ROOM = 0.1  # of the whole, for a letter in a part of a bar
_MIDDLE = {"light": ("#7d9ab8", "#c9c4b4"), "dark": ("#5d7fa3", "#4a5260")}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where groups stand in a chart: along its axis, and in panels where there are two traits; what stands in time lies across."""

    axis: By | None
    panel: By | None

    @property
    def across(self) -> bool:
        """Whether groups stand side by side, not one below the other."""
        return self.axis is not None and self.axis.in_time


def chart_of(found: Analysis) -> Chart:
    """The chart of an analysis, named as the analysis is."""
    layout, rows = _layout(found.by), [dict(row) for row in found.rows]

    def draw(rows: Sequence[Row], theme: str) -> Any:
        return _DRAWN[found.what](list(_for_people(rows, layout)), theme, layout)

    return Chart(found.what.value, said(found), rows, draw, found.columns)


def said(found: Analysis) -> str:
    """An analysis in a sentence: its highest figures, for who cannot see the chart."""
    value, names = _SAID[found.what]
    told = [row for row in found.rows if row[value]]
    if not found.by:
        told.sort(key=lambda row: -float(row[value] or 0))
    parts = [f"{_named(row, found.by, names)}: {_figure(row[value])}" for row in told[:MOST_SAID]]
    return f"{TITLES[found.what]}. {'; '.join(parts)}{'; …' if len(told) > MOST_SAID else ''}"


def _layout(by: Sequence[By]) -> Layout:
    in_order = sorted(by, key=lambda one: not one.in_time)
    return Layout(in_order[0] if in_order else None, in_order[1] if len(in_order) > 1 else None)


def _for_people(rows: Sequence[Row], layout: Layout) -> Iterator[Row]:
    """The rows with the names that are drawn: `group` and `panel`, and labels in words."""
    for row in rows:
        words: Row = {name: named(row[name]) for name in ("label", "one", "other", "type", "element") if name in row}
        group = str(row[layout.axis.value]) if layout.axis else ALL
        yield {**row, **words, "group": group, "panel": str(row[layout.panel.value]) if layout.panel else ""}


def _named(row: Mapping[str, Any], by: Sequence[By], names: Sequence[str]) -> str:
    return ", ".join([*(str(row[one.value]) for one in by), *(named(row[name]) for name in names)]) or ALL


def _figure(value: object) -> str:
    return f"{value:.0%}" if isinstance(value, float) else str(value)


def _framing(rows: list[Row], theme: str, layout: Layout) -> Any:
    fills = FILLS[theme]
    order = {name.value: rank for rank, name in enumerate(Framing)}
    colours = [fills[name] for name in order]
    parts = [{**row, "rank": order[row["framing"]]} for row in rows]
    return _parts(parts, "document_share", "framing", dict(zip(order, colours, strict=True)), theme, layout, LETTERS)


def _strength(rows: list[Row], theme: str, layout: Layout) -> Any:
    ranked = [{**row, "rank": STRENGTHS.index(row["strength"])} for row in rows]
    if layout.axis is None:
        return stacks(value="statements", label="type", part="strength", order=STRENGTHS)(ranked, theme)
    summed: Counter[tuple[str, str, str, int]] = Counter()
    for row in ranked:
        summed[row["panel"], row["group"], row["strength"], row["rank"]] += row["statement_share"] or 0
    names = ("panel", "group", "strength", "rank")
    parts = [{**dict(zip(names, key, strict=True)), "share": round(share, 4)} for key, share in summed.items()]
    colours = (SCHEMES[theme][1], *_MIDDLE[theme])
    return _parts(parts, "share", "strength", dict(zip(STRENGTHS, colours, strict=True)), theme, layout)


def _parts(
    rows: list[Row], share: str, part: str, colours: dict[str, str], theme: str, layout: Layout, letters: Mapping[str, str] | None = None
) -> Any:
    """A bar for each group, in parts that make up the whole; `letters` stand in parts that have room, for a print in grey."""
    alt = altair()
    length = {"type": "quantitative", "scale": alt.Scale(domain=[0, 1]), "axis": alt.Axis(format="%", title=None, tickCount=4)}
    colour = alt.Scale(domain=list(colours), range=list(colours.values()))
    lie = alt.Y if layout.across else alt.X
    base = alt.Chart(**_size(layout)).encode(order=alt.Order("rank", type="quantitative"))
    legend = alt.Legend(title=None, orient="top")
    layers = base.mark_bar(size=14, stroke=SCHEMES[theme][0]).encode(
        **_placed(layout, lie(share, **length)), color=alt.Color(part, type="nominal", scale=colour, legend=legend)
    )
    if letters:
        middle = lie(share, stack="zero", bandPosition=0.5, **length)
        written = base.mark_text(fontSize=10, fontWeight="bold", aria=False, color=SCHEMES[theme][0])
        layers += written.encode(
            **_placed(layout, middle), detail=alt.Detail(part, type="nominal"), text=alt.Text("letter", type="nominal")
        )
        rows = [{**row, "letter": letters[row[part]] if (row[share] or 0) >= ROOM else ""} for row in rows]
    whole = alt.layer(layers, data=alt.Data(values=rows))
    return whole.facet(row=_row(theme)) if layout.panel else whole


def _balance(rows: list[Row], theme: str, layout: Layout) -> Any:
    alt = altair()
    length = {"type": "quantitative", "scale": alt.Scale(domain=[0, 1])}
    axis = alt.Axis(format="%", title="Rights share", tickCount=5)
    ink, full = INK[theme][0], SCHEMES[theme][1]
    base = alt.Chart(**_size(layout))
    lie, stand = (alt.Y, alt.Y2) if layout.across else (alt.X, alt.X2)
    ends = {"y2" if layout.across else "x2": stand("upper_quartile")}
    rule = base.mark_rule(strokeDash=[4, 4], color=ink, opacity=0.5)
    half = rule.encode(**{"y" if layout.across else "x": alt.datum(0.5, type="quantitative")})
    spread = base.mark_rule(strokeWidth=3, color=full, opacity=0.6).encode(**_placed(layout, lie("lower_quartile", **length)), **ends)
    point = base.mark_point(filled=True, size=70, color=full).encode(**_placed(layout, lie("median", axis=axis, **length)))
    layers = alt.layer(half, spread, point, data=alt.Data(values=[row for row in rows if row["median"] is not None]))
    return layers.facet(row=_row(theme)) if layout.panel else layers


def _labels(rows: list[Row], theme: str, layout: Layout) -> Any:
    return _heat(rows, theme, layout, "label")


def _definitions(rows: list[Row], theme: str, layout: Layout) -> Any:
    if layout.axis is None:
        return bars(value="document_share", label="element", percent=True)(rows, theme)
    return _heat(rows, theme, layout, "element")


def _combinations(rows: list[Row], theme: str, layout: Layout) -> Any:
    if layout.axis is None:
        return bars(value="document_share", label="elements", percent=True)(rows, theme)
    return _heat(rows, theme, layout, "elements", _most(rows, "document_share"))


def _cooccurrence(rows: list[Row], theme: str, layout: Layout) -> Any:
    both = [*rows, *({**row, "one": row["other"], "other": row["one"]} for row in rows)]
    order = list(dict.fromkeys([*(row["one"] for row in rows), *(row["other"] for row in rows)]))
    return heat(value="jaccard", row="one", column="other", most=_most(rows, "jaccard"), order=order)(both, theme)


def _heat(rows: list[Row], theme: str, layout: Layout, label: str, most: float = 1.0) -> Any:
    return _panelled(heat(value="document_share", row=label, column="group", most=most)(rows, theme), layout, theme)


def _most(rows: list[Row], value: str) -> float:
    return max((row[value] or 0.0 for row in rows), default=0.0) or 1.0


def _base(rows: list[Row], layout: Layout) -> Any:
    alt = altair()
    return alt.Chart(alt.Data(values=rows), **_size(layout))


def _size(layout: Layout) -> dict[str, Any]:
    return {"width": {"step": 24}, "height": 180} if layout.across else {"width": 300, "height": {"step": 24}}


def _placed(layout: Layout, length: Any) -> dict[str, Any]:
    """The groups on one axis, the length of bars on the other."""
    alt = altair()
    group = {"type": "nominal", "sort": None}
    if layout.across:
        return {"x": alt.X("group", axis=alt.Axis(title=None, labelAngle=-60), **group), "y": length}
    return {"x": length, "y": alt.Y("group", axis=alt.Axis(title=None), **group)}


def _panelled(chart: Any, layout: Layout, theme: str) -> Any:
    """The chart once for each value of a second trait, one below the other."""
    return chart.encode(row=_row(theme)) if layout.panel else chart


def _row(theme: str) -> Any:
    alt = altair()
    header = alt.Header(labelColor=INK[theme][0], labelAngle=0, labelAlign="left", labelLimit=260, labelFontSize=12)
    return alt.Row("panel", type="nominal", sort=None, title=None, header=header)


_Drawn = Callable[[list[Row], str, Layout], Any]
_DRAWN: dict[What, _Drawn] = {
    What.FRAMING: _framing,
    What.BALANCE: _balance,
    What.LABELS: _labels,
    What.STRENGTH: _strength,
    What.DEFINITIONS: _definitions,
    What.COMBINATIONS: _combinations,
    What.COOCCURRENCE: _cooccurrence,
}
_SAID: dict[What, tuple[str, tuple[str, ...]]] = {
    What.FRAMING: ("document_share", ("framing",)),
    What.BALANCE: ("median", ()),
    What.LABELS: ("document_share", ("label",)),
    What.STRENGTH: ("statement_share", ("type", "strength")),
    What.DEFINITIONS: ("document_share", ("element",)),
    What.COMBINATIONS: ("document_share", ("elements",)),
    What.COOCCURRENCE: ("jaccard", ("one", "other")),
}
