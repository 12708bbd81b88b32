"""Which model writes, where it runs, and which others would fit this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from creative.engine.adapters import is_adapter
from creative.engine.catalog import Fit, ModelChoice, ModelEntry, fits, model_list
from creative.engine.factory import choose, create_engine
from creative.engine.protocol import Engine, EngineStatus
from creative.errors import ModelNotUsable
from creative.settings import Settings
from creative.studio.notes import read_note, write_note

_DRAIN_S = 5.0  #: how long lines in hand may take when the model is changed
_FALLBACK = "starter"
_FALLBACK_NOTE = "Until then the starter model writes."
_REMEMBERED = ("model", "device", "dtype")  #: settings that a person may change on the page


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A model of the list, and how it would do on this machine."""

    entry: ModelEntry
    fit: Fit
    is_current: bool


class Models:
    """The engine in use; a change of model replaces it for every user.

    `problem` says in plain words why another model than the chosen one writes; empty when all is
    well.  `is_trial` tells whether the model in use was only tried out, and is forgotten when Adlib
    ends.
    """

    is_trial = False

    def __init__(self, settings: Settings) -> None:
        self._lock = threading.Lock()
        self._settings, self.problem = _usable(_with_remembered(settings))
        self._choice = _named(choose(self._settings))
        self._engine = create_engine(self._settings)

    @property
    def choice(self) -> ModelChoice:
        return self._choice

    @property
    def engine(self) -> Engine:
        return self._engine

    @property
    def settings(self) -> Settings:
        """The settings in force, with what a person changed on the page."""
        return self._settings

    def in_use(self) -> tuple[ModelChoice, Engine]:
        """Return the model and its engine, both of one moment."""
        with self._lock:
            return self._choice, self._engine

    def status(self) -> EngineStatus:
        return self._engine.status()

    def offers(self) -> list[Offer]:
        """The model list, each with a mark whether it fits this machine."""
        current = "" if self._is_remote else self._choice.id
        return [
            Offer(entry=entry, fit=fits(entry), is_current=entry.id == current)
            for entry in model_list()
        ]

    def use(self, model: str, *, device: str = "auto", dtype: str = "auto") -> ModelChoice:
        """Change to another model and remember it.

        Lines in hand are finished if that takes no longer than a moment; runs that want more then
        fail and can be resumed.

        Args:
            model: Id from the list, folder, or hub id.

        Raises:
            ModelNotUsable: If there is no such model, or a server writes; the present one stays
                in use.
            StudioError: If the choice cannot be kept; the present model stays in use.
        """
        wish = {"model": model, "device": device, "dtype": dtype}
        settings = self._wanted(wish)
        choice = _named(choose(settings))
        write_note(_file(settings.home), wish, "The choice")
        self._replace(settings, choice, is_trial=False)
        return choice

    def try_out(self, model: str) -> ModelChoice:
        """Change to another model until another is chosen, or Adlib ends; as `use` otherwise."""
        settings = self._wanted({"model": model})
        choice = _named(choose(settings))
        choice = replace(choice, name=f"{choice.name} (on trial)")
        self._replace(settings, choice, is_trial=True)
        return choice

    @contextmanager
    def borrowed(self, model: str) -> Iterator[tuple[ModelChoice, Engine]]:
        """Lend a model with an engine: the one in use if it is that model, else one for a while.

        Raises:
            ModelNotUsable: If there is no such model, or a server writes.
        """
        current, engine = self.in_use()
        if current.id == model:
            yield current, engine
            return
        settings = self._wanted({"model": model})
        choice = _named(choose(settings))
        engine = create_engine(settings)
        try:
            yield choice, engine
        finally:
            engine.close()

    def close(self) -> None:
        self._engine.close()

    @property
    def _is_remote(self) -> bool:
        return self._settings.engine == "openai"

    def _wanted(self, wish: dict[str, str]) -> Settings:
        if self._is_remote:
            raise ModelNotUsable(
                "A server writes now. To use a model of this machine, set ADLIB_ENGINE to process "
                "and start Adlib again."
            )
        return self._settings.model_copy(update=wish)

    def _replace(self, settings: Settings, choice: ModelChoice, *, is_trial: bool) -> None:
        with self._lock:
            old, self._engine = self._engine, create_engine(settings)
            self._choice, self._settings, self.problem = choice, settings, ""
            self.is_trial = is_trial
        old.close(_DRAIN_S)


def _named(choice: ModelChoice) -> ModelChoice:
    """Name an adapter apart from the model that it changes, whose profile it has."""
    folder = Path(choice.source)
    if not is_adapter(folder):
        return choice
    return replace(choice, name=f"{choice.name}, tuned as {folder.name}")


def _usable(settings: Settings) -> tuple[Settings, str]:
    """Fall back to the starter when the wanted model is gone, saying so; the app still starts."""
    try:
        choose(settings)
    except ModelNotUsable as error:
        engine = "process" if settings.engine == "openai" else settings.engine
        usable = settings.model_copy(update={"model": _FALLBACK, "engine": engine})
        return usable, f"{error} {_FALLBACK_NOTE}"
    return settings, ""


def _with_remembered(settings: Settings) -> Settings:
    """Add what was chosen on the page, except where the environment says otherwise."""
    said = settings.model_fields_set
    kept = {k: v for k, v in _remembered(settings.home).items() if k not in said}
    return settings.model_copy(update=kept)


def _remembered(home: Path) -> dict[str, Any]:
    note = read_note(_file(home))
    return {k: str(note[k]) for k in _REMEMBERED if k in note}


def _file(home: Path) -> Path:
    return home / "model.json"
