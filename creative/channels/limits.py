"""Whether a line has the length, the lines and the characters that its field takes.

What a platform surely rejects is an error; what it cuts off, or may, is a warning.
"""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

import regex

from creative.channels.case import Case, Hit, quoted
from creative.channels.characters import forbidden
from creative.counting import UNITS, clipped, emoji_in, is_wide, width
from creative.domain import Severity, Span
from creative.tags import stray_braces

_COLUMN_UNITS = ("google_width", "ms_width", "yahoo_jp_width", "baidu_width", "tiktok_width")
_NOT_SPACE = regex.compile(r"\S++")
_LINE_BREAK = regex.compile(r"\r\n|\n|\r")


class Breach(NamedTuple):
    """A limit that a line breaks, and how much that matters."""

    rule: str
    severity: Severity
    hit: Hit


def breaches(case: Case) -> Iterator[Breach]:
    """Find every limit of its field that a line breaks."""
    if not case.text.strip() and not case.raw.strip():
        message = f"{case.field.name} is empty."
        yield Breach("empty", Severity.ERROR, Hit(None, message, "Write a line or remove it."))
        return
    yield from _lengths(case)
    yield from _raw_length(case)
    yield from _word_lengths(case)
    yield from _line_count(case)
    yield from _emoji_count(case)
    for hit in forbidden(case, case.field.forbid):
        yield Breach("forbidden_character", _severity(case), hit)
    yield from _option(case)


def _severity(case: Case) -> Severity:
    """Return what breaking a limit of this field is worth."""
    return Severity.ERROR if case.field.rejects_longer else Severity.WARNING


def _lengths(case: Case) -> Iterator[Breach]:
    """Compare the width of a line with every length its field names."""
    place, length = case.field, width(case.text, case.field.counting)
    if place.max_length is not None and length > place.max_length:
        yield Breach("max_length", _severity(case), _too_long(case, length, place.max_length))
    elif place.recommended_length is not None and length > place.recommended_length:
        hit = _too_long(case, length, place.recommended_length)
        yield Breach("recommended_length", Severity.WARNING, hit)
    elif length < place.min_length and "{" not in case.raw:
        message = f"The line is {_length(case, length)}; {place.name} needs {place.min_length}."
        yield Breach("min_length", _severity(case), Hit(None, message, "Write more."))
    else:
        yield from _range(case, length)
        yield from _doubtful_width(case, length)


def _too_long(case: Case, length: int, limit: int) -> Hit:
    """Word a length that is over a limit, and mark what does not fit."""
    start = clipped(case.text, limit, case.field.counting)
    is_hard = limit == case.field.max_length
    message = (
        f"The line is {_length(case, length)}; {case.field.name} "
        f"{'takes' if is_hard else 'is best within'} {limit}."
    )
    rest = case.text[start:]
    return Hit(
        Span(start, len(case.text)), message, f"Cut {length - limit}: {quoted(rest)} is over."
    )


def _length(case: Case, length: int) -> str:
    """Return a length with the name of its unit."""
    return f"{length} {UNITS[case.field.counting].name} long"


def _range(case: Case, length: int) -> Iterator[Breach]:
    """Warn about a line outside the range its platform recommends."""
    wanted = case.field.recommended_range
    if wanted and not wanted[0] <= length <= wanted[1]:
        message = f"The line is {_length(case, length)}; {wanted[0]} to {wanted[1]} is best."
        fix = "Write more." if length < wanted[0] else "Cut it."
        yield Breach("recommended_length", Severity.WARNING, Hit(None, message, fix))


def _doubtful_width(case: Case, length: int) -> Iterator[Breach]:
    """Warn where characters of ambiguous width decide whether an East-Asian line fits.

    No platform says whether “ ” … × count 1 or 2 there; they are counted 1.
    """
    place = case.field
    if place.counting not in _COLUMN_UNITS or place.max_length is None or case.text.isascii():
        return
    doubtful = sum(unicodedata.east_asian_width(char) == "A" for char in case.text)
    if doubtful and length + doubtful > place.max_length and any(map(is_wide, case.text)):
        message = f"{doubtful} characters such as “…” may count 2, and the line is full."
        hit = Hit(None, message, f"Leave {doubtful} characters free.")
        yield Breach("ambiguous_width", Severity.WARNING, hit)


def _raw_length(case: Case) -> Iterator[Breach]:
    """Check the length of a line with its tags written out; without tags it has said enough."""
    limit = case.field.raw_max if case.raw != case.text else None
    if limit is not None and width(case.raw, case.field.counting) > limit:
        message = f"With its tags the line is longer than the {limit} characters accepted."
        yield Breach("raw_length", _severity(case), Hit(None, message, "Shorten the tags."))


def _word_lengths(case: Case) -> Iterator[Breach]:
    """Check every word against the longest that the platform takes."""
    limit = case.field.max_word_length
    for word in _NOT_SPACE.finditer(case.text) if limit else ():
        if limit and width(word.group(), case.field.counting) > limit:
            message = f"{quoted(word.group())} is longer than the {limit} a word may have."
            hit = Hit(Span(*word.span()), message, "Split it or use a shorter word.")
            yield Breach("word_length", _severity(case), hit)


def _line_count(case: Case) -> Iterator[Breach]:
    """Check the number of lines of a text of several."""
    limit = case.field.max_lines
    lines = len(_LINE_BREAK.findall(case.text)) + 1
    if limit and lines > limit:
        message = f"The text has {lines} lines; {case.field.name} takes {limit}."
        yield Breach("line_count", _severity(case), Hit(None, message, "Join some lines."))


def _emoji_count(case: Case) -> Iterator[Breach]:
    """Check the number of emoji."""
    limit = case.field.max_emoji
    found = emoji_in(case.text) if limit is not None else []
    if limit is not None and len(found) > limit:
        message = f"The text has {len(found)} emoji; {case.field.name} takes {limit}."
        span = Span(found[limit].start, found[-1].end)
        yield Breach("emoji_count", _severity(case), Hit(span, message, "Remove some."))


def _option(case: Case) -> Iterator[Breach]:
    """Check a text that must be one of a fixed list."""
    options = case.field.options
    if options and _is_english(case) and case.text not in options:
        message = f"{quoted(case.text)} is not on the list of {case.field.name}."
        yield Breach("option", Severity.ERROR, Hit(None, message, f"Use {', '.join(options)}."))


def _is_english(case: Case) -> bool:
    """Return whether the ad is in English; the lists hold no translations."""
    return case.brief is None or case.brief.language.casefold().startswith("en")


def broken_tags(raw: str, platform: str) -> Iterator[Hit]:
    """Find braces that make no tag of the platform; readers would see them."""
    for span in stray_braces(raw, platform):
        message = f"{quoted(raw[span.start : span.start + 12])} is no complete dynamic tag."
        yield Hit(span, message, "Complete the tag, or remove the brace.")
