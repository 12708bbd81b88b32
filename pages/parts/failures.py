"""Failures in words: the only place of the pages that catches one.

Misuse by a programmer is not caught; it is logged, and Streamlit says that something went wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from creative.errors import StudioError
from pages.parts.keys import PROBLEM
from pages.parts.wording import plain


@dataclass
class Outcome:
    """What became of an attempt; `error` is None when it worked."""

    error: StudioError | None = None


@contextmanager
def shown_to_the_user() -> Iterator[Outcome]:
    """Show the sentence of a StudioError where it happens, and go on after the block."""
    with _caught() as outcome:
        yield outcome
    if outcome.error:
        _say(str(outcome.error))


@contextmanager
def told_on_the_page() -> Iterator[Outcome]:
    """Keep the sentence of a StudioError for `tell_problem`: a callback has nowhere to show it.

    It stands until the next attempt or another page: a run of the page may be cut short by the
    next one, so a sentence that is shown once may never be seen.
    """
    st.session_state.pop(PROBLEM, None)
    with _caught() as outcome:
        yield outcome
    if outcome.error:
        st.session_state[PROBLEM] = str(outcome.error)


def tell_problem() -> None:
    """Say what went wrong in the last callback, in a container that is there even if empty."""
    with st.container():
        if problem := st.session_state.get(PROBLEM):
            _say(problem)


@contextmanager
def _caught() -> Iterator[Outcome]:
    outcome = Outcome()
    try:
        yield outcome
    except StudioError as error:
        outcome.error = error


def _say(problem: str) -> None:
    st.error(plain(problem), icon=":material/error:")
