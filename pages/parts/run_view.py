"""A run on the page: how far it is, its lines as they arrive, and what can follow it."""

from datetime import UTC, datetime

import streamlit as st

from creative.channels import Channel
from creative.domain import Draft, Run, RunState, Taste, kept_id
from creative.engine.protocol import EngineState
from creative.studio.progress import Progress, seconds_left
from pages.parts.brief_choice import open_page
from pages.parts.brief_typed import edit_elsewhere
from pages.parts.channel_words import stand_words
from pages.parts.decisions import show_undo
from pages.parts.draft_card import draft_card
from pages.parts.failures import shown_to_the_user, tell_problem
from pages.parts.keys import SHOWN_RUN
from pages.parts.lessons_view import favoured_words
from pages.parts.resources import studio
from pages.parts.run_orders import (
    JOINED,
    MORE,
    STOPPING,
    begin_more,
    begin_more_of_chosen,
    resume,
    show,
    stop,
)
from pages.parts.wording import duration, plain, run_title

_WHILE_WRITING = 24  #: newest lines shown while a run is polled
_PER_PAGE = 50


def show_runs(runs: list[Run], place: Channel) -> None:
    """Show the run that was chosen, and lead to the one that is being written.

    Args:
        runs: Of one brief, the newest first; at least one.
    """
    active = next((run for run in runs if run.state.is_active), None)
    run = _choose_run(runs, active)
    if active is not None and active.id != run.id:
        _lead_to(active)
    elif active is not None and active.id == st.session_state.get(JOINED):
        st.info(
            "This brief is being drafted already, from another tab or by somebody else, so no "
            "second run was begun. This is the one being written.",
            icon=":material/info:",
        )
    if run.taste != Taste():
        st.caption(f"This run heeds your tests. {favoured_words(run.taste)}")
    _show_run(run, place)


def _choose_run(runs: list[Run], active: Run | None) -> Run:
    """Return the run to show: the one chosen, else the active one, else the newest."""
    by_id = {kept_id(run): run for run in runs}
    chosen = st.session_state.get(SHOWN_RUN)
    if chosen not in by_id:
        chosen = kept_id(active or runs[0])
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


def _lead_to(active: Run) -> None:
    """Say that another run is being written; the page follows when it has ended."""

    @st.fragment(run_every=1.0)
    def live() -> None:
        with shown_to_the_user():
            progress = studio().drafting.progress(kept_id(active))
            if not progress.run.state.is_active or st.session_state.get(SHOWN_RUN) == active.id:
                st.rerun()
            with st.container(horizontal=True, vertical_alignment="center", key="other_run"):
                st.markdown(
                    f"Run {active.id} of this brief is being written: "
                    f"{progress.done} of {progress.wanted}.",
                    width="content",
                )
                st.button(
                    "Show it",
                    key="show_active",
                    type="tertiary",
                    on_click=show,
                    args=(kept_id(active),),
                )

    live()


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
            with st.container(gap="xsmall", key="approved"):
                _show_approved(run.brief_id, place)
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
                on_click=stop,
                args=(kept_id(run),),
                disabled=st.session_state.get(STOPPING) == run.id,
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
    if st.session_state.get(STOPPING) == progress.run.id:
        return "stopping after the lines in hand…"
    now = datetime.now(UTC)
    since = progress.begun_at or progress.run.created_at or now
    moments = [line.created_at for line in lines if line.created_at and line.created_at >= since]
    waited = (now - (moments[-1] if moments else since)).total_seconds()
    if progress.engine.state in (EngineState.COLD, EngineState.LOADING):
        return f"loading the model, {duration(waited)} so far…"
    if progress.position:
        return f"number {progress.position} in the queue, {duration(waited)} so far…"
    if progress.run.state is RunState.QUEUED:
        return f"waiting for its turn, {duration(waited)} so far…"
    left = seconds_left(moments, progress.wanted - progress.done, now)
    return "writing…" if left is None else f"writing… about {duration(max(left, 1))} left"


def _show_ways_on(progress: Progress, place: Channel) -> None:
    """Offer what can follow a run that has ended."""
    run = progress.run
    with st.container(horizontal=True):
        if run.state is RunState.FAILED and studio().drafting.is_too_long(kept_id(run)):
            _offer_edit(run)
            return
        if progress.done < progress.wanted and run.state is not RunState.DONE:
            st.button("Resume", key="resume", type="primary", on_click=resume, args=(run,))
        names = {id: place.field(id).name.lower() for id in run.wanted}
        if len(names) == 1:
            st.button(
                f"Write {MORE} more",
                key="more",
                on_click=begin_more,
                args=(run, next(iter(names))),
            )
        elif names:
            st.menu_button(
                f"Write {MORE} more",
                list(names),
                format_func=names.__getitem__,
                key="more_of",
                on_click=begin_more_of_chosen,
                args=(run, "more_of"),
            )
        if progress.done:
            st.button(
                "Review these lines",
                key="to_review",
                on_click=open_page,
                args=("pages/review.py", run.brief_id),
            )


def _show_approved(brief_id: int, place: Channel) -> None:
    """Say how far the ad is, and take the last decision back."""
    approved = studio().exports.approved(brief_id)
    words = [
        f"{plain(field.name)} {stand_words(field, len(approved[field.id]))}"
        for field in place.drafted
        if approved[field.id] or field.required
    ]
    if words:
        st.caption(f"Approved: {' · '.join(words)}")
    show_undo()


def _offer_edit(run: Run) -> None:
    """Lead to the brief that was too long, unless it has been shortened since.

    To resume is of no use: a run keeps the brief that it began with, and would fail again.
    """
    brief = studio().briefs.get(run.brief_id)
    if studio().drafting.obstacles(brief):
        st.button(
            "Edit the brief",
            key="shorten_brief",
            type="primary",
            on_click=edit_elsewhere,
            args=(brief,),
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
