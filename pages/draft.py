"""Have lines written for a brief, and watch them arrive.

A run goes on without this page: it is looked up in the library on every visit, never remembered.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

import streamlit as st

from creative.channels import Channel, Field, channel
from creative.domain import Brief, Draft, Run, RunState, Sampling, kept_id
from creative.engine.protocol import EngineState
from creative.studio.drafting import Progress, usual_count
from pages.parts.brief_choice import choose_brief
from pages.parts.channel_words import limits_words
from pages.parts.draft_card import draft_card
from pages.parts.failures import shown_to_the_user, tell_problem, told_on_the_page
from pages.parts.keys import SHOWN_RUN
from pages.parts.navigation import only_inside_the_app
from pages.parts.rater import visitor
from pages.parts.records import drafts_in
from pages.parts.resources import studio
from pages.parts.wording import count_of, duration, engine_words, plain, run_title

_MORE = 8  #: lines that "write more" asks for
_WHILE_WRITING = 24  #: newest lines shown while a run is polled
_PER_PAGE = 50
_STOPPING = "stopping_run"  #: id of the run that was asked to stop
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
    _begin(
        brief_id,
        {field: count for field, count in wanted.items() if count},
        {field: template for field, template in templates.items() if template},
        sampling,
        st.session_state.get("sampling_seed"),
    )


def _start_more(run: Run, field_id: str) -> None:
    """Ask for more lines of a field, as this run wrote them but from another seed."""
    templates = {id: template for id, template in run.templates.items() if id == field_id}
    _begin(run.brief_id, {field_id: _MORE}, templates, run.sampling, None)


def _begin(
    brief_id: int,
    wanted: Mapping[str, int],
    templates: Mapping[str, str],
    sampling: Sampling,
    seed: int | None,
) -> None:
    with told_on_the_page():
        if any(run.state.is_active for run in studio().drafting.of_brief(brief_id)):
            return
        run = studio().drafting.start(
            brief_id, wanted, templates=templates, sampling=sampling, seed=seed, user=visitor()
        )
        st.session_state[SHOWN_RUN] = run.id


def _more_chosen(run: Run, key: str) -> None:
    _start_more(run, st.session_state[key])


def _stop(run_id: int) -> None:
    with told_on_the_page():
        studio().drafting.stop(run_id)
        st.session_state[_STOPPING] = run_id


def _resume(run_id: int) -> None:
    with told_on_the_page():
        st.session_state.pop(_STOPPING, None)
        studio().drafting.resume(run_id, user=visitor())


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


def _choose_run(runs: list[Run]) -> Run:
    """Return the run to show: the one chosen, else the active one, else the newest."""
    by_id = {kept_id(run): run for run in runs}
    chosen = st.session_state.get(SHOWN_RUN)
    if chosen not in by_id:
        chosen = next((id for id, run in by_id.items() if run.state.is_active), kept_id(runs[0]))
    st.session_state[SHOWN_RUN] = chosen
    if len(runs) > 1:
        st.session_state["run_choice"] = chosen
        st.selectbox(
            "Run",
            list(by_id),
            format_func=lambda id: run_title(by_id[id]),
            key="run_choice",
            on_change=lambda: st.session_state.update({SHOWN_RUN: st.session_state["run_choice"]}),
        )
    return by_id[chosen]


def _show_run(run: Run, place: Channel) -> None:
    """Show how far a run is and its lines; polled while it is active."""
    is_active = run.state.is_active

    @st.fragment(run_every=1.0 if is_active else None)
    def live() -> None:
        with shown_to_the_user():
            progress = studio().drafting.progress(kept_id(run))
            # The rest of the page, and whether to poll, follow from these two.
            is_another = st.session_state.get(SHOWN_RUN) != run.id
            if is_another or progress.run.state.is_active != is_active:
                st.rerun()
            tell_problem()
            lines = studio().drafting.lines_of(kept_id(run))
            _show_progress(progress, lines)
            if not is_active:
                _show_ways_on(progress, place)
            _show_lines(place, progress, lines)

    live()


def _show_progress(progress: Progress, lines: list[Draft]) -> None:
    run, done, wanted = progress.run, progress.done, progress.wanted
    share = min(done / max(wanted, 1), 1.0)
    with st.container(horizontal=True, vertical_alignment="center", key="progress"):
        if run.state.is_active:
            st.progress(share, f"{done} of {wanted} · {_activity(progress, lines)}")
            st.button(
                "Stop",
                key="stop",
                icon=":material/stop:",
                on_click=_stop,
                args=(kept_id(run),),
                disabled=st.session_state.get(_STOPPING) == run.id,
            )
            return
        words = {
            RunState.DONE: "written",
            RunState.STOPPED: "written, then stopped",
            RunState.FAILED: "written before it failed",
        }
        st.markdown(f"**{done} of {wanted}** {words.get(run.state, '')}")
    if run.state is RunState.FAILED:
        st.error(plain(run.message), icon=":material/error:")
    elif run.message:
        st.warning(plain(run.message), icon=":material/info:")


def _activity(progress: Progress, lines: list[Draft]) -> str:
    """Say what an active run is doing and about how long it still takes."""
    if st.session_state.get(_STOPPING) == progress.run.id:
        return "stopping after the lines in hand…"
    moments = [line.created_at for line in lines if line.created_at]
    since = moments[-1] if moments else progress.run.created_at
    waited = (datetime.now(UTC) - since).total_seconds() if since else 0.0
    if progress.engine.state in (EngineState.COLD, EngineState.LOADING):
        return f"loading the model, {duration(waited)} so far…"
    if progress.position:
        return f"number {progress.position} in the queue, {duration(waited)} so far…"
    if progress.run.state is RunState.QUEUED:
        return f"waiting for its turn, {duration(waited)} so far…"
    gaps = [(b - a).total_seconds() for a, b in pairwise(moments)][-8:]
    if len(gaps) < 3:
        return "writing…"
    left = median(gaps) * (progress.wanted - progress.done)
    return f"writing… about {duration(max(left, 1))} left"


def _show_ways_on(progress: Progress, place: Channel) -> None:
    """Offer what can follow a run that has ended."""
    run = progress.run
    with st.container(horizontal=True):
        if progress.done < progress.wanted and run.state is not RunState.DONE:
            st.button(
                "Resume", key="resume", type="primary", on_click=_resume, args=(kept_id(run),)
            )
        names = {id: place.field(id).name.lower() for id in run.wanted}
        if len(names) == 1:
            st.button(
                f"Write {_MORE} more",
                key="more",
                on_click=_start_more,
                args=(run, next(iter(names))),
            )
        elif names:
            st.menu_button(
                f"Write {_MORE} more",
                list(names),
                format_func=names.__getitem__,
                key="more_of",
                on_click=_more_chosen,
                args=(run, "more_of"),
            )
        if progress.done:
            st.button(
                "Review these lines",
                key="to_review",
                on_click=lambda: st.switch_page("pages/review.py"),
            )


def _show_lines(place: Channel, progress: Progress, lines: list[Draft]) -> None:
    """Show lines by field in the order in which they were finished."""
    if progress.run.state.is_active:
        shown = lines[-_WHILE_WRITING:]
        if len(lines) > len(shown):
            st.caption(f"The newest {len(shown)} lines; all are shown when the run has ended.")
    else:
        pages = -(-len(lines) // _PER_PAGE)
        number = st.pagination(pages, key="lines_page") if pages > 1 else 1
        shown = lines[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    for field_id, wanted in progress.run.wanted.items():
        of_field = [draft for draft in shown if draft.line.field == field_id]
        if of_field:
            count = f"{progress.delivered[field_id]} of {wanted}"
            st.subheader(f"{plain(place.field(field_id).name)} · {count}", anchor=False)
            with st.container(gap="xsmall"):
                for draft in of_field:
                    draft_card(draft)


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
    _ask(brief, place, any(run.state.is_active for run in runs))
    tell_problem()
    if runs:
        _show_run(_choose_run(runs), place)
    else:
        st.caption("Lines appear here one by one, each checked against the channel and the brief.")
    if drafts_in(kept_id(brief)) or runs:
        _own_line(brief, place)


only_inside_the_app()
_show_page()
