"""Approving, rejecting and removing, with a way back."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from creative.domain import DraftState
from pages.parts.failures import told_on_the_page
from pages.parts.keys import UNDO
from pages.parts.resources import studio
from pages.parts.wording import count_of, state_word


def decide(ids: Sequence[int], state: DraftState) -> bool:
    """Set the state of drafts, in a callback, and keep what it takes to undo it.

    Returns:
        Whether it worked; if not, the page says why.
    """
    with told_on_the_page() as attempt:
        before = studio().review.decide(ids, state)
    if attempt.error is None:
        verb = "Moved back to new" if state is DraftState.NEW else state_word(state)
        st.session_state[UNDO] = {
            "what": f"{verb}: {count_of(len(before), 'line')}.",
            "before": {id: old.value for id, old in before.items()},
        }
    return attempt.error is None


def show_undo(*, shortcut: str | None = None) -> None:
    """Say what the last decision was, with a button that takes it back."""
    with _kept_place():
        if last := st.session_state.get(UNDO):
            st.markdown(f":material/done: {last['what']}", width="content")
            st.button(
                "Undo", key="undo_decision", on_click=_undo, type="tertiary", shortcut=shortcut
            )


def show_put_back(
    what: str,
    put_back: Callable[[Any], object],
    *,
    removed: str,
    key: str,
    label: str = "Put it back",
) -> None:
    """Say what was removed last, with a button that puts it back; an empty place if none.

    Args:
        put_back: Is called with the id of what was removed.
        removed: Name of that id in the session state; it is forgotten once that is back.
    """
    with _kept_place():
        id = st.session_state.get(removed)
        if id is not None:
            st.markdown(what, width="content")
            args = (put_back, id, removed)
            st.button(label, key=key, type="tertiary", on_click=_put_back, args=args)


def _kept_place() -> DeltaGenerator:
    """Return a container that is there even if empty, so that what follows stays in its place."""
    return st.container(horizontal=True, vertical_alignment="center")


def _put_back(put_back: Callable[[Any], object], id: int | str, removed: str) -> None:
    with told_on_the_page():
        put_back(id)
        st.session_state.pop(removed, None)


def _undo() -> None:
    last = st.session_state.pop(UNDO, None)
    if last is not None:
        with told_on_the_page():
            studio().review.undo({id: DraftState(old) for id, old in last["before"].items()})
