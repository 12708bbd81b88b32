"""Turn approved drafts into a file: for the ad platform, or for people."""

from collections.abc import Sequence

import streamlit as st

from creative.channels import Channel, Field, channel, fill
from creative.domain import Brief, Draft, kept_id
from creative.export.ads import AdStatus, blocks
from creative.export.delimited import FORMS
from creative.studio.exports import ExportOptions, Format
from pages.parts.brief_choice import choose_brief
from pages.parts.channel_words import stand_words
from pages.parts.draft_card import notes
from pages.parts.failures import shown_to_the_user, tell_problem
from pages.parts.navigation import only_inside_the_app
from pages.parts.resources import studio
from pages.parts.wording import ago, count_of, plain, stars_words

_MADE = "export_made"  #: the file made last, as plain data, and the options it was made with


def _use_key(draft_id: int) -> str:
    return f"use_{draft_id}"


def _pin_key(draft_id: int) -> str:
    return f"pin_{draft_id}"


def _path_key(brief: Brief, field: Field) -> str:
    return f"path_{brief.id}_{field.id}"


def _show_approved(place: Channel, approved: dict[str, list[Draft]], pins: bool) -> None:
    """List what goes in, field by field, and what is still missing."""
    for field in place.drafted:
        drafts = approved[field.id]
        if not drafts and not field.required:
            continue
        st.subheader(f"{plain(field.name)} · {stand_words(field, _used(drafts))}", anchor=False)
        with st.container(gap="xsmall"):
            for draft in drafts:
                _show_line(draft, place.pins.get(field.id, ()) if pins else ())
        if _used(drafts) < field.min_count:
            st.page_link("pages/review.py", label="Approve more under Review")


def _show_line(draft: Draft, positions: Sequence[str]) -> None:
    draft_id = kept_id(draft)
    with st.container(border=True, gap="xsmall", key=f"export_{draft_id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.checkbox(
                f"Use {plain(draft.line.text)}",
                key=_use_key(draft_id),
                value=True,
                persist_state="session",
                label_visibility="collapsed",
            )
            st.text(draft.line.text, width="stretch")
            if draft.stars is not None:
                st.caption(stars_words(draft.stars), width="content")
            if positions:
                st.selectbox(
                    f"Place of {plain(draft.line.text)}",
                    [0, *range(1, len(positions) + 1)],
                    format_func=lambda n: f"Always in place {n}" if n else "Any place",
                    key=_pin_key(draft_id),
                    persist_state="session",
                    label_visibility="collapsed",
                    width=180,
                )
        if text := notes(draft.line.findings, ()):
            st.caption(text)


def _used(drafts: Sequence[Draft]) -> int:
    return sum(st.session_state.get(_use_key(kept_id(draft)), True) for draft in drafts)


def _choose_format(place: Channel) -> Format:
    formats = {one.id: one for one in studio().exports.formats(place.id)}
    if st.session_state.get("export_format") not in formats:
        st.session_state["export_format"] = next(iter(formats))
    chosen = st.segmented_control(
        "File",
        list(formats),
        format_func=lambda id: plain(formats[id].name),
        required=True,
        key="export_format",
        persist_state="session",
    )
    found = formats[chosen or next(iter(formats))]
    st.caption(plain(found.about))
    return found


def _choose_options(brief: Brief, place: Channel, chosen: Format) -> ExportOptions:
    """Ask what a platform file needs; files for people need nothing."""
    drafts = [d for of in studio().exports.approved(kept_id(brief)).values() for d in of]
    ids = tuple(
        kept_id(draft) for draft in drafts if st.session_state.get(_use_key(kept_id(draft)), True)
    )
    if not chosen.is_platform_file:
        return ExportOptions(draft_ids=ids)
    with st.container(border=True, key="ad"):
        campaign = group = ""
        status = AdStatus.PAUSED.value
        if chosen.has_place:
            left, right = st.columns(2)
            with left:
                campaign = st.text_input("Campaign", key="export_campaign", persist_state="session")
            with right:
                group = st.text_input("Ad group", key="export_group", persist_state="session")
        paths = _choose_paths(brief, place)
        left, right = st.columns(2)
        with left:
            if chosen.has_place:
                status = st.selectbox(
                    "Status after import",
                    [status.value for status in AdStatus],
                    key="export_status",
                    persist_state="session",
                )
        with right:
            names = {form.id: form.name for form in FORMS}
            encoding = st.selectbox(
                "Encoding",
                list(names),
                format_func=names.__getitem__,
                key="export_encoding",
                persist_state="session",
            )
    pins = {id: pin for id in ids if (pin := st.session_state.get(_pin_key(id)))}
    return ExportOptions(
        campaign=campaign or "",
        ad_group=group or "",
        draft_ids=ids,
        pins=pins,
        paths=paths,
        status=AdStatus(status or AdStatus.PAUSED.value),
        encoding=encoding or FORMS[0].id,
    )


def _choose_paths(brief: Brief, place: Channel) -> tuple[str, ...] | None:
    """Show the display paths that the brief suggests; None where the channel has none."""
    fields = [field for field in place.fields if field.kind == "path"]
    if not fields:
        return None
    suggested = fill(brief, place)
    paths = []
    for field, column in zip(fields, st.columns(len(fields)), strict=True):
        key = _path_key(brief, field)
        st.session_state.setdefault(key, next(iter(suggested.get(field.id, [])), ""))
        with column:
            text = st.text_input(
                plain(field.name), key=key, max_chars=field.max_length, persist_state="session"
            )
        paths.append(text or "")
    return tuple(paths)


def _show_file(brief: Brief, chosen: Format, options: ExportOptions) -> None:
    """Say what stands in the way, make the file, and hand it out."""
    brief_id = kept_id(brief)
    problems = studio().exports.problems(brief_id, options) if chosen.is_platform_file else ()
    if problems:
        with st.container(border=True, key="export_problems"):
            st.markdown("**Before the platform takes it**")
            st.markdown(notes(problems, ()))
    is_blocked = any(blocks(problem) for problem in problems)
    versions = {d.id: d.version for of in studio().exports.approved(brief_id).values() for d in of}
    signature = f"{brief!r} {versions} {chosen.id} {options!r}"
    if st.button(
        "Make the file",
        key="make_file",
        type="primary",
        disabled=is_blocked or not options.draft_ids,
    ):
        with shown_to_the_user() as attempt:
            made = studio().exports.export(brief_id, chosen.id, options)
        if attempt.error is None:
            st.session_state[_MADE] = {
                "for": signature,
                "data": made.content,
                "filename": made.filename,
                "media_type": made.media_type,
                "warnings": made.warnings,
            }
    made_last = st.session_state.get(_MADE)
    if not made_last or made_last["for"] != signature:
        return
    for warning in made_last["warnings"]:
        st.warning(plain(warning), icon=":material/info:")
    st.download_button(
        f"Download {plain(made_last['filename'])}",
        data=made_last["data"],
        file_name=made_last["filename"],
        mime=made_last["media_type"],
        key="download",
        icon=":material/download:",
        on_click="ignore",
    )


def _show_history(brief: Brief) -> None:
    records = studio().exports.history(kept_id(brief))
    if records:
        with st.expander(f"Made before ({len(records)})", key="export_history"):
            for record in records:
                lines = count_of(len(record.draft_ids), "line")
                st.text(f"{record.filename} · {lines} · {ago(record.created_at)}")


def _show_page() -> None:
    st.title("Export", anchor=False)
    tell_problem()
    brief = choose_brief()
    if brief is None:
        st.markdown("There is nothing to export yet: write a brief, draft lines, approve some.")
        st.page_link("pages/briefs.py", label="Write a brief")
        return
    place = channel(brief.channel)
    approved = studio().exports.approved(kept_id(brief))
    if not any(approved.values()):
        st.markdown("No line of this brief is approved yet. Approve what you want to run.")
        st.page_link("pages/review.py", label="Review lines")
        return
    chosen = _choose_format(place)
    below = st.container()
    _show_approved(place, approved, pins=chosen.id == "google_ads_editor")
    with below:
        options = _choose_options(brief, place, chosen)
        _show_file(brief, chosen, options)
    _show_history(brief)


only_inside_the_app()
_show_page()
