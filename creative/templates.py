"""Prompt templates as versioned text files, rendered in a sandbox.

`prompts/catalog.toml` names every file with its version, state and hash; a released version never
changes, so a draft's `id@version` says exactly what the model was asked.  Values are plain strings
made by the caller; a template sees nothing else.  Knows no briefs and no models.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from creative.errors import TemplateError

State = Literal["draft", "released", "retired"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """One version of one prompt; `shapes` are the kinds of field it can write."""

    id: str
    version: int
    state: State
    file: str
    shapes: tuple[str, ...]
    about: str
    sha256: str

    @property
    def reference(self) -> str:
        """What a run stores: `id@version`."""
        return f"{self.id}@{self.version}"


class Templates:
    """The templates of one folder.

    Raises:
        TemplateError: If the catalog cannot be read, or a released file was changed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        catalog = _read_catalog(folder)
        self._templates = tuple(_template(entry) for entry in catalog.get("template", ()))
        for file, sha256 in _released(catalog):
            if file_hash(folder / file) != sha256:
                raise TemplateError(
                    f"The prompt {file} was changed after its release. Put it back, or add your "
                    f"text as a new version with state 'draft' in {folder / 'catalog.toml'}."
                )
        self._jinja = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=False,  # prompts are plain text, never HTML
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def for_shape(self, shape: str) -> tuple[Template, ...]:
        """Templates that can write such a field: released ones first, newest version first."""
        usable = [t for t in self._templates if shape in t.shapes and t.state != "retired"]
        return tuple(sorted(usable, key=lambda t: (t.state != "released", t.id, -t.version)))

    def get(self, reference: str) -> Template:
        """Find a template by `id@version`."""
        for template in self._templates:
            if template.reference == reference:
                return template
        known = ", ".join(t.reference for t in self._templates)
        raise TemplateError(f"There is no prompt template {reference!r}; there are {known}.")

    def default(self, shape: str) -> Template:
        """The template that is used when nobody chose one."""
        for template in self.for_shape(shape):
            return template
        raise TemplateError(f"No prompt template writes a field of the kind {shape!r}.")

    def render(self, file: str, values: Mapping[str, object]) -> str:
        """Fill a file of the folder in.

        Raises:
            TemplateError: If it is missing, names an unknown value or breaks the sandbox.
        """
        try:
            return self._jinja.get_template(file).render(values).strip()
        except TemplateNotFound as error:
            raise TemplateError(f"The prompt file {error.name} is missing.") from error
        except UndefinedError as error:
            raise TemplateError(f"The prompt {file} uses an unknown value: {error}.") from error
        except (SecurityError, JinjaError, ArithmeticError, TypeError, ValueError) as error:
            raise TemplateError(f"The prompt {file} cannot be used: {error}.") from error


def file_hash(path: Path) -> str:
    """SHA-256 of a prompt file in hex, or an empty string when there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _read_catalog(folder: Path) -> dict[str, list[dict[str, object]]]:
    path = folder / "catalog.toml"
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError as error:
        raise TemplateError(f"There is no prompt catalog at {path}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TemplateError(f"The prompt catalog {path} cannot be read: {error}.") from error


def _template(entry: Mapping[str, object]) -> Template:
    try:
        return Template(**{**entry, "shapes": tuple(entry["shapes"])})  # type: ignore[arg-type]
    except (KeyError, TypeError) as error:
        raise TemplateError(f"An entry of the prompt catalog is wrong: {error}.") from error


def _released(catalog: Mapping[str, list[dict[str, object]]]) -> list[tuple[str, object]]:
    entries = [e for e in catalog.get("template", ()) if e.get("state") != "draft"]
    return [(str(e["file"]), e["sha256"]) for e in (*entries, *catalog.get("shared", ()))]
