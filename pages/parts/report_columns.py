"""What a person says of a report: which column is what, and how days and numbers are meant."""

from collections.abc import Mapping as ByName
from collections.abc import Sequence
from itertools import cycle

import streamlit as st

from creative.ingest.report import Mapping

FIELDS = {
    "name": "Name of the ad",
    "text": "Text of the ad",
    "date": "Day",
    "impressions": "Impressions",
    "clicks": "Clicks",
    "conversions": "Conversions",
    "revenue": "Revenue",
    "cost": "Cost",
    "currency": "Currency",
}
_SAID = (*FIELDS, "dates", "decimal", "result")
_DATES = {"dmy": "Day first: 27/09/2026", "mdy": "Month first: 09/27/2026"}
_DECIMALS = {".": "Point: 1,234.50", ",": "Comma: 1.234,50"}


def ask_columns(
    name: str, columns: tuple[str, ...], known: Mapping, actions: Sequence[str] = ()
) -> None:
    """Ask which column is what; it is remembered for files with the same headers.

    Args:
        name: Of the file.
        actions: What its conversions are, where it names that.
    """
    sides = cycle(st.columns(2))
    for field, label in FIELDS.items():
        headers = known.columns.get(field, ())
        with next(sides):
            st.selectbox(
                label,
                columns,
                index=columns.index(headers[0]) if len(headers) == 1 else None,
                key=_key(name, field),
                placeholder="No such column" if len(headers) < 2 else ", ".join(headers),
            )
    with next(sides):
        _ask_way(name, "dates", "How days are written", _DATES, known.dates)
    with next(sides):
        _ask_way(name, "decimal", "How decimals are written", _DECIMALS, known.decimal)
    if len(actions) > 1:
        words = {action: action for action in actions}
        with next(sides):
            _ask_way(name, "result", "Which results are conversions", words, known.result)
    st.caption("The next file with these headers is read the same way.")


def mapping_of(name: str) -> Mapping | None:
    """Return what was said of a file; None while that is nothing."""
    said = {each: st.session_state.get(_key(name, each)) or "" for each in _SAID}
    if not any(said.values()):
        return None
    columns: dict[str, tuple[str, ...]] = {field: (said[field],) for field in FIELDS if said[field]}
    return Mapping(
        columns=columns, dates=said["dates"], decimal=said["decimal"], result=said["result"]
    )


def _ask_way(name: str, way: str, label: str, words: ByName[str, str], known: str) -> None:
    options = list(words)
    st.selectbox(
        label,
        options,
        index=options.index(known) if known in words else None,
        format_func=words.__getitem__,
        key=_key(name, way),
        placeholder="As the file tells",
    )


def _key(name: str, field: str) -> str:
    return f"column_{name}_{field}"
