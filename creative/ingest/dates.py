"""Days as reports write them; 03/04/2026 is read only when its column tells which comes first.

Knows no time zones: a platform's day is that of the ad account.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from creative.ingest.cells import Cell, Formula, clean, formula_refused, is_blank, shown
from creative.ingest.refusals import CellRefused

ORDERS = ("dmy", "mdy")
_TIME = re.compile(
    r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?$"
)
_YEAR_FIRST = re.compile(r"^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_DOTTED = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$")  # nobody puts the month first here
_NUMERIC = re.compile(r"^(\d{1,2})([/-])(\d{1,2})\2(\d{4})$")
_SHORT_YEAR = re.compile(r"^\d{1,2}([./-])\d{1,2}\1\d{2}$")
_CHINESE = re.compile(r"^(\d{4})年(\d{1,2})月(\d{1,2})日$")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?, ?(?=\S* )")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_FILLERS = frozenset({"de", "del", "of", "the", "st", "nd", "rd", "th", "er"})
#: English, German, French, Spanish, Portuguese and Italian; shorter forms are found by beginning.
_MONTHS = (
    "january januar jänner janvier enero janeiro gennaio",
    "february februar februario février fevrier febrero fevereiro febbraio",
    "march märz maerz mars marzo março",
    "april avril abril aprile",
    "may mai mayo maio maggio",
    "june juni juin junio junho giugno",
    "july juli juillet julio julho luglio",
    "august août aout agosto",
    "september septembre septiembre setiembre setembro settembre",
    "october oktober octobre octubre outubro ottobre",
    "november novembre noviembre novembro",
    "december dezember décembre decembre diciembre dezembro dicembre",
)
_YEARS = range(2000, 2101)


@dataclass(frozen=True, kw_only=True, slots=True)
class Days:
    """How one table writes its days."""

    order: str = ""  #: "dmy", "mdy", or "" if no cell tells
    is_mixed: bool = False  #: a spreadsheet has turned some of the numbers into dates, some not

    def read(self, cell: Cell) -> date:
        """Return the day in a cell.

        Raises:
            CellRefused: If it is no day, or could be two.
        """
        if isinstance(cell, date):
            return self._typed(cell)
        if isinstance(cell, Formula):
            raise formula_refused(cell)
        text = _without_time(clean(str(cell)))
        found = _told(text) or self._numeric(text)
        if found is None:
            raise CellRefused(f"“{shown(text)}” is no day; write days as 2026-09-27")
        return _day(*found, text)

    def _typed(self, cell: date) -> date:
        day = cell.date() if isinstance(cell, datetime) else cell
        if self.is_mixed and day.day <= 12 and day.day != day.month:
            raise CellRefused(
                f"{day} may have day and month swapped: a spreadsheet has turned only some days of"
                " this column into dates; import the file as it was downloaded"
            )
        return _day(day.year, day.month, day.day, str(day))

    def _numeric(self, text: str) -> tuple[int, int, int] | None:
        found = _NUMERIC.match(text)
        if not found:
            if _SHORT_YEAR.match(text):
                raise CellRefused(f"“{text}” has a year of two digits; write days as 2026-09-27")
            return None
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        order = self.order or _order_of(text) or ("dmy" if first == second else "")
        if not order:
            raise CellRefused(
                f"“{text}” can be two days, and no other cell of the column tells which;"
                " say whether day or month comes first, or write days as 2026-09-27"
            )
        return (year, second, first) if order == "dmy" else (year, first, second)


def days_in(cells: Iterable[Cell], order: str = "") -> Days:
    """Return how the cells of a table write days.

    Args:
        order: What is known already: "dmy", "mdy" or "".
    """
    filled = [cell for cell in cells if not is_blank(cell)]
    texts = {_without_time(clean(cell)) for cell in filled if isinstance(cell, str)}
    said = {found for text in texts if (found := _order_of(text))}
    is_mixed = any(map(_NUMERIC.match, texts)) and any(isinstance(cell, date) for cell in filled)
    return Days(order=order or (said.pop() if len(said) == 1 else ""), is_mixed=is_mixed)


def _without_time(text: str) -> str:
    return _TIME.sub("", text)


def _order_of(text: str) -> str:
    """Return the order that a numeric day proves by itself."""
    found = _NUMERIC.match(text)
    if not found:
        return ""
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        return "dmy"
    return "mdy" if second > 12 >= first else ""


def _told(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a text that leaves no doubt."""
    if found := _YEAR_FIRST.match(text):
        return int(found[1]), int(found[3]), int(found[4])
    if found := _COMPACT.match(text) or _CHINESE.match(text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTTED.match(text):
        return int(found[3]), int(found[2]), int(found[1])
    return _spelled(text)


def _spelled(text: str) -> tuple[int, int, int] | None:
    """Read a day whose month is a word, such as `Sun, Sep 27, 2026` or `27. September 2026`."""
    tokens = _TOKEN.findall(_WEEKDAY.sub("", text).casefold())
    numbers = [token for token in tokens if token.isdecimal()]
    months = [token for token in tokens if not token.isdecimal() and token not in _FILLERS]
    if len(numbers) != 2 or len(months) != 1:
        return None
    month = _month(months[0])
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if month and len(years) == len(days) == 1:
        return int(years[0]), month, int(days[0])
    return None


def _month(word: str) -> int:
    """Return the number of the only month that begins with a word of three letters or more."""
    if len(word) < 3:
        return 0
    found = [
        number
        for number, names in enumerate(_MONTHS, start=1)
        if any(name.startswith(word) for name in names.split())
    ]
    return found[0] if len(found) == 1 else 0


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellRefused(f"“{shown(text)}” is no day of the calendar") from None
    if found.year not in _YEARS:
        raise CellRefused(f"“{text}” is a day before the year 2000 or after 2100")
    return found
