"""Tells what the cells of a column are, and reads them as that.

A kind holds for a column when 95 % of a sample of its filled cells can be read so; the other cells
are counted and become missing.  Numbers may be negative here, unlike results of ads.
"""

import math
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import islice

import numpy as np

from creative.ingest.cells import Cell, Formula, is_blank, words
from creative.ingest.dates import Days, days_in
from creative.ingest.numbers import amount, decimal_mark, is_number_like
from creative.ingest.refusals import CellRefused
from creative.tables.table import Column, Floats, Form, Kind

_SAMPLE = 2_000  #: filled cells that tell the kind
_MOST = 0.95
_PLAIN = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*")
_NOT_FINITE = frozenset({"inf", "+inf", "-inf", "infinity", "-infinity", "nan", "∞", "#div/0!"})
_TIME = re.compile(r"[T ](\d{1,2}):(\d{2})")
_DAY_NAME = re.compile(r"date|day|time|datum|tag|fecha|jour|giorno|dia", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WHO = (
    "customer|user|session|visitor|client|order|invoice|account|member|subscriber|device|cookie"
    "|impression|event|lead|contact"
)
#: People, devices and single events: ids, however often each comes.
_WHO_NAME = re.compile(
    rf"(^|_)(uuid|guid|hash|e_?mail|phone|cookie|idfa|gaid|ip|ip_address|gclid|fbclid)$"
    rf"|(^|_)({_WHO})_?(no|nr|num|number|code|key|id)$|^(customer|user|visitor|session|client|id)$"
)
#: Whatever else is told apart by ids, such as campaigns and products.
_ID_NAME = re.compile(r"(^|_)id$")
_ROWS_FOR_EACH = 20  #: from here on what is named an id is a category, as campaigns are
_TEXT_WORDS = 3.0  #: mean words from which a text is more than a name
_FEW_TEXTS = 20  #: different texts up to which each is learnt by itself
_LARGEST = 1e15  #: numbers beyond count as infinite, as spreadsheets lose their digits
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def plain_name(header: str) -> str:
    """Return a header in lower case with underscores.

    >>> plain_name("Customer ID"), plain_name("clickTime")
    ('customer_id', 'click_time')
    """
    return re.sub(r"[\W_]+", "_", _CAMEL.sub("_", header)).strip("_").lower()


def is_id_name(header: str) -> bool:
    """Tell whether a column is named as one that tells things apart, whatever they are."""
    return is_who_name(header) or _ID_NAME.search(plain_name(header)) is not None


def is_who_name(header: str) -> bool:
    """Tell whether a column is named as one that tells people, devices or single events apart."""
    return _WHO_NAME.search(plain_name(header)) is not None


def form_of(
    name: str, cells: Sequence[Cell], *, kept: bool = False, mark: str = "", order: str = ""
) -> Form:
    """Return the kind of a column and how it writes numbers and days.

    Args:
        kept: Whether the column is to be learnt from even if it looks like an id.
        mark: Before decimals, if somebody said so.
        order: Of days, if somebody said so.
    """
    sample = list(islice((cell for cell in cells if not is_blank(cell)), _SAMPLE))
    texts = texts_of(cells)
    distinct = len(set(texts))
    if distinct <= 1:
        return Form(name=name, kind=Kind.CONSTANT)
    mark = mark or decimal_mark((), sample) or "."
    order = order or days_in(sample).order
    kind = _value_kind(name, sample, mark, order) or _text_kind(texts)
    if not kept and _is_id(name, kind, texts, distinct):
        kind = Kind.ID
    elif kind is Kind.NUMBER and is_id_name(name):
        kind = Kind.CATEGORY  # campaign 7 is not more than campaign 5
    return Form(name=name, kind=kind, mark=mark, order=order)


def read_column(form: Form, cells: Sequence[Cell]) -> Column:
    """Read cells as a column of a known kind; what cannot be read is missing and counted."""
    if form.kind is Kind.NUMBER:
        return _numbers(form, cells)
    if form.kind is Kind.DATE:
        return _dates(form, cells)
    texts = np.array([as_text(cell) for cell in cells], dtype=object)
    formulas = sum(isinstance(cell, Formula) for cell in cells)
    return Column(form=form, values=texts, unreadable=formulas)


def as_text(cell: Cell) -> str:
    """Return a cell as text, "" if it is blank or a formula."""
    return "" if isinstance(cell, Formula) else words(cell)


def texts_of(cells: Sequence[Cell]) -> list[str]:
    """Return cells as texts; each value is read once, as tables repeat theirs."""
    said = {cell: as_text(cell) for cell in set(cells)}
    return [said[cell] for cell in cells]


def number_in(cell: Cell, mark: str) -> float:
    """Return the number in a cell.

    Raises:
        CellRefused: If it is none.
    """
    if isinstance(cell, bool):
        return float(cell)
    if isinstance(cell, int | float):
        return float(cell) if abs(cell) < _LARGEST else math.inf
    if isinstance(cell, str):
        if mark == "." and _PLAIN.fullmatch(cell):
            return float(cell)
        bare = cell.strip()
        if bare.casefold() in _NOT_FINITE:
            return math.nan if "nan" in bare.casefold() else math.inf
        sign = -1.0 if bare[:1] in "-−" or bare[:1] == "(" else 1.0
        return sign * amount(bare.lstrip("-−").strip("()%％ "), mark)
    raise CellRefused("no number")


def _value_kind(name: str, sample: Sequence[Cell], mark: str, order: str) -> Kind | None:
    """Return number or date if nearly all cells are; eight digits are a day only if named so."""
    days = Days(order=order)
    is_day = [_is_day(cell, days) for cell in sample]
    is_number = [_is_number(cell, mark) for cell in sample]
    dated = sum(is_day) >= _MOST * len(sample) > 0
    if sum(is_number) >= _MOST * len(sample) > 0 and not (dated and _DAY_NAME.search(name)):
        return Kind.NUMBER
    return Kind.DATE if dated else None


def _text_kind(texts: Sequence[str]) -> Kind:
    filled = [text for text in texts if text]
    sample = filled[:_SAMPLE]
    mean_words = sum(len(text.split()) for text in sample) / max(1, len(sample))
    is_varied = len(set(sample)) > _FEW_TEXTS
    return Kind.TEXT if mean_words >= _TEXT_WORDS and is_varied else Kind.CATEGORY


def _is_id(name: str, kind: Kind, texts: Sequence[str], distinct: int) -> bool:
    if kind in (Kind.DATE, Kind.TEXT) or distinct <= _ROWS_FOR_EACH:
        return False
    filled = sum(map(bool, texts))
    if is_id_name(name):
        return is_who_name(name) or filled < _ROWS_FOR_EACH * distinct
    if distinct < 0.98 * filled:
        return False
    return kind is Kind.CATEGORY or _counts_up(texts)


def _counts_up(texts: Iterable[str]) -> bool:
    """Tell whether different whole numbers are close together or all of one long length."""
    whole = [text for text in texts if text]
    if not all(text.isdecimal() for text in whole):
        return False
    numbers = [int(text) for text in whole]
    is_dense = max(numbers) - min(numbers) < 1.5 * len(numbers)
    return is_dense or (len({len(text) for text in whole}) == 1 and len(whole[0]) >= 8)


def _is_number(cell: Cell, mark: str) -> bool:
    try:
        number_in(cell, mark)
    except CellRefused:
        return isinstance(cell, str) and is_number_like(cell)
    return True


def _is_day(cell: Cell, days: Days) -> bool:
    if isinstance(cell, int | float):
        return False
    try:
        _seconds(cell, days)
    except CellRefused:
        return False
    return True


def _numbers(form: Form, cells: Sequence[Cell]) -> Column:
    values: Floats = np.full(len(cells), np.nan)
    unreadable = infinite = 0
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        try:
            number = number_in(cell, form.mark)
        except CellRefused:
            unreadable += 1
            continue
        if abs(number) < _LARGEST:
            values[at] = number
        else:
            infinite += 1
    return Column(form=form, values=values, unreadable=unreadable, infinite=infinite)


def _dates(form: Form, cells: Sequence[Cell]) -> Column:
    values: Floats = np.full(len(cells), np.nan)
    unreadable = 0
    days = Days(order=form.order)
    known: dict[Cell, float] = {}
    for at, cell in enumerate(cells):
        if is_blank(cell):
            continue
        try:
            if cell not in known:
                known[cell] = _seconds(cell, days)
            values[at] = known[cell]
        except CellRefused:
            unreadable += 1
    return Column(form=form, values=values, unreadable=unreadable)


def _seconds(cell: Cell, days: Days) -> float:
    """Return seconds since 1970 of a day, with its time of day where the cell has one."""
    if isinstance(cell, int | float):
        raise CellRefused("a number is no day")
    moment = _iso(cell)
    if moment is None:
        day = days.read(cell)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        found = _TIME.search(cell) if isinstance(cell, str) else None
        if found and int(found[1]) < 24 and int(found[2]) < 60:
            moment = moment.replace(hour=int(found[1]), minute=int(found[2]))
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise CellRefused("a day before 2000 or after 2100")
    return moment.timestamp()


def _iso(cell: Cell) -> datetime | None:
    """Return the moment of a typed cell or an ISO text; the clock is kept, the zone is not."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=UTC)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day, tzinfo=UTC)
    try:
        return datetime.fromisoformat(str(cell).strip()).replace(tzinfo=UTC)
    except ValueError:
        return None
