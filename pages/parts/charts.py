"""Pictures of tests, readable by day and by night, each with words for a screen reader.

Colours come from the theme; data go in as plain rows, so that a picture can be saved with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import altair as alt
import streamlit as st

from pages.parts.saving import offer_svg

Rows = list[dict[str, object]]
Picture = alt.Chart | alt.LayerChart
HEIGHT_PX = 260
GREY = "#8a9190"  #: seen on paper and on slate
_ROW_PX = 34
#: Names of lines; without `labelFlush` the first one of a picture of rules is set too low.
_LINES = alt.Axis(labelLimit=260, ticks=False, labelFlush=False)
_DAYS = alt.Axis(format="%d %b", tickMinStep=86_400_000, labelOverlap=True)
_FEW_LINES, _LEGEND_PX = 6, 20  #: lines of a legend in one column, and the height of a row


@dataclass(frozen=True, kw_only=True, slots=True)
class UpliftRow:
    """One line in `show_uplifts`; 0.1 for a tenth more."""

    label: str
    low: float
    mean: float
    high: float
    raw_low: float
    raw_high: float
    is_winner: bool


def show_uplifts(rows: Sequence[UpliftRow], axis: str, key: str) -> None:
    """Show how much better every line is, with and without luck taken off."""
    limit = _limit(rows)
    data: Rows = [
        {
            "Line": row.label,
            "From": max(-1.0, row.low),
            "Uplift": row.mean,
            "To": min(limit, row.high),
            "Counted from": max(-1.0, row.raw_low),
            "Counted to": min(limit, row.raw_high),
            "Kind": "winner" if row.is_winner else "other lines",
        }
        for row in rows
    ]
    base = alt.Chart(data_of(data)).encode(y=alt.Y("Line:N", sort=None, title=None, axis=_LINES))
    percent = alt.Axis(format="+.0%", title=axis)
    colour = alt.Color("Kind:N", scale=alt.Scale(domain=["winner", "other lines"]), legend=None)
    hints = [
        alt.Tooltip("Line:N"),
        alt.Tooltip("Uplift:Q", format="+.1%"),
        alt.Tooltip("From:Q", format="+.1%"),
        alt.Tooltip("To:Q", format="+.1%"),
        alt.Tooltip("Counted from:Q", format="+.1%"),
        alt.Tooltip("Counted to:Q", format="+.1%"),
    ]
    counted = base.mark_rule(strokeWidth=1.5, opacity=0.6).encode(
        x=alt.X("Counted from:Q", axis=percent), x2="Counted to:Q", color=colour
    )
    shrunk = base.mark_rule(strokeWidth=7, opacity=0.55, strokeCap="round").encode(
        x="From:Q", x2="To:Q", color=colour
    )
    mean = base.mark_point(filled=True, size=90, opacity=1).encode(
        x="Uplift:Q", color=colour, tooltip=hints
    )
    none = alt.Chart(data_of([{"x": 0}])).mark_rule(strokeDash=[4, 4], color=GREY).encode(x="x:Q")
    told = "; ".join(
        f"{row.label}: {row.mean:+z.0%}, {row.low:+z.0%} to {row.high:+z.0%}" for row in rows
    )
    _show((none + counted + shrunk + mean).properties(height=alt.Step(_ROW_PX)), key, axis, told)


def show_running(
    days: Sequence[str], low: Sequence[float], high: Sequence[float], who: str
) -> None:
    """Show the range of a line's uplift day by day; it may be looked at on any of them."""
    data: Rows = [
        {"Day": day, "From": a, "To": b} for day, a, b in zip(days, low, high, strict=True)
    ]
    base = alt.Chart(data_of(data)).encode(x=alt.X("Day:T", title=None, axis=_DAYS))
    band = base.mark_area(opacity=0.35, line=True, clip=True).encode(
        y=alt.Y(
            "From:Q",
            axis=alt.Axis(format="+.0%", title="Uplift over the control"),
            scale=alt.Scale(domain=[-1, 2]),
        ),
        y2="To:Q",
        tooltip=[
            alt.Tooltip("Day:T"),
            alt.Tooltip("From:Q", format="+.0%"),
            alt.Tooltip("To:Q", format="+.0%"),
        ],
    )
    none = alt.Chart(data_of([{"y": 0}])).mark_rule(strokeDash=[4, 4], color=GREY).encode(y="y:Q")
    told = f"It lies between {low[-1]:+z.0%} and {high[-1]:+z.0%} by now."
    _show((band + none).properties(height=HEIGHT_PX), "running", f"The uplift of {who}", told)


def show_shares(rows: Rows, alt_text: str) -> None:
    """Show how traffic was split: rows with Day, Line and Share, 0 to 1."""
    chart = (
        alt.Chart(data_of(rows))
        .mark_area(opacity=0.8)
        .encode(
            x=alt.X("Day:T", title=None, axis=_DAYS),
            y=alt.Y("Share:Q", stack="normalize", axis=alt.Axis(format=".0%", title="Traffic")),
            color=alt.Color("Line:N", sort=None, legend=_legend(rows)),
            tooltip=["Day:T", "Line:N", alt.Tooltip("Share:Q", format=".0%")],
        )
        .properties(height=HEIGHT_PX + _legend_px(rows))
    )
    _show(chart, "shares_so_far", alt_text)


def show_rates(rows: Rows, alt_text: str, title: str | None = None) -> None:
    """Show rates over time: rows with Day, Line and Rate, a share unless the axis has a title."""
    share, exact = (",.2~f", ",.2f") if title else (".1%", ".2%")
    chart = (
        alt.Chart(data_of(rows))
        .mark_line()
        .encode(
            x=alt.X("Day:T", title=None, axis=_DAYS),
            y=alt.Y("Rate:Q", axis=alt.Axis(format=share, title=title)),
            color=alt.Color("Line:N", sort=None, legend=_legend(rows)),
            strokeDash=alt.StrokeDash("Line:N", sort=None, legend=None),
            tooltip=["Day:T", "Line:N", alt.Tooltip("Rate:Q", format=exact)],
        )
        .properties(height=HEIGHT_PX + _legend_px(rows))
    )
    _show(chart, "rates", alt_text)


def show_calendar(rows: Rows, alt_text: str) -> None:
    """Show when tests ran: rows with Test, State, From and To."""
    chart = (
        alt.Chart(data_of(rows))
        .mark_bar(cornerRadius=3, height=14)
        .encode(
            y=alt.Y("Test:N", sort=None, title=None, axis=_LINES),
            x=alt.X("From:T", title=None, axis=_DAYS),
            x2="To:T",
            color=alt.Color("State:N", legend=alt.Legend(orient="bottom", title=None)),
            tooltip=["Test:N", "State:N", "From:T", "To:T"],
        )
        .properties(height=alt.Step(_ROW_PX))
    )
    _show(chart, "calendar", alt_text)


def show_shares_of(rows: Rows, key: str, alt_text: str) -> None:
    """Show what share of something every line reached: rows with Line and Share."""
    chart = (
        alt.Chart(data_of(rows))
        .mark_bar(height=12)
        .encode(
            y=alt.Y("Line:N", sort=None, title=None, axis=_LINES),
            x=alt.X("Share:Q", axis=alt.Axis(format=".1%", title=None)),
            tooltip=["Line:N", alt.Tooltip("Share:Q", format=".2%")],
        )
        .properties(height=alt.Step(_ROW_PX))
    )
    _show(chart, key, alt_text)


def _show(chart: Picture, key: str, what: str, told: str = "") -> None:
    """Show a picture with the way to save it.

    Args:
        what: Is in it.
        told: What it says, for who cannot see it.
    """
    with st.container(key=f"picture_{key}", gap=None):
        st.altair_chart(readable(chart), key=key, alt=f"{what}. {told}" if told else what)
        offer_svg(key, what)


def readable(chart: Picture) -> Picture:
    """Write the words of a picture in the colour of text: by day the usual grey is too pale."""
    kind = st.context.theme.type
    colour = st.get_option(f"theme.{kind}.textColor") if kind else None
    words = {"labelColor": colour, "titleColor": colour} if colour else {}
    written: Picture = chart.configure_axis(**words).configure_legend(**words)
    return written


def _legend(rows: Rows) -> alt.Legend:
    """Return names of lines that fit the width of a phone."""
    columns = _columns(rows)
    return alt.Legend(
        orient="bottom", title=None, columns=columns, labelLimit=260 if columns == 1 else 105
    )


def _legend_px(rows: Rows) -> int:
    """Return the height of the names."""
    return _LEGEND_PX * ceil(len(_lines(rows)) / _columns(rows))


def _columns(rows: Rows) -> int:
    return 1 if len(_lines(rows)) <= _FEW_LINES else 2


def _lines(rows: Rows) -> set[object]:
    return {row["Line"] for row in rows}


def _limit(rows: Sequence[UpliftRow]) -> float:
    """Return where the axis ends: unbounded ranges are cut there."""
    return max(0.5, *(2 * abs(row.high) for row in rows)) if rows else 0.5


def data_of(rows: Rows) -> alt.Data:
    """Return rows as a chart takes them."""
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]  # as the stubs have it
