"""Rows for training, validation and test: by time, by group, or at random, and said in words.

By time, later rows are kept for validation and the latest for the test, and rows of one moment stay
together.  By group, all rows of a user, campaign or ad stay together.  Every random choice has a
seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from creative.tables.refusals import TableRefused
from creative.tables.table import Floats, Frame, Kind, Rows

SHARES = (0.6, 0.2, 0.2)  #: of rows, for training, validation and test
FEWEST = 30  #: rows below which nothing can be learnt and tested
_CLASSES = "successes and failures"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Positions of the rows of each part.

    Attributes:
        how: "time", "group" or "random".
        by: The column that parts were made by; empty if at random.
        keys: Moment or group of each row [rows]; None if at random.
        said: What was done, in a sentence.
    """

    train: Rows
    valid: Rows
    test: Rows
    how: str
    by: str
    keys: NDArray[np.float64] | None
    said: str
    seed: int

    @property
    def test_groups(self) -> Floats | None:
        """Return the group of each test row if rows were split by group."""
        return self.keys[self.test] if self.how == "group" and self.keys is not None else None


def split(frame: Frame, outcome: Floats, *, time: str = "", group: str = "", seed: int) -> Parts:
    """Split rows by time if a column of dates is named, else by group if one is, else at random.

    Raises:
        TableRefused: If there are too few rows, moments or groups, or a part has one class only.
    """
    if frame.rows < FEWEST:
        raise TableRefused(
            f"{frame.rows} rows are too few to learn from and to test on; {FEWEST} are the least,"
            " and some hundred successes are needed for a useful model."
        )
    if time and group:
        raise TableRefused("Split by time or by group, not by both.")
    if time:
        parts = _by_time(frame, time, seed)
    elif group:
        parts = _by_group(frame, group, seed)
    else:
        parts = _at_random(outcome, seed)
    for name, rows in (
        ("training", parts.train),
        ("validation", parts.valid),
        ("test", parts.test),
    ):
        if len(np.unique(outcome[rows])) < 2:
            raise TableRefused(
                f"The {name} part ({len(rows):,} rows) has not both {_CLASSES}; bring more rows, or"
                " split another way."
            )
    return parts


def folds(parts: Parts, outcome: Floats, count: int = 3) -> list[tuple[Rows, Rows]]:
    """Return pairs of rows to learn from and to look at, all out of the training part.

    By time, what is looked at is always later than what is learnt from.  Folds with one class only
    are left out, so that the list may be empty.
    """
    train = parts.train
    if parts.keys is None:
        found = list(_stratified(train, outcome, count, parts.seed))
    elif parts.how == "time":
        found = list(_forward(train, parts.keys[train], count))
    else:
        found = list(_apart(train, parts.keys[train], count, parts.seed))
    return [pair for pair in found if all(len(np.unique(outcome[rows])) == 2 for rows in pair)]


def _by_time(frame: Frame, time: str, seed: int) -> Parts:
    column = frame.columns.get(time)
    if column is None or column.kind is not Kind.DATE:
        raise TableRefused(f"“{time}” is no column of dates, so rows cannot be split by it.")
    if column.is_missing.any():
        count = int(column.is_missing.sum())
        raise TableRefused(f"{count:,} rows have no “{time}”; fill it, or split another way.")
    moments = np.asarray(column.values, dtype=np.float64)
    different, counts = np.unique(moments, return_counts=True)
    if len(different) < 3:
        raise TableRefused(f"“{time}” has fewer than three different moments; split another way.")
    # Moments are cut where the shares come nearest, each part keeping at least one.
    ends = np.cumsum(counts) / len(moments)
    first = int(np.clip(np.abs(ends - SHARES[0]).argmin(), 0, len(ends) - 3))
    second = int(np.abs(ends - SHARES[0] - SHARES[1]).argmin())
    second = int(np.clip(second, first + 1, len(ends) - 2))
    part = np.searchsorted([different[first], different[second]], moments, side="left")
    train, valid, test = (np.flatnonzero(part == at) for at in range(3))
    until, then = _day(different[first]), _day(different[second])
    return Parts(
        train=train, valid=valid, test=test, how="time", by=time, keys=moments, seed=seed,
        said=f"By time ({time}): trained on {len(train):,} rows until {until}, validated on"
        f" {len(valid):,} until {then}, tested on the {len(test):,} after it.",
    )  # fmt: skip


def _by_group(frame: Frame, group: str, seed: int) -> Parts:
    column = frame.columns.get(group)
    if column is None:
        raise TableRefused(f"There is no column “{group}” to split by.")
    texts = column.values.astype(str)
    names, keys = np.unique(texts, return_inverse=True)
    if len(names) < 10:
        raise TableRefused(f"“{group}” has {len(names)} groups; at least 10 are needed.")
    order = np.random.default_rng(seed).permutation(len(names))
    counts = np.bincount(keys)[order]
    ends = (np.cumsum(counts) - counts / 2) / len(texts)
    part_of = np.empty(len(names), dtype=np.intp)
    part_of[order] = np.searchsorted([SHARES[0], SHARES[0] + SHARES[1]], ends)
    train, valid, test = (np.flatnonzero(part_of[keys] == at) for at in range(3))
    return Parts(
        train=train, valid=valid, test=test, how="group", by=group, seed=seed,
        keys=keys.astype(np.float64),
        said=f"By group ({group}, {len(names):,} of them, none in two parts): trained on"
        f" {len(train):,} rows, validated on {len(valid):,}, tested on {len(test):,}.",
    )  # fmt: skip


def _at_random(outcome: Floats, seed: int) -> Parts:
    """Split each class by itself, so that all parts have the same rate."""
    chance = np.random.default_rng(seed)
    parts: list[list[Rows]] = [[], [], []]
    for value in (0.0, 1.0):
        rows = chance.permutation(np.flatnonzero(outcome == value))
        ends = np.round(np.cumsum(SHARES[:2]) * len(rows)).astype(int)
        for part, piece in zip(parts, np.split(rows, ends), strict=True):
            part.append(piece)
    train, valid, test = (np.sort(np.concatenate(part)) for part in parts)
    return Parts(
        train=train, valid=valid, test=test, how="random", by="", keys=None, seed=seed,
        said=f"At random: trained on {len(train):,} rows, validated on {len(valid):,}, tested on"
        f" {len(test):,}. If rows have a time or belong to users, split by that instead.",
    )  # fmt: skip


def _stratified(train: Rows, outcome: Floats, count: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    rarest = int(np.bincount(outcome[train].astype(int), minlength=2).min())
    if rarest < 2:
        return
    cut = StratifiedKFold(min(count, rarest), shuffle=True, random_state=seed)
    for learn, look in cut.split(train, outcome[train]):
        yield train[learn], train[look]


def _forward(train: Rows, moments: Floats, count: int) -> Iterator[tuple[Rows, Rows]]:
    """Yield growing pasts, each with the stretch that follows it."""
    different = np.unique(moments)
    cuts = np.unique(np.quantile(moments, np.arange(1, count + 2) / (count + 1), method="nearest"))
    begun = different[0]
    for low, high in pairwise(cuts):
        if low >= begun:
            yield train[moments <= low], train[(moments > low) & (moments <= high)]


def _apart(train: Rows, keys: Floats, count: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    names = np.random.default_rng(seed).permutation(np.unique(keys))
    for held in np.array_split(names, count):
        is_held = np.isin(keys, held)
        yield train[~is_held], train[is_held]


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
