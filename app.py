"""Adlib in a browser: `streamlit run app.py`.  Page config and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from pages.parts.failures import shown_to_the_user
from pages.parts.navigation import chosen_page
from pages.parts.resources import studio

# A local file: a Material icon here would be fetched from a font server by the browser.
FAVICON = Path(__file__).parent / "pages" / "parts" / "favicon.png"

st.set_page_config(page_title="Adlib", page_icon=str(FAVICON), layout="wide")
st.logo(str(FAVICON), size="large")
page = chosen_page()
with st.container(horizontal_alignment="center"), st.container(width=1080):
    with shown_to_the_user() as opening:
        studio()
    if opening.error is None:
        with shown_to_the_user():
            page.run()
    else:
        st.title("Adlib cannot open its library", anchor=False)
        st.markdown("Nothing was changed. Do what the sentence above says, then reload this page.")
