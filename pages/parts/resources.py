"""The one studio that every browser session shares."""

import streamlit as st
from pydantic import ValidationError

from creative.errors import StudioError
from creative.settings import Settings
from creative.studio.studio import Studio
from storage.assemble import assemble


@st.cache_resource(show_spinner=False, on_release=Studio.close)
def studio() -> Studio:
    """Return the studio, opening the library on the first call; it is safe in any thread.

    Raises:
        StudioError: If it cannot be opened; the next call tries again.
    """
    return assemble(_settings())


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(f"ADLIB_{'_'.join(map(str, e['loc'])).upper()}" for e in error.errors())
        raise StudioError(
            f"A setting has a value that Adlib does not understand: {names}. Correct it in the "
            "environment or in the file .env, then start Adlib again."
        ) from error
