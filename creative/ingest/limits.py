"""How large a report may be; files come from strangers."""

from creative.ingest.refusals import ReportRefused

MAX_BYTES = 50 * 2**20  #: of the file
MAX_UNPACKED_BYTES = 400 * 2**20  #: of all members of a workbook together
MAX_MEMBERS = 5_000  #: of a workbook; one with a hundred sheets has some 400
MAX_ROWS = 1_000_000
MAX_CELLS = 40_000_000
MAX_COLUMNS = 2_000  #: exports of Google Ads Editor have some 241
HEADER_LINES = 60  #: rows in which the header must stand

WAY_OUT = "choose a shorter period or fewer breakdowns, and import several files"


class CellBudget:
    """Counts the rows and cells of one file."""

    def __init__(self) -> None:
        self._rows = self._cells = 0

    def spend(self, cells: int) -> None:
        """Count one row.

        Raises:
            ReportRefused: If the file is larger than a report can be.
        """
        self._rows += 1
        self._cells += cells
        if cells > MAX_COLUMNS:
            raise ReportRefused(f"The file has a row of {cells:,} columns, which no report has.")
        if self._rows > MAX_ROWS or self._cells > MAX_CELLS:
            raise ReportRefused(f"The report has more than {MAX_ROWS:,} rows; {WAY_OUT}.")
