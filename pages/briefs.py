"""Describe what is sold, to whom and where: the list of briefs, and the form of one."""

import streamlit as st

from creative.channels import channel
from creative.domain import Brief, DraftState, kept_id
from creative.studio.briefs import hints
from pages.parts.brief_choice import open_page
from pages.parts.brief_form import show_form, tell_refusal
from pages.parts.brief_typed import NEW, TARGET, close_form, is_refused, open_form, typed_brief
from pages.parts.channel_words import channel_name, show_limits
from pages.parts.decisions import show_put_back
from pages.parts.failures import tell_problem, told_on_the_page
from pages.parts.keys import CHOSEN_BRIEF
from pages.parts.navigation import only_inside_the_app
from pages.parts.records import drafts_in
from pages.parts.resources import studio
from pages.parts.wording import ago, brief_title, count_of, plain

_PER_PAGE = 12
_REMOVED = "removed_brief"  #: id of the brief that was removed last
_MENU = {"duplicate": "Duplicate", "remove": "Remove"}


def _save(*, and_draft: bool) -> None:
    if is_refused():
        return
    with told_on_the_page() as attempt:
        kept = studio().briefs.keep(typed_brief())
        st.session_state[CHOSEN_BRIEF] = kept.id
    if attempt.error:
        return
    close_form()
    st.toast("Brief saved.", icon=":material/check:")
    if and_draft:
        open_page("pages/draft.py", kept_id(kept))


def _act(brief: Brief, key: str) -> None:
    with told_on_the_page():
        match st.session_state[key]:
            case "duplicate":
                open_form(brief, as_copy=True)
            case "remove":
                studio().briefs.remove(kept_id(brief))
                st.session_state[_REMOVED] = brief.id


def _show_page_of_form() -> None:
    brief = typed_brief()
    st.title("New brief" if st.session_state[TARGET] == NEW else "Edit brief", anchor=False)
    form, beside = st.columns([5, 3], gap="medium")
    with form:
        show_form()
        with st.container(key="refusal"):  # always there, so that nothing below it moves
            tell_refusal()
            tell_problem()
        with st.container(horizontal=True):
            st.button(
                "Save and draft",
                key="save_and_draft",
                type="primary",
                on_click=_save,
                kwargs={"and_draft": True},
            )
            st.button("Save", key="save", on_click=_save, kwargs={"and_draft": False})
            st.button("Cancel", key="cancel", type="tertiary", on_click=close_form)
    with beside:
        with st.container(border=True, key="limits"):
            st.subheader("What it takes", anchor=False)
            st.caption(plain(channel_name(brief.channel)))
            show_limits(channel(brief.channel))
        with st.container(border=True, key="hints"):
            st.subheader("What would help", anchor=False)
            found = [*studio().drafting.obstacles(brief), *hints(brief)]
            for hint in found:
                st.markdown(f":material/lightbulb: {plain(hint)}")
            if not found:
                st.markdown(":material/check: Nothing is missing.")


def _show_list() -> None:
    st.title("Briefs", anchor=False)
    tell_problem()
    _show_removed()
    briefs = studio().briefs.all()
    if not briefs:
        st.markdown(
            "A brief says what you sell, to whom, and where the ad will run. Every line that "
            "Adlib writes is grounded in one."
        )
        st.button("New brief", key="new_brief", type="primary", on_click=open_form)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sought = st.text_input(
            "Search",
            key="brief_search",
            type="search",
            live="300ms",
            placeholder="Brand, product, audience or channel",
            label_visibility="collapsed",
            persist_state="session",
        )
        st.button("New brief", key="new_brief", type="primary", on_click=open_form)
    found = [brief for brief in briefs if (sought or "").casefold() in _searchable(brief)]
    if not found:
        st.markdown("No brief has these words. Clear the search to see them all.")
        return
    pages = -(-len(found) // _PER_PAGE)
    number = 1
    if pages > 1:
        number = st.pagination(pages, key="brief_page")
    for brief in found[(number - 1) * _PER_PAGE : number * _PER_PAGE]:
        _show_brief(brief)


def _show_removed() -> None:
    show_put_back(
        "Brief removed; its drafts are kept.",
        studio().briefs.put_back,
        removed=_REMOVED,
        key="put_back",
        label="Undo",
    )


def _show_brief(brief: Brief) -> None:
    brief_id = kept_id(brief)
    lines, approved = drafts_in(brief_id), drafts_in(brief_id, DraftState.APPROVED)
    facts = (plain(channel_name(brief.channel)), ago(brief.created_at))
    counts = f"{count_of(lines, 'line')} · {approved} approved"
    with (
        st.container(border=True, key=f"brief_{brief_id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap=None):
            st.text(brief_title(brief))
            st.caption(" · ".join((*filter(None, facts), counts)))
        st.button(
            "Draft", key=f"draft_{brief_id}", on_click=open_page, args=("pages/draft.py", brief_id)
        )
        st.button(
            "Edit", key=f"edit_{brief_id}", type="tertiary", on_click=open_form, args=(brief,)
        )
        key = f"menu_{brief_id}"
        st.menu_button(
            "More",
            list(_MENU),
            format_func=_MENU.__getitem__,
            key=key,
            type="tertiary",
            on_click=_act,
            args=(brief, key),
        )


def _searchable(brief: Brief) -> str:
    words = (brief.brand.name, brief.product.name, brief.audience.name, channel_name(brief.channel))
    return " ".join(words).casefold()


only_inside_the_app()
if TARGET in st.session_state:
    _show_page_of_form()
else:
    _show_list()
