"""Which model writes and where, whether all is well, backups, and every setting."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from creative.engine.catalog import FitLevel, ModelEntry
from creative.engine.protocol import EngineState
from creative.settings import Settings
from creative.studio.models import Offer
from pages.parts.adapters_view import show_adapters
from pages.parts.failures import shown_to_the_user, tell_problem, told_on_the_page
from pages.parts.navigation import only_inside_the_app
from pages.parts.preferences_view import show_preferences
from pages.parts.resources import studio
from pages.parts.wording import engine_words, pace_words, plain

_DEVICES = ("auto", "cpu", "cuda", "mps")
_DTYPES = ("auto", "float32", "bfloat16", "float16")
_BACKUP = "backup_file"  #: path of the backup made last
_FITS = {
    FitLevel.FITS: ":green-badge[Fits this machine]",
    FitLevel.TIGHT: ":orange-badge[Tight here]",
    FitLevel.TOO_LARGE: ":red-badge[Too large here]",
}
_SECRETS = ("password", "secret", "token", "key", "url")


def _use(model: str) -> None:
    """Change the model, in a callback."""
    with told_on_the_page() as attempt:
        studio().adapters.use(
            model,
            device=st.session_state.get("model_device") or "auto",
            dtype=st.session_state.get("model_dtype") or "auto",
        )
    if attempt.error is None:
        st.toast("Model changed. It loads with the next draft.", icon=":material/check:")


def _use_typed() -> None:
    if model := (st.session_state.get("model_typed") or "").strip():
        _use(model)


def _back_up() -> None:
    with told_on_the_page():
        folder = studio().settings.home / "backups"
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"adlib-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
        st.session_state[_BACKUP] = str(studio().store.backup(target))


def _restore(source: Path) -> None:
    with shown_to_the_user() as attempt:
        studio().restore(source)
    if attempt.error is None:
        st.success("Restored. What was there before is kept beside the backups.")


def _show_model() -> None:
    models = studio().models
    status = models.status()
    with st.container(border=True, key="engine"):
        st.subheader("What runs now", anchor=False)
        st.markdown(plain(engine_words(status, models.choice.name)))
        if pace := pace_words(status):
            st.caption(plain(pace))
        if status.message and status.state is not EngineState.FAILED:
            st.caption(plain(status.message))
        if models.problem:
            st.warning(plain(models.problem), icon=":material/info:")


def _show_offers() -> None:
    st.subheader("Models", anchor=False)
    with st.container(horizontal=True, gap="medium"):
        _remembered_choice("Device", "model_device", _DEVICES, studio().models.settings.device)
        _remembered_choice("Number format", "model_dtype", _DTYPES, studio().models.settings.dtype)
    with st.container(gap="xsmall"):
        for offer in studio().models.offers():
            _show_offer(offer)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Another model: a folder, or an id on the hub",
            key="model_typed",
            persist_state="session",
            help="A hub id is downloaded on first use. Briefs stay on this machine.",
        )
        st.button("Use it", key="use_typed", on_click=_use_typed)


def _remembered_choice(label: str, key: str, options: tuple[str, ...], now: str) -> None:
    st.session_state.setdefault(key, now)
    st.selectbox(label, options, key=key, width=200, persist_state="session")


def _show_offer(offer: Offer) -> None:
    entry = offer.entry
    with (
        st.container(border=True, key=f"offer_{entry.id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap="xsmall"):
            st.markdown(f"**{plain(entry.name)}** {_FITS[offer.fit.level]}", help=_sure(entry))
            st.caption(plain(f"{_facts(entry)}. {entry.notes} {offer.fit.message}"))
        if offer.is_current:
            st.markdown(":green-badge[In use]", width="content")
        else:
            st.button("Use", key=f"use_{entry.id}", on_click=_use, args=(entry.id,))


def _facts(entry: ModelEntry) -> str:
    """Say licence, size and languages."""
    size = f"{entry.parameters_b:g} billion parameters"
    if entry.parameters_b < 0.1:
        size = f"{entry.parameters_b * 1000:.0f} million parameters"
    fetched = (
        f"{entry.download_gb:g} GB to download" if entry.download_gb else "nothing to download"
    )
    languages = "many languages" if "many" in entry.languages else ", ".join(entry.languages)
    memory = f"{entry.memory_gb:g} GB of memory"
    return f"{entry.licence} · {size} · {fetched} · {memory} · {languages}"


def _sure(entry: ModelEntry) -> str:
    how = "The model's card says so" if entry.verified else "Not checked against the model's card"
    return plain(f"{how}; {entry.card}, {entry.checked_on}.")


def _show_doctor() -> None:
    st.subheader("Is all well?", anchor=False)
    for item in studio().doctor.diagnose():
        icon = ":green[:material/check_circle:]" if item.is_ok else ":red[:material/error:]"
        fix = f"  \n{plain(item.fix)}" if item.fix else ""
        st.markdown(f"{icon} **{plain(item.name)}** {plain(item.detail)}{fix}")


def _show_backups() -> None:
    st.subheader("Backup", anchor=False)
    st.markdown(
        "One file holds every brief, draft, rating, vote, test and edit. Tuned writers and models"
        " of tables are folders beside it: copy them too."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Back up now", key="back_up", on_click=_back_up)
        made = st.session_state.get(_BACKUP)
        if made and Path(made).is_file():
            st.download_button(
                "Download the backup",
                data=Path(made).read_bytes(),
                file_name=Path(made).name,
                mime="application/vnd.sqlite3",
                key="download_backup",
                on_click="ignore",
            )
    if made:
        st.caption(f"Kept as {plain(made)}")
    with st.expander("Restore a backup", key="restore"):
        _ask_restore()


def _ask_restore() -> None:
    upload = st.file_uploader("A backup file", key="restore_upload", type=["db", "sqlite"])
    typed = st.text_input("Or its path on this computer", key="restore_path")
    sure = st.checkbox("Replace everything in the library by this backup", key="restore_sure")
    has_source = upload is not None or bool((typed or "").strip())
    asked = st.button("Restore", key="restore_now", disabled=not (sure and has_source))
    if not asked:
        return
    if upload is None:
        _restore(Path((typed or "").strip()).expanduser())
        return
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "backup.db"
        source.write_bytes(upload.getvalue())
        _restore(source)


def _show_settings() -> None:
    st.subheader("Settings", anchor=False)
    st.caption(
        "Set with environment variables or a file named .env; Adlib reads them when it starts."
    )
    settings = studio().models.settings
    for name, about in Settings.model_fields.items():
        value = _without_secrets(name, str(getattr(settings, name)))
        st.markdown(
            f"**{plain(f'ADLIB_{name.upper()}')}** {plain(value or 'not set')}  \n"
            f":gray[{plain(about.description or '')}]"
        )


def _without_secrets(name: str, value: str) -> str:
    """Hide what may hold a password; the scheme of an address may be seen."""
    if value and any(word in name for word in _SECRETS):
        return f"{value.partition(':')[0]}: hidden"
    return value


only_inside_the_app()
st.title("Models & settings", anchor=False)
tell_problem()
_show_model()
st.space("small")
_show_offers()
st.space("small")
show_adapters()
show_preferences()
st.space("small")
_show_doctor()
st.space("small")
_show_backups()
st.space("small")
_show_settings()
