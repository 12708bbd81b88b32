"""Reviewing one draft at a time, by keyboard.

The queue is a list of ids taken once, so that a draft keeps its place when its state changes.
While a line is edited, no single-key shortcut is on the page.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from creative.channels import channel
from creative.domain import Draft, DraftState, kept_id
from creative.ports import DraftFilter
from pages.parts.channel_words import brief_label
from pages.parts.decisions import decide, show_undo
from pages.parts.draft_card import facts, show_notes
from pages.parts.editing import begin_edit, is_editing, show_editor, show_history
from pages.parts.failures import shown_to_the_user, tell_problem, told_on_the_page
from pages.parts.rater import rater
from pages.parts.resources import studio
from pages.parts.why_view import show_why
from pages.parts.wording import count_of, plain, ratings_words

IDS = "queue_ids"
AT = "queue_at"  #: place in IDS; its length when the queue is through
_FOR = "queue_for"  #: the filter that IDS was taken with
_MATCHING = "queue_matching"  #: how many drafts the filter found; IDS holds the first of them
_LONGEST = 500
_BIG = 140  #: code points up to which a line is set in big type


def go_to(wish: DraftFilter, draft_id: int) -> None:
    """Open the queue at one draft."""
    _take(wish)
    ids = st.session_state[IDS]
    st.session_state[AT] = ids.index(draft_id) if draft_id in ids else 0


def show_queue(wish: DraftFilter) -> None:
    """Show the draft whose turn it is, taking a new queue when the filter is another one."""
    if st.session_state.get(_FOR) != repr(wish):
        _take(wish)
    _turn(wish)


@st.fragment
def _turn(wish: DraftFilter) -> None:
    with shown_to_the_user():
        ids: list[int] = st.session_state[IDS]
        at: int = st.session_state[AT]
        tell_problem()
        if not ids:
            st.markdown("No line matches these filters. Clear some, or draft more lines.")
            return
        if at >= len(ids):
            _show_end(wish, len(ids))
            return
        draft = studio().review.get(ids[at])
        with st.container(border=True, key="queue_card"):
            _show_draft(draft, at, len(ids))
        if (matching := st.session_state[_MATCHING]) > len(ids):
            st.caption(
                f"{count_of(matching, 'line')} match these filters; {len(ids)} come at a time. "
                "The others follow in the next queue, once some of these are decided."
            )
        show_undo(shortcut="U")


def _show_draft(draft: Draft, at: int, count: int) -> None:
    brief = studio().briefs.get(draft.brief_id)
    name = channel(brief.channel).field(draft.line.field).name
    st.caption(f"{at + 1} of {count} · {plain(name)} · {plain(brief_label(brief))}")
    if is_editing(draft):
        show_editor(draft)
        return
    if len(draft.line.text) <= _BIG and "\n" not in draft.line.text:
        st.header(plain(draft.line.text), anchor=False)
    else:
        st.text(draft.line.text)
    with st.container(horizontal=True, vertical_alignment="center"):
        facts(draft, with_state=True)
    show_notes(draft.line)
    _show_stars(draft)
    with st.container(horizontal=True, key="queue_actions"):
        _key("Approve", "A", partial(_decide, draft, DraftState.APPROVED), type="primary")
        _key("Reject", "X", partial(_decide, draft, DraftState.REJECTED))
        _key("Edit", "E", partial(begin_edit, draft))
        _key("Previous", "P", partial(_move, -1), disabled=at == 0)
        _key("Next", "N", partial(_move, 1))
        show_history(draft)
    show_why(draft)


def _show_stars(draft: Draft) -> None:
    ratings = studio().review.ratings(kept_id(draft))
    if words := ratings_words(ratings):
        st.caption(plain(words))
    mine = {rating.rater: rating.stars for rating in ratings}.get(rater(), 0)
    with st.container(horizontal=True, gap="xsmall", key="queue_stars"):
        for stars in range(1, 6):
            _key(
                "★" if stars <= mine else "☆",
                str(stars),
                partial(_rate, draft, stars),
                help=f"{stars} of 5 stars",
            )


def _key(
    label: str,
    shortcut: str,
    act: Callable[[], None],
    *,
    type: str = "secondary",
    disabled: bool = False,
    help: str | None = None,
) -> None:
    """Show a button that a single key presses."""
    st.button(
        label,
        key=f"queue_{shortcut}",
        shortcut=shortcut,
        on_click=act,
        type=type,  # type: ignore[arg-type]  # one of Streamlit's literals
        disabled=disabled,
        help=help,
    )


def _rate(draft: Draft, stars: int) -> None:
    with told_on_the_page():
        studio().review.rate(kept_id(draft), rater(), stars)


def _decide(draft: Draft, state: DraftState) -> None:
    if decide([kept_id(draft)], state):
        _move(1)


def _move(steps: int) -> None:
    st.session_state[AT] = min(max(st.session_state[AT] + steps, 0), len(st.session_state[IDS]))


def _take(wish: DraftFilter) -> None:
    found = studio().review.find(replace(wish, limit=_LONGEST, offset=0))
    st.session_state[IDS] = [kept_id(draft) for draft in found]
    st.session_state[_MATCHING] = studio().review.count(wish)
    st.session_state[AT] = 0
    st.session_state[_FOR] = repr(wish)


def _take_again(wish: DraftFilter) -> None:
    with told_on_the_page():
        _take(wish)


def _show_end(wish: DraftFilter, count: int) -> None:
    with st.container(border=True, key="queue_end"):
        st.subheader("That was the last line", anchor=False)
        left = max(st.session_state[_MATCHING] - count, 0)
        more = f"{count_of(left, 'line')} more and those" if left else "Lines"
        st.markdown(f"You went through all {count}. {more} written since wait in a new queue.")
        with st.container(horizontal=True):
            st.button(
                "Start again", key="queue_again", type="primary", on_click=_take_again, args=(wish,)
            )
            _key("Previous", "P", partial(_move, -1))
            st.button(
                "Export", key="queue_export", on_click=lambda: st.switch_page("pages/export.py")
            )
    show_undo(shortcut="U")
