"""The layouts of reports that ship with Adlib, and which of them a header belongs to.

The files are part of the program: a mistake in one is a programmer's and crashes as ValueError.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from creative.ingest.cells import clean
from creative.ingest.currencies import is_currency
from creative.ingest.refusals import ReportRefused

GENERIC = "generic"
#: What a column can be; the first group may have several columns, in the order of the file.
SEVERAL = ("text", "segment", "detail", "id")
SINGLE = (
    *("name", "ad_group", "campaign", "date", "starts", "ends"),
    *("impressions", "clicks", "conversions", "result", "revenue", "cost", "currency"),
)
FIELDS = (*SINGLE, *SEVERAL)
_SCHEMA_VERSION = 1
_PREAMBLE_WEIGHT = 5  #: a preamble of a platform's own says more than a column's name
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{1,5})[)\]]$")
_NUMBERED = re.compile(r"\s?\d{1,2}$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """How one platform writes its reports; names of columns are keys as `heading` makes them."""

    id: str
    name: str
    source: str
    checked_on: date
    without_results: str  #: what to do when the counts are missing
    columns: Mapping[str, tuple[str, ...]]  #: field to names, the best first
    signs: frozenset[str] = frozenset()  #: columns that other platforms do not have
    preamble: str = ""  #: pattern of a line before the header that only this platform writes
    promised_rows: str = ""  #: pattern of a line that says how many rows follow
    footer: str = ""  #: pattern of lines after the rows
    total: str = ""  #: pattern of totals beside the usual ones
    zero_when_blank: frozenset[str] = frozenset()
    subtotals_are_blank: bool = False  #: rows without a value of a breakdown are sums of others
    ads_only: bool = False  #: rows without text are no ads
    mixed: frozenset[str] = frozenset()  #: columns that count another action in every row
    preferred_sheet: str = ""
    notes: Mapping[str, str] = field(
        default_factory=dict
    )  #: column to what its readers should know

    def names_of(self, id: str) -> tuple[str, ...]:
        """Return the names that a field's column may have."""
        return self.columns.get(id, ())


@cache
def layouts() -> Mapping[str, Layout]:
    """Return every layout by its id."""
    files = sorted((Path(__file__).parent / "layouts").glob("*.toml"))
    built = [_layout(tomllib.loads(file.read_text(encoding="utf-8"))) for file in files]
    if GENERIC not in {each.id for each in built}:
        raise ValueError("the layouts of reports are missing: this copy of Adlib is incomplete")
    return MappingProxyType({each.id: each for each in built})


def layout(id: str) -> Layout:
    """Return a layout by its id.

    Raises:
        ReportRefused: If there is none.
    """
    if id not in layouts():
        raise ReportRefused(f"There is no report layout {id!r}; there are {', '.join(layouts())}.")
    return layouts()[id]


def heading(text: str) -> str:
    """Return the key of a header: its case, spacing and currency do not matter.

    >>> heading("Amount_spent (USD)"), heading("Nom de l’annonce")
    ('amount spent', "nom de l'annonce")
    """
    text = unicodedata.normalize("NFKC", clean(text)).replace("’", "'").replace("_", " ")
    if currency_in(text):
        text = _BRACKETS.sub("", text)
    return " ".join(text.casefold().split())


def currency_in(text: str) -> str:
    """Return what stands in brackets at the end of a header if it can be a currency.

    >>> currency_in("Cost (USD)"), currency_in("Conversion rate (CVR)")
    ('USD', '')
    """
    found = _BRACKETS.search(unicodedata.normalize("NFKC", clean(text)))
    return found[1] if found and is_currency(found[1]) else ""


def names_column(names: Iterable[str], key: str) -> bool:
    """Tell whether a header is one of the names; `headline #` stands for every numbered one."""
    numbered = _NUMBERED.sub(lambda found: found[0].rstrip("0123456789") + "#", key)
    return key in names or numbered in names


def is_known(key: str) -> bool:
    """Tell whether any layout has a column of that name."""
    return bool(key) and names_column(_known(), key)


def has_foreign_header(text: str) -> bool:
    """Tell whether a text holds a known header with letters beyond ASCII, as a cell of its own."""
    cells = re.split(r"[\t,;|\r\n]", text)
    return any(not cell.isascii() and is_known(heading(cell.strip().strip('"'))) for cell in cells)


def recognised(headers: Iterable[str], preamble: Iterable[str]) -> Layout:
    """Return the layout that a header belongs to, the generic one if none fits.

    Args:
        headers: Cells of the header as they stand.
        preamble: First cells of the lines before it.
    """
    shown = [clean(header) for header in headers]
    signs = {*shown, *map(heading, shown)}
    before = list(preamble)

    def claim(candidate: Layout) -> int:
        said = bool(candidate.preamble) and any(re.match(candidate.preamble, t) for t in before)
        return len(candidate.signs & signs) + _PREAMBLE_WEIGHT * said

    best = max(layouts().values(), key=claim)
    return best if claim(best) else layouts()[GENERIC]


@cache
def _known() -> frozenset[str]:
    every = layouts().values()
    return frozenset(name for each in every for names in each.columns.values() for name in names)


def _layout(data: dict[str, object]) -> Layout:
    if data.pop("schema_version", None) != _SCHEMA_VERSION:
        raise ValueError(f"{data.get('id')}: schema_version must be {_SCHEMA_VERSION}")
    columns = data.pop("columns")
    assert isinstance(columns, dict)
    if unknown := set(columns) - set(FIELDS):
        raise ValueError(f"{data.get('id')}: unknown fields {unknown}")
    sets = {key: frozenset(value) for key, value in data.items() if isinstance(value, list)}
    named = {field: tuple(names) for field, names in columns.items()}
    return Layout(**(data | sets), columns=MappingProxyType(named))  # type: ignore[arg-type]
