"""Dynamic tags such as `{KeyWord:Fresh Coffee}`: what of them counts, and where it stands.

A platform replaces a tag when it shows the ad.  For limits and rules it stands for its default
text, a countdown for 8 characters.  Tags are those of docs/channels.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import regex

from creative.channels.spec import Channel, Field
from creative.counting import width
from creative.domain import Span

#: What a countdown counts as, 8 characters: official at Microsoft, unverified at Google.
COUNTDOWN = "12 hours"

# No pattern lets a tag contain another opening brace, so a run of braces stays linear.
_TAGS: Mapping[str, regex.Pattern[str]] = {
    "google": regex.compile(
        r"\{(?:(?i:keyword):(?P<default>[^{}]*)"
        r"|CUSTOMIZER\.[^:{}]+(?::(?P<default>[^{}]*))?"
        r"|LOCATION\((?:City|State|Country)\)(?::(?P<default>[^{}]*))?"
        r"|(?P<countdown>(?:GLOBAL_)?COUNTDOWN\([^(){}]*\)))\}"
    ),
    "microsoft": regex.compile(
        r"\{(?:(?i:keyword)(?::(?P<default>[^{}]*))?"
        r"|[Pp]aram[123](?::(?P<default>[^{}]*))?"
        r"|(?P<countdown>=(?:GLOBAL_)?[Cc]ountdown\([^(){}]*\)))\}"
    ),
    "baidu": regex.compile(r"\{(?P<default>[^{}]*)\}"),
    "naver": regex.compile(r"<키워드(?::(?P<default>[^<>]*))?>"),
}
_BRACES: Mapping[str, str] = {"google": "{}", "microsoft": "{}", "baidu": "{}"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Expanded:
    """A text with its tags replaced, which remembers where each code point came from.

    `starts` and `ends` are empty where nothing was replaced.
    """

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def origin(self, span: Span) -> Span:
        """Return where in the original text a span of this text came from."""
        if not self.starts or span.start >= span.end:
            return span
        return Span(self.starts[span.start], self.ends[span.end - 1])


def expand(text: str, platform: str) -> str:
    """Return a text as a limit counts it, its tags replaced by what counts.

    >>> expand("Buy {KeyWord:Fresh Coffee}, ends {COUNTDOWN(2026/12/01 00:00:00)}", "google")
    'Buy Fresh Coffee, ends 12 hours'
    """
    return expanded(text, platform).text


def expanded(text: str, platform: str) -> Expanded:
    """Replace the tags of a platform, keeping the way back to the original text."""
    tags = _TAGS.get(platform)
    if not tags or not tags.search(text):
        return Expanded(text=text)
    pieces = list(_pieces(text, tags))
    return Expanded(
        text="".join(char for char, _, _ in pieces),
        starts=tuple(start for _, start, _ in pieces),
        ends=tuple(end for _, _, end in pieces),
    )


def line_width(text: str, channel: Channel, field: Field) -> int:
    """Return the length of a line in the unit of its field, a tag counting what it stands for.

    >>> from creative.channels.catalog import channel
    >>> rsa = channel("google_rsa")
    >>> line_width("{KeyWord:Fresh Coffee}", rsa, rsa.field("headline"))
    12
    """
    return width(expand(text, channel.platform), field.counting)


def lacks_default(text: str, platform: str) -> bool:
    """Return whether a tag may show nothing, so that the line does not count to a minimum.

    Source:
        Google Ads API, NOT_ENOUGH_AVAILABLE_ASSET_LINKS_WITH_FALLBACK.
    """
    if platform != "google":
        return False
    found = (tag.groupdict() for tag in _TAGS[platform].finditer(text))
    return any(tag["default"] is None and tag["countdown"] is None for tag in found)


def stray_braces(text: str, platform: str) -> list[Span]:
    """Find braces that belong to no tag of a platform that has tags."""
    braces = _BRACES.get(platform, "")
    if not any(brace in text for brace in braces):
        return []
    covered = [range(*found.span()) for found in _TAGS[platform].finditer(text)]
    inside = {at for tag in covered for at in tag}
    stray = (at for at, char in enumerate(text) if char in braces and at not in inside)
    return [Span(at, at + 1) for at in stray]


def _pieces(text: str, tags: regex.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each code point of the expanded text with its range in the original."""
    at = 0
    for found in tags.finditer(text):
        yield from ((text[i], i, i + 1) for i in range(at, found.start()))
        yield from _shown(text, found)
        at = found.end()
    yield from ((text[i], i, i + 1) for i in range(at, len(text)))


def _shown(text: str, tag: regex.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Yield what a tag counts as: a countdown comes from the whole tag, a default from itself."""
    groups = tag.groupdict()
    if groups.get("countdown") is not None:
        yield from ((char, *tag.span()) for char in COUNTDOWN)
    elif groups["default"] is not None:
        yield from ((text[i], i, i + 1) for i in range(*tag.span("default")))
