"""Which brief a page is about: remembered in the session, and shareable as `?brief=ID`.

Changing the page drops what stands after the question mark, so it is put back on arrival.
"""

from typing import NoReturn

import streamlit as st

from creative.domain import Brief, kept_id
from pages.parts.channel_words import brief_label
from pages.parts.keys import CHOSEN_BRIEF
from pages.parts.resources import studio

_WIDGET = "brief_choice"
_PARAMETER = "brief"
_LONGEST_ID = 19  #: digits of the largest id a library gives
_ALL = 0  #: the choice of all briefs


def open_page(page: str, brief_id: int) -> NoReturn:
    """Go to a page that is about a brief, at the address that names it."""
    st.session_state[CHOSEN_BRIEF] = brief_id
    st.switch_page(page, query_params={_PARAMETER: str(brief_id)})


def choose_brief(*, or_all: bool = False) -> Brief | None:
    """Show the choice of a brief and return what is chosen.

    Args:
        or_all: Whether "All briefs" is a choice, for which None is returned.

    Returns:
        The brief; None when there is none to choose.
    """
    briefs = {kept_id(brief): brief for brief in studio().briefs.all()}
    if not briefs:
        return None
    chosen = _asked_for()
    if chosen is not None and chosen not in briefs:
        st.warning("The brief in this address is not in the library; it may have been removed.")
    chosen = chosen if chosen in briefs else st.session_state.get(CHOSEN_BRIEF)
    if chosen not in briefs:
        chosen = None if or_all else next(iter(briefs))
    st.session_state[CHOSEN_BRIEF] = chosen
    st.session_state[_WIDGET] = chosen or _ALL
    if chosen is not None and _PARAMETER not in st.query_params:
        st.query_params[_PARAMETER] = str(chosen)
    st.selectbox(
        "Brief",
        [*([_ALL] if or_all else []), *briefs],
        format_func=lambda id: brief_label(briefs[id]) if id in briefs else "All briefs",
        key=_WIDGET,
        on_change=_remember,
    )
    return briefs.get(chosen) if chosen is not None else None


def _asked_for() -> int | None:
    asked = st.query_params.get(_PARAMETER, "")
    return int(asked) if asked.isdecimal() and len(asked) < _LONGEST_ID else None


def _remember() -> None:
    chosen = st.session_state[CHOSEN_BRIEF] = st.session_state[_WIDGET] or None
    if chosen is None:
        st.query_params.pop(_PARAMETER, None)
    else:
        st.query_params[_PARAMETER] = str(chosen)
