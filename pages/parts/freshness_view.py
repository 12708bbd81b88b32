"""How lines in use do over time, and which have worn out."""

from collections.abc import Sequence

import streamlit as st

from creative.domain import Angle, kept_id
from creative.studio.experiments import Standing
from creative.studio.refresh import CHALLENGERS, Worn, worn
from creative.trials import Metric
from pages.parts.charts import Rows, show_rates
from pages.parts.experiment_words import arm_label
from pages.parts.resources import studio
from pages.parts.wording import plain

_ENOUGH = 14  #: days from which a fall can be told
_WEEK = 7


def show_freshness(standing: Standing) -> None:
    """Show the rate of every line over time, and say which have worn out."""
    days, experiment = standing.days, standing.experiment
    if len(days.dates) < _ENOUGH:
        st.markdown(
            f"Lines wear out over weeks. From {_ENOUGH} days of results on, this page says which"
            f" ones have; there are {len(days.dates)} so far. Go on importing reports, also after"
            " the decision."
        )
        return
    tired = worn(standing)
    for each in tired:
        line = plain(arm_label(experiment, each.place))
        st.warning(
            f"{line} has worn out since about {each.since:%d %B}: {each.left:.0%} of its rate is"
            " left, while that of the other lines held.",
            icon=":material/trending_down:",
        )
    if not tired:
        st.markdown("No line has worn out.")
    else:
        st.markdown(
            f"When a line wears out, {CHALLENGERS} challengers are drafted for it at the next"
            f" import.{_aim_words(standing, tired)} They wait for you under Review; nothing is sent"
            " anywhere."
        )
        st.page_link("pages/review.py", label="Review challengers")
    is_money = experiment.metric is Metric.REVENUE
    unit = "thousand impressions" if is_money else "impression"
    show_rates(
        _rates(standing, 1000 * days.unit if is_money else 1.0),
        f"{experiment.metric.value} per {unit}, by week and line",
        title=f"{days.currency} per 1,000".strip() if is_money else None,
    )
    st.caption(
        "Means of seven days. A line is called worn when its fall cannot be chance, with at most"
        " 5 % false alarms a month."
    )


def _aim_words(standing: Standing, tired: Sequence[Worn]) -> str:
    """Say which angles challengers are written from, and which are left out."""
    arms = standing.experiment.arms
    aim = studio().refresh.aim(standing, {kept_id(arms[each.place]) for each in tired})
    said = []
    if aim.won:
        said.append(f"prefer what surely won in your tests ({_listed(aim.won)})")
    if aim.avoided:
        said.append(f"leave out what wore out or surely lost ({_listed(aim.avoided)})")
    return f" They {' and '.join(said)}." if said else ""


def _listed(angles: Sequence[Angle]) -> str:
    return ", ".join(angle.value for angle in angles)


def _rates(standing: Standing, times: float) -> Rows:
    """Return the rate of every line on every day, over the week that ends there."""
    days, tally = standing.days, standing.days.tally
    rows: Rows = []
    for at in range(_WEEK - 1, len(days.dates)):
        week = slice(at - _WEEK + 1, at + 1)
        shown, won = tally.impressions[week].sum(axis=0), tally.clicks[week].sum(axis=0)
        rows += [
            {
                "Day": days.dates[at].isoformat(),
                "Line": arm_label(standing.experiment, arm),
                "Rate": float(times * won[arm] / shown[arm]),
            }
            for arm in range(tally.arms)
            if shown[arm]
        ]
    return rows
