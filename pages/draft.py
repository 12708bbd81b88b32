"""Have lines written for a brief, and watch them arrive.

A run goes on without this page: it is looked up in the library on every visit, never remembered.
"""

import streamlit as st

from creative.channels import Channel, Field, channel
from creative.domain import Brief, Sampling, kept_id
from creative.studio.drafting import usual_count
from pages.parts.brief_choice import choose_brief
from pages.parts.brief_typed import edit_elsewhere
from pages.parts.channel_words import limits_words
from pages.parts.failures import shown_to_the_user, tell_problem
from pages.parts.navigation import only_inside_the_app
from pages.parts.records import drafts_in
from pages.parts.resources import studio
from pages.parts.run_orders import begin
from pages.parts.run_view import show_runs
from pages.parts.wording import count_of, engine_words, plain

_MAX_COUNT = 100


def _count_key(place: Channel, field: Field) -> str:
    return f"want_{place.id}_{field.id}"


def _template_key(place: Channel, field: Field) -> str:
    return f"template_{place.id}_{field.id}"


def _start(brief_id: int, place: Channel) -> None:
    """Begin a run with what the page says; a second click while one is active does nothing."""
    wanted = {f.id: int(st.session_state.get(_count_key(place, f)) or 0) for f in place.drafted}
    templates = {f.id: st.session_state.get(_template_key(place, f)) for f in place.drafted}
    sampling = Sampling(
        temperature=st.session_state.get("sampling_temperature"),
        top_p=st.session_state.get("sampling_top_p"),
        candidates_per_line=st.session_state.get("sampling_candidates"),
    )
    begin(
        brief_id,
        {field: count for field, count in wanted.items() if count},
        {field: template for field, template in templates.items() if template},
        sampling,
        st.session_state.get("sampling_seed"),
    )


def _tell_obstacles(brief: Brief) -> None:
    """Say beforehand what the model in use would trip over."""
    notes = studio().drafting.obstacles(brief)
    if notes:
        with st.container(key="obstacles"):
            st.warning("  \n".join(map(plain, notes)), icon=":material/lightbulb:")
            st.button("Edit the brief", key="edit_brief", on_click=edit_elsewhere, args=(brief,))


def _tell_champion(brief: Brief) -> None:
    """Name the line that new ones have to beat, once a test of the brief was decided."""
    decided = (
        (each.decision.made_at, each.arms[each.chosen].text, each.field)
        for each in studio().experiments.all()
        if each.brief_id == brief.id and not each.is_simulated
        if each.decision and each.chosen is not None
    )
    if newest := max(decided, default=None):
        day, text, field = newest
        name = channel(brief.channel).field(field).name.lower()
        st.markdown(f"{name.capitalize()} to beat: **“{plain(text)}”**, chosen on {day:%d %b %Y}.")


def _ask(brief: Brief, place: Channel, is_active: bool) -> None:
    """Show what to write and the buttons that begin and end it."""
    with st.container(border=True, key="order"):
        with st.container(horizontal=True, gap="medium", key="counts"):
            for field in place.drafted:
                _ask_for(place, field)
        total = sum(st.session_state.get(_count_key(place, f)) or 0 for f in place.drafted)
        with st.container(horizontal=True):
            st.button(
                f"Write {count_of(int(total), 'line')}",
                key="write",
                type="primary",
                shortcut="Ctrl+Enter",
                disabled=is_active or not total,
                on_click=_start,
                args=(kept_id(brief), place),
            )
            with st.popover("Advanced", key="advanced", type="tertiary"):
                _ask_sampling()


def _ask_for(place: Channel, field: Field) -> None:
    key = _count_key(place, field)
    st.session_state.setdefault(key, usual_count(place, field))
    with st.container(width=220, gap="xsmall"):
        st.number_input(
            plain(field.name),
            min_value=0,
            max_value=_MAX_COUNT,
            step=1,
            key=key,
            persist_state="session",
            help=limits_words(field),
        )
        templates = studio().drafting.templates(field.shape)
        if len(templates) > 1:
            about = {template.reference: template.about for template in templates}
            st.selectbox(
                "Prompt",
                list(about),
                format_func=lambda reference: f"{reference}: {about[reference]}",
                key=_template_key(place, field),
                persist_state="session",
            )


def _ask_sampling() -> None:
    st.caption(
        "Empty means: what suits the model best. On a "
        "brief without lines, the same seed gives the same lines again."
    )
    with st.container(horizontal=True, gap="medium"):
        for label, key, low, high, step in (
            ("Temperature", "sampling_temperature", 0.05, 2.0, 0.05),
            ("Top-p", "sampling_top_p", 0.05, 1.0, 0.05),
            ("Candidates per line", "sampling_candidates", 1, 64, 1),
            ("Seed", "sampling_seed", 0, 2**31 - 1, 1),
        ):
            st.session_state.setdefault(key, None)
            st.number_input(
                label,
                min_value=low,
                max_value=high,
                step=step,
                key=key,
                placeholder="Automatic" if key != "sampling_seed" else "Random",
                persist_state="session",
                width=180,
            )


def _own_line(brief: Brief, place: Channel) -> None:
    """Let a person add a line of their own; it is checked like any other."""
    with st.expander("Write a line yourself", key="own"), st.form("own_line", border=False):
        names = {field.id: field.name for field in place.drafted}
        field_id = st.selectbox(
            "Field", list(names), format_func=names.__getitem__, key="own_field"
        )
        text = st.text_input("Line", key="own_text")
        if st.form_submit_button("Add line", key="own_add") and field_id:
            with shown_to_the_user() as attempt:
                studio().review.write(kept_id(brief), field_id, text)
            if attempt.error is None:
                st.markdown(":material/check: Added. You find it under Review.")


def _show_page() -> None:
    st.title("Draft", anchor=False)
    brief = choose_brief()
    if brief is None:
        tell_problem()
        st.markdown("Lines are drafted from a brief, and there is none yet.")
        st.page_link("pages/briefs.py", label="Write a brief")
        return
    place = channel(brief.channel)
    model = studio().models
    st.caption(plain(engine_words(model.status(), model.choice.name)))
    runs = studio().drafting.of_brief(kept_id(brief))
    _tell_obstacles(brief)
    _tell_champion(brief)
    _ask(brief, place, any(run.state.is_active for run in runs))
    tell_problem()
    if runs:
        show_runs(runs, place)
    else:
        st.caption("Lines appear here one by one, each checked against the channel and the brief.")
    if drafts_in(kept_id(brief)) or runs:
        _own_line(brief, place)


only_inside_the_app()
_show_page()
