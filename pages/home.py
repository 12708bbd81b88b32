"""Where things stand and what to do next."""

from typing import NamedTuple

import streamlit as st

from creative.domain import Brief, DraftState, Run, kept_id
from pages.parts.brief_choice import open_page
from pages.parts.channel_words import channel_name
from pages.parts.example import EXAMPLE
from pages.parts.failures import shown_to_the_user, tell_problem
from pages.parts.keys import CHOSEN_TEST
from pages.parts.navigation import only_inside_the_app
from pages.parts.records import drafts_in
from pages.parts.resources import studio
from pages.parts.wording import ago, brief_title, count_of, listed, plain

_RECENT = 5
_STEPS = ("Brief", "Draft", "Review", "Export", "Test")


class Step(NamedTuple):
    """What to do next, and where."""

    place: str  #: one of the steps of the loop
    title: str
    about: str
    button: str
    page: str
    brief_id: int | None = None
    test_id: int | None = None


def next_step(briefs: list[Brief], active: list[Run]) -> Step:
    """Choose the one thing that moves the work on."""
    if not briefs:
        return Step(
            "Brief",
            "Describe your product",
            "Say what you sell, to whom and where the ad will run. Adlib writes lines that fit "
            "the limits of that channel, and never claims what the brief does not say.",
            "Write a brief",
            "pages/briefs.py",
        )
    newest = kept_id(briefs[0])
    if active:
        return Step(
            "Draft",
            "Lines are being written",
            "They are kept one by one, also when this tab is closed.",
            "Watch them come in",
            "pages/draft.py",
            active[0].brief_id,
        )
    known = {kept_id(brief) for brief in briefs}
    if judged := [test for test in studio().experiments.undecided() if test.brief_id in known]:
        names = listed([f"“{plain(test.name)}”" for test in judged])
        return Step(
            "Test",
            f"Decide {count_of(len(judged), 'test')}",
            f"It is clear which line of {names} is best. Say which one to use from now on.",
            "See the verdict",
            "pages/experiments.py",
            judged[0].brief_id,
            judged[0].id,
        )
    if not drafts_in(newest):
        return Step(
            "Draft",
            "Draft the first lines",
            "The newest brief has no lines yet.",
            "Draft lines",
            "pages/draft.py",
            newest,
        )
    if unread := drafts_in(None, DraftState.NEW):
        return Step(
            "Review",
            f"Review {count_of(unread, 'line')}",
            "Rate, approve or reject them; the keyboard is enough.",
            "Review lines",
            "pages/review.py",
        )
    tests = [test for test in studio().experiments.all() if test.brief_id in known]
    if running := [test for test in tests if test.is_running and not test.is_simulated]:
        return Step(
            "Test",
            f"See how {count_of(len(running), 'test')} {'does' if len(running) == 1 else 'do'}",
            "Bring the latest report; the verdict says who wins, and how sure that is.",
            "Open tests",
            "pages/experiments.py",
            running[0].brief_id,
            running[0].id,
        )
    if studio().exports.history(newest):
        return Step(
            "Test",
            "Test what was exported",
            "Only a test tells which line earns most; it says beforehand what traffic it takes.",
            "Design a test",
            "pages/experiments.py",
            newest,
        )
    if drafts_in(newest, DraftState.APPROVED):
        return Step(
            "Export",
            "Export what was approved",
            "Every line of the newest brief was reviewed.",
            "Export",
            "pages/export.py",
            newest,
        )
    return Step(
        "Draft",
        "Draft some more lines",
        "No line of the newest brief was approved. Another run brings other ideas.",
        "Draft lines",
        "pages/draft.py",
        newest,
    )


def _go(page: str, brief_id: int | None = None, test_id: int | None = None) -> None:
    if test_id is not None:
        st.session_state[CHOSEN_TEST] = test_id
    if brief_id is not None:
        open_page(page, brief_id)
    st.switch_page(page)


def _use_example() -> None:
    with shown_to_the_user() as attempt:
        brief = studio().briefs.keep(EXAMPLE)
    if attempt.error is None:
        _go("pages/draft.py", kept_id(brief))


def _show_step(step: Step, is_first: bool) -> None:
    with st.container(border=True, gap="small", key="next_step"):
        st.subheader(step.title, anchor=False)
        st.markdown(step.about)
        with st.container(horizontal=True):
            if st.button(step.button, key="next_step_button", type="primary"):
                _go(step.page, step.brief_id, step.test_id)
            if is_first and st.button(
                "Try an example brief",
                key="use_example",
                help="Fills in a brief of an invented coffee brand, so that you see lines "
                "within a minute.",
            ):
                _use_example()


def _show_brief(brief: Brief) -> None:
    brief_id = kept_id(brief)
    new, approved = (drafts_in(brief_id, s) for s in (DraftState.NEW, DraftState.APPROVED))
    counts = f"{count_of(drafts_in(brief_id), 'line')} · {new} to review · {approved} approved"
    with (
        st.container(border=True, key=f"recent_{brief_id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap=None):
            st.text(brief_title(brief))
            facts = f"{plain(channel_name(brief.channel))} · {ago(brief.created_at)}"
            st.caption(f"{facts} · {counts}")
        if st.button("Open", key=f"open_{brief_id}"):
            _go("pages/draft.py", brief_id)


only_inside_the_app()
active = studio().drafting.active()


@st.fragment(run_every=2.0 if active else None)
def _show_active() -> None:
    """Show the runs that are being written; one full run more when one of them has ended."""
    with shown_to_the_user():
        running = studio().drafting.active()
        for run in running:
            progress = studio().drafting.progress(kept_id(run))
            share = progress.done / max(progress.wanted, 1)
            st.progress(
                min(share, 1.0), f"Run {run.id}: {progress.done} of {progress.wanted} lines"
            )
        if len(running) != len(active):
            st.rerun()


st.title("What to do next", anchor=False)
tell_problem()
briefs = studio().briefs.all()
step = next_step(briefs, active)
st.markdown(
    " → ".join(f"**{name}**" if name == step.place else f":gray[{name}]" for name in _STEPS)
)
_show_step(step, is_first=not briefs)
if active:
    _show_active()
if briefs:
    st.space("small")
    st.subheader("Recent briefs", anchor=False)
    for recent in briefs[:_RECENT]:
        _show_brief(recent)
