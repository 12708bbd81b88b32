"""Adlib in a browser: `streamlit run app.py`.  Navigation and nothing else."""

import streamlit as st

from pages.parts.failures import shown_to_the_user
from pages.parts.navigation import chosen_page
from pages.parts.resources import studio

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
