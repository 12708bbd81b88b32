"""Another table through a model: whether it is still like the old one, chances, and why."""

from collections.abc import Sequence

import streamlit as st

from creative.studio.scored_tables import BestRow, ScoredTable
from creative.studio.tables import Reading, Upload
from creative.tables.sample import NAME
from pages.parts.failures import shown_to_the_user
from pages.parts.resources import studio
from pages.parts.table_charts import show_reasons
from pages.parts.table_upload import ask_for_table
from pages.parts.table_words import drift_name, drift_words, scored_words
from pages.parts.wording import plain

_SHOWN_CELLS = 4  #: columns of the file beside the chance of a best row
_EXAMPLE = "table_score_example"


def show_score(reading: Reading) -> None:
    """Ask for a table and show what the model says of it."""
    upload = _uploaded(reading)
    if upload is None:
        needs = ", ".join(f"“{plain(name)}”" for name in reading.needs)
        st.caption(f"It needs the columns {needs}; others stay as they are.")
        return
    with shown_to_the_user() as attempt, st.spinner("Scoring…"):
        scored = studio().tables.score(reading.kept.id, upload)
    if attempt.error is not None:
        return
    st.markdown(scored_words(scored, reading.report, reading.positive))
    _show_drift(scored)
    st.download_button(
        "Download with chances",
        scored.file.content,
        scored.file.filename,
        scored.file.media_type,
        key="table_scored_file",
        type="primary",
        on_click="ignore",
        help="All your columns, with the chance, the tenth, and the reasons of each row. Nothing in"
        " it runs in a spreadsheet.",
    )
    _show_best(scored, reading)


def _uploaded(reading: Reading) -> Upload | None:
    is_example = reading.kept.file == NAME
    if is_example and st.session_state.get(_EXAMPLE):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":orange-badge[Example] Visitors of the week after.", width="content")
            st.button("Bring your own table", key="table_score_own", on_click=_use, args=(False,))
        return studio().tables.sample_to_score()
    key = f"table_score_{reading.kept.id}"
    upload = ask_for_table("A table whose outcome nobody knows yet", key)
    if upload is not None:
        return upload
    if is_example:
        st.button("Try example rows", key="table_score_try", on_click=_use, args=(True,))
    return None


def _use(is_on: bool) -> None:
    st.session_state[_EXAMPLE] = is_on


def _show_drift(scored: ScoredTable) -> None:
    moved = drift_words(scored.drift)
    for words in moved:
        st.warning(words, icon=":material/trending_up:")
    if not moved:
        st.markdown(
            ":green[:material/check_circle:] These rows are like those that were learnt from."
        )
    with st.expander("How far each column has moved", key="table_drift"):
        st.dataframe(
            [
                {
                    "Column": drift_name(each.name),
                    "Index": each.index,
                    "By chance up to": each.by_chance,
                }
                for each in scored.drift
            ],
            hide_index=True,
            key="table_drift_all",
            column_config={
                name: st.column_config.NumberColumn(format="%.3f")
                for name in ("Index", "By chance up to")
            },
            alt="Stability index of each column",
        )
        st.caption(
            "Population stability index: below 0.1 nothing has moved, from 0.25 on learn again."
        )


def _show_best(scored: ScoredTable, reading: Reading) -> None:
    st.subheader("The best rows", anchor=False)
    shown = [name for name, _ in reading.report.weights][:_SHOWN_CELLS] or reading.needs
    st.dataframe(
        [
            {
                "Line": row.line,
                "Chance": round(row.chance, 3),
                **_cells(row, shown),
            }
            for row in scored.best
        ],
        hide_index=True,
        key="table_best",
        column_config={
            "Line": st.column_config.NumberColumn(width="small"),
            "Chance": st.column_config.NumberColumn(format="percent", width="small"),
        },
        alt="Rows with the highest chances",
    )
    if reading.is_explained and scored.best:
        _show_why(scored.best)


def _cells(row: BestRow, names: Sequence[str]) -> dict[str, str]:
    """Return cells under their headers; one that is named as ours are is told apart."""
    ours = ("Line", "Chance")
    return {
        f"{name} (column)" if name in ours else name: row.cells[name]
        for name in names[:_SHOWN_CELLS]
        if name in row.cells
    }


def _show_why(best: tuple[BestRow, ...]) -> None:
    """Show what each column adds for one row that somebody picks."""
    at = st.selectbox(
        "Why this row",
        range(len(best)),
        format_func=lambda at: f"Line {best[at].line}, {best[at].chance:.0%}",
        key="table_why",
        width=260,
    )
    row = best[at]
    show_reasons(row.added, row.cells)
    st.caption(
        f"Without knowing anything, the chance is {row.usual:.0%}; all columns together make it"
        f" {row.chance:.0%}. Each bar multiplies the odds: to the right it raises them, to the left"
        " it lowers them. Reasons are those of the model, not of people."
    )
