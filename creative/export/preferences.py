"""What people and results prefer, as JSON lines that tuning libraries read.

Pairs are in the conversational preference format of TRL (`prompt`, `chosen`, `rejected`), single
lines in its prompt-completion format; both keep where they come from in `source` and `brief`.  Read
are also its standard formats, where each is a plain text.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from creative.engine.protocol import Message
from creative.errors import BriefError
from creative.export.files import ExportFile, filename

MEDIA_TYPE = "application/jsonl"
MAX_LINE = 100_000  #: code points of one line of a file that is read


@dataclass(frozen=True, kw_only=True, slots=True)
class Preference:
    """One line preferred to another for the same prompt; `source` says by what."""

    prompt: tuple[Message, ...]
    chosen: str
    rejected: str
    source: str
    brief: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """What is a good answer to a prompt: a line that a person approved, mostly."""

    prompt: tuple[Message, ...]
    text: str
    source: str
    brief: int | None = None


def pairs_file(pairs: Iterable[Preference]) -> ExportFile:
    """Write pairs, one JSON object per line."""
    return _file(map(pair_data, pairs), "preferences")


def lines_file(lines: Iterable[Approved]) -> ExportFile:
    """Write single lines, one JSON object per line."""
    return _file(map(line_data, lines), "approved")


def read_pairs(content: bytes) -> list[Preference]:
    """Read pairs, from this or another program.

    Raises:
        BriefError: Naming the first line that holds no pair.
    """
    return [
        Preference(
            prompt=_prompt(form.prompt),
            chosen=_last(form.chosen),
            rejected=_last(form.rejected),
            source=form.source,
            brief=form.brief,
        )
        for form in _forms(content, _PairForm, "pair")
    ]


def read_lines(content: bytes) -> list[Approved]:
    """Read single lines that are good examples, from this or another program.

    Raises:
        BriefError: Naming the first line that holds no example.
    """
    return [
        Approved(
            prompt=_prompt(form.prompt),
            text=_last(form.completion),
            source=form.source,
            brief=form.brief,
        )
        for form in _forms(content, _LineForm, "example")
    ]


def holds_lines(content: bytes) -> bool:
    """Tell whether a file has single lines rather than pairs, by its first line."""
    first = next((line for line in content.splitlines() if line.strip()), b"")
    try:
        said = json.loads(first)
    except ValueError:
        return False
    return isinstance(said, dict) and "completion" in said and "chosen" not in said


Form = TypeVar("Form", bound=BaseModel)


def _forms(content: bytes, form: type[Form], what: str) -> Iterator[Form]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BriefError("The preferences are no UTF-8 text.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            raise BriefError(f"Line {number} is longer than {MAX_LINE:,} characters.")
        try:
            yield form.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "the line"
            raise BriefError(f"Line {number} is no {what}: {problem['msg']} ({place}).") from error


class _Turn(BaseModel):
    role: str = Field(pattern="^(system|user|assistant)$")
    content: str = Field(min_length=1)


def _as_turns(said: object) -> object:
    """Return a plain text as the one turn that it is, and anything else as it stands."""
    return [{"role": "user", "content": said}] if isinstance(said, str) else said


_Turns = Annotated[list[_Turn], BeforeValidator(_as_turns), Field(min_length=1)]


class _PairForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    prompt: _Turns
    chosen: _Turns
    rejected: _Turns
    source: str = ""
    brief: int | None = None


class _LineForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    prompt: _Turns
    completion: _Turns
    source: str = ""
    brief: int | None = None


def _prompt(turns: Iterable[_Turn]) -> tuple[Message, ...]:
    return tuple(
        Message(role=each.role, content=each.content)  # type: ignore[arg-type]  # as the form says
        for each in turns
    )


def _last(turns: list[_Turn]) -> str:
    return turns[-1].content


def _file(rows: Iterable[dict[str, Any]], name: str) -> ExportFile:
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    return ExportFile(
        content=text.encode(), filename=filename(name, extension="jsonl"), media_type=MEDIA_TYPE
    )


def pair_data(each: Preference) -> dict[str, Any]:
    """Return a pair as plain data."""
    return {
        "prompt": _turns(each.prompt),
        "chosen": _answer(each.chosen),
        "rejected": _answer(each.rejected),
        "source": each.source,
        "brief": each.brief,
    }


def line_data(each: Approved) -> dict[str, Any]:
    """Return an approved line as plain data."""
    return {
        "prompt": _turns(each.prompt),
        "completion": _answer(each.text),
        "source": each.source,
        "brief": each.brief,
    }


def _turns(messages: Iterable[Message]) -> list[dict[str, str]]:
    return [{"role": each.role, "content": each.content} for each in messages]


def _answer(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]
