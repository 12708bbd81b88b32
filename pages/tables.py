"""Tables of impressions or users: learnt from, reported on, scored."""

import streamlit as st

from creative.studio.table_shelf import KeptModel
from pages.parts.decisions import show_put_back
from pages.parts.failures import shown_to_the_user, tell_problem, told_on_the_page
from pages.parts.keys import CHOSEN_TABLE_MODEL
from pages.parts.navigation import only_inside_the_app
from pages.parts.resources import studio
from pages.parts.table_fit_view import is_learning, show_fit, tell_fit
from pages.parts.table_form import show_table_form
from pages.parts.table_report import show_report
from pages.parts.table_score import show_score
from pages.parts.table_words import kept_label
from pages.parts.wording import plain

_NEW = ""  #: the choice of no model, to learn a new one
_WIDGET, _REMOVED = "table_choice", "table_removed"
_REPORT, _SCORE = "Report", "Score a table"


def _choose(models: list[KeptModel]) -> KeptModel | None:
    """Show the choice of a model and return what is chosen; None for a new one."""
    by_id = {model.id: model for model in models}
    chosen = st.session_state.get(CHOSEN_TABLE_MODEL, models[0].id)
    if chosen != _NEW and chosen not in by_id:
        chosen = models[0].id
    st.session_state[CHOSEN_TABLE_MODEL] = st.session_state[_WIDGET] = chosen
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Model",
            [*by_id, _NEW],
            format_func=lambda id: kept_label(by_id[id]) if id in by_id else "A new one",
            key=_WIDGET,
            on_change=lambda: _open(st.session_state[_WIDGET]),
            width=520,
        )
        if chosen != _NEW:
            st.button("New model", key="table_new", on_click=_open, args=(_NEW,))
            st.button("Remove", key="table_remove", on_click=_remove, args=(chosen,))
    return by_id.get(chosen)


def _open(id: str) -> None:
    st.session_state[CHOSEN_TABLE_MODEL] = id
    st.session_state.pop(_REMOVED, None)


def _remove(id: str) -> None:
    with told_on_the_page() as attempt:
        studio().tables.models.remove(id)
    if attempt.error is None:
        st.session_state[_REMOVED] = id
        st.session_state.pop(CHOSEN_TABLE_MODEL, None)


def _put_back(id: str) -> None:
    studio().tables.models.put_back(id)
    _open(id)


def _show_model(model: KeptModel) -> None:
    with shown_to_the_user() as attempt:
        reading = studio().tables.read(model.id)
    if attempt.error is not None:
        return
    source = f"from {plain(model.file)}" if model.file else "made with a command"
    st.caption(f"Foretells “{plain(reading.target)}” being “{plain(reading.positive)}”, {source}")
    view = st.segmented_control(
        "View", (_REPORT, _SCORE), default=_REPORT, required=True, key="table_view",
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if view == _SCORE:
        show_score(reading)
    else:
        show_report(reading)


only_inside_the_app()
st.title("Audience", anchor=False)
tell_problem()
tell_fit()
show_put_back("The model was removed.", _put_back, removed=_REMOVED, key="table_put_back")
kept = studio().tables.models.all()
shown = _choose(kept) if kept else None
if shown is None:
    show_table_form()
else:
    if is_learning():
        show_fit()
    _show_model(shown)
