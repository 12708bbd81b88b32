"""What a channel takes, in words."""

import streamlit as st

from creative.channels import Channel, Field, channel, channels
from creative.counting import UNITS
from creative.domain import Brief
from pages.parts.wording import plain

_FIRST = ("google", "microsoft", "meta", "linkedin", "tiktok", "x", "pinterest", "amazon")


def channel_ids() -> list[str]:
    """Return every channel, the most used platforms first."""

    def rank(place: Channel) -> tuple[int, str]:
        known = place.platform in _FIRST
        return (_FIRST.index(place.platform) if known else len(_FIRST), place.name)

    return [place.id for place in sorted(channels(), key=rank)]


def channel_name(id: str) -> str:
    """Return how people call a channel; plain text."""
    return channel(id).name


def call_to_action_field(place: Channel) -> Field | None:
    """Return the button text field of a channel that has one."""
    return next((field for field in place.fields if field.kind == "call_to_action"), None)


def show_limits(place: Channel) -> None:
    """List the fields of a channel: how many, how long, how strict, and who says so."""
    for field in place.drafted:
        st.markdown(f"**{plain(field.name)}**  \n{limits_words(field)}", help=_source(place, field))
    others = [plain(field.name) for field in place.fields if not field.is_drafted]
    if others:
        st.caption(f"Filled from the brief or by you: {', '.join(others)}.")
    if place.conflict:
        st.caption(f":orange[:material/info:] Sources disagree: {plain(place.conflict)}.")


def limits_words(field: Field) -> str:
    """Say how many lines a field takes, how long, and what happens to longer ones."""
    parts = [_how_many(field)]
    unit = plain(UNITS[field.counting].name)
    if field.limit and field.rejects_longer:
        parts.append(f"up to {field.limit:,} {unit}; longer is rejected")
    elif field.limit:
        parts.append(f"best up to {field.limit:,} {unit}")
        if field.max_length and field.max_length != field.limit:
            parts.append(f"at most {field.max_length:,}")
    return ", ".join(parts)


def stand_words(field: Field, used: int) -> str:
    """Say how many lines there are against how many the ad takes."""
    if used < field.min_count and field.required:
        return f"{used} of {field.min_count}, approve {field.min_count - used} more"
    if used > field.max_count:
        return f"{used}, leave {used - field.max_count} out"
    return f"{used} of at most {field.max_count}"


def _how_many(field: Field) -> str:
    if field.max_count == 1:
        return "one" if field.required else "one, optional"
    many = (
        f"{field.min_count} to {field.max_count}" if field.min_count else f"up to {field.max_count}"
    )
    return many + (f" ({field.recommended_count} recommended)" if field.recommended_count else "")


def _source(place: Channel, field: Field) -> str:
    sure = {"official": "says the platform", "vendor_doc": "says a vendor"}
    how = sure.get(field.verified, f"not confirmed by the platform ({field.verified})")
    return f"{plain(place.source)} · {plain(how)} · checked on {place.checked_on}"


def brief_label(brief: Brief) -> str:
    """Return one line that tells a brief from every other; not Markdown."""
    return (
        f"{brief.brand.name} · {brief.product.name} · {channel_name(brief.channel)} (#{brief.id})"
    )
