"""Adapters of this library: which there are, how they do against their base, and which one writes.

An adapter may be tried out at any time.  It becomes the default of the library only when blind
votes say that it is not worse than the model it changes (`creative.studio.contest`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from creative.engine.adapters import base_of, is_adapter
from creative.engine.catalog import ModelChoice, model_list, resolve
from creative.errors import ModelNotUsable, StudioError
from creative.settings import Settings
from creative.studio.comparing import PAIRS, Comparing, Comparisons
from creative.studio.contest import FEWEST_PAIRS, Contest, Doubt
from creative.studio.free_names import free_name
from creative.studio.models import Models
from creative.tuning.card import Figures, read_figures

_REASONS = {
    Doubt.NEVER_COMPARED: "compare it with the model that it changes first",
    Doubt.PAIRS_LEFT: "not every pair of the comparison was judged yet",
    Doubt.FEW_PAIRS: f"at least {FEWEST_PAIRS} pairs have to be judged; compare more",
    Doubt.MAY_BE_WORSE: "the votes leave room for it being worse; compare more, or tune anew",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Adapter:
    """An adapter in the home folder.

    Attributes:
        id: What `ADLIB_MODEL` may say.
        base: Id of the model that it changes; empty when it is damaged.
        base_name: For people.
        obstacle: Why it cannot be used; empty when it can.
        figures: What its card says; None where there is none.
        is_current: Whether it writes now.
        is_trial: Whether it does so only until Adlib ends.
    """

    id: str
    name: str
    base: str
    base_name: str
    obstacle: str
    figures: Figures | None
    contest: Contest
    is_current: bool
    is_trial: bool

    @property
    def may_be_default(self) -> bool:
        return not self.obstacle and self.contest.doubt is None


class Adapters:
    """What people do with adapters."""

    def __init__(self, models: Models, comparisons: Comparisons) -> None:
        self._models = models
        self.comparisons = comparisons

    def all(self) -> list[Adapter]:
        """The adapters of the home folder, the newest first."""
        home = adapters_folder(self._models.settings)
        folders = [each.parent for each in home.glob("*/adapter_config.json")]
        folders.sort(key=lambda folder: (folder / "adapter_config.json").stat().st_mtime)
        return [self._adapter(folder) for folder in reversed(folders)]

    def use(self, model: str, *, device: str = "auto", dtype: str = "auto") -> ModelChoice:
        """Change the model of the library and remember it, as `Models.use`.

        Raises:
            StudioError: If it is an adapter that has not earned it, besides what `Models.use`
                raises.
        """
        folder = Path(model.strip()).expanduser()
        if not model.strip() or not is_adapter(folder):
            return self._models.use(model, device=device, dtype=dtype)
        listed = (each.id for each in self.all() if Path(each.id).resolve() == folder.resolve())
        id = next(listed, str(folder))
        if (doubt := self.comparisons.contest(id).doubt) is not None:
            raise StudioError(
                f"{folder.name} cannot be the default yet: {_REASONS[doubt]}. Until then it can be"
                " tried."
            )
        return self._models.use(id, device=device, dtype=dtype)

    def try_out(self, id: str) -> ModelChoice:
        """Let an adapter write until another model is chosen, or Adlib ends.

        Raises:
            StudioError: If it is not there any more, damaged, or cannot run here.
        """
        return self._models.try_out(self._usable(id).id)

    def back_to_base(self, id: str) -> ModelChoice:
        """Let the model that an adapter changes write again, and remember it.

        Raises:
            StudioError: If that model is not there.
        """
        settings = self._models.settings
        return self._models.use(self._get(id).base, device=settings.device, dtype=settings.dtype)

    def compare(self, id: str, pairs: int = PAIRS, *, user: str = "") -> Comparing:
        """Draft lines of an adapter and of its base for blind votes; returns at once.

        Raises:
            StudioError: If it cannot be used, or there is nothing to draft for.
        """
        found = self._usable(id)
        return self.comparisons.start(found.id, found.base, pairs, user=user)

    def _usable(self, id: str) -> Adapter:
        found = self._get(id)
        if found.obstacle:
            raise ModelNotUsable(found.obstacle)
        return found

    def _get(self, id: str) -> Adapter:
        """Return an adapter by its id; an id is one that is listed, and no other path."""
        found = next((each for each in self.all() if each.id == id), None)
        if found is None:
            raise StudioError("That adapter is not in the home folder any more.")
        return found

    def _adapter(self, folder: Path) -> Adapter:
        id, obstacle, base, base_name = str(folder), "", "", ""
        try:
            base = _model_id(base_of(folder), self._models.settings)
            base_name = resolve(base, self._models.settings.models).name
        except ModelNotUsable as error:
            obstacle = str(error)
        current = self._models.choice.id == id
        return Adapter(
            id=id,
            name=folder.name,
            base=base,
            base_name=base_name,
            obstacle=obstacle,
            figures=read_figures(folder),
            contest=self.comparisons.contest(id),
            is_current=current,
            is_trial=current and self._models.is_trial,
        )


def adapters_folder(settings: Settings) -> Path:
    """Return where adapters of this library stand."""
    return settings.home / "adapters"


def new_adapter_folder(settings: Settings) -> Path:
    """Return a folder for a new adapter that is not there yet, named after the day."""
    home = adapters_folder(settings)
    return home / free_name(f"{datetime.now(UTC):%Y-%m-%d}", home)


def _model_id(source: str, settings: Settings) -> str:
    """Return what `ADLIB_MODEL` calls a model that is known by its folder or hub id."""
    for entry in model_list():
        if entry.is_local and Path(source) == (settings.models / entry.source).resolve():
            return entry.id
        if entry.source == source:
            return entry.id
    return source
