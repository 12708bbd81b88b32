"""One line as a card: its text, its angle, its length against the limit, what is wrong with it."""

from collections.abc import Sequence

import streamlit as st

from creative.domain import Claim, Draft, DraftState, Finding, Line, Severity, kept_id
from pages.parts.decisions import decide
from pages.parts.wording import plain, stars_words, state_word

_DECISIONS = {DraftState.APPROVED.value: "Approve", DraftState.REJECTED.value: "Reject"}
_STATE_COLOURS = {DraftState.APPROVED: "green", DraftState.REJECTED: "red"}
_BAR_PX = 72


def draft_card(draft: Draft) -> None:
    """Show a draft with its decision: one widget, so that a page takes many cards."""
    with st.container(border=True, gap="xsmall", key=f"card_{draft.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(draft.line.text, width="stretch")
            facts(draft)
            decision(draft)
        show_notes(draft.line)


def decision(draft: Draft) -> None:
    """Show approve and reject as one control that also says what was decided."""
    key = f"decision_{draft.id}"
    st.session_state[key] = draft.state.value if draft.state.value in _DECISIONS else None
    st.segmented_control(
        f"Decision on {plain(draft.line.text)}",
        list(_DECISIONS),
        format_func=_DECISIONS.__getitem__,
        key=key,
        on_change=_decide,
        args=(kept_id(draft), key),
        label_visibility="collapsed",
    )


def facts(draft: Draft, *, with_state: bool = False, with_bar: bool = True) -> None:
    """Show angle, length and stars side by side; the caller's row, if it is horizontal."""
    line = draft.line
    if with_state:
        colour = _STATE_COLOURS.get(draft.state, "gray")
        st.markdown(f":{colour}-badge[{state_word(draft.state)}]", width="content")
    if draft.stars is not None:
        st.caption(stars_words(draft.stars), width="content")
    if line.angle:
        st.markdown(f":gray-badge[{plain(line.angle)}]", width="content")
    length(line, with_bar=with_bar)


def length(line: Line, *, with_bar: bool = True) -> None:
    """Show how much of the limit a line takes, as numbers and as a bar."""
    if not line.limit:
        st.caption(f"{line.width}", width="content")
        return
    count = f"{line.width}/{line.limit}"
    if line.width > line.limit:
        count = f":red[**{count}**]"
    if with_bar:
        st.progress(min(line.width / line.limit, 1.0), f":small[{count}]", width=_BAR_PX)
    else:
        st.caption(count, width="content")


def show_notes(line: Line) -> None:
    """Show what is wrong with a line and where its claims come from."""
    if text := notes(line.findings, line.claims):
        st.caption(text)


def notes(findings: Sequence[Finding], claims: Sequence[Claim]) -> str:
    """Return findings and supported claims as Markdown; unsupported ones are findings already."""
    supported = (claim for claim in claims if claim.support)
    return "  \n".join([*map(_finding, findings), *map(_claim, supported)])


def _finding(finding: Finding) -> str:
    is_error = finding.severity is Severity.ERROR
    icon = ":red[:material/error:]" if is_error else ":orange[:material/warning:]"
    fix = f" {plain(finding.fix)}" if finding.fix else ""
    return f"{icon} {plain(finding.message)}{fix}"


def _claim(claim: Claim) -> str:
    source = (claim.support or "").replace(".", " ").replace("_", " ")
    return f":green[:material/verified:] {plain(claim.text)} ← {plain(source)}"


def _decide(draft_id: int, key: str) -> None:
    chosen = st.session_state[key]
    decide([draft_id], DraftState(chosen) if chosen else DraftState.NEW)
