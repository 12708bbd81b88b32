"""What the tests of all briefs have taught: the report of the loop from line to result to line."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import streamlit as st

from creative.domain import Taste
from creative.experiments.lessons import FEWEST, Lesson
from creative.ranking.traits import ANGLE
from creative.studio.lessons import Balance, Taught
from pages.parts.charts import UpliftRow, show_uplifts
from pages.parts.experiment_words import earned
from pages.parts.failures import shown_to_the_user
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain
from pages.parts.worth_view import show_worth

_SHOWN = 10
_ALWAYS, _MONTH = "All time", "This month"
_EVERYBODY = "Everybody"
_SEGMENT = "lessons_segment"


def show_lessons() -> None:
    """Show what won for whom, how sure that is, what testing cost, and what follows from it."""
    with st.expander("What tests have taught", key="lessons", on_change="rerun") as opened:
        if not opened.open:
            return
        with shown_to_the_user():
            since, segment = _choose(studio().lessons.segments())
            _show(studio().lessons.taught(since, segment), since)
            st.markdown("**What the writer does differently**")
            st.markdown(heeded_words(studio().lessons.taste()))
            st.markdown("**What the prediction is worth for you**")
            show_worth()


def _choose(segments: list[str]) -> tuple[date | None, str]:
    """Show the choice of a time and, where there are several, of whom tests were for."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        time = st.segmented_control(
            "Time", (_ALWAYS, _MONTH), default=_ALWAYS, required=True, key="lessons_time"
        )
        segment = _EVERYBODY
        if segments:
            if st.session_state.get(_SEGMENT) not in segments:
                st.session_state[_SEGMENT] = _EVERYBODY
            segment = st.selectbox("For whom", [_EVERYBODY, *segments], key=_SEGMENT)
    since = datetime.now(UTC).date().replace(day=1) if time == _MONTH else None
    return since, "" if segment == _EVERYBODY else segment


def _show(taught: Taught, since: date | None) -> None:
    if not taught.tests:
        month = " this month" if since else ""
        st.markdown(f"No test has results{month}. Import a report under **Results** of a test.")
        return
    st.markdown(
        f"{count_of(taught.tests, 'test')}, {taught.won} with a winner,"
        f" {taught.impressions:,} impressions."
    )
    for balance in taught.balances:
        st.markdown(balance_words(balance))
    if taught.news:
        news = ", ".join(f"**{plain(trait)}**" for trait in sorted(taught.news))
        st.markdown(f":material/new_releases: Known since this month: {news}.")
    for lesson in taught.lessons:
        if lesson.is_sure:
            st.markdown(f":material/check: {_sure_words(lesson)}")
    if not taught.lessons:
        st.markdown(
            f"No trait can be told yet: it takes {FEWEST} lines that have one and {FEWEST} that"
            " lack it."
        )
        return
    if not any(lesson.is_sure for lesson in taught.lessons):
        st.markdown("No trait is surely better or worse yet.")
    rows = [_row(each) for each in taught.lessons[:_SHOWN]]
    show_uplifts(rows, "Earned, against lines without it", key="taught")
    st.caption(
        "Lines with a trait against lines without it, within the same tests and days, with 95 %"
        " confidence for each by itself; the sure ones stand out. A trait is no cause: lines that"
        " share one may share others."
    )


def balance_words(balance: Balance) -> str:
    """Say what testing cost and brought."""
    cost, gain, per_day = (
        plain(earned(balance.metric, amount, balance.currency))
        for amount in (balance.cost, abs(balance.gain), balance.per_day)
    )
    ahead = f" The winners bring about {per_day} a day more than their controls, at their traffic."
    return (
        f"Testing cost about {cost} against showing the best line only. Against showing the control"
        f" only it {'brought' if balance.gain >= 0 else 'lost'} about {gain}."
        f"{ahead if balance.per_day else ''}"
    )


def heeded_words(taste: Taste) -> str:
    """Say what follows from what is surely liked, and surely not."""
    if taste == Taste():
        return (
            "Nothing yet: it heeds a trait only once all tests together are sure of it. Winners and"
            " lines with five stars are shown to models that read examples."
        )
    return (
        f"{favoured_words(taste)} It writes more often from angles that won, and less often from"
        " angles that lost. Every run keeps what it heeded."
    )


def favoured_words(taste: Taste) -> str:
    """Say which lines are chosen by what tests have surely shown."""
    liked, disliked = (_or(map(_trait_words, traits)) for traits in (taste.liked, taste.disliked))
    favours = f"favours a line that {liked}" if liked else ""
    passes = f"passes over one that {disliked}" if disliked else ""
    chooses = " and ".join(filter(None, (favours, passes)))
    return f"Of lines that fit their brief equally well, it {chooses}."


def _trait_words(trait: str) -> str:
    is_angle = trait.startswith(ANGLE)
    words = f"was written from the angle {trait.removeprefix(ANGLE)}" if is_angle else trait
    return f"**{plain(words)}**"


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)


def _sure_words(lesson: Lesson) -> str:
    more = "more" if lesson.mean > 0 else "less"
    return (
        f"**{plain(lesson.trait)}** earns about {abs(lesson.mean):.0%} {more}, in"
        f" {count_of(lesson.tests, 'test')}."
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
