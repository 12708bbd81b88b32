"""What a person may tell a run: to begin, to stop, to go on.  Everything here is a callback.

One run of a brief is written at a time, whoever asked for it and from whichever tab: two that
know nothing of each other would write the same lines.
"""

import threading
from collections.abc import Mapping

import streamlit as st

from creative.domain import Run, Sampling, kept_id
from pages.parts.failures import told_on_the_page
from pages.parts.keys import SHOWN_RUN
from pages.parts.rater import visitor
from pages.parts.resources import studio

MORE = 8  #: lines that "write more" asks for
STOPPING = "stopping_run"  #: id of the run that was asked to stop
_AT_ONCE = threading.Lock()  #: of all sessions, or two clicks at a time would begin two runs
JOINED = "joined_run"  #: id of the run that is shown in place of one that was asked for


def begin(
    brief_id: int,
    wanted: Mapping[str, int],
    templates: Mapping[str, str],
    sampling: Sampling,
    seed: int | None,
) -> None:
    """Start a run and show it, or the one that is being written already."""
    with told_on_the_page(), _AT_ONCE:
        if _is_taken(brief_id):
            return
        run = studio().drafting.start(
            brief_id, wanted, templates=templates, sampling=sampling, seed=seed, user=visitor()
        )
        st.session_state[SHOWN_RUN] = run.id


def begin_more(run: Run, field_id: str) -> None:
    """Ask for more lines of a field, as this run wrote them but from another seed."""
    templates = {id: template for id, template in run.templates.items() if id == field_id}
    begin(run.brief_id, {field_id: MORE}, templates, run.sampling, None)


def begin_more_of_chosen(run: Run, key: str) -> None:
    """Ask for more lines of the field that the widget with this key names."""
    begin_more(run, st.session_state[key])


def stop(run_id: int) -> None:
    """End a run."""
    with told_on_the_page():
        studio().drafting.stop(run_id)
        st.session_state[STOPPING] = run_id


def resume(run: Run) -> None:
    """Go on with a run, unless another one of its brief is being written."""
    with told_on_the_page(), _AT_ONCE:
        if _is_taken(run.brief_id):
            return
        st.session_state.pop(STOPPING, None)
        studio().drafting.resume(kept_id(run), user=visitor())


def show(run_id: int) -> None:
    """Choose the run that the page shows."""
    st.session_state[SHOWN_RUN] = run_id


def _is_taken(brief_id: int) -> bool:
    """Tell whether a brief is being drafted; if so, that run is the one to show."""
    runs = studio().drafting.of_brief(brief_id)
    active = next((run.id for run in runs if run.state.is_active), None)
    if active is None:
        return False
    if active != st.session_state.get(SHOWN_RUN):  # or it is the second half of a double click
        st.session_state[SHOWN_RUN] = st.session_state[JOINED] = active
    return True
