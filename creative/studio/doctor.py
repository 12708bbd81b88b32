"""What is wrong with this installation, and what to do about it, in plain words."""

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from creative.engine.protocol import EngineState
from creative.engine.remote.access import access_of
from creative.errors import StudioError
from creative.ports import Store
from creative.settings import Settings
from creative.studio.models import Models
from creative.templates import Templates

if TYPE_CHECKING:
    from creative.engine.remote.checkup import Checkup

_PACKAGES = (
    "streamlit", "torch", "transformers", "accelerate", "sentencepiece", "openai", "sqlalchemy",
    "alembic",
)  # fmt: skip
_MIN_FREE_GB = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Diagnosis:
    """One thing that was looked at; `fix` says what to do and is empty when all is well."""

    name: str
    is_ok: bool
    detail: str
    fix: str = ""


class Doctor:
    """Looks at Python, packages, disk, prompts, a server if one writes, model, engine and library.

    The last three are asked for only when they are looked at, so that a broken one is a diagnosis
    and hides none of the others.
    """

    def __init__(
        self, settings: Settings, models: Callable[[], Models], store: Callable[[], Store]
    ) -> None:
        self._settings = settings
        self._models = models
        self._store = store

    def diagnose(self) -> list[Diagnosis]:
        """Return every finding, the good ones too."""
        check_up = cache(self._checked_up)  # one look at the server for all that depend on it
        looks: dict[str, Callable[[], Diagnosis]] = {
            "Python": _python,
            "Packages": _packages,
            "Disk": self._disk,
            "Prompts": self._prompts,
            **({"Server": partial(self._server, check_up)} if self._is_remote else {}),
            "Model": partial(self._model, check_up),
            "Engine": self._engine,
            "Library": self._library,
        }
        return [_looked(name, look) for name, look in looks.items()]

    def _prompts(self) -> Diagnosis:
        Templates(self._settings.prompts)
        return Diagnosis(
            name="Prompts", is_ok=True, detail=f"as released, {self._settings.prompts}"
        )

    def _disk(self) -> Diagnosis:
        home = self._settings.home
        free_gb = shutil.disk_usage(_existing(home)).free / 1e9
        return Diagnosis(
            name="Disk",
            is_ok=free_gb >= _MIN_FREE_GB,
            detail=f"{free_gb:.1f} GB free in {home}",
            fix="" if free_gb >= _MIN_FREE_GB else "Free some space, or set ADLIB_HOME elsewhere.",
        )

    @property
    def _is_remote(self) -> bool:
        return self._settings.engine == "openai"

    def _checked_up(self) -> "Checkup":
        from creative.engine.remote.checkup import check_up  # only who has a server waits for it

        return check_up(access_of(self._settings))

    def _server(self, check_up: "Callable[[], Checkup]") -> Diagnosis:
        found = check_up()
        return Diagnosis(name="Server", is_ok=not found.fix, detail=found.detail, fix=found.fix)

    def _model(self, check_up: "Callable[[], Checkup]") -> Diagnosis:
        models = self._models()
        choice, problem = models.choice, models.problem
        if not problem and self._is_remote and check_up().fix:
            return Diagnosis(
                name="Model",
                is_ok=False,
                detail=f"{choice.name} cannot be asked for",
                fix="See to the server first.",
            )
        return Diagnosis(
            name="Model", is_ok=not problem, detail=f"{choice.name} ({choice.id})", fix=problem
        )

    def _engine(self) -> Diagnosis:
        status = self._models().status()
        is_ok = status.state is not EngineState.FAILED
        where = " ".join(filter(None, (status.device, status.dtype)))
        return Diagnosis(
            name="Engine",
            is_ok=is_ok,
            detail=f"{status.state.value} {where}".strip(),
            fix="" if is_ok else status.message,
        )

    def _library(self) -> Diagnosis:
        problems = self._store().problems()
        return Diagnosis(
            name="Library",
            is_ok=not problems,
            detail=_without_password(self._settings.database),
            fix=" ".join(problems),
        )


def _looked(name: str, look: Callable[[], Diagnosis]) -> Diagnosis:
    """Return a diagnosis, also of what cannot even be opened."""
    try:
        return look()
    except StudioError as error:
        return Diagnosis(name=name, is_ok=False, detail="cannot be used", fix=str(error))


def _python() -> Diagnosis:
    is_ok = sys.version_info >= (3, 11)
    return Diagnosis(
        name="Python",
        is_ok=is_ok,
        detail=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        fix="" if is_ok else "Install Python 3.11 or newer and run make setup again.",
    )


def _packages() -> Diagnosis:
    versions = {name: _version(name) for name in _PACKAGES}
    missing = [name for name, version in versions.items() if not version]
    return Diagnosis(
        name="Packages",
        is_ok=not missing,
        detail=", ".join(f"{name} {version or 'missing'}" for name, version in versions.items()),
        fix=f"Run make setup: {', '.join(missing)} missing." if missing else "",
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"
