"""Which row of a report is about which line under test: by its text, else by its name.

A row that fits no arm, or several, is left for a person to place; what a person chose once is kept
as a further name of the arm.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from creative.domain import kept_id
from creative.ingest.results import ResultRow
from creative.trials import Arm, Experiment

LEFT_OUT = 0  #: chosen for rows that belong to no arm
_CODE = re.compile(r"t\d+-[a-z]{1,2}")  #: how ads of tests are called (`Experiment.names`)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmatched:
    """Rows of one ad that fit no arm, or several."""

    label: str
    rows: int
    impressions: int
    candidates: tuple[int, ...]  #: ids of arms that it fits

    @property
    def is_of_another_test(self) -> bool:
        """Whether it is called as an ad of some other test."""
        return bool(_CODE.fullmatch(_folded(self.label)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Matched:
    """Rows with the id of their arm, and what is left to place."""

    rows: tuple[tuple[int, ResultRow], ...]
    unmatched: tuple[Unmatched, ...]
    left_out: int  #: rows that a person left out


def matched(
    rows: Iterable[ResultRow], experiment: Experiment, chosen: Mapping[str, int] | None = None
) -> Matched:
    """Give every row its arm.

    Args:
        chosen: Arm ids by label, or `LEFT_OUT`; they go before any other rule.
    """
    names = _names(experiment)
    placed: list[tuple[int, ResultRow]] = []
    open_rows: dict[str, list[ResultRow]] = defaultdict(list)
    fits: dict[str, tuple[int, ...]] = {}
    left_out = 0
    for row in rows:
        label = label_of(row)
        if chosen and label in chosen:
            found: tuple[int, ...] = (chosen[label],)
        elif label in fits:
            found = fits[label]
        else:
            found = fits[label] = _fitting(row, experiment.arms, names)
        if found == (LEFT_OUT,):
            left_out += 1
        elif len(found) == 1:
            placed.append((found[0], row))
        else:
            open_rows[label].append(row)
    return Matched(
        rows=tuple(placed),
        unmatched=tuple(
            Unmatched(
                label=label,
                rows=len(of),
                impressions=sum(row.impressions for row in of),
                candidates=fits[label],
            )
            for label, of in open_rows.items()
        ),
        left_out=left_out,
    )


def label_of(row: ResultRow) -> str:
    """Return how a row is called where a person places it: its name, else its text."""
    return row.name or row.text


def _fitting(
    row: ResultRow, arms: Sequence[Arm], names: Mapping[str, tuple[int, ...]]
) -> tuple[int, ...]:
    """Return the ids of arms that a row may be about: those of its text, else of its name.

    An ad of another test is about none, although the same line may be in both.
    """
    by_name = names.get(_folded(row.name), ())
    if not by_name and _CODE.fullmatch(_folded(row.name)):
        return ()
    lines = {_folded(line) for line in row.text.splitlines()}
    by_text = tuple(kept_id(arm) for arm in arms if _folded(arm.text) in lines)
    if len(by_text) == 1:
        return by_text
    if by_text and by_name:
        return tuple(id for id in by_name if id in by_text) or by_text
    return by_text or by_name


def _names(experiment: Experiment) -> dict[str, tuple[int, ...]]:
    """Return the arms by everything that an ad of theirs may be called."""
    found: dict[str, set[int]] = defaultdict(set)
    codes = experiment.names
    for arm in experiment.arms:
        id = kept_id(arm)
        for name in (arm.text, codes[id], *arm.aliases):
            found[_folded(name)].add(id)
    return {name: tuple(sorted(ids)) for name, ids in found.items()}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
