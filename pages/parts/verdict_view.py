"""What a test says: one sentence, then the picture, then the numbers, then the decision."""

from collections.abc import Sequence
from functools import partial
from math import isfinite

import streamlit as st

from creative.domain import kept_id
from creative.experiments.days import Days
from creative.experiments.methods import method_of
from creative.experiments.verdict import ArmFigures, Outcome, Verdict, chance_words
from creative.studio.experiments import Standing
from creative.trials import Experiment, ExperimentState, Metric, Rule, letters
from pages.parts.brief_choice import open_page
from pages.parts.charts import UpliftRow, show_running, show_uplifts
from pages.parts.experiment_words import (
    REVENUE_EXPLAINED,
    SELF_CHOOSING,
    VIEW,
    arm_label,
    earned,
    money,
    rate_of,
)
from pages.parts.failures import told_on_the_page
from pages.parts.rater import choose_rater, rater
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain

_PICTURED = 15  #: lines in the picture, the most promising ones
_MOST = 500.0  #: per cent beyond which an uplift is not written out
_KEEP_CONTROL = 0
_ARM_COLUMNS = {
    "Line": st.column_config.TextColumn(width="medium"),
    "Per 1,000 (95 %)": st.column_config.TextColumn(help="Revenue of a thousand impressions."),
    "Surely": st.column_config.TextColumn(help="Better or worse than the control, for certain."),
    "Best with": st.column_config.TextColumn(help="The chance to be the best of all lines."),
    "Loss if chosen": st.column_config.TextColumn(
        help="How much of what the best line would earn is lost, on average, if this one is chosen."
    ),
}
_NOT_YET_EXPLAINED = {
    rule: "“Not yet” beside a range that leaves zero out: a range speaks of one line, seen once,"
    f" while a verdict has to hold for all lines together, {however}."
    for rule, however in (
        (Rule.ANY_DAY, "however often you look"),
        (Rule.PLANNED, "on all of the planned looks"),
    )
}
_ICONS = {
    Outcome.WINNER: ":material/trophy:",
    Outcome.CONTROL: ":material/trophy:",
    Outcome.BROKEN: ":material/report:",
}


def show_verdict(standing: Standing) -> None:
    """Show everything a test says."""
    experiment, days, found = standing.experiment, standing.days, standing.verdict
    icon = _ICONS.get(found.outcome, ":material/hourglass_top:")
    with st.container(border=True, key="verdict"):
        st.subheader(f"{icon} {plain(found.sentence)}", anchor=False)
        st.markdown(_basis(experiment, days))
        if found.outcome is Outcome.BROKEN:
            st.caption(SELF_CHOOSING)
        if not days.dates and _takes_results(experiment):
            st.button("Bring a report", key="to_results", type="primary", on_click=_to_results)
    if not days.tally.impressions.sum():
        return
    order = sorted(range(len(found.arms)), key=lambda at: -found.arms[at].chance_best)
    what = experiment.metric.value
    pictured = [at for at in order if at != experiment.control][:_PICTURED]
    rows = [_row(experiment, found, at) for at in pictured]
    show_uplifts(rows, f"{what.capitalize()} over the control", key="uplifts")
    st.caption(
        "Thick: what to expect when luck is taken off. Thin: as counted, with 95 % confidence."
        " The dashed line is the control."
    )
    st.dataframe(
        [_numbers(experiment, found.arms[at], at, days.currency) for at in order],
        hide_index=True,
        key="arm_numbers",
        column_config=_ARM_COLUMNS,
        alt="Numbers of every line",
    )
    _show_notes(experiment, days, found)
    _show_days(experiment, days, found, order)


def show_decision(standing: Standing) -> None:
    """Let a person decide, or show what was decided."""
    experiment, found = standing.experiment, standing.verdict
    if (decision := experiment.decision) and (chosen := experiment.chosen) is not None:
        with st.container(border=True, key="decision"):
            st.markdown(f"**Decided** by {plain(decision.by)} on {decision.made_at:%d %b %Y}")
            st.text(experiment.arms[chosen].text)
            if decision.why:
                st.caption(plain(decision.why))
            with st.container(horizontal=True):
                if st.button("Draft challengers", key="challengers", type="primary"):
                    open_page("pages/draft.py", experiment.brief_id)
                if not experiment.is_simulated and st.button("Export", key="to_export"):
                    open_page("pages/export.py", experiment.brief_id)
                st.button(
                    "Take back", key="undecide",
                    on_click=partial(move, experiment, ExperimentState.STOPPED),
                )  # fmt: skip
        return
    is_open = experiment.state in (ExperimentState.RUNNING, ExperimentState.STOPPED)
    if not is_open or not standing.days.dates:
        return
    with st.container(border=True, key="decide"):
        st.markdown("**Decide**")
        options = [_KEEP_CONTROL, *(kept_id(arm) for arm in experiment.arms if not arm.is_control)]
        best = 0 if found.winner is None else options.index(_id(experiment, found.winner))
        choice, reason = f"decide_{experiment.id}_{best}", f"why_{experiment.id}"
        st.selectbox(
            "Use from now on",
            options,
            index=best,
            format_func=lambda id: _option(experiment, id),
            key=choice,
        )
        st.text_input("Why", key=reason)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            choose_rater()
            st.button(
                "Decide", key="decide_button", type="primary",
                on_click=partial(_decide, experiment, choice, reason),
            )  # fmt: skip


def _option(experiment: Experiment, id: int) -> str:
    if id == _KEEP_CONTROL:
        return f"{experiment.arms[experiment.control].text} (keep the control)"
    return next(arm.text for arm in experiment.arms if arm.id == id)


def _id(experiment: Experiment, place: int) -> int:
    arm = experiment.arms[place]
    return _KEEP_CONTROL if arm.is_control else kept_id(arm)


def _basis(experiment: Experiment, days: Days) -> str:
    """Say on what the sentence rests."""
    tally = days.tally
    if not days.dates:
        if experiment.is_simulated:
            return "Its made-up days come by themselves while it plays."
        return "Import a report under Results; it is shown to you before it counts."
    shown, won = int(tally.impressions.sum()), float(tally.clicks.sum() * days.unit)
    if experiment.state is not ExperimentState.RUNNING:
        rule = "It has ended."
    elif experiment.rule is Rule.ANY_DAY:
        rule = "You may look every day."
    else:
        rule = "It is looked at on the planned days only."
    return (
        f"{len(days.dates)} days to {days.dates[-1]:%d %b %Y} · {shown:,} impressions ·"
        f" {earned(experiment.metric, won, days.currency)}. {rule}"
    )


def _takes_results(experiment: Experiment) -> bool:
    return not experiment.is_simulated and experiment.state is not ExperimentState.ARCHIVED


def _row(experiment: Experiment, found: Verdict, at: int) -> UpliftRow:
    figures = found.arms[at]
    low, mean, high = figures.uplift
    assert figures.ratio is not None
    return UpliftRow(
        label=arm_label(experiment, at),
        low=low,
        mean=mean,
        high=high,
        raw_low=figures.ratio.low - 1,
        raw_high=figures.ratio.high - 1,
        is_winner=found.winner == at,
    )


def _numbers(experiment: Experiment, arm: ArmFigures, at: int, currency: str) -> dict[str, object]:
    low, mean, high = arm.uplift
    is_control, metric = at == experiment.control, experiment.metric
    is_money = metric is Metric.REVENUE
    sure = "better" if arm.is_better else "worse" if arm.is_worse else "not yet"
    return {
        "Line": f"{letters(at)} · {experiment.arms[at].text}",
        "Uplift": "" if is_control else f"{mean:+z.1%}",
        "95 %": "" if is_control else f"{low:+z.0%} to {high:+z.0%}",
        "Surely": "control" if is_control else sure,
        "Best with": chance_words(arm.chance_best),
        metric.value.capitalize(): money(arm.wins, currency) if is_money else f"{arm.wins:,.0f}",
        "Impressions": f"{arm.impressions:,}",
        "Per 1,000 (95 %)" if is_money else "Rate (95 %)": _rate(metric, arm, currency),
        "As counted, 95 %": "" if arm.ratio is None else _counted(arm),
        "Loss if chosen": f"{arm.loss:z.1%}",
    }


def _rate(metric: Metric, arm: ArmFigures, currency: str) -> str:
    """Return what an impression earns, with its range; the currency is said once."""
    rate = arm.rate
    known = "not known yet"
    if isfinite(rate.high):
        known = f"{rate_of(metric, rate.low, '')} to {rate_of(metric, rate.high, '')}"
    return f"{rate_of(metric, rate.middle, currency)} ({known})"


def _counted(arm: ArmFigures) -> str:
    assert arm.ratio is not None
    high = 100 * (arm.ratio.high - 1)
    top = f"{high:+z.0f}%" if high < _MOST else "no upper end"
    return f"{arm.ratio.low - 1:+z.0%} to {top}"


def _show_notes(experiment: Experiment, days: Days, found: Verdict) -> None:
    """Say what the numbers do not: the price of testing, and days that differ more than chance."""
    notes = [_NOT_YET_EXPLAINED[experiment.rule]] if any(map(_seems_sure, found.arms)) else []
    if experiment.metric is Metric.REVENUE:
        notes.append(REVENUE_EXPLAINED)
    if found.missed >= 1:
        price = earned(experiment.metric, found.missed, days.currency)
        notes.append(
            f"Testing cost about {price} so far, against showing the best line only; that is what a"
            " winner has to earn back."
            + (f" This one does in about {_days(found.payback)}." if found.payback else "")
        )
    if found.payback:
        notes.append(
            f"Surer: to halve the range of its uplift takes about {_days(3 * len(days.dates))} more"
            " at this traffic, since precision grows with the square root of what is counted."
        )
    if found.dispersion > 1.5:
        notes.append(
            f"Results differ {found.dispersion:.1f} times as much from day to day as chance alone"
            " would make them, so more days are needed than usual."
        )
    for note in notes:
        st.caption(plain(note))


def _seems_sure(arm: ArmFigures) -> bool:
    """Tell whether a range leaves the control out although nothing is sure yet."""
    if arm.ratio is None or arm.is_better or arm.is_worse:
        return False
    low, _, high = arm.uplift
    return low > 0 or high < 0 or arm.ratio.low > 1 or arm.ratio.high < 1


def _days(number: float) -> str:
    return count_of(max(1, round(number)), "day")


def _show_days(experiment: Experiment, days: Days, found: Verdict, order: Sequence[int]) -> None:
    """Show how the range of one line narrowed day by day."""
    others = [at for at in order if at != experiment.control]
    if len(days.dates) < 2 or experiment.rule is not Rule.ANY_DAY:
        return
    with st.expander("Day by day", key="day_by_day", on_change="rerun") as opened:
        if not opened.open:
            return
        at = st.selectbox(
            "Line", others, format_func=lambda at: arm_label(experiment, at), key="running_line"
        )
        low, high = method_of(experiment.metric).sequence(days.tally, at)
        show_running(
            [day.isoformat() for day in days.dates],
            [float(each) - 1 for each in low],
            [min(float(each), 1e3) - 1 for each in high],
            letters(at),
        )
        st.caption("The band holds the truth on all days together with 95 % confidence.")


def _decide(experiment: Experiment, choice: str, reason: str) -> None:
    """Keep the decision; what is chosen is read now, as it may be newer than the button."""
    with told_on_the_page():
        studio().experiments.decide(
            kept_id(experiment),
            st.session_state[choice] or None,
            rater(),
            st.session_state[reason],
        )


def move(experiment: Experiment, state: ExperimentState) -> None:
    """Stop, resume or archive a test, or take its decision back, in a callback."""
    with told_on_the_page():
        studio().experiments.move(kept_id(experiment), state)


def _to_results() -> None:
    st.session_state[VIEW] = "Results"
