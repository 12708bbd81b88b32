"""An ad as it leaves: lines chosen for each field, and what a platform would refuse.

The counts of a field come from the channel data of the caller.  Text is never changed here.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from creative.domain import Draft, Finding, Severity
from creative.errors import ExportRefused
from creative.export.formulas import is_formula_like

MAX_URL = 2048  #: code points of a landing page's address; Microsoft documents it, others do not
_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  #: Unicode categories that no line may contain


class AdStatus(StrEnum):
    """Whether an ad may run as soon as it is imported."""

    PAUSED = "Paused"
    ENABLED = "Enabled"


@dataclass(frozen=True, kw_only=True, slots=True)
class AdLine:
    """A line chosen for an ad.  `pin` is the place it must always show in, counted from 1."""

    text: str
    pin: int | None = None
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, draft: Draft, pin: int | None = None) -> "AdLine":
        """Take the wording and the findings of a draft."""
        return cls(text=draft.line.text, pin=pin, findings=draft.line.findings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A field of the ad with the lines chosen for it; `name` is what people call the field.

    `max_count` is None where no platform rejects more.
    """

    field: str
    name: str
    lines: tuple[AdLine, ...] = ()
    min_count: int = 0
    max_count: int | None = None
    is_one_line: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Ad:
    """One ad: `name` tells it apart from others; campaign and ad group say where it belongs."""

    channel: str
    name: str
    slots: tuple[Slot, ...]
    final_url: str = ""
    campaign: str = ""
    ad_group: str = ""
    status: AdStatus = AdStatus.PAUSED

    def slot(self, field: str) -> Slot:
        """Return the slot of a field, an empty one when the ad has none."""
        return next((s for s in self.slots if s.field == field), Slot(field=field, name=field))


def refuse(ads: Sequence[Ad], problems: Iterable[str]) -> None:
    """Raise what keeps the ads from their platform, all of it in one message.

    Raises:
        ExportRefused: If there is no ad, or any problem.
    """
    if not ads:
        raise ExportRefused("Choose at least one ad to export.")
    if found := list(problems):
        raise ExportRefused(" ".join(found))


def problems_of(ad: Ad) -> Iterator[str]:
    """Yield why any platform would reject the ad, a sentence each."""
    for slot in ad.slots:
        yield from _wrong_counts(slot)
        yield from _repeats(slot)
        for number, line in enumerate(slot.lines, start=1):
            yield from _unusable(f"{slot.name} {number}", line, slot.is_one_line)
    if ad.final_url:
        yield from _url_problems(ad.final_url)


def warnings_of(ad: Ad) -> Iterator[str]:
    """Yield what a person should know before using the file, a sentence each."""
    for slot in ad.slots:
        for number, line in enumerate(slot.lines, start=1):
            label = f"{slot.name} {number}"
            for finding in line.findings:
                if not blocks(finding):
                    yield f"{label} “{line.text}”: {finding.message}"
            if is_formula_like(line.text):
                yield (
                    f"{label} “{line.text}” looks like a formula to a spreadsheet: "
                    "import the file without opening it in one first."
                )


def about(ad: Ad, ads: Sequence[Ad], text: str) -> str:
    """Say which ad a sentence is about, where there are several."""
    return f"{ad.name}: {text}" if len(ads) > 1 else text


def _url_problems(url: str) -> Iterator[str]:
    """Yield why an address cannot be a landing page."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or any(c.isspace() or unicodedata.category(c) == "Cc" for c in url):
        yield f"“{url}” is not a web address: it must begin with https:// or http://."
    elif len(url) > MAX_URL:
        yield f"The landing page's address is {len(url)} characters long; at most {MAX_URL} fit."


def _wrong_counts(slot: Slot) -> Iterator[str]:
    count = len(slot.lines)
    if count < slot.min_count:
        missing = slot.min_count - count
        yield f"{slot.name}: {count} of {slot.min_count} needed, approve {missing} more."
    if slot.max_count is not None and count > slot.max_count:
        extra = count - slot.max_count
        yield f"{slot.name}: {count} chosen and at most {slot.max_count} fit, deselect {extra}."


def _repeats(slot: Slot) -> Iterator[str]:
    seen: set[str] = set()
    for line in slot.lines:
        if line.text in seen:
            yield f"{slot.name} “{line.text}” is there twice: deselect one."
        seen.add(line.text)


def _unusable(label: str, line: AdLine, is_one_line: bool) -> Iterator[str]:
    text = line.text if is_one_line else line.text.replace("\n", " ")
    if not text.strip():
        yield f"{label} is empty: write it or deselect it."
    elif any(unicodedata.category(c) in _UNPRINTABLE for c in text):
        yield f"{label} contains a line break or a control character: edit it."
    for finding in line.findings:
        if blocks(finding):
            yield f"{label} “{line.text}” cannot run: {finding.message}"


def blocks(finding: Finding) -> bool:
    """Approving a line overrides what may be overridden; other errors keep it out."""
    return finding.severity is Severity.ERROR and not finding.overridable
