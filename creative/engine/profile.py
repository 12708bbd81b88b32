"""What a model is good at, as its folder says in adlib.json; defaults for every other model.

The file is read as hostile input: unknown keys, wild numbers and paths that leave the folder are
refused in plain words.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from creative.errors import ModelNotUsable

FILE = "adlib.json"
MOST_TASTE = 5.0
_LARGEST_FILE = 100_000  #: bytes
_LARGEST_VOCABULARY = 4_000_000  #: bytes

Short = Annotated[str, StringConstraints(max_length=200)]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelProfile:
    """How to ask a model for lines.

    Attributes:
        name: For people; empty when the model brings none.
        version: Of the model, for people.
        brief: How briefs are written for it: in plain words, or typed as the starter learnt.
        grounded: Whether its lines are held to words of the brief and of `vocabulary`.
        judges: Whether it was taught to shorten items of a brief and to tell whether copy may run.
        vocabulary: Lower-case words that fit any brief; None when it brings none.
        candidates_per_line: Rows written for each line that is wanted.
        temperature: Recommended sampling temperature.
        top_p: Recommended nucleus mass.
        taste: What a log-odd of being liked is worth of a line, in log-odds of being preferred; 0
            for a model that was not taught what people like.
        licence: As the model's makers call it.
        languages: BCP 47 tags it writes in; empty when unknown.
    """

    name: str = ""
    version: str = ""
    brief: Literal["plain", "typed"] = "plain"
    grounded: bool = False
    judges: bool = False
    vocabulary: frozenset[str] | None = None
    candidates_per_line: int = 2
    temperature: float = 0.8
    top_p: float = 0.95
    taste: float = 0.0
    licence: str = ""
    languages: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        return self.brief == "typed"


class _File(BaseModel):
    """The fields of adlib.json."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, coerce_numbers_to_str=True
    )

    name: Short = ""
    version: int | Short = ""
    brief: Literal["plain", "typed"] = "plain"
    grounded: bool = False
    judges: bool = False
    vocabulary: Short | None = None
    candidates_per_line: int = Field(2, ge=1, le=64)
    temperature: float = Field(0.8, ge=0, le=5)
    top_p: float = Field(0.95, gt=0, le=1)
    taste: float = Field(0, ge=0, le=MOST_TASTE)
    licence: Short = ""
    languages: tuple[Short, ...] = Field((), max_length=500)


def profile(folder: Path) -> ModelProfile:
    """Return the profile of the model in a folder; defaults when the folder says nothing.

    Raises:
        ModelNotUsable: If adlib.json, or the vocabulary it names, cannot be used.
    """
    path = folder / FILE
    if not path.is_file():
        return ModelProfile()
    try:
        said = _File.model_validate_json(_text(path, _LARGEST_FILE))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ModelNotUsable(f"{path} cannot be used: {where} {first['msg']}".strip()) from error
    words = None if said.vocabulary is None else _vocabulary(folder, said.vocabulary)
    if said.grounded and words is None:
        raise ModelNotUsable(f"{path} says grounded, but names no vocabulary.")
    fields = said.model_dump() | {"vocabulary": words, "version": str(said.version)}
    return ModelProfile(**fields)


def _vocabulary(folder: Path, name: str) -> frozenset[str]:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ModelNotUsable(f"{folder / FILE} names a vocabulary outside its folder: {name}")
    return _words(path, path.stat().st_mtime_ns if path.is_file() else 0)


@lru_cache(maxsize=4)
def _words(path: Path, _changed_ns: int) -> frozenset[str]:
    lines = _text(path, _LARGEST_VOCABULARY).splitlines()
    return frozenset(line.strip().lower() for line in lines if line.strip())


def _text(path: Path, largest: int) -> str:
    try:
        if path.stat().st_size > largest:
            raise ModelNotUsable(f"{path} is too large: more than {largest} bytes.")
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ModelNotUsable(f"{path} cannot be read: {error}") from error
