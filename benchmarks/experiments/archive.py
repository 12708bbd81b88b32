"""Real tests: the Upworthy Research Archive, one row for each arm."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from creative.experiments.shrinkage import SPREAD
from creative.experiments.tally import Counts, Tally

BROKEN = (201325, 201401)  #: weeks in which the archive's own notes say that splits were broken
SPREAD_ALIKE = 0.03  #: variance of the factor between arms with one text: other images only


@dataclass(frozen=True, kw_only=True)
class RealTest:
    """Texts of the arms, and counts [arms]."""

    texts: tuple[str, ...]
    shown: Counts
    clicked: Counts

    @property
    def has_texts(self) -> bool:
        """Whether its arms differ in text."""
        return len(set(self.texts)) > 1

    @property
    def spread(self) -> float:
        """The variance of factors between its arms that is likeliest for tests of its kind."""
        return SPREAD if self.has_texts else SPREAD_ALIKE

    @property
    def tally(self) -> Tally:
        return one_day(self.shown, self.clicked)


def read(path: Path) -> pd.DataFrame:
    """Return the arms, with a column that tells whether the split of their week was broken."""
    arms = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    arms["broken"] = arms["test_week"].astype(int).between(*BROKEN)
    return arms


def tests_of(arms: pd.DataFrame) -> list[RealTest]:
    """Return all tests that have two arms or more."""
    groups = (group for _, group in arms.groupby("clickability_test_id", sort=True))
    return [
        RealTest(
            texts=tuple(group["headline"].str.strip()),
            shown=np.asarray(group["impressions"], np.int64),
            clicked=np.asarray(group["clicks"], np.int64),
        )
        for group in groups
        if len(group) >= 2
    ]


def one_day(shown: Counts, clicked: Counts) -> Tally:
    """Return counts [arms] as those of a single day."""
    return Tally(impressions=np.atleast_2d(shown), clicks=np.atleast_2d(clicked))
