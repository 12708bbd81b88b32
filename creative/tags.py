"""Dynamic tags such as `{KeyWord:Fresh Coffee}`: what of them counts, and where it stands.

A platform replaces a tag when it shows the ad.  For limits and rules it stands for its default
text, a countdown for 8 characters.  Tags are those of docs/channels.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import regex

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

#: How tags of each platform begin, as short as they may be written.
_SHORTEST: Mapping[str, tuple[str, ...]] = {
    "google": (
        "{KeyWord:}",
        "{CUSTOMIZER.A}",
        *(f"{{LOCATION({place})}}" for place in ("City", "State", "Country")),
        "{COUNTDOWN()}",
        "{GLOBAL_COUNTDOWN()}",
    ),
    "microsoft": (
        "{KeyWord}",
        *(f"{{{name}aram{number}}}" for name in "Pp" for number in "123"),
        *(f"{{={name}ountdown()}}" for name in ("C", "c", "GLOBAL_C", "GLOBAL_c")),
    ),
    "baidu": ("{}",),
    "naver": ("<키워드>",),
}
_CLOSINGS = ("}", ")}", ">")

PLATFORMS = frozenset(_TAGS)  #: those that have dynamic tags


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
    return _stray(text, platform, _BRACES.get(platform, ""))


def may_hold(text: str, platform: str) -> bool:
    """Return whether anything in a text may be, or become, a tag of a platform; quickly.

    >>> may_hold("Fresh {Key", "google"), may_hold("Fresh {Key", "meta")
    (True, False)
    """
    return platform in PLATFORMS and any(sign in text for sign in _BRACES.get(platform, "<"))


def rest_of_tag(text: str, platform: str) -> str | None:
    """Return the shortest completion of the tag that a text breaks off in.

    Returns:
        Empty when it breaks off in no tag; None when a brace can belong to none.

    >>> rest_of_tag("Buy {KeyWord:Fre", "google"), rest_of_tag("Buy {COUNTD", "google")
    ('}', 'OWN()}')
    >>> rest_of_tag("Buy {KeyWord:Tea}", "google"), rest_of_tag("Buy } now", "google")
    ('', None)
    """
    stray = _stray(text, platform, _BRACES.get(platform, "<"))
    if not stray:
        return ""
    rest = _completion(text[stray[-1].start :], platform)
    is_plain = platform not in _BRACES  # "<" is a sign like others
    return (rest or "") if is_plain else (rest if len(stray) == 1 else None)


def _completion(tag: str, platform: str) -> str | None:
    """Return what makes a whole tag of the beginning of one."""
    begun = (known for known in _SHORTEST[platform] if known.lower().startswith(tag.lower()))
    for rest in (*(known[len(tag) :] for known in begun), *_CLOSINGS):
        if _TAGS[platform].fullmatch(tag + rest):
            return rest
    return None


def _stray(text: str, platform: str, signs: str) -> list[Span]:
    """Find some signs outside the tags of a platform."""
    if not any(sign in text for sign in signs):
        return []
    covered = [range(*found.span()) for found in _TAGS[platform].finditer(text)]
    inside = {at for tag in covered for at in tag}
    stray = (at for at, char in enumerate(text) if char in signs and at not in inside)
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
