"""The pages and their order, and the way back to app.py for a page that was run without it."""

from pathlib import Path

import streamlit as st

from pages.parts.keys import PROBLEM

_MARK = str(Path(__file__).with_name("favicon.png"))
_INSIDE = "inside_the_app"  #: set as soon as app.py has run in this session
_SHOWN = "shown_page"  #: title of the page of the last run
_PAGES = (
    ("home", "Home", "home"),
    ("briefs", "Briefs", "description"),
    ("draft", "Draft", "edit_note"),
    ("review", "Review", "rate_review"),
    ("vote", "Vote", "how_to_vote"),
    ("export", "Export", "download"),
    ("experiments", "Tests", "science"),
    ("tables", "Audience", "groups"),
    ("settings", "Models & settings", "tune"),
)


def chosen_page() -> st.Page:
    """Show the navigation and return the page to run."""
    st.session_state[_INSIDE] = True
    # Without a local favicon the browser asks a font server for the icon of the page.
    st.set_page_config(page_title="Adlib", page_icon=_MARK, layout="wide")
    st.logo(_MARK, size="large")
    page = st.navigation(
        [
            st.Page(
                f"pages/{name}.py",
                title=title,
                icon=f":material/{icon}:",
                default=name == "home",
            )
            for name, title, icon in _PAGES
        ],
        position="top",
    )
    if st.session_state.get(_SHOWN) != page.title:
        st.session_state[_SHOWN] = page.title
        st.session_state.pop(PROBLEM, None)
    return page


def only_inside_the_app() -> None:
    """Begin again from app.py when Streamlit has run a page on its own.

    A folder named `pages` makes Streamlit do so for an address such as /review, until
    `st.navigation` was called once in the process: after a restart, that is.
    """
    if _INSIDE not in st.session_state:
        chosen_page()
        st.rerun()
