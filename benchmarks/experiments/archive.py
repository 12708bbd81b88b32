"""Real tests: the Upworthy Research Archive, one row for each arm."""

from pathlib import Path

import numpy as np
import pandas as pd

from creative.experiments.tally import Counts, Tally

BROKEN = (201325, 201401)  #: weeks in which the archive's own notes say that splits were broken
Tests = list[tuple[Counts, Counts]]  #: impressions and clicks [arms] of each test


def read(path: Path) -> pd.DataFrame:
    """Return the arms, with a column that tells whether the split of their week was broken."""
    arms = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    arms["broken"] = arms["test_week"].astype(int).between(*BROKEN)
    return arms


def tests_of(arms: pd.DataFrame, least: int) -> Tests:
    """Return the counts of all tests that have so many arms."""
    groups = (group for _, group in arms.groupby("clickability_test_id", sort=True))
    return [
        (np.asarray(group["impressions"], np.int64), np.asarray(group["clicks"], np.int64))
        for group in groups
        if len(group) >= least
    ]


def one_day(shown: Counts, clicked: Counts) -> Tally:
    """Return counts [arms] as those of a single day."""
    return Tally(impressions=np.atleast_2d(shown), clicks=np.atleast_2d(clicked))
