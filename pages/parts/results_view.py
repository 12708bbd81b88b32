"""Bringing results in: a report is read, shown, placed by hand where need be, then counted."""

from collections.abc import Mapping as ByName
from collections.abc import Sequence
from functools import partial

import streamlit as st

from creative.domain import kept_id
from creative.errors import StudioError
from creative.ingest.matching import LEFT_OUT, Unmatched
from creative.ingest.platforms import layouts
from creative.ingest.refusals import ColumnsMissing
from creative.ingest.report import Mapping
from creative.studio.previews import Preview
from creative.trials import Experiment, Metric, ResultFile
from pages.parts.charts import Rows, show_shares_of
from pages.parts.experiment_words import arm_label, earned
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.report_columns import FIELDS, ask_columns, mapping_of
from pages.parts.resources import studio
from pages.parts.wording import ago, count_of, plain, span

_TYPES = ["csv", "tsv", "txt", "xlsx"]
_ROUND = "import_round"  #: counts imports, so that the next one begins with an empty uploader
_SHOWN = 10  #: refused rows that are written out
_UNPLACED = -1
_COLUMNS = ":material/view_column:"


def show_results(experiment: Experiment) -> None:
    """Show the import and what was imported before."""
    if experiment.is_simulated:
        st.markdown("The results of a demonstration come by themselves, and no real ones go in.")
        return
    round = st.session_state.setdefault(_ROUND, 0)
    file = st.file_uploader(
        "Report of the ad platform, by day",
        type=_TYPES,
        key=f"report_{experiment.id}_{round}",
        help="Google Ads, Google Ads Editor, Meta, Microsoft, LinkedIn, TikTok, or any table with"
        " a day, a name or text, impressions and clicks.",
    )
    if file is not None:
        with st.container(border=True, key="import_preview"):
            _show_preview(experiment, file.getvalue(), file.name)
    _show_funnel(experiment)
    _show_files(experiment)


def _show_funnel(experiment: Experiment) -> None:
    """Show how many impressions led to clicks, and clicks to conversions, line by line."""
    totals = studio().results.totals(kept_id(experiment))
    if not any(each.conversions for each in totals.values()):
        return
    clicks: Rows = []
    conversions: Rows = []
    for place, arm in enumerate(experiment.arms):
        if (found := totals.get(kept_id(arm))) and found.impressions:
            label = arm_label(experiment, place)
            clicks.append({"Line": label, "Share": found.clicks / found.impressions})
            share = found.conversions / found.clicks if found.clicks else 0.0
            conversions.append({"Line": label, "Share": share})
    st.subheader("From impression to conversion", anchor=False)
    steps = (("Clicks per impression", clicks), ("Conversions per click", conversions))
    for side, (step, rows) in zip(st.columns(2), steps, strict=True):
        with side:
            st.caption(step)
            show_shares_of(rows, step.replace(" ", "_").lower(), f"{step} of every line")


def _show_preview(experiment: Experiment, content: bytes, name: str) -> None:
    mapping, with_early = mapping_of(name), bool(st.session_state.get(_early_key(experiment)))
    preview = partial(
        studio().results.preview, kept_id(experiment), content, name, mapping, with_early=with_early
    )
    try:
        found = preview()
    except ColumnsMissing as missing:
        st.warning(plain(f"{missing} Or choose below what is what."), icon=_COLUMNS)
        ask_columns(name, missing.columns, Mapping(columns=dict(missing.known)))
        return
    except StudioError as refused:
        st.error(plain(str(refused)), icon=":material/error:")
        return
    if found.is_known:
        st.info("This very file counts already. To read it in another way, undo it below first.")
        return
    if found.lacking:
        _say_lacking(found.lacking)
    with st.expander("Columns", expanded=_is_stuck(found), key="columns"):
        ask_columns(name, found.report.columns, found.report.mapping, found.report.actions)
    chosen = _show_unmatched(experiment, found)
    if chosen:
        with shown_to_the_user():
            found = preview(chosen)
    _show_what(experiment, found)
    if not found.matched.rows:
        st.markdown(_why_none(found))
    else:
        st.button(
            f"Count {count_of(len(found.matched.rows), 'row')}",
            key="commit_import",
            type="primary",
            on_click=_commit,
            args=(experiment, content, name, chosen, with_early),
        )


def _say_lacking(fields: Sequence[str]) -> None:
    names = " and ".join(f"“{FIELDS[field]}”" for field in fields)
    them = "it" if len(fields) == 1 else "them"
    st.warning(
        f"No column was found for {names}, which this test needs. Choose {them} under Columns; if"
        f" the file does not have {them}, add {them} to the report on the platform and download it"
        " again.",
        icon=_COLUMNS,
    )


def _is_stuck(found: Preview) -> bool:
    """Tell whether nothing of a file can count before other columns are chosen."""
    placed = found.matched
    return bool(found.lacking) or not (
        placed.rows or placed.unmatched or placed.left_out or found.early
    )


def _why_none(found: Preview) -> str:
    """Say why no row counts, and what to do."""
    if found.matched.unmatched:
        return "No row is about a line of this test yet. Say above which ad is which line."
    if found.early:
        return "All days of this file are before the test began, so nothing of it counts."
    if found.refused:
        return "No row can count; the reasons are above."
    return "No row is about a line of this test."


def _show_what(experiment: Experiment, found: Preview) -> None:
    rows = found.matched.rows
    if rows:
        st.markdown(_counted_words(found))
    _ask_early(experiment, found)
    if found.replaces:
        st.markdown(
            f"{count_of(found.replaces, 'count')} of a line and a day came from an earlier file and"
            " will be replaced; undoing this import brings them back."
        )
    for note in found.notes:
        st.caption(plain(note))
    if found.refused:
        count = count_of(len(found.refused), "row")
        with st.expander(f"{count} cannot count", expanded=not rows, key="refused_rows"):
            for row in found.refused[:_SHOWN]:
                st.text(f"{row.sheet} line {row.line}: {row.why}".strip())
            if len(found.refused) > _SHOWN:
                st.caption(f"and {len(found.refused) - _SHOWN:,} more")


def _counted_words(found: Preview) -> str:
    rows = [row for _, row in found.matched.rows]
    clicks = sum(row.clicks or 0 for row in rows)
    conversions = sum(row.conversions or 0.0 for row in rows)
    worth = sum(row.revenue or 0.0 for row in rows)
    currency = max((row.currency for row in rows), default="")
    sums = (
        f"{sum(row.impressions for row in rows):,} impressions",
        earned(Metric.CLICKS, clicks, "") if clicks else "",
        earned(Metric.CONVERSIONS, conversions, "") if conversions else "",
        earned(Metric.REVENUE, worth, currency) if worth else "",
    )
    what = f"**{count_of(len(rows), 'row')}** of the test, {span(found.days)}"
    return " · ".join(filter(None, (what, *sums)))


def _ask_early(experiment: Experiment, found: Preview) -> None:
    """Say which days were before the test, and ask whether they count."""
    begun = _begun_words(experiment, found)
    if not found.early:
        if begun:
            st.caption(begun)
        return
    st.markdown(
        f"{begun or f'The test began on {experiment.started_at:%d %b %Y}.'}"
        f" {count_of(len(found.early), 'day')} of this file came before ({span(found.early)})."
        " What ran then counts only if you say so."
    )
    st.checkbox(
        "The lines ran against each other on those days already: count them too",
        key=_early_key(experiment),
        help="What was foretold of this test then says nothing of how good forecasts are, for they"
        " were made when it began.",
    )


def _begun_words(experiment: Experiment, found: Preview) -> str:
    """Say why a day counts that was over in the east when the test began; empty if none does."""
    first, begun = experiment.first_day, experiment.started_at
    if begun is None or first == begun.date() or first not in found.days:
        return ""
    return (
        f"The test began on {begun:%d %b %Y}; in ad accounts of America it was still"
        f" {first:%d %b}, so that day counts too."
    )


def _early_key(experiment: Experiment) -> str:
    return f"early_{experiment.id}_{st.session_state[_ROUND]}"


def _show_unmatched(experiment: Experiment, found: Preview) -> dict[str, int]:
    """Ask which line an ad is that was not recognised."""
    if not found.matched.unmatched:
        return {}
    count = count_of(len(found.matched.unmatched), "ad")
    st.markdown(f"**{count}** fit no line of this test, or several. Which one is it?")
    chosen = {}
    for at, ad in enumerate(found.matched.unmatched[:50]):
        picked = _ask_arm(experiment, ad, at)
        if picked != _UNPLACED:
            chosen[ad.label] = picked
    return chosen


def _ask_arm(experiment: Experiment, ad: Unmatched, at: int) -> int:
    labels = {
        kept_id(arm): arm_label(experiment, place) for place, arm in enumerate(experiment.arms)
    }
    options = [_UNPLACED, *(ad.candidates or labels), LEFT_OUT]
    words = labels | {_UNPLACED: "Choose a line", LEFT_OUT: "Not of this test"}
    picked: int = st.selectbox(
        f"{ad.label} · {ad.impressions:,} impressions",
        options,
        index=options.index(LEFT_OUT if ad.is_of_another_test else _UNPLACED),
        format_func=lambda id: words[id],
        key=f"place_{experiment.id}_{at}_{ad.label}",
    )
    return picked


def _commit(
    experiment: Experiment, content: bytes, name: str, chosen: ByName[str, int], with_early: bool
) -> None:
    with told_on_the_page() as attempt:
        studio().results.commit(
            kept_id(experiment), content, name, mapping_of(name), chosen, with_early=with_early
        )
        run = studio().refresh.challenge(studio().experiments.standing(kept_id(experiment)))
    if attempt.error is None:
        st.session_state[_ROUND] += 1
        if run is not None:
            st.toast("A line has worn out: challengers are being drafted, and wait in Review.")


def _show_files(experiment: Experiment) -> None:
    files = studio().results.files(kept_id(experiment))
    if not files:
        st.markdown("No report was imported yet.")
        return
    st.subheader("Imported", anchor=False)
    for file in files:
        _show_file(file)


def _show_file(file: ResultFile) -> None:
    with (
        st.container(border=True, key=f"file_{file.id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap=None):
            st.text(file.filename)
            undone = " · undone, does not count" if file.undone_at else ""
            rows = count_of(file.rows, "row")
            kind = layouts()[file.platform].name if file.platform in layouts() else file.platform
            st.caption(f"{plain(kind)} · {rows} · {ago(file.created_at)}{undone}")
        st.button(
            "Count again" if file.undone_at else "Undo",
            key=f"undo_{file.id}",
            on_click=_set_undone,
            args=(file.id, file.undone_at is None),
        )


def _set_undone(file_id: int, is_undone: bool) -> None:
    with told_on_the_page():
        studio().results.set_undone(file_id, is_undone)
