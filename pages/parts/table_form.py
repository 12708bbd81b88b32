"""A new model of a table: the file, how it was read, what to foretell, and what to beware of."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from creative.studio.tables import Opened, Upload
from creative.tables.examining import Examination
from creative.tables.guessing import Described, likely_success
from creative.tables.plan import Plan
from creative.tables.table import Kind
from pages.parts.failures import shown_to_the_user, told_on_the_page
from pages.parts.keys import WATCHED_FIT
from pages.parts.resources import studio
from pages.parts.table_fit_view import is_learning, show_fit
from pages.parts.table_upload import ask_for_table
from pages.parts.table_words import KINDS, left_out_words
from pages.parts.wording import count_of, plain

_EXAMPLE = "table_example"  #: whether the example stands in for a file
_BY_TIME, _BY_GROUP, _RANDOM = "Later rows", "Other people", "Rows at random"
_SPLITS = {
    _BY_TIME: "The past teaches, the latest rows are the test: as the model will be used.",
    _BY_GROUP: "Nobody is in two parts, so nobody is recognised.",
    _RANDOM: "Only if rows have no time and belong to nobody twice.",
}
_PATIENCE = {"Quick": (15.0, 8), "Usual": (60.0, 20), "Thorough": (300.0, 60)}  #: seconds, trials
_DECIMALS = {"": "As the file tells", ".": "1.5", ",": "1,5"}
_DATES = {"": "As the file tells", "dmy": "3 April", "mdy": "March 4"}
_MODELS = {
    "Whichever does best": ("linear", "boosted", "network"),
    "Boosted trees": ("boosted",),
    "A linear model": ("linear",),
    "A small network": ("network",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class _More:
    """What is rarely changed."""

    drop: tuple[str, ...]
    baseline: str
    families: tuple[str, ...]
    patience: str
    decimal: str
    dates: str


def show_table_form() -> None:
    """Ask for a table, show what it holds, and offer to learn from it."""
    upload = _uploaded()
    if upload is None:
        _show_what_it_takes()
        return
    with shown_to_the_user() as attempt, st.spinner("Reading the table…"):
        opened = studio().tables.open(upload)
    if attempt.error is not None:
        return
    _show_columns(upload, opened)
    if is_learning():
        show_fit()
        return
    plan = _asked(upload, opened)
    if plan is None:
        return
    with shown_to_the_user() as attempt, st.spinner("Looking for trouble…"):
        look = studio().tables.examine(upload, plan)
    if attempt.error is None:
        _show_look(look)
        _choose_kept(look, upload, plan)
        _offer(upload, plan)


def _uploaded() -> Upload | None:
    if st.session_state.get(_EXAMPLE):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                ":orange-badge[Example] Impressions of an invented coffee shop, made by Adlib.",
                width="content",
            )
            st.button("Bring your own table", key="table_own", on_click=_use_example, args=(False,))
        return studio().tables.sample()
    return ask_for_table("A table of impressions or of users", "table_file")


def _use_example(is_on: bool) -> None:
    st.session_state[_EXAMPLE] = is_on


def _show_what_it_takes() -> None:
    """Say what kind of table is meant, and offer one to try."""
    with st.container(border=True, key="table_empty"):
        st.markdown(
            "**Who will click or buy?** Bring a table with one row for each impression or user, and"
            " a column that says who clicked, converted or bought again. Adlib learns from it,"
            " tells how far that can be trusted, and gives each row of another table a chance."
        )
        st.dataframe(
            [
                {"shown at": "2026-09-01 16:24", "device": "phone", "source": "newsletter",
                 "visits before": 2, "clicked": "yes"},
                {"shown at": "2026-09-01 17:02", "device": "desktop", "source": "search",
                 "visits before": 0, "clicked": "no"},
            ],
            hide_index=True,
            key="table_kind",
            alt="Two rows of such a table: when it was shown, device, source, visits, clicked",
        )  # fmt: skip
        st.markdown(
            "CSV, TSV or XLSX with one header line. Describe each row by what was known *before*"
            " the ad was shown. A few hundred successes are needed to learn anything. Nothing"
            " leaves this machine, and the table itself is not kept."
        )
        st.button(
            "Try an example", key="table_try", type="primary", on_click=_use_example, args=(True,)
        )


def _show_columns(upload: Upload, opened: Opened) -> None:
    st.markdown(
        f"**{plain(upload.name)}**: {count_of(opened.rows, 'row')},"
        f" {count_of(len(opened.columns), 'column')}. {plain(left_out_words(opened.left_out))}"
    )
    with st.expander("How the columns were read", key="table_columns"):
        st.dataframe(
            [
                {
                    "Column": each.name,
                    "Read as": KINDS[each.kind],
                    "Filled": round(each.filled / max(1, opened.rows), 2),
                    "Different": each.distinct,
                    "Examples": ", ".join(each.examples),
                }
                for each in opened.columns
            ],
            hide_index=True,
            key="table_columns_read",
            column_config={
                "Filled": st.column_config.NumberColumn(format="percent", width="small"),
                "Different": st.column_config.NumberColumn(width="small"),
                "Examples": st.column_config.TextColumn(width="large"),
            },
            alt="Columns of the table with their kind and some values",
        )


def _asked(upload: Upload, opened: Opened) -> Plan | None:
    """Ask what to learn; None while that is not clear."""
    about = _about(upload)
    choices = {each.name: each for each in opened.columns if len(each.values) > 1}
    if not choices:
        st.error(
            "No column has two to twenty different values, so none says who succeeded. Add one,"
            " such as “clicked” with yes and no.",
            icon=":material/error:",
        )
        return None
    left, right = st.columns(2)
    target = left.selectbox(
        "What to foretell",
        list(choices),
        index=_place(list(choices), opened.guess.target),
        key=f"table_target_{about}",
    )
    values = list(choices[target].values)
    positive = right.selectbox(
        "Success is",
        values,
        index=_place(values, likely_success(values)),
        key=f"table_positive_{about}_{target}",
    )
    others = [each for each in opened.columns if each.name != target]
    how, by = _split(others, opened, about)
    more = _more(others, about)
    seconds, trials = _PATIENCE[more.patience]
    return Plan(
        target=target,
        positive=positive,
        time=by if how == _BY_TIME else "",
        group=by if how == _BY_GROUP else "",
        keep=tuple(name for name in st.session_state.get(_kept_key(upload), ()) if name != target),
        drop=tuple(name for name in more.drop if name != by),
        baseline=more.baseline if more.baseline != by else "",
        families=more.families,
        seconds=seconds,
        trials=trials,
        decimal=more.decimal,
        dates=more.dates,
    )


def _split(others: Sequence[Described], opened: Opened, about: str) -> tuple[str, str]:
    """Ask by what the test is set apart; returns how, and the column."""
    dates = [each.name for each in others if each.kind is Kind.DATE]
    people = [each.name for each in others if each.kind in (Kind.ID, Kind.CATEGORY)]
    ways = [*([_BY_TIME] if dates else []), *([_BY_GROUP] if people else []), _RANDOM]
    usual = _BY_TIME if dates else _BY_GROUP if opened.guess.group in people else _RANDOM
    left, right = st.columns(2)
    how = left.segmented_control(
        "Test it on", ways, default=usual, required=True, key=f"table_split_{about}"
    )
    if how == _RANDOM:
        by = ""
    else:
        names = dates if how == _BY_TIME else people
        guess = opened.guess.time if how == _BY_TIME else opened.guess.group
        label = "Time is in" if how == _BY_TIME else "People are told apart by"
        by = right.selectbox(
            label, names, index=_place(names, guess), key=f"table_by_{about}_{how}"
        )
    st.caption(_SPLITS[how])
    return how, by


def _more(others: Sequence[Described], about: str) -> _More:
    names = [each.name for each in others]
    with st.expander("More choices", key=f"table_more_{about}"):
        drop = st.multiselect("Columns to leave out", names, key=f"table_drop_{about}")
        left, right = st.columns(2)
        baseline = left.selectbox(
            "Compare with one column",
            ["", *names],
            format_func=lambda name: name or "The best one",
            key=f"table_baseline_{about}",
            help="Such as the days since the last order: what you would sort by today.",
        )
        model = right.selectbox("Kind of model", list(_MODELS), key=f"table_model_{about}")
        patience = left.selectbox(
            "How thorough",
            list(_PATIENCE),
            index=1,
            format_func=lambda name: f"{name}: at most about {_PATIENCE[name][0]:.0f} s",
            key=f"table_patience_{about}",
        )
        decimal = right.selectbox(
            "Decimals",
            list(_DECIMALS),
            format_func=_DECIMALS.__getitem__,
            key=f"table_decimal_{about}",
        )
        dates = left.selectbox(
            "Days such as 03/04/2026",
            list(_DATES),
            format_func=_DATES.__getitem__,
            key=f"table_dates_{about}",
        )
    return _More(
        drop=tuple(drop),
        baseline=baseline,
        families=_MODELS[model],
        patience=patience,
        decimal=decimal,
        dates=dates,
    )


def _show_look(look: Examination) -> None:
    """Show what was cleaned and what might spoil the model, before anything is fitted."""
    st.subheader("Before it learns", anchor=False)
    report = look.cleaned.report
    st.markdown(
        f"“{plain(report.positive)}” in {report.rate:.1%} of {count_of(report.rows_kept, 'row')}."
        f" {plain(look.parts.said)}"
    )
    for note in (*look.notes, *report.notes):
        st.markdown(f":material/cleaning_services: {plain(note)}")
    for leak in look.leaks:
        end = "It is left out." if leak.is_left_out else "It stays."
        st.warning(
            f"{plain(leak.message)}{'' if leak.sign == 'group' else f' {end}'}",
            icon=":material/warning:",
        )
    if not look.leaks:
        st.markdown(":green[:material/check_circle:] No column seems to know the answer.")


def _choose_kept(look: Examination, upload: Upload, plan: Plan) -> None:
    """Let somebody insist on columns that were warned of."""
    doubtful = [leak.column for leak in look.leaks if leak.sign != "group"]
    if names := list(dict.fromkeys([*plan.keep, *doubtful])):
        st.multiselect(
            "Use anyway",
            names,
            key=_kept_key(upload),
            placeholder="None of them",
            help="Only columns that are known before the ad is shown.",
        )


def _offer(upload: Upload, plan: Plan) -> None:
    """Ask for a name, and begin."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the model", f"{plan.target}, {upload.name}", key=_name_key(upload))
        st.button(
            "Learn from this table",
            key="table_learn",
            type="primary",
            on_click=_start,
            args=(upload, plan),
        )


def _start(upload: Upload, plan: Plan) -> None:
    name = st.session_state.get(_name_key(upload)) or ""
    with told_on_the_page():
        st.session_state[WATCHED_FIT] = studio().tables.start(upload, plan, name).model_id


def _about(upload: Upload) -> str:
    """Return what keys of widgets end in, so that another table begins with its own guesses."""
    return upload.key[:12]


def _name_key(upload: Upload) -> str:
    return f"table_name_{_about(upload)}"


def _kept_key(upload: Upload) -> str:
    return f"table_keep_{_about(upload)}"


def _place(options: Sequence[str], wanted: str) -> int:
    return list(options).index(wanted) if wanted in options else 0
