"""Shifting traffic to better lines while a test runs."""

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from creative.domain import kept_id
from creative.experiments.days import as_seen
from creative.experiments.design import expected_gain, length, why_fixed
from creative.experiments.verdict import Outcome
from creative.export.shares import shares_table
from creative.studio.experiments import Standing
from creative.studio.steering import alone
from creative.trials import Experiment, ExperimentState
from pages.parts.charts import show_shares
from pages.parts.experiment_words import arm_label, earned
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.resources import studio
from pages.parts.wording import plain

_PLANS_SHOWN = 5


def show_traffic(standing: Standing) -> None:
    """Show the shares for tomorrow while there is something to find out, and those so far."""
    experiment = standing.experiment
    if told := _settled(standing) or why_fixed(experiment):
        st.markdown(told)
    else:
        _show_shifting(standing)
    _show_so_far(standing)


def _settled(standing: Standing) -> str:
    """Say why nothing is left to split, as Markdown; empty while there is."""
    experiment, found = standing.experiment, standing.verdict
    if (place := experiment.chosen) is not None:
        line = plain(experiment.arms[place].text)
        return (
            f"“{line}” was chosen: give it all traffic on the platform. {_worth(standing, place)}"
        )
    if found.winner is not None:
        line = plain(experiment.arms[found.winner].text)
        who = "The control" if found.winner == experiment.control else "The line"
        return (
            f"{who} “{line}” has won: nothing is left to find out by splitting traffic. Give it all"
            " to this line, and record the decision under Verdict."
            f" {_worth(standing, found.winner)}"
        )
    if found.outcome is Outcome.BROKEN:
        return (
            "Traffic was not split as planned, so shares that follow these results could follow a"
            " mistake. Verdict says which line is off: mend that first."
        )
    if experiment.state is ExperimentState.STOPPED:
        return "The test was stopped, so no traffic is split. Resume it under Design to go on."
    if experiment.state is ExperimentState.ARCHIVED:
        return "The test is archived, so no traffic is split."
    return ""


def _worth(standing: Standing, place: int) -> str:
    """Say what showing a line alone brings; empty where nothing is known."""
    experiment, days = standing.experiment, standing.days
    if not days.tally.clicks.sum():
        return ""
    found = alone(standing, place)
    over = [(found.over_split, f"the split of {days.dates[-1]:%d %b %Y}")]
    if place != experiment.control:
        over = [(found.over_control, "the control alone"), *over]
    said = [
        f"{earned(experiment.metric, abs(amount), days.currency)} a day"
        f" {'more' if amount > 0 else 'less'} than {what}"
        for amount, what in over
    ]
    return (
        f"At the {days.per_day:,.0f} impressions a day of the last week, it brings about"
        f" {' and '.join(said)}."
    )


def _show_shifting(standing: Standing) -> None:
    experiment, days = standing.experiment, standing.days
    with shown_to_the_user() as attempt:
        split = studio().steering.next_shares(kept_id(experiment))
    if attempt.error is not None:
        return
    has_results = bool(days.tally.clicks.sum())
    if not has_results and not split.weight:
        st.markdown("Import results first: shares follow what lines have earned.")
        return
    seen = as_seen(experiment, days)
    wins, gain = expected_gain(seen)
    since = "of the last week" if has_results else "that are planned"
    st.markdown(
        f"At the {seen.per_day:,} impressions a day {since}, shifting is worth about {gain:.0%}"
        f" more {experiment.metric.value} than equal shares over {length(experiment)} days, at"
        f" about {wins:,.0f} {experiment.metric.value} per line. The control keeps at least"
        " a tenth and every line a little, so that the test still measures."
    )
    if experiment.foretold:
        st.caption(_foretold_words(split.weight))
    _show_next(seen, split.shares)


def _foretold_words(weight: float) -> str:
    """Say in one sentence whether what was foretold steers the shares."""
    if not weight:
        return (
            "What was foretold of these lines does not move the shares: it has not proved itself in"
            " your own tests yet."
        )
    return (
        "What was foretold of these lines before the test moves the shares with"
        f" {weight:.0%} of its weight, as far as it has proved itself in your own tests; the"
        " verdict rests on results alone."
    )


def _show_next(experiment: Experiment, shares: Mapping[int, float]) -> None:
    names = experiment.names
    st.dataframe(
        [
            {
                "Ad name": names[kept_id(arm)],
                # Numbers before the line, which is wider than a phone.
                "Share": f"{shares[kept_id(arm)]:.1%}",
                "Impressions a day": f"{experiment.per_day * shares[kept_id(arm)]:,.0f}",
                "Line": arm_label(experiment, place),
            }
            for place, arm in enumerate(experiment.arms)
        ],
        hide_index=True,
        key="next_shares",
        alt="Shares of the next day",
    )
    file = shares_table(experiment, shares)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input(
            "From",
            dt.datetime.now().astimezone().date() + dt.timedelta(1),
            key="shares_from",
            width=180,
        )
        st.button(
            "Use these shares",
            key="use_shares",
            type="primary",
            disabled=experiment.is_simulated or experiment.state is not ExperimentState.RUNNING,
            on_click=_use,
            args=(experiment, day, dict(shares)),
            help="Remembers them, so that the split is judged by what you planned.",
        )
        st.download_button(
            "Download CSV", file.content, file.filename, file.media_type, key="shares_file",
            on_click="ignore",
        )  # fmt: skip
    for plan in experiment.plans[: -_PLANS_SHOWN - 1 : -1]:
        said = ", ".join(f"{names[id]} {share:.1%}" for id, share in plan.shares.items())
        st.caption(f"From {plan.day:%d %b %Y}: {said}")


def _use(experiment: Experiment, day: dt.date, shares: Mapping[int, float]) -> None:
    with told_on_the_page():
        studio().experiments.plan_shares(kept_id(experiment), day, shares)


def _show_so_far(standing: Standing) -> None:
    days, experiment = standing.days, standing.experiment
    if len(days.dates) < 2:
        return
    shown = days.tally.impressions
    show_shares(
        [
            {
                "Day": day.isoformat(),
                "Line": arm_label(experiment, arm),
                "Share": float(shown[at, arm] / max(1, shown[at].sum())),
            }
            for at, day in enumerate(days.dates)
            for arm in range(len(experiment.arms))
        ],
        "Traffic by line and day",
    )
