"""Blind votes between two writers, on the Vote page: pairs of their lines, and nothing of whose."""

import streamlit as st

from creative.channels import channel
from creative.studio.voting import Pair
from pages.parts.ballot import show_ballot, show_take_back
from pages.parts.failures import shown_to_the_user, tell_problem
from pages.parts.keys import COMPARED
from pages.parts.rater import rater
from pages.parts.resources import studio
from pages.parts.wording import brief_title, count_of, plain


def offer_comparison() -> None:
    """Say that a comparison waits for this person, if one does that is not complete."""
    comparisons = studio().adapters.comparisons
    waiting = comparisons.open_for(rater())
    adapter = next((each for each in waiting if comparisons.contest(each).left), None)
    if adapter is None:
        return
    left = waiting[adapter]
    with st.container(border=True, key="comparison_waits"):
        st.markdown(
            f"**Two writers are compared blind**; {count_of(left, 'pair')} of their lines"
            f" {'waits' if left == 1 else 'wait'} for your vote."
        )
        st.button("Vote on them", key="comparison_open", on_click=_open, args=(adapter,))


def is_comparing() -> bool:
    """Tell whether this session votes on a comparison."""
    return bool(st.session_state.get(COMPARED))


@st.fragment
def show_comparison() -> None:
    """Show the pair whose turn it is."""
    adapter = str(st.session_state[COMPARED])
    with shown_to_the_user():
        tell_problem()
        about = f"comparison/{adapter}"
        if not rater():
            with st.container(border=True, key="comparison_no_name"):
                st.markdown(
                    "**Say who you are** in the box above, then the first two lines appear."
                )
            _offer_leave()
            return
        pair = studio().adapters.comparisons.next_pair(adapter, rater())
        if pair is None:
            _show_end(about)
            return
        left = studio().adapters.comparisons.open_for(rater()).get(adapter, 0)
        st.markdown(
            f"Which line would you rather run? {count_of(left, 'pair')} to go. Whose line is whose"
            " is told nowhere."
        )
        st.caption(_subject(pair))
        show_ballot(pair, about)
        _offer_leave()


def _show_end(about: str) -> None:
    with st.container(border=True, key="comparison_end"):
        st.markdown("**You have judged every pair.** The result is on the settings page.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link("pages/settings.py", label="See the result")
            show_take_back(about)
    _offer_leave()


def _subject(pair: Pair) -> str:
    brief = studio().briefs.get(pair.first.brief_id)
    names = {field.id: field.name for field in channel(brief.channel).fields}
    field = pair.first.line.field
    return plain(f"{brief_title(brief)} · {names.get(field, field)}")


def _offer_leave() -> None:
    if st.button("Vote on a brief instead", key="comparison_leave", type="tertiary"):
        st.session_state.pop(COMPARED, None)
        st.rerun()


def _open(adapter: str) -> None:
    st.session_state[COMPARED] = adapter
