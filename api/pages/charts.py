"""Charts: declared in Altair, drawn by vl-convert here, so that a page shows them without script; and given away as PNG, SVG, data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

from fastapi import Response
from starlette.exceptions import HTTPException

from api.pages.words import LETTERS
from api.recent import Recent
from corpora.exports.tables import defused

Row = dict[str, Any]
Spec = dict[str, Any]

INK = {"light": ("#1e2126", "#dcd8cc"), "dark": ("#e7e4dc", "#363a42")}
FILLS = {
    "light": {"crime": "#9a3324", "rights": "#17645f", "hybrid": "#63439b", "neutral": "#8a8f98"},
    "dark": {"crime": "#f2998a", "rights": "#6fcdc4", "hybrid": "#bda6f3", "neutral": "#a3a8b2"},
}
MIDDLE = {"light": ("#86a6c6", "#c9d6e3"), "dark": ("#486a8e", "#304459")}
SCHEMES = {"light": ("#f1eee5", "#1d4f80"), "dark": ("#22262d", "#8fc1f0")}
# Beside the longest name of a label it still fits into a third of the page.
BAR_WIDTH = 205
FONT = "Noto Sans, DejaVu Sans, sans-serif"


class Form(StrEnum):
    """What a chart can be had as; `vl` is the Vega-Lite specification, for an editor of charts."""

    SVG = "svg"
    PNG = "png"
    CSV = "csv"
    JSON = "json"
    VL = "vl"


MEDIA_TYPES = {
    Form.SVG: "image/svg+xml",
    Form.PNG: "image/png",
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSON: "application/json",
    Form.VL: "application/vnd.vegalite+json",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows, and how to draw them in a theme; `says` is the chart in one sentence, for who cannot see it.

    `columns` are those of its table, where there may be no row to tell them.
    """

    name: str
    says: str
    rows: Sequence[Row]
    draw: Callable[[Sequence[Row], str], Any]
    columns: Sequence[str] = ()

    def spec(self, theme: str) -> Spec:
        """The Vega-Lite specification, on a transparent ground."""
        ink, rule = INK[theme]
        chart = self.draw(self.rows, theme).configure(background="transparent", font=FONT)
        chart = chart.configure_axis(
            labelColor=ink, titleColor=ink, gridColor=rule, domainColor=rule, tickColor=rule, labelLimit=260, labelFontSize=12
        )
        chart = chart.configure_legend(labelColor=ink, titleColor=ink, labelFontSize=12).configure_view(stroke=None)
        found: Spec = chart.to_dict()
        return found | {"description": self.says}


def chart_answer(charts: Sequence[Chart], name: str, form: Form, dark: bool = False) -> Response:
    """The chart of that name in some form; 404 where there is none."""
    chart = next((one for one in charts if one.name == name), None)
    if chart is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'{"inline" if form is Form.SVG else "attachment"}; filename="{name}.{form}"'}
    return Response(_written(chart, form, "dark" if dark else "light"), media_type=MEDIA_TYPES[form], headers=headers)


def _written(chart: Chart, form: Form, theme: str) -> bytes:
    if form is Form.CSV:
        return _csv(chart.rows, chart.columns)
    if form is Form.JSON:
        return json.dumps(list(chart.rows), ensure_ascii=False, indent=1).encode("utf-8", "replace")
    spec = json.dumps(chart.spec(theme), ensure_ascii=False)
    if form is Form.VL:
        return spec.encode("utf-8", "replace")
    return _drawn(spec, form)


_drawings: Recent[tuple[str, Form], bytes] = Recent(64)


def altair() -> Any:
    """Altair, whose own types are too many to be read; half a second, for who looks at charts."""
    return import_module("altair")


def _drawn(spec: str, form: Form) -> bytes:
    known = _drawings.find((spec, form))
    if known is None:
        known = _draw(spec, form)
        _drawings.keep((spec, form), known)
    return known


def _draw(spec: str, form: Form) -> bytes:
    import vl_convert  # a script engine of its own: only for who looks at charts

    plain = spec.encode("utf-8", "replace").decode()
    if form is Form.PNG:
        return vl_convert.vegalite_to_png(plain, scale=2, allowed_base_urls=[])
    return vl_convert.vegalite_to_svg(plain, allowed_base_urls=[]).encode()


def _csv(rows: Sequence[Row], columns: Sequence[str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns or (list(rows[0]) if rows else []))
    writer.writeheader()
    writer.writerows({key: defused(value) for key, value in row.items()} for row in rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def bars(*, value: str, label: str, fill: str | None = None, percent: bool = False) -> Callable[[Sequence[Row], str], Any]:
    """Horizontal bars in the order of the rows; `fill` is the column with a framing, whose letter stands at the end of the bar."""

    def draw(rows: Sequence[Row], theme: str) -> Any:
        alt = altair()
        fills = FILLS[theme]
        axis = alt.Axis(format="%" if percent else "d", title=None, tickCount=4)
        colour = (
            alt.Color(fill, type="nominal", scale=alt.Scale(domain=list(fills), range=list(fills.values())), legend=None)
            if fill
            else alt.value(SCHEMES[theme][1])
        )
        told = [{**row, "letter": LETTERS.get(row[fill], "")} for row in rows] if fill else list(rows)
        base = alt.Chart(alt.Data(values=told), width=BAR_WIDTH, height={"step": 24}).encode(
            x=alt.X(value, type="quantitative", axis=axis), y=alt.Y(label, type="nominal", sort=None, axis=alt.Axis(title=None))
        )
        drawn = base.mark_bar(height=14).encode(color=colour)
        letters = base.mark_text(align="left", dx=4, fontSize=10, fontWeight="bold", aria=False, color=INK[theme][0])
        return drawn + letters.encode(text=alt.Text("letter", type="nominal")) if fill else drawn

    return draw


def stacks(*, value: str, label: str, part: str, order: Sequence[str]) -> Callable[[Sequence[Row], str], Any]:
    """Horizontal bars in parts, from full over half to hollow, which a print in grey shows too."""

    def draw(rows: Sequence[Row], theme: str) -> Any:
        alt = altair()
        pale, full = SCHEMES[theme]
        colour = alt.Scale(domain=list(order), range=[full, MIDDLE[theme][0], pale])
        base = alt.Chart(alt.Data(values=list(rows)), width=BAR_WIDTH, height={"step": 24})
        return base.mark_bar(height=13, stroke=full, strokeWidth=1).encode(
            x=alt.X(value, type="quantitative", axis=alt.Axis(format="d", title=None, tickCount=4)),
            y=alt.Y(label, type="nominal", sort=None, axis=alt.Axis(title=None)),
            color=alt.Color(part, type="nominal", scale=colour, legend=alt.Legend(title=None, orient="top", symbolStrokeColor=full)),
            order=alt.Order("rank", type="quantitative"),
        )

    return draw


def heat(
    *,
    value: str,
    row: str,
    column: str,
    diverging: bool = False,
    numbered: bool = False,
    most: float = 1.0,
    order: Sequence[str] | None = None,
) -> Callable[[Sequence[Row], str], Any]:
    """A heat map from nothing to `most`; a diverging one runs from crime by nothing to rights.

    Both sides have their values in the order of the rows, or in `order` where both have the same. `numbered`: names begin with a number,
    which is enough for columns.
    """

    def draw(rows: Sequence[Row], theme: str) -> Any:
        alt = altair()
        pale, full = SCHEMES[theme]
        fills = FILLS[theme]
        scale = (
            alt.Scale(domain=[-1, 0, 1], range=[fills["crime"], pale, fills["rights"]], interpolate="lab")
            if diverging
            else alt.Scale(domain=[0, most], range=[pale, full], interpolate="lab")
        )
        axis = {"type": "nominal", "sort": order and list(order)}
        legend = alt.Legend(title=None, format="+.0%" if diverging else ".0%")
        squares = _squares(rows, row, column, axis, theme, numbered)
        return squares.encode(color=alt.Color(value, type="quantitative", scale=scale, legend=legend))

    return draw


def levels(*, value: str, row: str, column: str, order: Sequence[str]) -> Callable[[Sequence[Row], str], Any]:
    """A table of squares whose fill says one of four words, the first of them the fullest."""

    def draw(rows: Sequence[Row], theme: str) -> Any:
        alt = altair()
        pale, full = SCHEMES[theme]
        scale = alt.Scale(domain=list(order), range=[full, *MIDDLE[theme], pale])
        legend = alt.Legend(title=None, symbolType="square", symbolStrokeColor=full)
        squares = _squares(rows, row, column, {"type": "nominal", "sort": None}, theme)
        return squares.encode(color=alt.Color(value, type="nominal", scale=scale, legend=legend))

    return draw


def _squares(rows: Sequence[Row], row: str, column: str, axis: Row, theme: str, numbered: bool = False) -> Any:
    alt = altair()
    heads = alt.Axis(title=None, labelAngle=0, labelExpr="split(datum.label, '.')[0]", orient="top") if numbered else None
    base = alt.Chart(alt.Data(values=list(rows)), width={"step": 26}, height={"step": 26})
    return base.mark_rect(stroke=SCHEMES[theme][0]).encode(
        x=alt.X(column, axis=heads or alt.Axis(title=None, labelAngle=-60), **axis), y=alt.Y(row, axis=alt.Axis(title=None), **axis)
    )


def course(*, value: str, low: str, high: str, label: str) -> Callable[[Sequence[Row], str], Any]:
    """A share over some versions in order, with its interval."""

    def draw(rows: Sequence[Row], theme: str) -> Any:
        alt = altair()
        base = alt.Chart(alt.Data(values=list(rows)), width=720, height=220)
        room = 720 // max(1, len(rows)) - 6  # for a name that lies; where it is little, names stand aslant
        few = len(rows) <= 4
        x = alt.X(
            label, type="nominal", sort=None, axis=alt.Axis(title=None, labelAngle=0 if few else -30, labelLimit=room if few else 160)
        )
        share = alt.Scale(domain=[0, 1])
        line = base.mark_line(point={"size": 70, "filled": True, "color": SCHEMES[theme][1]}, color=SCHEMES[theme][1]).encode(
            x=x, y=alt.Y(value, type="quantitative", scale=share, axis=alt.Axis(format="%", title="Rights share", tickCount=5))
        )
        spread = base.mark_rule(strokeWidth=2, color=SCHEMES[theme][1], opacity=0.6).encode(
            x=x, y=alt.Y(low, type="quantitative", scale=share), y2=alt.Y2(high)
        )
        middle = (
            alt.Chart(alt.Data(values=[{"y": 0.5}]))
            .mark_rule(strokeDash=[4, 4], color=INK[theme][0], opacity=0.5)
            .encode(y=alt.Y("y", type="quantitative"))
        )
        return middle + spread + line

    return draw
