"""Tests of lines against each other: designed, fed with results, judged, decided."""

from datetime import UTC, datetime
from functools import partial

import streamlit as st

from creative.domain import Brief, kept_id
from creative.studio.demo import has_ended
from creative.studio.experiments import Standing
from creative.trials import Experiment, ExperimentState, Metric
from pages.parts.brief_choice import choose_brief
from pages.parts.charts import Rows, show_calendar
from pages.parts.demo_view import offer_demo, offer_more, show_demo
from pages.parts.experiment_form import DESIGNING, show_form
from pages.parts.experiment_words import (
    METRICS,
    RULES,
    RULES_EXPLAINED,
    SELF_CHOOSING,
    STATES,
    VIEW,
    arm_label,
    badges,
    dates,
    experiment_label,
)
from pages.parts.failures import shown_to_the_user, tell_problem, told_on_the_page
from pages.parts.freshness_view import show_freshness
from pages.parts.keys import CHOSEN_TEST
from pages.parts.lessons_view import show_lessons
from pages.parts.navigation import only_inside_the_app
from pages.parts.resources import studio
from pages.parts.results_view import show_results
from pages.parts.traffic_view import show_traffic
from pages.parts.verdict_view import move, show_decision, show_verdict
from pages.parts.wording import plain

_VIEWS = ("Verdict", "Results", "Traffic", "Freshness", "Design")
_WIDGET = "test_choice"
_MOVES = {
    ExperimentState.DRAFT: (("Archive", ExperimentState.ARCHIVED),),
    ExperimentState.RUNNING: (("Stop", ExperimentState.STOPPED),),
    ExperimentState.STOPPED: (
        ("Resume", ExperimentState.RUNNING),
        ("Archive", ExperimentState.ARCHIVED),
    ),
    ExperimentState.DECIDED: (("Archive", ExperimentState.ARCHIVED),),
    ExperimentState.ARCHIVED: (),
}


def _choose(tests: list[Experiment]) -> Experiment | None:
    """Show the choice of a test and return what is chosen."""
    by_id = {kept_id(test): test for test in tests}
    if not by_id:
        return None
    chosen = st.session_state.get(CHOSEN_TEST)
    if chosen not in by_id:
        chosen = next(iter(by_id))
    st.session_state[CHOSEN_TEST] = st.session_state[_WIDGET] = chosen
    st.selectbox(
        "Test",
        list(by_id),
        format_func=lambda id: experiment_label(by_id[id]),
        key=_WIDGET,
        on_change=_remember,
    )
    return by_id[chosen]


def _remember() -> None:
    st.session_state[CHOSEN_TEST] = st.session_state[_WIDGET]


def _open_form() -> None:
    st.session_state[DESIGNING] = True


def _show_test(test: Experiment) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(badges(test), width="content")
        st.caption(dates(test), width="content")
    if test.state is ExperimentState.DRAFT:
        _show_design(test)
        return
    st.session_state.setdefault(VIEW, _VIEWS[0])
    view = st.segmented_control(
        "View", _VIEWS, required=True, key=VIEW,
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if view == "Results":
        show_results(test)
        return
    if view == "Design":
        _show_design(test)
        return
    with shown_to_the_user() as attempt:
        standing: Standing = studio().experiments.standing(kept_id(test))
    if attempt.error is None:
        if test.is_simulated:
            show_demo(test, len(standing.days.dates))
        if view == "Traffic":
            show_traffic(standing)
        elif view == "Freshness":
            show_freshness(standing)
        else:
            show_verdict(standing)
            show_decision(standing)


def _show_design(test: Experiment) -> None:
    """Show what was planned, with the names that the ads need on the platform."""
    st.dataframe(
        [
            {
                "Ad name": test.names[kept_id(arm)],
                "Line": arm_label(test, place),
                **({"Known as": ", ".join(arm.aliases)} if arm.aliases else {}),
            }
            for place, arm in enumerate(test.arms)
        ],
        hide_index=True,
        key="test_arms",
        column_config={"Line": st.column_config.TextColumn(width="large")},
        alt="Lines of the test with the names of their ads",
    )
    if not test.is_simulated:
        st.caption(
            "Name the ads on the platform as in the first column, or leave their text as it is"
            " here: reports are matched by either."
        )
    length = f"{test.days} days" if test.days else "open-ended"
    where = f" · {plain(test.segment)}" if test.segment else ""
    st.markdown(
        f"{METRICS[test.metric]} · about {test.rate:.2%}"
        f" {'convert ' if test.metric is Metric.REVENUE else ''}today"
        f" · {test.per_day:,} impressions a day"
        f" · {length}{where}"
    )
    st.markdown(f"**{RULES[test.rule]}.** {RULES_EXPLAINED[test.rule]}")
    if not test.is_simulated:
        st.caption(SELF_CHOOSING)
    with st.container(horizontal=True):
        if test.state is ExperimentState.DRAFT:
            st.button(
                "Start", key="start_test", type="primary", on_click=partial(_start, kept_id(test))
            )
        for label, state in _MOVES[test.state]:
            if state is ExperimentState.RUNNING and has_ended(test):
                continue
            act = partial(move, test, state)
            st.button(label, key=f"move_{state.value}", on_click=act)
        if test.state is ExperimentState.ARCHIVED:
            st.button("Put back", key="put_back", on_click=partial(_put_back, kept_id(test)))


def _start(id: int) -> None:
    with told_on_the_page():
        studio().experiments.start(id)


def _put_back(id: int) -> None:
    with told_on_the_page():
        studio().experiments.put_back(id)


def _show_empty(brief: Brief | None) -> None:
    st.markdown(
        "A test shows several lines to like people at the same time and tells which one earns most,"
        " and how sure that is."
    )
    if brief is None:
        st.page_link("pages/briefs.py", label="Write a brief")
        return
    with st.container(horizontal=True):
        st.button("Design a test", key="first_test", type="primary", on_click=_open_form)
        offer_demo(kept_id(brief))


def _show_calendar() -> None:
    """Show when the tests of all briefs ran."""
    begun = [(test, test.started_at) for test in studio().experiments.all() if test.started_at]
    if not begun:
        return
    with st.expander("Calendar of all tests", key="calendar_of_tests", on_change="rerun") as opened:
        if opened.open:
            now = datetime.now(UTC)
            rows: Rows = [
                {
                    "Test": experiment_label(test),
                    "State": STATES[test.state][0],
                    "From": start.isoformat(),
                    "To": (test.stopped_at or now).isoformat(),
                }
                for test, start in begun
            ]
            show_calendar(rows, f"When {len(rows)} tests ran")


only_inside_the_app()
st.title("Tests", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    brief = choose_brief()
    tests = [t for t in studio().experiments.all() if brief and t.brief_id == brief.id]
    test = None if st.session_state.get(DESIGNING) else _choose(tests)
    if brief and test:
        st.button("New test", key="new_test", on_click=_open_form)
        offer_more(kept_id(brief))
tell_problem()
if brief and st.session_state.get(DESIGNING):
    show_form(brief)
elif test is None:
    _show_empty(brief)
else:
    _show_test(test)
if not st.session_state.get(DESIGNING):
    show_lessons()
    _show_calendar()
