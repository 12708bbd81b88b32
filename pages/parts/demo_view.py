"""A simulated test that plays by itself, one day every two seconds."""

import streamlit as st

from creative.domain import kept_id
from creative.studio.demo import DAYS, true_rates
from creative.trials import Experiment
from pages.parts.experiment_words import arm_label
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.keys import CHOSEN_TEST
from pages.parts.resources import studio

_OFFER = "Play a demonstration"
_ABOUT = (
    "A demonstration is thirty made-up days in one minute, with lines of this brief. Nothing of it"
    " is mixed with real results."
)
_DAY_S = 1.6  #: thirty days take a minute
_JUST_SHOWN = "demo_just_shown"  #: the first run of the fragment comes with the page itself
_PLAYING = "demo_playing"  #: id of the test that plays in this tab


def offer_demo(brief_id: int) -> None:
    """Show the way to a demonstration."""
    st.button(_OFFER, key="begin_demo", on_click=_begin, args=(brief_id,), help=_ABOUT)


def offer_more(brief_id: int) -> None:
    """Show the way to a demonstration where there are tests already: in a menu."""
    st.menu_button(
        "More", [_OFFER], key="more_of_tests", on_click=_begin, args=(brief_id,), help=_ABOUT
    )


def show_demo(experiment: Experiment, days: int) -> None:
    """Show how far a demonstration is, and let the next day pass while it plays."""
    goes_on = experiment.is_running and days < DAYS
    is_playing = goes_on and st.session_state.get(_PLAYING) == experiment.id
    with st.container(horizontal=True, vertical_alignment="center", key="demo"):
        st.progress(min(1.0, days / DAYS), f"Simulated day {days} of {DAYS}")
        if goes_on:
            label = "Pause" if is_playing else "Play"
            chosen = None if is_playing else experiment.id
            st.button(label, key="play_demo", on_click=_play, args=(chosen,))
    if days >= DAYS:
        rates = true_rates(experiment)
        best = arm_label(experiment, int(rates.argmax()))
        st.caption("The demonstration is over. Its made-up rates had as the best line:")
        st.text(f"{best}, with {rates.max():.2%}")
    _pass_days(kept_id(experiment), is_playing)


def _pass_days(experiment_id: int, is_playing: bool) -> None:
    """Let days pass in a fragment, which does not hold up the page."""

    @st.fragment(run_every=_DAY_S if is_playing else None)
    def tick() -> None:
        if is_playing and not st.session_state.pop(_JUST_SHOWN, False):
            with shown_to_the_user():
                studio().demo.play(experiment_id)
            st.session_state[_JUST_SHOWN] = True
            st.rerun()

    tick()


def _begin(brief_id: int) -> None:
    with told_on_the_page() as attempt:
        begun = studio().demo.begin(brief_id)
    if attempt.error is None:
        st.session_state[CHOSEN_TEST] = begun.id
        _play(begun.id)


def _play(experiment_id: int | None) -> None:
    st.session_state[_PLAYING] = experiment_id
    st.session_state.pop(_JUST_SHOWN, None)
