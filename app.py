"""Adlib in a browser: `streamlit run app.py`.  Page config and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from pages.parts.failures import shown_to_the_user
from pages.parts.resources import studio

PARTS = Path(__file__).parent / "pages" / "parts"

# A local file: a Material icon here would be fetched from a font server by the browser.
st.set_page_config(page_title="Adlib", page_icon=str(PARTS / "favicon.png"), layout="wide")
page = st.navigation(
    [
        st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
        st.Page("pages/briefs.py", title="Briefs", icon=":material/description:"),
        st.Page("pages/draft.py", title="Draft", icon=":material/edit_note:"),
        st.Page("pages/review.py", title="Review", icon=":material/rate_review:"),
        st.Page("pages/export.py", title="Export", icon=":material/download:"),
        st.Page("pages/settings.py", title="Models & settings", icon=":material/tune:"),
    ],
    position="top",
)
with st.container(horizontal_alignment="center"), st.container(width=1080):
    with shown_to_the_user() as opening:
        studio()
    if opening.error is None:
        with shown_to_the_user():
            page.run()
    else:
        st.title("Adlib cannot open its library", anchor=False)
        st.markdown("Nothing was changed. Do what the sentence above says, then reload this page.")
