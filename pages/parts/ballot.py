"""Two lines side by side and the keys that choose between them.

Nothing but the words is shown: no angle, no stars, no state, no source.
"""

from collections.abc import Callable
from functools import partial

import streamlit as st

from creative.domain import Draft
from creative.studio.voting import Pair
from creative.trials import Choice
from pages.parts.failures import told_on_the_page
from pages.parts.rater import rater
from pages.parts.resources import studio
from pages.parts.wording import plain

_MINE = "votes_of_mine"  #: ids of the votes of this session with what they were about
_BIG = 140  #: code points up to which a line is set in big type


def show_ballot(pair: Pair, about: str) -> None:
    """Show a pair.

    Args:
        about: What is voted on, so that only votes on the same are taken back.
    """
    sides = (
        (pair.first, Choice.FIRST, "First is better", "Left"),
        (pair.second, Choice.SECOND, "Second is better", "Right"),
    )
    for column, (draft, choice, label, key) in zip(st.columns(2), sides, strict=True):
        with (
            column,
            st.container(
                border=True,
                height="stretch",
                vertical_alignment="distribute",
                key=f"ballot_{choice.value}",
            ),
        ):
            _show_line(draft)
            _button(label, key, partial(_vote, pair, choice, about), width="stretch")
    with st.container(horizontal=True, horizontal_alignment="center", key="ballot_both"):
        _button("Both good", "B", partial(_vote, pair, Choice.BOTH, about))
        _button("Both bad", "N", partial(_vote, pair, Choice.NEITHER, about))
        show_take_back(about)
    if not _taken(about):
        st.caption("The keys work as soon as the box with your name is left: press Tab.")
    if pair.is_again:
        st.caption("You have judged every pair. They come again, and count again.")
    elif not pair.is_open:
        st.caption(
            "You have judged every pair that is still open. These votes help less; those of "
            "somebody else would help more."
        )


def show_take_back(about: str) -> None:
    """Show the button that takes the last vote of this session back."""
    _button(
        "Take back",
        "U",
        partial(_take_back, about),
        is_quiet=True,
        disabled=not _taken(about),
        help="Takes your last vote back.",
    )


def _show_line(draft: Draft) -> None:
    if len(draft.line.text) <= _BIG and "\n" not in draft.line.text:
        st.header(plain(draft.line.text), anchor=False)
    else:
        st.text(draft.line.text)


def _button(
    label: str,
    shortcut: str,
    act: Callable[[], None],
    *,
    width: str = "content",
    is_quiet: bool = False,
    disabled: bool = False,
    help: str | None = None,
) -> None:
    st.button(
        label,
        key=f"ballot_{shortcut}",
        shortcut=shortcut,
        on_click=act,
        type="tertiary" if is_quiet else "secondary",
        width=width,  # type: ignore[arg-type]  # one of Streamlit's literals
        disabled=disabled,
        help=help,
    )


def _vote(pair: Pair, choice: Choice, about: str) -> None:
    with told_on_the_page():
        vote = studio().voting.vote(pair.first, pair.second, choice, rater())
        st.session_state.setdefault(_MINE, []).append((vote.id, _subject(about)))


def _take_back(about: str) -> None:
    if mine := _taken(about):
        with told_on_the_page():
            studio().voting.take_back(mine[-1][0])
            st.session_state[_MINE].remove(mine[-1])


def _taken(about: str) -> list[tuple[int, str]]:
    """Return the votes of this session and person on the same, the last one last."""
    mine: list[tuple[int, str]] = st.session_state.get(_MINE, [])
    return [vote for vote in mine if vote[1] == _subject(about)]


def _subject(about: str) -> str:
    return f"{about}/{rater()}"
