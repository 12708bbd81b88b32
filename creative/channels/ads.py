"""Check a whole ad: how many lines it has, and what they must be together.

The lines themselves are checked one by one by creative.channels.checking.
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from creative.channels.case import quoted
from creative.channels.catalog import rules
from creative.channels.spec import Channel, Field
from creative.channels.tags import line_width
from creative.counting import UNITS, width
from creative.domain import Brief, Finding, Severity
from creative.phrases import mentions
from creative.tags import lacks_default

Lines = Mapping[str, Sequence[str]]  #: lines by field id


def check_ad(lines_by_field: Lines, channel: Channel, brief: Brief) -> tuple[Finding, ...]:
    """Find what an ad lacks, or has too much of.

    Args:
        lines_by_field: Every line of the ad by field id, those that `fill` gave included.
        channel: Where it would run.
        brief: What it was written from.
    Returns:
        Findings about the ad as a whole; they have no spans.
    Raises:
        ChannelError: If the channel has no field of that id.
    """
    for id in lines_by_field:
        channel.field(id)
    ad = {place.id: tuple(lines_by_field.get(place.id, ())) for place in channel.fields}
    return (
        *_counts(ad, channel),
        *_recommendations(ad, channel),
        *_duplicates(ad, channel),
        *_needs(ad, channel),
        *_pairs(ad, channel),
        *_exclamations(ad, channel),
        *_combined(ad, channel),
        *_required_words(ad, channel, brief),
    )


def _counts(ad: Lines, channel: Channel) -> Iterator[Finding]:
    """Compare the number of lines of each field with what it takes."""
    for place in channel.fields:
        given = ad[place.id]
        sure = [line for line in given if not lacks_default(line, channel.platform)]
        fails = place.rejects_count or (place.required and not given)
        severity = Severity.ERROR if fails else Severity.WARNING
        if (given or place.required) and len(sure) < place.min_count:
            message = f"{len(sure)} of {_lines(place.min_count, place)} that the ad needs."
            missing = place.min_count - len(sure)
            yield _finding("min_count", severity, message, f"Add {missing} more.", channel)
        if len(given) > place.max_count and not place.per:
            message = f"{_lines(len(given), place)}; the ad takes {place.max_count}."
            extra = len(given) - place.max_count
            yield _finding("max_count", severity, message, f"Leave out {extra}.", channel)


def _lines(count: int, place: Field) -> str:
    """Return a count with the name of a field: `3 × Headline`."""
    return f"{count} × {place.name}"


def _recommendations(ad: Lines, channel: Channel) -> Iterator[Finding]:
    """Warn about what platforms advise but do not demand."""
    for place in channel.fields:
        given, wanted = ad[place.id], place.recommended_count
        if wanted and place.min_count <= len(given) < wanted:
            message = f"{_lines(len(given), place)}; {wanted} are recommended."
            fix = f"Add {wanted - len(given)} more."
            yield _finding("recommended_count", Severity.WARNING, message, fix, channel)
        short = place.one_within
        widths = [line_width(line, channel, place) for line in given]
        if short and widths and min(widths) > short:
            message = f"No {place.name} is {short} characters or shorter."
            yield _finding("one_short", Severity.WARNING, message, "Shorten one.", channel)


def _duplicates(ad: Lines, channel: Channel) -> Iterator[Finding]:
    """Find texts that a field has twice."""
    listed = "duplicate_asset" in channel.rules
    for place in channel.fields:
        seen: set[str] = set()
        for line in ad[place.id] if listed or place.unique else ():
            plain = " ".join(line.casefold().split())
            if plain in seen:
                message = f"{place.name} has {quoted(line)} twice."
                yield _of_rule("duplicate_asset", message, "Replace one.")
            seen.add(plain)


def _needs(ad: Lines, channel: Channel) -> Iterator[Finding]:
    """Find fields that are filled without the one they need."""
    for place in channel.fields:
        if place.needs and ad[place.id] and not ad[place.needs]:
            other = channel.field(place.needs).name
            message = f"{place.name} is filled but {other} is empty."
            yield _of_rule("path2_needs_path1", message, f"Fill {other} first.")


def _pairs(ad: Lines, channel: Channel) -> Iterator[Finding]:
    """Find sitelinks with one description of two."""
    if "both_or_neither_descriptions" in channel.rules:
        first, second = len(ad["sitelink_description1"]), len(ad["sitelink_description2"])
        if first != second:
            message = f"{first} first and {second} second sitelink descriptions: they go in pairs."
            yield _of_rule("both_or_neither_descriptions", message, "Write both or neither.")


def _exclamations(ad: Lines, channel: Channel) -> Iterator[Finding]:
    """Find more than one exclamation mark in the whole ad."""
    texts = [line for place in channel.drafted for line in ad[place.id]]
    marks = sum(text.count("!") + text.count("！") for text in texts)
    if "excl_max_one" in channel.rules and marks > 1:
        message = f"The ad has {marks} exclamation marks; one is the most."
        yield _of_rule("excl_max_one", message, "Keep one line with an exclamation mark.")


def _combined(ad: Lines, channel: Channel) -> Iterator[Finding]:
    """Check a limit that several fields share."""
    shared = channel.combined
    if shared is None:
        return
    domain = urlsplit(next(iter(ad[shared.domain_of]), "")).hostname or ""
    texts = [domain, *(line for id in shared.fields for line in ad[id])]
    length = sum(width(text, shared.counting) for text in texts)
    if length > shared.max_length:
        unit = UNITS[shared.counting].name
        message = f"{shared.description}: {length} {unit} together; {shared.max_length} fit."
        yield _finding("combined_length", Severity.ERROR, message, "Shorten a path.", channel)


def _required_words(ad: Lines, channel: Channel, brief: Brief) -> Iterator[Finding]:
    """Find words that the brand demands and no drafted line says."""
    texts = [line for place in channel.drafted for line in ad[place.id]]
    for word in brief.brand.required_words:
        if not any(mentions(text, word) for text in texts):
            yield Finding(
                rule="required_word",
                severity=Severity.ERROR,
                message=f"No line says {quoted(word)}, which {brief.brand.name} requires.",
                fix=f"Work {quoted(word)} into one line.",
                source="brand",
                overridable=True,
            )


def _finding(rule: str, severity: Severity, message: str, fix: str, channel: Channel) -> Finding:
    """Word a finding that rests on the channel's own facts."""
    return Finding(
        rule=rule,
        severity=severity,
        message=message,
        fix=fix,
        source=channel.source,
        overridable=severity is Severity.WARNING,
    )


def _of_rule(id: str, message: str, fix: str) -> Finding:
    """Word a finding of a rule of rules.toml."""
    rule = rules()[id]
    return Finding(
        rule=id,
        severity=rule.severity,
        message=message,
        fix=fix,
        source=rule.source,
        overridable=rule.overridable,
    )
