"""A language model as a voter: how far it agrees with people, and its switch."""

import streamlit as st

from creative.engine.protocol import EngineState
from creative.judging.agreement import Agreement
from creative.studio.judging import Judge, Progress
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.judge_words import gone_words, standing_words, switch_words
from pages.parts.rater import rater, visitor
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain

_SWITCH, _STOPPING = "judge_counts", "judge_stopping"


def show_judge() -> None:
    """Offer to let the model in use judge; what that takes is looked up once it is opened."""
    with st.expander("Let the model judge", key="judge", on_change="rerun") as opened:
        if not opened.open:
            return
        with shown_to_the_user():
            judge = studio().judging.judge()
            if judge.obstacle:
                st.markdown(plain(judge.obstacle))
                st.page_link("pages/settings.py", label="Choose another model")
                return
            st.caption(
                "The model judges pairs that people have judged, for the whole library. Its votes "
                "count only if you switch them on, and only while it agrees with people as well "
                "as they do with one another."
            )
            _show_numbers(judge)
            st.markdown(standing_words(judge))
            _show_work(judge)
            _show_switch(judge)


def _show_numbers(judge: Judge) -> None:
    people, model = st.columns(2)
    with people:
        _show_number("People with one another", judge.trust.people, "shared answer")
    with model:
        _show_number(f"{plain(judge.name)} with most people", judge.trust.model, "pair")
    st.caption("Agreement beyond luck: 1 is perfect, 0 is what thrown dice would reach.")


def _show_number(label: str, found: Agreement, noun: str) -> None:
    """Show a kappa with what it comes from."""
    with st.container(gap="xxsmall"):
        st.metric(label, "–" if found.kappa is None else f"{found.kappa:.2f}")
        if found.shared:
            st.caption(f"{count_of(found.shared, noun)}, {found.same:.0%} the same")
        else:
            st.caption(f"No {noun} yet")


def _show_work(judge: Judge) -> None:
    """Show how far judging is, or offer it."""
    progress = studio().judging.progress()
    if progress is not None and progress.is_active:
        _show_live()
        return
    if words := gone_words(progress):
        st.markdown(words)
    elif not judge.left and (judge.trust.model.shared or judge.without):
        st.caption("The model was asked about every pair that people have judged.")
    if judge.left:
        st.button(f"Judge {count_of(judge.left, 'pair')}", key="judge_start", on_click=_start)


@st.fragment(run_every=1.0)
def _show_live() -> None:
    """Show the go in hand; the page follows when it has ended."""
    progress = studio().judging.progress()
    if progress is None or not progress.is_active:
        st.session_state.pop(_STOPPING, None)
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", key="judge_progress"):
        share = progress.done / max(progress.wanted, 1)
        st.progress(share, f"{progress.done} of {progress.wanted} · {_activity(progress)}")
        st.button(
            "Stop",
            key="judge_stop",
            icon=":material/stop:",
            on_click=_stop,
            disabled=bool(st.session_state.get(_STOPPING)),
        )


def _activity(progress: Progress) -> str:
    if st.session_state.get(_STOPPING):
        return "stopping…"
    if studio().judging.engine().state in (EngineState.COLD, EngineState.LOADING):
        return "loading the model…"
    if progress.position:
        return f"number {progress.position} in the queue…"
    return "judging…"


def _show_switch(judge: Judge) -> None:
    """Offer to let the votes count; off can always be chosen."""
    st.session_state[_SWITCH] = judge.is_on
    st.toggle(
        "Count the model's votes in rankings",
        key=_SWITCH,
        disabled=not judge.is_on and judge.trust.doubt is not None,
        on_change=_switch,
    )
    if words := switch_words(judge):
        st.caption(words)


def _start() -> None:
    with told_on_the_page():
        studio().judging.start(user=rater() or visitor())


def _stop() -> None:
    st.session_state[_STOPPING] = True
    studio().judging.stop()


def _switch() -> None:
    with told_on_the_page():
        studio().judging.switch(bool(st.session_state[_SWITCH]))
