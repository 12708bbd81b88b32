"""The one studio that every browser session shares."""

import streamlit as st

from creative.settings import read_settings
from creative.studio.studio import Studio
from storage.assemble import assemble


@st.cache_resource(show_spinner=False, on_release=Studio.close)
def studio() -> Studio:
    """Return the studio, opening the library on the first call; it is safe in any thread.

    Raises:
        StudioError: If it cannot be opened; the next call tries again.
    """
    return assemble(read_settings())
