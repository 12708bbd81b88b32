"""Shifting traffic to better lines while a test runs."""

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from creative.domain import kept_id
from creative.experiments.design import expected_gain, why_fixed
from creative.studio.experiments import Standing
from creative.trials import Experiment, ExperimentState
from pages.parts.charts import show_shares
from pages.parts.experiment_words import arm_label
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.resources import studio

_MONTH = 30
_PLANS_SHOWN = 5


def show_traffic(standing: Standing) -> None:
    """Show the shares for tomorrow, and how traffic was split so far."""
    experiment = standing.experiment
    if told := why_fixed(experiment):
        st.markdown(told)
        _show_so_far(standing)
        return
    with shown_to_the_user() as attempt:
        split = studio().steering.next_shares(kept_id(experiment))
    if attempt.error is not None:
        return
    if not standing.days.tally.clicks.sum() and not split.weight:
        st.markdown("Import results first: shares follow what lines have earned.")
        return
    wins, gain = expected_gain(experiment, experiment.days or _MONTH)
    st.markdown(
        f"At this traffic, shifting is worth about {gain:.0%} more"
        f" {experiment.metric.value} than equal shares, at about {wins:,.0f} per line."
        " The control keeps a tenth, so that the test still measures."
    )
    if experiment.foretold:
        st.caption(_foretold_words(split.weight))
    _show_next(experiment, split.shares)
    _show_so_far(standing)


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
                "Line": arm_label(experiment, place),
                "Share": f"{shares[kept_id(arm)]:.1%}",
                "Impressions a day": f"{experiment.per_day * shares[kept_id(arm)]:,.0f}",
            }
            for place, arm in enumerate(experiment.arms)
        ],
        hide_index=True,
        key="next_shares",
        alt="Shares of the next day",
    )
    file = studio().experiments.shares_file(kept_id(experiment), shares)
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
        said = ", ".join(f"{names[id]} {share:.0%}" for id, share in plan.shares.items())
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
