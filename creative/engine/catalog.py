"""Which models there are, whether one fits this machine, and what a model setting means.

The list is data (models.toml).  Reads files and memory sizes; imports no torch and asks no hub.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from creative.engine.loading import looks_like_folder
from creative.engine.machine import Machine, this_machine
from creative.engine.profile import ModelProfile, profile
from creative.errors import ModelNotUsable

__all__ = [
    "Fit",
    "FitLevel",
    "Machine",
    "ModelChoice",
    "ModelEntry",
    "ModelProfile",
    "fits",
    "model_list",
    "profile",
    "resolve",
    "this_machine",
]

_HUB_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_ROOM = 0.85  #: share of memory a model may take before it gets tight
_SLOW_B = 1.0  #: billions of parameters from which a processor is slow


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelEntry:
    """A model of the list.

    Attributes:
        id: What `ADLIB_MODEL` may say.
        source: Hub id, or the name of a folder among the models that come with Adlib.
        parameters_b: Billions of parameters.
        download_gb: 0 when nothing is fetched.
        memory_gb: Needed in bfloat16, for weights and 64 rows of a brief.
        languages: BCP 47 tags; "many" when the card counts them only.
        verified: Whether the model's card was read for these facts, on `checked_on`.
    """

    id: str
    name: str
    source: str
    parameters_b: float
    licence: str
    download_gb: float
    memory_gb: float
    languages: tuple[str, ...]
    notes: str
    verified: bool
    card: str
    checked_on: date
    temperature: float | None = None
    top_p: float | None = None

    @property
    def is_local(self) -> bool:
        """Whether it comes with Adlib."""
        return "/" not in self.source


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelChoice:
    """A model to draft with; `source` is an absolute folder or a hub id."""

    id: str
    name: str
    source: str
    profile: ModelProfile


class FitLevel(StrEnum):
    """Whether a model fits a machine."""

    FITS = "fits"
    TIGHT = "tight"
    TOO_LARGE = "too large"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """Whether a model fits a machine, and why, in words."""

    level: FitLevel
    message: str


@cache
def model_list() -> tuple[ModelEntry, ...]:
    """Return the models that Adlib offers, the starter first."""
    data = tomllib.loads(Path(__file__).with_name("models.toml").read_text(encoding="utf-8"))
    return tuple(_entry(each) for each in data["model"])


def _entry(fields: dict[str, Any]) -> ModelEntry:
    return ModelEntry(**fields | {"languages": tuple(fields["languages"])})


def fits(entry: ModelEntry, machine: Machine | None = None) -> Fit:
    """Tell whether a model fits a machine; this one unless another is given."""
    machine = machine or this_machine()
    if machine.gpu_gb:
        if entry.memory_gb <= machine.gpu_gb * _ROOM:
            return Fit(level=FitLevel.FITS, message=f"Fits the {machine.gpu}.")
        if entry.memory_gb <= machine.gpu_gb:
            return Fit(
                level=FitLevel.TIGHT,
                message=f"Just fits the {machine.gpu}; fewer lines are written at a time.",
            )
    return _fits_memory(entry, machine)


def _fits_memory(entry: ModelEntry, machine: Machine) -> Fit:
    need = entry.memory_gb * (1 if machine.has_fast_bfloat16 else 2)
    size = f"Needs about {need:.0f} GB" if need >= 1 else f"Needs about {need:.1f} GB"
    if need > machine.memory_gb * _ROOM:
        return Fit(
            level=FitLevel.TOO_LARGE,
            message=f"{size} of memory; this machine can spare {machine.memory_gb * _ROOM:.0f} GB.",
        )
    if need > machine.free_gb * _ROOM:
        return Fit(
            level=FitLevel.TIGHT,
            message=(
                f"{size} of memory; {machine.free_gb * _ROOM:.0f} GB can be spared now. "
                "Close other programs."
            ),
        )
    pace = " It is slow without a graphics card." if entry.parameters_b >= _SLOW_B else ""
    return Fit(level=FitLevel.FITS, message=f"Runs on the processor.{pace}")


def resolve(model: str, models: Path) -> ModelChoice:
    """Return the model that a setting means.

    Args:
        model: Id from the list, a folder, or a hub id.
        models: Folder of the models that come with Adlib.
    Raises:
        ModelNotUsable: If it is none of these, or the folder's profile is damaged.
    """
    wanted = model.strip()
    for entry in model_list():
        if wanted.lower() in (entry.id, entry.source.lower()):
            return _listed(entry, models)
    folder = Path(wanted).expanduser()
    bundled = models / wanted
    if not folder.is_dir() and bundled.is_dir() and wanted:
        folder = bundled
    if folder.is_dir() and wanted:
        told = profile(folder)
        source = str(folder.resolve())
        return ModelChoice(
            id=wanted, name=told.name or folder.resolve().name, source=source, profile=told
        )
    if looks_like_folder(wanted) or not _HUB_ID.fullmatch(wanted):
        raise ModelNotUsable(
            f"There is no model {wanted or '(empty)'}: neither in the list, nor a folder, nor a "
            "hub id such as Qwen/Qwen3-0.6B."
        )
    return ModelChoice(id=wanted, name=wanted, source=wanted, profile=ModelProfile(name=wanted))


def _listed(entry: ModelEntry, models: Path) -> ModelChoice:
    """Return a model of the list; its folder may still be missing, which loading it tells."""
    if entry.is_local:
        folder = (models / entry.source).resolve()
        return ModelChoice(
            id=entry.id, name=entry.name, source=str(folder), profile=profile(folder)
        )
    usual = ModelProfile()
    told = ModelProfile(
        name=entry.name,
        temperature=usual.temperature if entry.temperature is None else entry.temperature,
        top_p=usual.top_p if entry.top_p is None else entry.top_p,
        licence=entry.licence,
        languages=tuple(tag for tag in entry.languages if tag != "many"),
    )
    return ModelChoice(id=entry.id, name=entry.name, source=entry.source, profile=told)
