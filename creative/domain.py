"""The words of the studio as frozen values: briefs, runs, drafts, findings, claims, ratings.

Every object is immutable and keyword-only; `id` is None until storage has kept it.  Times are
timezone-aware UTC.  Text is Unicode in NFC.  Knows no database, page, model or platform.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class Span(NamedTuple):
    """Half-open range of code points in a line."""

    start: int
    end: int


class Severity(StrEnum):
    """How much a finding matters: an error keeps a line out of a platform file."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """A rule that a line breaks; data, never an exception."""

    rule: str
    severity: Severity
    message: str
    fix: str = ""
    span: Span | None = None
    source: str = ""
    overridable: bool = False


class ClaimKind(StrEnum):
    """What sort of promise a claim is."""

    NUMBER = "number"
    PRICE = "price"
    PERCENTAGE = "percentage"
    SUPERLATIVE = "superlative"
    GUARANTEE = "guarantee"
    FREE = "free"
    OFFER = "offer"
    DEADLINE = "deadline"


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A promise in a line; `support` names the brief field behind it, such as `product.offer`."""

    kind: ClaimKind
    text: str
    span: Span
    support: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Brand:
    """Who speaks.  `voice` is free text; words are matched whole and in any case."""

    id: int | None = None
    name: str
    voice: str = ""
    banned_words: tuple[str, ...] = ()
    required_words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Product:
    """What is sold.  `price` and `offer` are written as they may appear in an ad."""

    id: int | None = None
    brand_id: int | None = None
    name: str
    description: str = ""
    benefits: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    offer: str = ""
    price: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Whom the ad speaks to."""

    id: int | None = None
    name: str = ""
    pains: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """One job for the writer: a brand, a product and an audience on one channel.

    `language` is a BCP 47 tag; `channel` is an id from the channel data.  `short_forms` are what
    items come down to where there is little room: pairs of an item and its forms, which a model
    makes while it drafts and nobody keeps.
    """

    id: int | None = None
    brand: Brand
    product: Product
    audience: Audience = field(default_factory=Audience)
    channel: str
    objective: str = ""
    tone: str = ""
    language: str = "en"
    keywords: tuple[str, ...] = ()
    call_to_action: str = ""
    created_at: datetime | None = None
    short_forms: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def forms_of(self, item: str) -> tuple[str, ...] | None:
        """Return what an item comes down to; None where nobody has tried to shorten it."""
        return next((forms for known, forms in self.short_forms if known == item), None)

    @property
    def primary_language(self) -> str:
        """The language without region or script, in small letters: "en" of "en-GB"."""
        return self.language[:2].lower()


class Angle(StrEnum):
    """The idea a line is written from."""

    BENEFIT = "benefit"
    FEATURE = "feature"
    QUESTION = "question"
    PAIN = "pain"
    OFFER = "offer"
    AUDIENCE = "audience"
    PROOF = "proof"
    CONTRAST = "contrast"
    CURIOSITY = "curiosity"
    BRAND = "brand"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampling:
    """How freely the model may choose.  None means: what the model's profile recommends."""

    temperature: float | None = None
    top_p: float | None = None
    candidates_per_line: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Taste:
    """Traits of lines that surely earn more, or surely less, in the tests of a library."""

    liked: tuple[str, ...] = ()
    disliked: tuple[str, ...] = ()


class RunState(StrEnum):
    """Where a drafting job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"

    @property
    def is_active(self) -> bool:
        return self in (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One drafting job, reproducible from what it stores.

    `wanted` maps field id to number of lines.  `templates` maps field id to `id@version`.
    `angles` are written from in turn; empty means the usual ones.  `taste` is what tests had shown
    when it began.
    `message` says in plain words why a run failed or what it could not deliver.
    """

    id: int | None = None
    brief_id: int
    wanted: Mapping[str, int]
    templates: Mapping[str, str]
    model: str
    sampling: Sampling = field(default_factory=Sampling)
    angles: tuple[Angle, ...] = ()
    taste: Taste = field(default_factory=Taste)
    seed: int
    state: RunState = RunState.QUEUED
    message: str = ""
    created_at: datetime | None = None
    finished_at: datetime | None = None


class DraftState(StrEnum):
    """What a copywriter decided about a draft."""

    NEW = "new"
    APPROVED = "approved"
    REJECTED = "rejected"
    ARCHIVED = "archived"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that passed its checks, before it is stored.

    `width` and `limit` are in the counting unit of the field; `logprob` is in nats, summed over
    the tokens of `text`, and None for a line a person wrote.
    """

    field: str
    text: str
    width: int
    limit: int | None
    angle: str = ""
    seed: int | None = None
    logprob: float | None = None
    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One line for one field, with its origin and its state.

    `version` counts the edits: 1 is as drafted; an edit must name the version it started from.
    `stars` is the mean of the latest rating of each rater, None when nobody rated.
    """

    id: int | None = None
    brief_id: int
    run_id: int | None
    line: Line
    state: DraftState = DraftState.NEW
    version: int = 1
    stars: float | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Edit:
    """One wording of a draft in its history; version 1 is the model's own."""

    draft_id: int
    version: int
    text: str
    editor: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """One to five stars given to a draft by a named rater; the latest of each rater counts."""

    draft_id: int
    rater: str
    stars: int
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRecord:
    """A file that was handed out: which drafts, in which format, when."""

    id: int | None = None
    brief_id: int
    format: str
    filename: str
    draft_ids: tuple[int, ...]
    created_at: datetime | None = None


class _Kept(Protocol):
    @property
    def id(self) -> int | None: ...


def kept_id(record: _Kept) -> int:
    """Return the id that storage gave.

    Raises:
        ValueError: If the record was never kept, which is a mistake of the caller.
    """
    if record.id is None:
        raise ValueError(f"a {type(record).__name__} without id was never kept")
    return record.id
