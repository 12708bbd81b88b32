"""A fit that is going on, whoever began it, and how the last one of this session ended."""

from datetime import UTC, datetime

import streamlit as st

from creative.studio.tables import Fit
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.keys import CHOSEN_TABLE_MODEL, WATCHED_FIT
from pages.parts.resources import studio
from pages.parts.table_words import fit_words
from pages.parts.wording import duration, plain


def is_learning() -> bool:
    """Tell whether a table is being learnt from, by anybody."""
    fit = studio().tables.fit()
    return fit is not None and fit.progress.is_active


def tell_fit() -> None:
    """Say how the fit ended that this session began; its model is chosen if it ended well.

    In a container that is there even if empty, so that what follows stays in its place.
    """
    with st.container():
        _tell_end()


def _tell_end() -> None:
    fit = studio().tables.fit()
    if fit is None or fit.progress.is_active or st.session_state.get(WATCHED_FIT) != fit.model_id:
        return
    if fit.progress.message:
        st.error(plain(fit.progress.message), icon=":material/error:")
    elif fit.progress.is_stopped:
        st.info("Stopped; nothing was kept.", icon=":material/info:")
    else:
        st.session_state.pop(WATCHED_FIT)
        st.session_state[CHOSEN_TABLE_MODEL] = fit.model_id
        st.toast("The model is ready.", icon=":material/check:")


@st.fragment(run_every=1.0)
def show_fit() -> None:
    """Show the fit in hand; the page follows when it has ended."""
    with shown_to_the_user():
        fit = studio().tables.fit()
        if fit is None or not fit.progress.is_active:
            st.rerun()
        with st.container(border=True, key="table_fit"):
            st.markdown(f"**Learning “{plain(fit.name)}”**")
            with st.container(horizontal=True, vertical_alignment="center"):
                st.progress(min(fit.progress.share, 1.0), _said(fit))
                st.button(
                    "Stop",
                    key="table_stop",
                    icon=":material/stop:",
                    on_click=_stop,
                    disabled=fit.progress.is_stopped,
                )
            st.caption("It goes on when this tab is closed; pages and drafting stay usable.")


def _said(fit: Fit) -> str:
    passed = (datetime.now(UTC) - fit.begun_at).total_seconds()
    return f"{duration(passed)} · {fit_words(fit)}"


def _stop() -> None:
    with told_on_the_page():
        studio().tables.stop()
