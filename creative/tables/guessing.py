"""What the columns of a table are likely for: the outcome, the time, the user.  Guesses only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from creative.ingest.cells import Cell
from creative.tables.cleaning import YES
from creative.tables.kinds import form_of, is_who_name, plain_name, texts_of
from creative.tables.table import Kind, RawTable

MOST_VALUES = 20  #: different values up to which a column may be an outcome
_EXAMPLES = 3
_REPEATS = 1.2  #: rows for each user from which users are told apart
_OUTCOME = re.compile(
    r"(^|_)(click(ed|s)?|convert(ed)?|conversion|bought|buys?(_again)?|purchased?|outcome|target"
    r"|label|respon(se|ded)|subscribed|signed_up|signup|churn(ed)?|success|won|y)(_|$)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """One column as it was read.

    Attributes:
        distinct: Different values among filled cells.
        examples: Some of its values, the first ones.
        values: All of them where there are few, else none: what an outcome may be.
    """

    name: str
    kind: Kind
    filled: int
    distinct: int
    examples: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """The columns that are likely meant; empty where nothing points at one.

    Attributes:
        positive: The value of the outcome that counts as success.
    """

    target: str
    positive: str
    time: str
    group: str


def described(raw: RawTable) -> tuple[Described, ...]:
    """Tell what each column of a table is."""
    return tuple(_described(name, cells) for name, cells in raw.columns.items())


def guessed(columns: Sequence[Described]) -> Guess:
    """Return what the columns are likely for."""
    by_name: Mapping[str, Described] = {each.name: each for each in columns}
    target = max(columns, key=_likeness, default=None)
    name = target.name if target and _likeness(target) > 0 else ""
    others = [each for each in columns if each.name != name]
    dates = [each.name for each in others if each.kind is Kind.DATE]
    people = [
        each.name
        for each in others
        if is_who_name(each.name) and each.distinct * _REPEATS <= each.filled and each.distinct > 1
    ]
    return Guess(
        target=name,
        positive=likely_success(by_name[name].values) if name else "",
        time=dates[0] if dates else "",
        group=people[0] if people else "",
    )


def likely_success(values: Sequence[str]) -> str:
    """Return the value that is likely the success; the last one where none is known for it.

    >>> likely_success(["no", "yes"]), likely_success(["left", "right"])
    ('yes', 'right')
    """
    known = [value for value in values if value.casefold().removesuffix(".0") in YES]
    return known[0] if known else (values[-1] if values else "")


def _likeness(column: Described) -> float:
    """Return how much a column looks like an outcome; 0 if it cannot be one."""
    if not 2 <= len(column.values) <= MOST_VALUES:
        return 0.0
    is_named = _OUTCOME.search(plain_name(column.name)) is not None
    is_known = any(value.casefold().removesuffix(".0") in YES for value in column.values)
    return (2.0 if len(column.values) == 2 else 0.1) + 4.0 * is_named + 1.0 * is_known


def _described(name: str, cells: Sequence[Cell]) -> Described:
    texts = [text for text in texts_of(cells) if text]
    different = dict.fromkeys(texts)
    return Described(
        name=name,
        kind=form_of(name, cells).kind,
        filled=len(texts),
        distinct=len(different),
        examples=tuple(text for text, _ in zip(different, range(_EXAMPLES), strict=False)),
        values=tuple(sorted(different)) if len(different) <= MOST_VALUES else (),
    )
