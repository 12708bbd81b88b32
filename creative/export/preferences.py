"""What people and results prefer, as JSON lines that tuning libraries read.

Pairs are in the conversational preference format of TRL (`prompt`, `chosen`, `rejected`), single
lines in its prompt-completion format; both keep where they come from in `source` and `brief`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

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
    """A line that a person approved, with the prompt that asks for it."""

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
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BriefError("The preferences are no UTF-8 text.") from error
    return list(_read(text))


def _read(text: str) -> Iterator[Preference]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            raise BriefError(f"Line {number} is longer than {MAX_LINE:,} characters.")
        try:
            form = _PairForm.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"])) or "the line"
            raise BriefError(f"Line {number} is no pair: {problem['msg']} ({place}).") from error
        yield Preference(
            prompt=tuple(
                Message(role=each.role, content=each.content)  # type: ignore[arg-type]
                for each in form.prompt
            ),
            chosen=form.chosen[-1].content,
            rejected=form.rejected[-1].content,
            source=form.source,
            brief=form.brief,
        )


class _Turn(BaseModel):
    role: str = Field(pattern="^(system|user|assistant)$")
    content: str = Field(min_length=1)


class _PairForm(BaseModel):
    model_config = ConfigDict(extra="ignore")

    prompt: list[_Turn] = Field(min_length=1)
    chosen: list[_Turn] = Field(min_length=1)
    rejected: list[_Turn] = Field(min_length=1)
    source: str = ""
    brief: int | None = None


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
