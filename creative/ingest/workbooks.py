"""Sheets of an .xlsx workbook, opened as the file of a stranger.

Sizes are checked before anything is unpacked, document types are refused, formulas are shown and
not evaluated, macros and links are left alone.  Hidden sheets are not read.
"""

import io
import warnings
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.cell import MergedCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from creative.ingest.cells import Cell, Formula, Line, Sheet, clean
from creative.ingest.limits import MAX_MEMBERS, MAX_ROWS, MAX_UNPACKED_BYTES, WAY_OUT, CellBudget
from creative.ingest.refusals import ReportRefused

_MAIN_PART = "xl/workbook.xml"
_XML_HEAD = 4096  #: bytes; a document type must stand before the first element
#: What openpyxl, zipfile and expat raise for a file that is damaged.
_DAMAGE = (
    *(BadZipFile, zlib.error, EOFError, ParseError, InvalidFileException, RuntimeError),
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, OSError),
)


def is_packed(content: bytes) -> bool:
    """Tell whether a file is a ZIP archive, as workbooks are."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def sheets_of(content: bytes) -> list[Sheet]:
    """Return the visible sheets of a workbook.

    Raises:
        ReportRefused: If it is no workbook, damaged, or larger than a report can be.
    """
    try:
        _inspect(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which we do not use
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            return list(_sheets(book))
    except _DAMAGE as error:
        raise ReportRefused(
            "The workbook is damaged and cannot be opened; download the report again,"
            " or open it in a spreadsheet and save it as a new .xlsx."
        ) from error


def _inspect(content: bytes) -> None:
    with ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if _MAIN_PART not in names:
            raise ReportRefused(_what_it_is(names))
        if len(members) > MAX_MEMBERS:
            raise ReportRefused(f"The workbook has {len(members):,} parts; it was not opened.")
        unpacked = sum(member.file_size for member in members)
        if unpacked > MAX_UNPACKED_BYTES:
            raise ReportRefused(
                f"The workbook unpacks to {unpacked / 2**20:,.0f} MB, more than the"
                f" {MAX_UNPACKED_BYTES // 2**20} MB that a report may have; {WAY_OUT}."
            )
        for member in members:
            with archive.open(member) as part:
                head = part.read(_XML_HEAD).replace(b"\0", b"").upper()
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise ReportRefused(
                    "The workbook holds a document type, which no spreadsheet writes;"
                    " it was not opened."
                )


def _what_it_is(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "This is a binary Excel workbook; save it as .xlsx."
    if "content.xml" in names:
        return "This is an OpenDocument file; save it as .xlsx or as CSV."
    return "This is a ZIP archive; unpack it and import the file inside."


def _sheets(book: Workbook) -> Iterator[Sheet]:
    budget = CellBudget()
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            assert isinstance(sheet, ReadOnlyWorksheet)
            sheet.reset_dimensions()  # what the file claims about its size may be wrong
            lines = list(_lines(sheet.rows, budget))
            yield Sheet(name=clean(str(sheet.title)), lines=lines, drops_blanks=True)


def _lines(rows: Iterable[Iterable[BookCell | MergedCell]], budget: CellBudget) -> Iterator[Line]:
    for number, row in enumerate(rows, start=1):
        if number > 2 * MAX_ROWS:  # spreadsheets end at 1,048,576, hostile files do not
            raise ReportRefused(f"The report has more than {MAX_ROWS:,} rows; {WAY_OUT}.")
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1] in (None, ""):
            cells.pop()
        if cells:
            budget.spend(len(cells))
            yield Line(number=number, cells=cells)


def _cell(cell: BookCell | MergedCell) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Formula(value if isinstance(value, str) else "=…")
    if isinstance(value, time | timedelta | bool):
        return str(value)
    if value is None or isinstance(value, str | int | float | date):
        return value
    return str(value)
