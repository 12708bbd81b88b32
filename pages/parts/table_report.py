"""The report of a model of a table: what it is worth, what drives it, and all figures."""

import streamlit as st

from creative.studio.tables import Reading
from creative.tables.report import FitReport
from pages.parts.resources import studio
from pages.parts.table_charts import show_calibration, show_effect, show_lift, show_weights
from pages.parts.table_words import (
    FAMILIES,
    calibration_words,
    hits_words,
    is_worth_it,
    lift_words,
    rival_words,
    verdict_words,
)
from pages.parts.wording import plain


def show_report(reading: Reading) -> None:
    """Show the report."""
    report = reading.report
    _show_verdict(report)
    st.space("small")
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Can its chances be trusted?", anchor=False)
        st.markdown(calibration_words(report))
        show_calibration(report.test.bins)
    with right:
        st.subheader("What is choosing worth?", anchor=False)
        st.markdown(lift_words(report))
        show_lift(report.test.deciles, report.test.rate)
    _show_drivers(reading)
    _show_figures(report)
    _show_download(reading)


def _show_verdict(report: FitReport) -> None:
    with st.container(border=True, key="table_verdict"):
        icon = (
            ":green[:material/check_circle:]" if is_worth_it(report) else ":orange[:material/info:]"
        )
        st.markdown(f"{icon} {verdict_words(report)}")
        if report.baseline:
            st.markdown(rival_words(report.baseline))
        test = report.test
        numbers = (
            ("Ranked right", f"{test.auc:.0%}", "AUC on rows that the model never saw"),
            ("Best tenth", f"{test.deciles[0].lift:.1f} ×", "its rate against that of all rows"),
            ("Chances off by", f"{100 * test.ece:.1f} points", "mean calibration error"),
            ("Tested on", f"{test.rows:,} rows", "which it never saw"),
        )
        for column, (label, value, meaning) in zip(st.columns(4), numbers, strict=True):
            column.metric(label, value, help=meaning)
        st.caption(f"{plain(report.split)} Chosen: {FAMILIES[report.chosen]}.")


def _show_drivers(reading: Reading) -> None:
    report = reading.report
    st.subheader("What drives it", anchor=False)
    if not reading.is_explained:
        st.markdown(
            "A network does not say what each column adds. Learn with boosted trees or a linear"
            " model to see it."
        )
        return
    how = "SHAP values of the trees" if report.chosen == "boosted" else "weights of the columns"
    st.caption(
        f"Share of all that moves the chance, by column, from the {how}. It says what goes together"
        " with success, not what causes it: only a test tells that."
    )
    show_weights(report.weights)
    if report.effects:
        st.markdown("**Which way**, in points of chance from the usual"
                    f" {reading.report.test.rate:.0%}:")  # fmt: skip
        for at in range(0, len(report.effects), 2):
            for column, effect in zip(st.columns(2, gap="large"), report.effects[at : at + 2],
                                      strict=False):  # fmt: skip
                with column:
                    st.markdown(f"**{plain(effect.column)}**")
                    show_effect(effect, report.test.rate, f"table_effect_{effect.column}")


def _show_figures(report: FitReport) -> None:
    with st.expander("All figures", key="table_figures"):
        st.markdown(hits_words(report))
        st.markdown("How often the model ranks right, in points more than one column does alone:")
        for rival in (report.best_column, report.baseline):
            if rival is not None:
                st.markdown(f"- {rival_words(rival)}")
        st.dataframe(
            [
                {
                    "Model": FAMILIES[each.family],
                    "Tried": each.trials,
                    "AUC, validation": each.valid_auc,
                    "AUC, test": each.test_auc,
                    "Log-loss, validation": each.valid_log_loss,
                    "Log-loss, test": each.test_log_loss,
                }
                for each in report.candidates
            ],
            hide_index=True,
            key="table_candidates",
            column_config={
                name: st.column_config.NumberColumn(format="%.3f")
                for name in ("AUC, validation", "AUC, test", "Log-loss, validation",
                             "Log-loss, test")
            },
            alt="Kinds of models that were tried, with AUC and log-loss",
        )  # fmt: skip
        st.caption(
            "The lowest log-loss on validation rows is kept; a network only if it is clearly"
            " better. Test rows are looked at once."
        )
        for note in (*report.notes, *report.cleaning.notes):
            st.markdown(f":material/cleaning_services: {plain(note)}")
        for leak in report.leaks:
            end = "" if leak.sign == "group" else (" Left out." if leak.is_left_out else " Used.")
            st.markdown(f":orange[:material/warning:] {plain(leak.message)}{end}")


def _show_download(reading: Reading) -> None:
    packed = studio().tables.models.archive(reading.kept.id)
    st.download_button(
        "Download the model",
        packed.content,
        packed.filename,
        packed.media_type,
        key="table_download",
        on_click="ignore",
        help="A folder with no code in it; python -m creative table score reads it.",
    )
