"""Pairs of lines of one test, one of which people clicked on more, and arms with counts.

Columns of pairs files: clickability_test_id, headline_1, headline_2, higher_CTR (1 or 2); of arms:
clickability_test_id, test_week, eyecatcher_id, headline, impressions, clicks.
Source of the data: Upworthy Research Archive (Matias et al. 2021, doi:10.1038/s41597-021-00934-7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from creative.prediction.grams import Counts, Floats

BROKEN_WEEKS = (201325, 201401)  #: tests whose traffic was not split as planned


@dataclass(frozen=True, kw_only=True, slots=True)
class Pairs:
    """Pairs [pairs]: places of both lines in `lines`, whether the first won, and the test."""

    lines: tuple[str, ...]
    first: Counts
    second: Counts
    is_won: Counts
    test: Counts
    created: NDArray[np.datetime64]  #: day of the test, NaT if unknown

    def __len__(self) -> int:
        return len(self.first)

    def at(self, rows: Counts) -> "Pairs":
        """Return some of the pairs; `lines` stay."""
        return Pairs(
            lines=self.lines,
            first=self.first[rows],
            second=self.second[rows],
            is_won=self.is_won[rows],
            test=self.test[rows],
            created=self.created[rows],
        )

    def groups(self) -> Counts:
        """Return groups [pairs] that share neither a test nor a line with one another."""
        lines, tests = len(self.lines), int(self.test.max()) + 1
        here = np.concatenate([self.first, self.second])
        there = lines + np.concatenate([self.test, self.test])
        size = lines + tests
        links = sparse.coo_array((np.ones(len(here)), (here, there)), shape=(size, size))
        return np.asarray(connected_components(links, directed=False)[1][self.first], np.int64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arms:
    """Arms [arms] with counts; `group` is the test and its image, within which lines compare."""

    lines: tuple[str, ...]
    line: Counts
    test: Counts
    group: Counts
    impressions: Floats
    clicks: Floats

    def pairs(self) -> tuple[Counts, Counts]:
        """Return the places of both arms of every pair of a group whose lines differ."""
        members: dict[int, list[int]] = {}
        for at, group in enumerate(self.group.tolist()):
            members.setdefault(group, []).append(at)
        found = [
            pair
            for arms in members.values()
            for pair in combinations(arms, 2)
            if self.line[pair[0]] != self.line[pair[1]]
        ]
        both = np.array(found, np.int64).reshape(len(found), 2)
        return both[:, 0], both[:, 1]


def read_pairs(path: Path) -> Pairs:
    """Read a pairs file; ties and empty lines are left out."""
    table = pd.read_csv(path)
    table = table[table["higher_CTR"].isin((1, 2))].dropna(subset=["headline_1", "headline_2"])
    first, second = (table[name].astype(str).tolist() for name in ("headline_1", "headline_2"))
    lines = sorted({*first, *second})
    at = {line: place for place, line in enumerate(lines)}
    return Pairs(
        lines=tuple(lines),
        first=placed(first, at),
        second=placed(second, at),
        is_won=np.asarray(table["higher_CTR"].eq(1), np.int64),
        test=numbered(table["clickability_test_id"].tolist()),
        created=table["created"].to_numpy("datetime64[D]"),
    )


def read_arms(path: Path, *, without: Iterable[str] = ()) -> Arms:
    """Read arms of unbroken weeks, without those lines, same lines of one group added up."""
    table = pd.read_parquet(path)
    table = table[~table["test_week"].between(*BROKEN_WEEKS) & table["headline"].notna()]
    table = table[~table["headline"].isin(set(without)) & table["eyecatcher_id"].notna()]
    keys = ["clickability_test_id", "eyecatcher_id", "headline"]
    table = table.groupby(keys, as_index=False, sort=True)[["impressions", "clicks"]].sum()
    lines = sorted(set(table["headline"]))
    at = {line: place for place, line in enumerate(lines)}
    group = (table["clickability_test_id"] + "/" + table["eyecatcher_id"]).tolist()
    return Arms(
        lines=tuple(lines),
        line=placed(table["headline"].tolist(), at),
        test=numbered(table["clickability_test_id"].tolist()),
        group=numbered(group),
        impressions=table["impressions"].to_numpy(float),
        clicks=table["clicks"].to_numpy(float),
    )


def placed(lines: Sequence[str], at: Mapping[str, int]) -> Counts:
    """Return the place of each line."""
    return np.array([at[line] for line in lines], np.int64)


def numbered(names: Sequence[object]) -> Counts:
    """Return names as numbers from 0 on, in order of their first use."""
    known: dict[object, int] = {}
    return np.array([known.setdefault(name, len(known)) for name in names], np.int64)
