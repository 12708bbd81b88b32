"""Who is rating and editing in this browser session."""

import uuid

import streamlit as st

from pages.parts.keys import RATER, VISITOR
from pages.parts.resources import studio

_WIDGET = "rater_choice"
_NOBODY = "Somebody"  #: who an edit is ascribed to while no name is given


def choose_rater() -> None:
    """Ask for a name: a known one, or a new one typed in."""
    names = studio().review.raters()
    current = st.session_state.get(RATER)
    if current and current not in names:
        names = [current, *names]
    st.session_state[_WIDGET] = current
    st.selectbox(
        "You are",
        names,
        index=None,
        key=_WIDGET,
        accept_new_options=True,
        placeholder="Type your name",
        on_change=_remember,
        width=220,
        help="Ratings and edits are kept under this name. It is no login.",
    )


def rater() -> str:
    """Return the name given, empty when none was."""
    return st.session_state.get(RATER) or ""


def visitor() -> str:
    """Return a name for this browser session, the same at every rerun; for sharing the engine."""
    return str(st.session_state.setdefault(VISITOR, uuid.uuid4().hex))


def editor() -> str:
    """Return whom an edit is ascribed to."""
    return rater() or _NOBODY


def _remember() -> None:
    st.session_state[RATER] = " ".join((st.session_state[_WIDGET] or "").split()) or None
