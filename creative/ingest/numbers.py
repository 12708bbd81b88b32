"""Numbers as reports write them, in any country's way; what can be read two ways is not read.

`1,204` is 1204 in London and 1.204 in Berlin.  The mark of decimals is inferred from the whole
table; a number that stays ambiguous is refused.  Knows no columns and no platforms.
"""

import math
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

import regex

from creative.ingest.cells import Cell, Formula, formula_refused, shown
from creative.ingest.currencies import BESIDE, currency_of
from creative.ingest.refusals import CellRefused

MARKS = (".", ",")
_REMEMBERED = 2**14  #: texts; columns repeat their numbers
_LARGEST = 10**15  #: beyond it spreadsheets lose digits
_AROUND = regex.compile(rf"^{BESIDE}\s*(?=[\d(.,-])|(?<=[\d).,])\s*{BESIDE}$|(?<=\d)\s*%$")
_SIGN = regex.compile(r"^\((?P<inside>[^()]+)\)$")
_SCIENTIFIC = regex.compile(r"^-?\d+(?:[.,]\d+)?[eE][+-]?\d+$")
_ROUNDED = regex.compile(r"^[\d.,\s]+\s?(?:[KMB]|k|Tsd\.?|Mio\.?|Mrd\.?|mil|mill\.?|万|亿)$")
_NO_DIGIT = regex.compile(r"[^0-9]")
_RATE = regex.compile(r"[%％٪﹪]\s*$")
_NO_COUNT = regex.compile(r"\p{Sc}|[%％٪﹪]\s*$")
_BOUND = regex.compile(r"^[<>≤≥]")


def _grammar(mark: str) -> regex.Pattern[str]:
    """Return the numbers that can be meant when `mark` stands before decimals."""
    other = "," if mark == "." else "."
    group = rf"[ '\{other}]"
    thousands = rf"[1-9]\d{{0,2}}(?P<by>{group})\d{{3}}(?:(?P=by)\d{{3}})*"
    lakhs = r"|[1-9]\d?(?:,\d{2})+,\d{3}" if mark == "." else ""
    return regex.compile(
        rf"^(?P<whole>{thousands}{lakhs}|\d+|(?=\{mark}))(?:\{mark}(?P<part>\d+))?$"
    )


_GRAMMARS = {mark: _grammar(mark) for mark in MARKS}


def decimal_mark(counts: Iterable[Cell], amounts: Iterable[Cell]) -> str:
    """Return the mark before decimals in a table, or "" if nothing says or sources disagree.

    Args:
        counts: Cells that hold whole numbers, so that `1,204` speaks for grouping.
        amounts: Cells that may hold decimals.
    """
    found = {mark for cell in _marked(amounts) if (mark := _said_by(cell))}
    found |= {mark for cell in _marked(counts) if (mark := _said_by(cell) or _said_by_count(cell))}
    return found.pop() if len(found) == 1 else ""


def count(cell: Cell, mark: str) -> int:
    """Return a whole number that is not negative.

    Raises:
        CellRefused: If it is something else, or can be read in two ways.
    """
    if isinstance(cell, str) and (currency_of(cell) or _NO_COUNT.search(cell)):
        raise CellRefused(f"“{shown(cell)}” is no count; choose the column that counts")
    value = _value(cell, mark)
    if value != value.to_integral_value():
        raise CellRefused(f"“{shown(cell)}” is no whole number; choose the column that counts")
    if isinstance(cell, str) and any(value < other for other in _readings(_bare(cell)).values()):
        raise _ambiguous(cell)  # nobody writes three decimals behind a count
    return int(value)


def amount(cell: Cell, mark: str) -> float:
    """Return an amount of money or of shared conversions that is not negative.

    Raises:
        CellRefused: If it is something else, or can be read in two ways.
    """
    if isinstance(cell, str) and _RATE.search(cell):
        raise CellRefused(f"“{shown(cell)}” is a rate; choose the column that counts")
    return float(_value(cell, mark))


def is_number_like(cell: Cell) -> bool:
    """Tell whether a cell can be a number in some country."""
    return isinstance(cell, int | float) or (isinstance(cell, str) and bool(_readings(_bare(cell))))


def is_scientific(cell: Cell) -> bool:
    """Tell whether a spreadsheet has shortened a long number, such as an id.

    >>> is_scientific("1.20253E+17")
    True
    """
    if isinstance(cell, float):
        return abs(cell) >= _LARGEST
    return isinstance(cell, str) and bool(_SCIENTIFIC.match(cell.strip()))


def _value(cell: Cell, mark: str) -> Decimal:
    value = _number(cell) if isinstance(cell, int | float) else _parsed(cell, mark)
    if value < 0:
        raise CellRefused(f"{shown(cell)} is negative, which no result is; export the report again")
    if value >= _LARGEST:
        raise CellRefused(f"{shown(cell)} is too large to be a result")
    return value


def _number(cell: float) -> Decimal:
    if isinstance(cell, bool) or not math.isfinite(cell):
        raise CellRefused(f"“{shown(cell)}” is no number")
    return Decimal(str(cell))


def _parsed(cell: Cell, mark: str) -> Decimal:
    """Read text under the mark of its table, or under the only one that fits."""
    if isinstance(cell, Formula):
        raise formula_refused(cell)
    if not isinstance(cell, str):
        raise CellRefused(f"“{shown(cell)}” is no number")
    bare = _bare(cell)
    is_negative = bare.startswith("-")
    readings = _readings(bare.lstrip("-"))
    if not readings:
        raise CellRefused(_why_no_number(cell.strip()))
    if len(set(readings.values())) > 1 and mark not in readings:
        raise _ambiguous(cell)
    value = readings.get(mark, next(iter(readings.values())))
    return -value if is_negative else value


def _ambiguous(text: str) -> CellRefused:
    readings = _readings(_bare(text))
    dot, comma = (f"{readings[each].normalize():f}" for each in MARKS)
    return CellRefused(
        f"“{shown(text)}” is {comma} with a decimal comma and {dot} with a decimal point,"
        " and nothing in the file tells which; say which mark stands before decimals"
    )


def _why_no_number(text: str) -> str:
    if _SCIENTIFIC.match(text):
        return (
            f"“{shown(text)}” was shortened by a spreadsheet; export again and do not save it there"
        )
    if _ROUNDED.match(text):
        return f"“{shown(text)}” is rounded; export the report with full numbers"
    if _BOUND.match(text):
        return f"“{shown(text)}” is a bound and no number; choose the column that counts"
    if text.startswith("="):
        return f"“{shown(text)}” is a formula, and formulas are not run; put its value there"
    return f"“{shown(text)}” is no number"


@lru_cache(_REMEMBERED)
def _bare(text: str) -> str:
    """Strip what stands around a number: spaces of any width, money, percent, a wrapped sign."""
    text = unicodedata.normalize("NFKC", text).strip().replace("−", "-").replace("’", "'")
    text = _AROUND.sub("", text, count=1).strip()
    wrapped = _SIGN.match(text)
    text = f"-{wrapped['inside'].strip()}" if wrapped else text
    if text.startswith("-"):
        return "-" + _AROUND.sub("", text[1:].strip(), count=1)
    return text.removeprefix("+")


@lru_cache(_REMEMBERED)
def _readings(bare: str) -> Mapping[str, Decimal]:
    """Return what a text can mean: a value per mark that fits it."""
    readings = {
        mark: Decimal(f"{_NO_DIGIT.sub('', found['whole']) or '0'}.{found['part'] or '0'}")
        for mark, grammar in _GRAMMARS.items()
        if bare.isascii() and (found := grammar.match(bare.removeprefix("-")))
    }
    return MappingProxyType(readings)


def _marked(cells: Iterable[Cell]) -> set[str]:
    return {cell for cell in cells if isinstance(cell, str) and ("." in cell or "," in cell)}


def _said_by(text: str) -> str:
    """Return the only mark under which a text is a number."""
    readings = _readings(_bare(text))
    return next(iter(readings)) if len(readings) == 1 else ""


def _said_by_count(text: str) -> str:
    """Return the only mark under which a text is a whole number."""
    readings = _readings(_bare(text))
    whole = [mark for mark, value in readings.items() if value == value.to_integral_value()]
    return whole[0] if len(whole) == 1 else ""
