"""What a report comes to: rows of results, rows left out, and the columns that were used."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a row stands: lines count from 1 as an editor or a spreadsheet shows them."""

    file: str
    sheet: str = ""  #: empty for text files
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultRow:
    """The results of one ad, or of what the report names most exactly.

    Counts that the report does not give are None, never 0.  Rates are not kept: they follow
    from the counts, and platforms reckon them in different ways.
    """

    name: str  #: of the ad; else of its ad group, else of its campaign
    text: str = ""  #: lines of the ad as far as the report shows them, one per line of text
    campaign: str = ""
    ad_group: str = ""
    date: dt.date | None = None  #: None when the row sums several days
    segment: str = ""  #: values of the breakdowns, joined with " · "
    impressions: int
    clicks: int | None = None
    conversions: float | None = None  #: platforms share one conversion among ads
    result: str = ""  #: which action the conversions are, where a report names several
    revenue: float | None = None  #: worth of the conversions
    cost: float | None = None
    currency: str = ""  #: of revenue and cost, ISO 4217; empty when the report does not say
    origin: Origin


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A row that is no result, and why."""

    line: int
    sheet: str = ""
    why: str
    is_expected: bool = False  #: such as a total: nothing is lost without it


@dataclass(frozen=True, kw_only=True, slots=True)
class Mapping:
    """Which column is what; pass the one of the last report to read the next alike.

    Fields without an entry are recognised by their header; an empty tuple leaves a field out.
    """

    platform: str = ""  #: id of a layout; empty to recognise it
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  #: field to headers
    decimal: str = ""  #: "." or ","; empty to infer it
    dates: str = ""  #: "dmy" or "mdy"; empty to infer it
    result: str = ""  #: the action to count when a report holds several kinds


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A report that was read."""

    platform: str
    rows: tuple[ResultRow, ...]
    skipped: tuple[Skipped, ...]
    columns: tuple[str, ...]  #: every header of the file
    mapping: Mapping  #: the columns that were used
    notes: tuple[str, ...] = ()  #: what a reader of these results should know

    @property
    def actions(self) -> list[str]:
        """Which actions the conversions of its rows are, where it names them."""
        return sorted({row.result for row in self.rows} - {""})
