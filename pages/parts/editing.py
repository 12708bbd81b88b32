"""Changing the wording of a draft, without ever overwriting somebody else's.

An edit names the version it started from; when that is no longer the newest, both wordings are
shown and the person chooses.
"""

from dataclasses import replace

import streamlit as st

from creative.domain import Draft, Edit, kept_id
from creative.errors import EditConflict
from pages.parts.draft_card import length, show_notes
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.keys import PROBLEM
from pages.parts.rater import editor
from pages.parts.resources import studio
from pages.parts.wording import ago, plain

_DRAFT = "edit_draft"  #: id of the draft that is edited
_VERSION = "edit_version"  #: the version the edit started from
_TEXT = "edit_text"
_CONFLICT = "edit_conflict"  #: the sentence, while somebody else's wording stands against this one
_ONE_ROW = 150  #: longest line, in the field's unit, that is edited in one row and checked live


def begin_edit(draft: Draft) -> None:
    """Open the editor on a draft."""
    st.session_state.update(
        {_DRAFT: draft.id, _VERSION: draft.version, _TEXT: draft.line.text, _CONFLICT: ""}
    )


def is_editing(draft: Draft) -> bool:
    """Tell whether the editor is open on this draft."""
    return st.session_state.get(_DRAFT) == draft.id


def show_editor(draft: Draft) -> None:
    """Show the editor with its live check, and the other wording when there is a conflict."""
    if conflict := st.session_state.get(_CONFLICT):
        st.warning(plain(conflict), icon=":material/group:")
        st.caption("The wording that was saved meanwhile:")
        st.text(draft.line.text)
        st.caption("Your wording, not saved yet:")
    else:
        st.caption("Wording")
    if (draft.line.limit or _ONE_ROW + 1) <= _ONE_ROW:
        st.text_input(
            "Wording",
            key=_TEXT,
            live="300ms",
            label_visibility="collapsed",
            persist_state="session",
        )
    else:
        st.text_area(
            "Wording",
            key=_TEXT,
            height=160,
            label_visibility="collapsed",
            persist_state="session",
            help="Checked when you leave the box or press Ctrl+Enter.",
        )
    with shown_to_the_user():
        line = studio().review.preview(draft, st.session_state[_TEXT] or "")
        with st.container(horizontal=True, vertical_alignment="center"):
            length(line)
        show_notes(line)
    with st.container(horizontal=True):
        st.button(
            "Save mine instead" if conflict else "Save",
            key="edit_save",
            type="primary",
            on_click=_save,
            args=(draft, draft.version if conflict else st.session_state[_VERSION]),
        )
        st.button("Keep theirs" if conflict else "Cancel", key="edit_cancel", on_click=_close)


def show_history(draft: Draft) -> None:
    """Offer every earlier wording; the text of each can be restored."""
    with st.popover(f"History ({draft.version})", key="history", on_change="rerun") as popover:
        if popover.open:
            with shown_to_the_user():
                for edit in reversed(studio().review.history(kept_id(draft))):
                    _show_edit(draft, edit)


def _show_edit(draft: Draft, edit: Edit) -> None:
    who = "as drafted" if edit.version == 1 else f"by {plain(edit.editor)}"
    st.caption(f"Version {edit.version} · {who} · {ago(edit.created_at)}")
    st.text(edit.text)
    if edit.version != draft.version and edit.text != draft.line.text:
        st.button(
            "Restore this wording",
            key=f"restore_{edit.version}",
            type="tertiary",
            on_click=_restore,
            args=(draft, edit.text),
        )


def _save(draft: Draft, version: int) -> None:
    text = st.session_state[_TEXT] or ""
    with told_on_the_page() as attempt:
        studio().review.edit(replace(draft, version=version), text, editor())
    if isinstance(attempt.error, EditConflict):
        st.session_state[_CONFLICT] = st.session_state.pop(PROBLEM)
    elif attempt.error is None:
        _close()


def _restore(draft: Draft, text: str) -> None:
    with told_on_the_page():
        studio().review.edit(draft, text, editor())


def _close() -> None:
    st.session_state[_DRAFT] = None
