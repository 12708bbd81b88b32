"""Which drafts the Review page shows, as widgets whose values last for the session."""

import streamlit as st

from creative.channels import channel
from creative.domain import Angle, Brief, DraftState, kept_id
from creative.ports import DraftFilter
from pages.parts.resources import studio
from pages.parts.wording import state_word

_ORDERS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "best": "Best first",
    "stars": "Most stars first",
    "likely": "Likeliest first",
    "shortest": "Shortest first",
}
_ANY = ""
_FINDINGS = {"any": "Any", "without": "None found", "with": "Some found"}
_STARS = {0: "Any", 1: "1 or more", 2: "2 or more", 3: "3 or more", 4: "4 or more", 5: "5"}
_MORE = ("field", "angle", "stars", "findings")


def choose_drafts(brief: Brief | None) -> DraftFilter:
    """Show the filters in the caller's row and return what they ask for, without a page."""
    states = st.segmented_control(
        "State",
        [state.value for state in DraftState],
        format_func=lambda value: state_word(DraftState(value)),
        selection_mode="multi",
        default=[DraftState.NEW.value],
        key="filter_states",
        persist_state="session",
    )
    text = st.text_input(
        "Words in the line",
        key="filter_text",
        type="search",
        live="300ms",
        placeholder="",
        persist_state="session",
        width=200,
    )
    with st.popover(_more_label(), key="filter_more"):
        field, angle, stars, findings, order = _more(brief)
    return DraftFilter(
        brief_id=kept_id(brief) if brief else None,
        field=field or None,
        states=tuple(DraftState(value) for value in states or ()),
        angle=angle or None,
        min_stars=float(stars) if stars else None,
        has_findings={"with": True, "without": False}.get(findings),
        text=(text or "").strip(),
        order=order,  # type: ignore[arg-type]  # a key of _ORDERS
    )


def _more(brief: Brief | None) -> tuple[str | None, str | None, int, str, str]:
    fields = {f.id: f.name for f in channel(brief.channel).drafted} if brief else {}
    if st.session_state.get("filter_field") not in fields:
        st.session_state["filter_field"] = _ANY
    field = st.selectbox(
        "Field",
        [_ANY, *fields],
        format_func=lambda id: fields.get(id, "Any"),
        key="filter_field",
        persist_state="session",
        disabled=not fields,
        help=None if fields else "Choose one brief to pick a field of its channel.",
    )
    angle = st.selectbox(
        "Angle",
        [_ANY, *(angle.value for angle in Angle)],
        format_func=lambda value: (value or "Any").capitalize(),
        key="filter_angle",
        persist_state="session",
    )
    stars = st.selectbox(
        "Stars",
        list(_STARS),
        format_func=_STARS.__getitem__,
        key="filter_stars",
        persist_state="session",
    )
    findings = st.selectbox(
        "Findings",
        list(_FINDINGS),
        format_func=_FINDINGS.__getitem__,
        key="filter_findings",
        persist_state="session",
    )
    order = st.selectbox(
        "Order",
        list(_ORDERS),
        format_func=_ORDERS.__getitem__,
        key="filter_order",
        persist_state="session",
    )
    if order == "best":
        st.caption(_best_words(studio().prospects.weight()))
    return field, angle, stars or 0, findings or "any", order or "newest"


def _best_words(weight: float) -> str:
    """Say what puts lines in order."""
    fit = "Lines that keep to their brief and say what none above them says"
    if not weight:
        return f"{fit}. The prediction has no say before your own tests show that it is right."
    return f"{fit}, and by {weight:.0%} those that the prediction favours."


def _more_label() -> str:
    """Name the popover after how many of its filters are set."""
    values = (st.session_state.get(f"filter_{name}") for name in _MORE)
    active = sum(value not in (None, _ANY, 0, "any") for value in values)
    return f"Filter and sort ({active})" if active else "Filter and sort"
