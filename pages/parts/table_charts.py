"""Pictures of models of tables, each with words for a screen reader."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt
import streamlit as st

from creative.tables.effects import Effect
from creative.tables.metrics import Bin, Decile
from pages.parts.charts import GREY, HEIGHT_PX, Rows, data_of, readable

_ROW_PX = 26
_PERCENT = ".0%"
_LONGEST = 34  #: code points of a name beside a bar
_MOST_WEIGHTS = 10


def show_calibration(bins: Sequence[Bin]) -> None:
    """Show what came against what was foretold, by bins of equal counts."""
    rows: Rows = [
        {"Foretold": each.foretold, "Came": each.came, "Rows": each.rows} for each in bins
    ]
    most = max(0.1, *(max(each.foretold, each.came) for each in bins)) * 1.05
    scale = alt.Scale(domain=[0, most])
    points = (
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=90, opacity=1)
        .encode(
            x=alt.X("Foretold:Q", scale=scale, axis=_share("Chance foretold")),
            y=alt.Y("Came:Q", scale=scale, axis=_share("Share that came")),
            tooltip=[
                alt.Tooltip("Foretold:Q", format=".1%"),
                alt.Tooltip("Came:Q", format=".1%"),
                alt.Tooltip("Rows:Q", format=","),
            ],
        )
    )
    true = (
        alt.Chart(data_of([{"x": 0, "y": 0}, {"x": most, "y": most}]))
        .mark_line(strokeDash=[4, 4], color=GREY)
        .encode(x="x:Q", y="y:Q")
    )
    told = "; ".join(f"{each.foretold:.0%} foretold, {each.came:.0%} came" for each in bins)
    st.altair_chart(
        readable((true + points).properties(height=HEIGHT_PX)),
        key="table_calibration",
        alt=f"What was foretold and what came, by tenths. {told}",
    )


def show_lift(deciles: Sequence[Decile], usual: float) -> None:
    """Show the rate of each tenth of the rows, the best first, against that of all rows."""
    rows: Rows = [
        {"Tenth": each.decile, "Rate": each.rate, "Lift": each.lift, "Found": each.captured}
        for each in deciles
    ]
    bars = (
        alt.Chart(data_of(rows))
        .mark_bar(cornerRadiusTopLeft=3, cornerRadiusTopRight=3)
        .encode(
            x=alt.X("Tenth:O", axis=alt.Axis(title="Tenths of rows, best first", labelAngle=0)),
            y=alt.Y("Rate:Q", axis=alt.Axis(format=_PERCENT, title="Share that succeeds")),
            tooltip=[
                alt.Tooltip("Tenth:O"),
                alt.Tooltip("Rate:Q", format=".1%"),
                alt.Tooltip("Lift:Q", format=".1f"),
                alt.Tooltip("Found:Q", format=_PERCENT, title="Found up to here"),
            ],
        )
    )
    line = (
        alt.Chart(data_of([{"y": usual}]))
        .mark_rule(strokeDash=[4, 4], strokeWidth=1.5, color=GREY)
        .encode(y="y:Q")
    )
    told = "; ".join(f"tenth {each.decile}: {each.rate:.0%}" for each in deciles)
    st.altair_chart(
        readable((bars + line).properties(height=HEIGHT_PX)),
        key="table_lift",
        alt=f"Share of successes by tenths of the rows; all rows have {usual:.0%}. {told}",
    )


def show_weights(weights: Sequence[tuple[str, float]]) -> None:
    """Show which columns count most, as shares of all that counts."""
    total = sum(added for _, added in weights) or 1.0
    shown = weights[:_MOST_WEIGHTS]
    rows: Rows = [{"Column": _cut(name), "Share": added / total} for name, added in shown]
    told = "; ".join(f"{name} {added / total:.0%}" for name, added in shown)
    _show_bars(
        rows,
        y="Column:N",
        x=alt.X("Share:Q", axis=alt.Axis(format=_PERCENT, title=None, tickCount=5)),
        hints=["Column:N", alt.Tooltip("Share:Q", format=_PERCENT)],
        key="table_weights",
        told=f"What counts most: {told}",
    )


def show_effect(effect: Effect, usual: float, key: str) -> None:
    """Show how the values of one column move the chance, in points from the usual rate."""
    rows: Rows = [
        {"Value": _cut(group.label), "Points": _moved(usual, group.added), "Rows": group.rows}
        for group in effect.groups
    ]
    told = "; ".join(f"{row['Value']}: {row['Points']:+.1%}" for row in rows)
    _show_bars(
        rows,
        y="Value:N",
        x=alt.X("Points:Q", axis=alt.Axis(format="+.0%", title=None, tickCount=5)),
        colour=_by_sign("Points"),
        hints=[
            alt.Tooltip("Value:N"),
            alt.Tooltip("Points:Q", format="+.1%"),
            alt.Tooltip("Rows:Q", format=","),
        ],
        key=key,
        told=f"How {effect.column} moves the chance. {told}",
    )


def show_reasons(added: Sequence[tuple[str, float]], cells: dict[str, str]) -> None:
    """Show by how much each column multiplies the odds of one row."""
    shown = [each for each in added if each[1]][:_MOST_WEIGHTS]
    rows: Rows = [
        {"Column": _cut(f"{name}: {cells.get(name) or 'empty'}"), "Log": log, "Odds": math.exp(log)}
        for name, log in shown
    ]
    told = "; ".join(f"{row['Column']} times {row['Odds']:.2f}" for row in rows)
    _show_bars(
        rows,
        y="Column:N",
        x=alt.X("Log:Q", axis=_odds([log for _, log in shown])),
        colour=_by_sign("Log"),
        hints=["Column:N", alt.Tooltip("Odds:Q", format=".2f", title="Times the odds")],
        key="table_reasons",
        told=f"What makes the odds of this row: {told}",
    )


def _show_bars(
    rows: Rows,
    *,
    y: str,
    x: alt.X,
    hints: Sequence[str | alt.Tooltip],
    key: str,
    told: str,
    colour: Any = alt.Undefined,
) -> None:
    """Show one bar for each row, its name beside it.

    Args:
        y: Field of the names.
        hints: What a bar says when it is pointed at.
        told: What the picture says, for who cannot see it.
        colour: That of the theme where none is given.
    """
    chart = (
        alt.Chart(data_of(rows))
        .mark_bar(height=14, cornerRadius=3)
        .encode(
            y=alt.Y(y, sort=None, title=None, axis=_names()),
            x=x,
            color=colour,
            tooltip=list(hints),
        )
        .properties(height=alt.Step(_ROW_PX))
    )
    st.altair_chart(readable(chart), key=key, alt=told)


_TIMES = "'× ' + format(exp(datum.value), '.3~f')"
_FACTORS = (1 / 64, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 64)


def _odds(logs: Sequence[float]) -> alt.Axis:
    """Return an axis of log-odds that is labelled in factors, some more on either side."""
    low, high = min([0.0, *logs]) - 0.7, max([0.0, *logs]) + 0.7
    ticks = [math.log(factor) for factor in _FACTORS if low <= math.log(factor) <= high]
    return alt.Axis(title=None, labelExpr=_TIMES, values=ticks)


_RAISES, _LOWERS = "#2a8f7c", "#c46a1d"  #: as the theme's first two colours, between day and night


def _by_sign(field: str) -> object:
    """Colour what raises unlike what lowers; the side of the bar says the same."""
    return alt.condition(f"datum.{field} >= 0", alt.value(_RAISES), alt.value(_LOWERS))


def _moved(usual: float, added: float) -> float:
    """Return how far log-odds move a chance from the usual one."""
    usual = min(max(usual, 1e-6), 1 - 1e-6)
    return 1 / (1 + math.exp(-(math.log(usual / (1 - usual)) + added))) - usual


def _share(title: str) -> alt.Axis:
    return alt.Axis(title=title, format=_PERCENT, tickCount=5)


def _names() -> alt.Axis:
    return alt.Axis(labelLimit=230, ticks=False, domain=False)


def _cut(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
