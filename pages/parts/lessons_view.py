"""What the tests of all briefs have taught, in one picture."""

import streamlit as st

from creative.experiments.lessons import FEWEST, Lesson
from creative.studio.lessons import Taught
from pages.parts.charts import UpliftRow, show_uplifts
from pages.parts.failures import shown_to_the_user
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain
from pages.parts.worth_view import show_worth

_SHOWN = 10


def show_lessons() -> None:
    """Show which angles and traits earned more, how sure that is, and what it cost."""
    with st.expander("What tests have taught", key="lessons", on_change="rerun") as opened:
        if not opened.open:
            return
        with shown_to_the_user() as attempt:
            taught = studio().lessons.taught()
        if attempt.error is not None:
            return
        _show(taught)
        st.markdown("**What the prediction is worth for you**")
        with shown_to_the_user():
            show_worth()


def _show(taught: Taught) -> None:
    if not taught.lessons:
        st.markdown(
            f"Nothing yet: a trait needs {FEWEST} lines that have it and {FEWEST} that lack it,"
            " in tests with results."
        )
        return
    st.markdown(
        f"{count_of(taught.tests, 'test')}, {taught.won} with a winner,"
        f" {taught.impressions:,} impressions; testing cost about {taught.missed:,.0f} clicks or"
        " conversions."
    )
    for lesson in taught.lessons:
        if lesson.is_sure:
            more = "more" if lesson.mean > 0 else "less"
            st.markdown(
                f":material/check: **{plain(lesson.trait)}** earns about {abs(lesson.mean):.0%}"
                f" {more}, in {count_of(lesson.tests, 'test')}."
            )
    if not any(lesson.is_sure for lesson in taught.lessons):
        st.markdown("No trait is surely better or worse yet.")
    rows = [_row(each) for each in taught.lessons[:_SHOWN]]
    show_uplifts(rows, "Earned, against lines without it", key="taught")
    st.caption(
        "Lines with a trait against lines without it, within the same tests and days, with 95 %"
        " confidence for each by itself; the sure ones stand out. A trait is no cause: lines that"
        " share one may share others."
    )


def _row(lesson: Lesson) -> UpliftRow:
    return UpliftRow(
        label=f"{lesson.trait} ({lesson.lines})",
        low=lesson.low,
        mean=lesson.mean,
        high=lesson.high,
        raw_low=lesson.low,
        raw_high=lesson.high,
        is_winner=lesson.is_sure,
    )
