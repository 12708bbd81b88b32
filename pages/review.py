"""Judge drafts: rate, approve, reject, edit, find."""

from dataclasses import replace

import streamlit as st

from creative.domain import Draft, DraftState, kept_id
from creative.ports import DraftFilter
from pages.parts.brief_choice import choose_brief
from pages.parts.decisions import decide, show_undo
from pages.parts.draft_card import decision, facts, show_notes
from pages.parts.draft_filter import choose_drafts
from pages.parts.failures import tell_problem, told_on_the_page
from pages.parts.navigation import only_inside_the_app
from pages.parts.queue import go_to, show_queue
from pages.parts.rater import choose_rater
from pages.parts.records import drafts_in
from pages.parts.resources import studio
from pages.parts.wording import count_of, plain

_PER_PAGE = 25
_MODE = "review_mode"
_LIST, _QUEUE = "List", "One at a time"


def _open(wish: DraftFilter, draft_id: int) -> None:
    with told_on_the_page():
        go_to(wish, draft_id)
        st.session_state[_MODE] = _QUEUE


def _pick_key(draft_id: int) -> str:
    return f"pick_{draft_id}"


def _picked(ids: list[int]) -> list[int]:
    return [id for id in ids if st.session_state.get(_pick_key(id))]


def _pick_all(ids: list[int], is_on: bool) -> None:
    for id in ids:
        st.session_state[_pick_key(id)] = is_on


def _decide_picked(ids: list[int], state: DraftState) -> None:
    decide(_picked(ids), state)
    _pick_all(ids, False)


def _show_list(wish: DraftFilter) -> None:
    count = studio().review.count(wish)
    show_undo()
    if not count:
        st.markdown("No line matches these filters. Clear some of them, or draft more lines.")
        return
    pages = -(-count // _PER_PAGE)
    number = min(st.session_state.get("review_page") or 1, pages)
    found = studio().review.find(replace(wish, limit=_PER_PAGE, offset=(number - 1) * _PER_PAGE))
    ids = [kept_id(draft) for draft in found]
    _show_bulk(ids, count)
    with st.container(gap="xsmall"):
        for draft in found:
            _show_card(draft, wish)
    if pages > 1:
        st.session_state["review_page"] = number
        st.pagination(pages, key="review_page")


def _show_bulk(ids: list[int], count: int) -> None:
    picked = _picked(ids)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(count_of(count, "line"), width="content")
        st.button(
            "Select none" if picked else f"Select these {len(ids)}",
            key="pick_all",
            type="tertiary",
            on_click=_pick_all,
            args=(ids, not picked),
        )
        for label, state in (
            ("Approve selected", DraftState.APPROVED),
            ("Reject selected", DraftState.REJECTED),
            ("Archive selected", DraftState.ARCHIVED),
        ):
            if picked:
                st.button(
                    f"{label} ({len(picked)})",
                    key=f"bulk_{state.value}",
                    on_click=_decide_picked,
                    args=(ids, state),
                )


def _show_card(draft: Draft, wish: DraftFilter) -> None:
    draft_id = kept_id(draft)
    with st.container(border=True, gap="xsmall", key=f"card_{draft_id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.checkbox(
                f"Select {plain(draft.line.text)}",
                key=_pick_key(draft_id),
                label_visibility="collapsed",
            )
            st.text(draft.line.text, width="stretch")
            facts(draft, with_bar=False)
            decision(draft)
            st.button(
                "Open",
                key=f"open_{draft_id}",
                type="tertiary",
                on_click=_open,
                args=(wish, draft_id),
            )
        show_notes(draft.line)


only_inside_the_app()
st.title("Review", anchor=False)
with st.container(horizontal=True, vertical_alignment="bottom"):
    brief = choose_brief(or_all=True)
    choose_rater()
if not drafts_in(None):
    tell_problem()
    st.markdown("There is nothing to review yet: no line has been drafted.")
    st.page_link("pages/draft.py", label="Draft lines")
else:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        mode = st.segmented_control(
            "View",
            [_QUEUE, _LIST],
            default=_QUEUE,
            required=True,
            key=_MODE,
            persist_state="session",
        )
        wish = choose_drafts(brief)
    if mode == _LIST:
        tell_problem()
        _show_list(wish)
    else:
        show_queue(wish)
