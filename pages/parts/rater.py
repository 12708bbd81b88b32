"""Who is rating and editing in this browser, whose cookie keeps the name for the next time."""

import uuid
from urllib.parse import unquote

import streamlit as st

from pages.parts.keys import RATER, VISITOR
from pages.parts.resources import studio

_WIDGET = "rater_choice"
_NOBODY = "Somebody"  #: who an edit is ascribed to while no name is given
_COOKIE = "adlib_rater"
_SAID = "rater_said"  #: whether the name was given in this session, and the cookie is to follow
_JS = """
export default function ({ data }) {
    const age = data.name ? 365 * 24 * 3600 : 0
    const kept = `${data.cookie}=${encodeURIComponent(data.name)}`
    document.cookie = `${kept}; path=/; max-age=${age}; SameSite=Strict`
}
"""
_keep = st.components.v2.component("adlib_keep_rater", js=_JS)


def choose_rater() -> None:
    """Ask for a name: a known one, or a new one typed in."""
    names = studio().review.raters()
    current = rater() or None
    if current and current not in names:
        names = [current, *names]
    st.session_state[_WIDGET] = current
    with st.container(width=220, gap=None):
        st.selectbox(
            "You are",
            names,
            index=None,
            key=_WIDGET,
            accept_new_options=True,
            placeholder="Type your name",
            on_change=_remember,
            help="Ratings and edits are kept under this name, and this browser remembers it. It is"
            " no login.",
        )
        if st.session_state.get(_SAID):
            _keep(key="keep_rater", data={"cookie": _COOKIE, "name": rater()}, height="content")


def rater() -> str:
    """Return the name given, empty when none was."""
    if RATER not in st.session_state:
        kept = unquote(st.context.cookies.get(_COOKIE, ""))
        st.session_state[RATER] = " ".join(kept.split()) or None
    return st.session_state[RATER] or ""


def visitor() -> str:
    """Return a name for this browser session, the same at every rerun; for sharing the engine."""
    return str(st.session_state.setdefault(VISITOR, uuid.uuid4().hex))


def editor() -> str:
    """Return whom an edit is ascribed to."""
    return rater() or _NOBODY


def _remember() -> None:
    st.session_state[_SAID] = True
    st.session_state[RATER] = " ".join((st.session_state[_WIDGET] or "").split()) or None
