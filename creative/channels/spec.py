"""What a placement asks of its text, as frozen values read from `data/*.toml` and `rules.toml`.

Lengths are in the counting unit of their field (see creative.counting).  Knows no briefs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from creative.domain import Severity
from creative.errors import ChannelError

#: How sure a fact is, the surest first; docs/channels.md says what each word means.
VERIFIED = ("official", "vendor_doc", "secondary", "legacy", "unverified")
_SURE = ("official", "vendor_doc", "secondary")

#: What fills a field: "copy" is drafted, the others come from the brief or from a person.
KINDS = (
    "copy",
    "url",
    "display_url",
    "path",
    "call_to_action",
    "brand_name",
    "app_name",
    "ad_name",
    "keywords",
    "feature",
    "offering",
    "legal",
)

#: The kinds of template that draft a field of kind "copy".
SHAPES = ("headline", "long_headline", "description", "primary", "subject", "push")
_ONE_LINE = ("", "headline", "long_headline", "description", "subject")


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One text slot of a placement.

    `hard` says whether the platform rejects longer text; None is not known.  `shape` is empty
    unless `kind` is "copy".  `one_within` asks for one line of at most that length per ad.
    """

    id: str
    name: str
    counting: str
    verified: str
    kind: str = "copy"
    shape: str = ""
    max_length: int | None = None
    min_length: int = 1
    recommended_length: int | None = None
    recommended_range: tuple[int, int] | None = None
    hard: bool | None = None
    required: bool
    min_count: int
    max_count: int
    recommended_count: int | None = None
    unique: bool = False
    needs: str = ""
    per: str = ""
    raw_max: int | None = None
    max_word_length: int | None = None
    max_lines: int | None = None
    max_emoji: int | None = None
    forbid: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    options_source: str = ""
    one_within: int | None = None
    max_length_verified: str = ""
    count_verified: str = ""
    api: str = ""
    csv: str = ""
    warn: str = ""
    note: str = ""

    @property
    def is_drafted(self) -> bool:
        """Whether the model writes this field."""
        return self.kind == "copy"

    @property
    def is_one_line(self) -> bool:
        """Whether a line break has no place here."""
        return self.shape in _ONE_LINE

    @property
    def limit(self) -> int | None:
        """The hard limit, or the recommended length where the limit is soft, unknown or absent."""
        if self.hard:
            return self.max_length
        return self.recommended_length or self.max_length

    @property
    def target(self) -> int | None:
        """The length that drafting aims at: the same as `limit`."""
        return self.limit

    @property
    def rejects_longer(self) -> bool:
        """Whether text over `max_length` surely fails; else it may only be cut off."""
        return bool(self.hard) and (self.max_length_verified or self.verified) in _SURE

    @property
    def rejects_count(self) -> bool:
        """Whether a wrong number of lines surely fails; none at all in a required field does."""
        return not self.count_verified or self.count_verified in _SURE


@dataclass(frozen=True, kw_only=True, slots=True)
class Combined:
    """A limit on several fields together, with the domain of a URL field."""

    description: str
    max_length: int
    counting: str
    domain_of: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """One ad placement: its fields, the editorial rules in force there, and who says so."""

    id: str
    name: str
    platform: str
    verified: str
    source: str
    checked_on: date
    fields: tuple[Field, ...]
    rules: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict, hash=False)
    export: Mapping[str, str] = field(default_factory=dict, hash=False)
    pins: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    combined: Combined | None = None
    conflict: str = ""
    note: str = ""

    def field(self, id: str) -> Field:
        """Return a field by its id.

        Raises:
            ChannelError: If this channel has none; the message names near matches.
        """
        for found in self.fields:
            if found.id == id:
                return found
        raise ChannelError(
            unknown(id, [known.id for known in self.fields], f"{self.id} has no field")
        )

    @property
    def drafted(self) -> tuple[Field, ...]:
        """The fields that the model writes."""
        return tuple(known for known in self.fields if known.is_drafted)

    @property
    def required_fields(self) -> tuple[Field, ...]:
        """The fields without which no ad is complete, drafted or not."""
        return tuple(known for known in self.fields if known.required)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """An editorial rule: what it is worth, where it holds, and the words it looks for.

    It runs on fields of these `kinds`, and only on these `shapes` where any are named.
    """

    id: str
    about: str
    severity: Severity
    source: str
    overridable: bool = False
    verified: str = "official"
    kinds: tuple[str, ...] = ("copy", "call_to_action", "brand_name", "app_name", "feature")
    shapes: tuple[str, ...] = ()
    regex: str = ""
    phrases: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    requires: str = ""
    note: str = ""

    def covers(self, place: Field) -> bool:
        """Whether this rule has anything to say about a field."""
        return place.kind in self.kinds and (not self.shapes or place.shape in self.shapes)


def unknown(id: str, known: list[str], what: str) -> str:
    """Word the refusal of an id, naming what the writer may have meant.

    >>> unknown("headlin", ["headline", "path1"], "google_rsa has no field")
    'google_rsa has no field "headlin"; did you mean headline?'
    """
    near = get_close_matches(id, known, n=3, cutoff=0.5)
    if near:
        return f'{what} "{id}"; did you mean {" or ".join(near)}?'
    return f'{what} "{id}"; there are {", ".join(known)}.'
