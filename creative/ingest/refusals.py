"""Why a report, or one row of it, cannot be read; every text says the way out."""

from collections.abc import Mapping

from creative.errors import StudioError


class ReportRefused(StudioError):
    """The file as a whole cannot be read."""


class ColumnsMissing(ReportRefused):
    """Columns that results need were not found; a mapping can name them.

    Attributes:
        columns: The headers of the file, for whoever chooses among them.
        missing: Fields without a column.
        known: Fields with the headers that were recognised.
    """

    def __init__(
        self,
        message: str,
        *,
        columns: tuple[str, ...],
        missing: tuple[str, ...],
        known: Mapping[str, tuple[str, ...]],
    ) -> None:
        super().__init__(message)
        self.columns = columns
        self.missing = missing
        self.known = known


class CellRefused(StudioError):
    """One cell cannot be read without guessing, so its row is refused."""
