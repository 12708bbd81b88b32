"""Preferences on the settings page: how many there are, out as files, and in from elsewhere."""

import streamlit as st

from creative.export.files import ExportFile
from creative.studio.brought import Brought
from creative.studio.preferences import Counts
from pages.parts.adapter_words import TUNE
from pages.parts.decisions import show_put_back
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.resources import studio
from pages.parts.wording import ago, count_of, plain

_SOURCES = {
    "vote": "blind votes",
    "stars": "stars, two or more apart",
    "edit": "edits that were approved",
    "result": "tests that are sure",
}
_ENOUGH = 200  #: pairs from which tuning is worth the wait
_FILE, _ROUND, _REMOVED = "preferences_file", "preferences_round", "preferences_removed"


def show_preferences() -> None:
    """Show what has been learnt of people's taste; it is counted once somebody looks."""
    with st.expander("What people prefer here", key="preferences", on_change="rerun") as opened:
        if not opened.open:
            return
        with shown_to_the_user():
            counts = studio().preferences.counts()
            _show_counts(counts)
            _show_out(counts)
            _show_in()


def _show_counts(counts: Counts) -> None:
    if not counts.all_pairs and not counts.approved:
        st.markdown(
            "Nothing yet. Votes between two lines, stars, edits and results of tests each say that"
            " one line is better than another; a model can learn from that."
        )
        st.page_link("pages/vote.py", label="Vote on lines")
        return
    st.markdown(
        f"**{count_of(counts.all_pairs, 'pair')}** of a better and a worse line, and"
        f" **{count_of(counts.approved + counts.lines, 'good line')}**. {_worth(counts)}"
    )
    rows = [(words, counts.own.get(source, 0)) for source, words in _SOURCES.items()]
    rows.append(("files from elsewhere", counts.pairs))
    st.dataframe(
        [{"Pairs from": words, "Pairs": number} for words, number in rows],
        hide_index=True,
        key="preferences_counts",
        width=420,
        alt="Pairs by where they come from",
    )
    st.markdown("To tune the model in use on them, in the folder of Adlib:")
    st.code(TUNE, language=None)


def _worth(counts: Counts) -> str:
    if counts.all_pairs >= _ENOUGH:
        return "Enough to tune a model."
    return f"From about {_ENOUGH} pairs on, tuning a model is worth the wait."


def _show_out(counts: Counts) -> None:
    known = studio().preferences
    with st.container(horizontal=True):
        if counts.own:
            _download("Download pairs", known.pairs_file(), "preferences_pairs")
        if counts.approved:
            _download("Download approved lines", known.approved_file(), "preferences_approved")
    if counts.own or counts.approved:
        st.caption(
            "JSON lines, as libraries for preference (DPO) and supervised tuning read them. What"
            " was brought from elsewhere is not among them."
        )


def _download(label: str, file: ExportFile, key: str) -> None:
    st.download_button(
        label, file.content, file.filename, file.media_type, key=key, on_click="ignore"
    )


def _show_in() -> None:
    """Ask for a file, and list those that were brought."""
    number = int(st.session_state.setdefault(_ROUND, 0))
    file = st.file_uploader(
        "Bring preferences from elsewhere: pairs or good lines as JSON lines",
        type=["jsonl", "json", "txt"],
        key=f"{_FILE}_{number}",  # a new box, once a file was taken
    )
    if file is not None:
        st.button(
            f"Take {plain(file.name)}",
            key="preferences_take",
            type="primary",
            on_click=_take,
            args=(file.getvalue(), file.name),
        )
    for brought in studio().preferences.brought.all():
        _show_brought(brought)
    show_put_back(
        "The file was removed.",
        studio().preferences.brought.put_back,
        removed=_REMOVED,
        key="preferences_put_back",
    )


def _show_brought(brought: Brought) -> None:
    what = count_of(brought.pairs, "pair") if brought.pairs else count_of(brought.lines, "line")
    with st.container(horizontal=True, vertical_alignment="center", key=f"brought_{brought.id}"):
        st.markdown(f"{plain(brought.name)} · {what} · {ago(brought.brought_at)}", width="content")
        st.button(
            "Remove",
            key=f"brought_remove_{brought.id}",
            type="tertiary",
            on_click=_remove,
            args=(brought.id,),
        )


def _take(content: bytes, name: str) -> None:
    with told_on_the_page() as attempt:
        taken = studio().preferences.brought.bring(content, name)
    if attempt.error is None:
        st.session_state[_ROUND] += 1
        what = count_of(taken.pairs or taken.lines, "pair" if taken.pairs else "line")
        st.toast(f"{what} taken.", icon=":material/check:")


def _remove(id: str) -> None:
    with told_on_the_page() as attempt:
        studio().preferences.brought.remove(id)
    if attempt.error is None:
        st.session_state[_REMOVED] = id
