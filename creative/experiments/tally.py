"""The counts of a test: impressions and clicks of every arm on every day.

"Clicks" are whatever is counted: clicks of impressions, conversions, or revenue in units of how
much it varies (revenue.py), which is no whole number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from creative.errors import StudioError

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


class CountsUnusable(StudioError):
    """Counts that cannot be; says which, in plain words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Counts [days, arms]; `control` is the column that the others are compared with."""

    impressions: Counts
    clicks: Counts | Floats
    control: int = 0

    @property
    def days(self) -> int:
        return int(self.impressions.shape[0])

    @property
    def arms(self) -> int:
        return int(self.impressions.shape[1])

    @property
    def others(self) -> list[int]:
        """The arms beside the control."""
        return [arm for arm in range(self.arms) if arm != self.control]

    def beside_control(self, arm: int) -> tuple[Floats, Floats]:
        """Return impressions and clicks [days, 2] of an arm and of the control."""
        pair = [arm, self.control]
        return self.impressions[:, pair].astype(float), self.clicks[:, pair].astype(float)

    def until(self, day: int) -> "Tally":
        """Return what was known after so many days."""
        return Tally(
            impressions=self.impressions[:day], clicks=self.clicks[:day], control=self.control
        )


def tally(
    impressions: ArrayLike, clicks: ArrayLike, *, control: int = 0, names: Sequence[str] = ()
) -> Tally:
    """Return checked counts.

    Args:
        impressions: Counts [days, arms].
        clicks: As many of the same shape.
        names: Of the arms, for messages.

    Raises:
        CountsUnusable: If shapes differ, the control is missing, or counts are impossible.
    """
    shown, clicked = np.asarray(impressions, np.int64), np.asarray(clicks, np.int64)
    if shown.ndim != 2 or shown.shape != clicked.shape:
        raise CountsUnusable("Impressions and clicks must be given for the same days and arms.")
    if not 0 <= control < shown.shape[1]:
        raise CountsUnusable("A test needs a control: mark the line that ran before as control.")
    if (shown < 0).any() or (clicked < 0).any():
        raise CountsUnusable("Counts cannot be less than zero.")
    if (clicked > shown).any():
        day, arm = (int(at) for at in np.argwhere(clicked > shown)[0])
        who = names[arm] if names else f"arm {arm + 1}"
        raise CountsUnusable(
            f"Day {day + 1} of {who} has {clicked[day, arm]} clicks of {shown[day, arm]} "
            "impressions. Check whether the columns were mixed up."
        )
    return Tally(impressions=shown, clicks=clicked, control=control)
