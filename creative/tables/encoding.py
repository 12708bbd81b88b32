"""All columns of a table as numbers for learners, as plain data.  Knows no outcome."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from creative.tables.parts import CategoryPart, Part, part_of
from creative.tables.table import Floats, Frame


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """All parts of a table, in the order of its columns."""

    parts: tuple[Part, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the columns that are used."""
        return tuple(part.form.name for part in self.parts)

    @cached_property
    def dense_owner(self) -> np.ndarray:
        """Return the column [features] that each dense feature comes from."""
        return np.repeat(np.arange(len(self.parts)), [part.dense_width for part in self.parts])

    @cached_property
    def tree_owner(self) -> np.ndarray:
        """Return the column [features] that each feature of trees comes from."""
        return np.repeat(np.arange(len(self.parts)), [part.tree_width for part in self.parts])

    @cached_property
    def tree_categories(self) -> list[int]:
        """Return which features of trees are codes of categories."""
        is_code = [isinstance(self.parts[at], CategoryPart) for at in self.tree_owner]
        return np.flatnonzero(is_code).tolist()

    def dense(self, frame: Frame) -> Floats:
        """Return float64 [rows, features], scaled and without NaN."""
        return np.hstack([part.dense(frame[part.form.name]) for part in self.parts])

    def trees(self, frame: Frame) -> Floats:
        """Return float64 [rows, features] with NaN where a cell is missing."""
        return np.hstack([part.trees(frame[part.form.name]) for part in self.parts])


def fit_encoder(frame: Frame) -> Encoder:
    """Learn scales, categories and words from training rows; ids and constants are left out."""
    return Encoder(parts=tuple(part for column in frame if (part := part_of(column)) is not None))
