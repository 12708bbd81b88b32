"""Finds what a written line breaks of its constraint, with code of its own.

Shares nothing with the engine, so that no error of one hides in the other: it looks at whole lines
only, slowly, and knows Google's tags and width only.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

import regex

from creative.engine.protocol import Constraint

_TAG = regex.compile(
    r"\{(?:(?i:keyword):(?P<shown>[^{}]*)|CUSTOMIZER\.[^:{}]+(?::(?P<shown>[^{}]*))?"
    r"|LOCATION\((?:City|State|Country)\)(?::(?P<shown>[^{}]*))?"
    r"|(?P<clock>(?:GLOBAL_)?COUNTDOWN\([^(){}]*\)))\}"
)
_EMOJI = regex.compile(r"\p{Emoji_Presentation}|\p{Emoji}\ufe0f|[0-9#*]\ufe0f?\u20e3|\p{RI}")
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\ufffd]")
_FIGURE = regex.compile(r"[$€£¥]\s?\d+(?:[.,:/]\d+)*|\d+(?:[.,:/]\d+)*(?:\s?[%$€£¥])?")
_SPACED = r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{M}\p{Nd}]"
_WORD = r"[\p{L}\p{N}\p{M}_]"
_RUN = regex.compile(rf"{_WORD}+")


def broken_rules(
    text: str, constraint: Constraint, required: Sequence[str], earlier: Sequence[str]
) -> list[str]:
    """Return the names of the rules that a line breaks, `earlier` lines being its rivals.

    >>> broken_rules("Act now!", Constraint(forbidden="!", banned=("act now",)), ["tea"], [])
    ['forbidden', 'banned', 'required']
    >>> held = Constraint(max_width=9, counting="google_width", vocabulary=frozenset({"fresh"}))
    >>> broken_rules("Fresh 咖啡", held, [], ["freshness"])
    ['max_width', 'vocabulary']
    """
    shown = _TAG.sub(_as_shown, text)
    rivals = (*constraint.taken, *earlier)
    is_broken = {
        "clean": not text.strip() or bool(_UNSEEN.search(text)),
        "tags": constraint.tags == "google" and bool(set("{}") & set(_TAG.sub("", text))),
        "max_width": constraint.max_width is not None and _width(shown) > constraint.max_width,
        "vocabulary": constraint.vocabulary is not None
        and any(_unknown(shown, (*constraint.vocabulary, *required))),
        "forbidden": bool(set(constraint.forbidden) & set(text)),
        "emoji": not constraint.allows_emoji and bool(_EMOJI.search(text)),
        "banned": any(_holds(shown, phrase, r"[\s\p{Pd}]+") for phrase in constraint.banned),
        "required": not all(_holds(shown, phrase, r"\s+") for phrase in required),
        "figures": constraint.figures is not None
        and any(_unbacked(shown, {_spelt(each) for each in constraint.figures})),
        "taken": any(_likeness(text, other) >= constraint.likeness for other in rivals),
    }
    return [rule for rule, broken in is_broken.items() if broken]


def _as_shown(tag: regex.Match[str]) -> str:
    return "12 hours" if tag.group("clock") else tag.group("shown") or ""


def _width(text: str) -> int:
    """Return columns: East-Asian wide characters two, marks and joiners none."""
    drawn = (c for c in unicodedata.normalize("NFC", text) if not regex.match(r"[\p{M}\u200d]", c))
    return sum(1 + (unicodedata.east_asian_width(char) in ("W", "F")) for char in drawn)


def _unknown(text: str, listed: Sequence[str]) -> Iterator[str]:
    """Yield what is left of a text without listed words, and words with strange capitals."""
    text = unicodedata.normalize("NFC", text).replace("’", "'")
    words = {regex.escape(word) for phrase in listed for word in (phrase, *phrase.split())}
    ordered = "|".join(sorted(words, key=len, reverse=True))
    before = rf"(?<!{_WORD})(?<!{_WORD}['.@])(?<!\d[,:](?=\d))"
    after = rf"(?!{_WORD})(?!['.@]{_WORD})(?!(?<=\d)[,:]\d)"
    yield from _RUN.findall(regex.sub(rf"{before}(?i:{ordered}){after}", " ", text))
    spelt = {run[1:] for phrase in listed for run in _RUN.findall(phrase)}
    capitals = (run[1:] for run in _RUN.findall(text) if run[1:] != run[1:].lower())
    yield from (rest for rest in capitals if rest not in spelt)


def _holds(text: str, phrase: str, between: str) -> bool:
    """Tell whether a text holds a phrase in any case, as whole words where there are spaces."""
    body = between.join(map(regex.escape, regex.split(between, phrase)))
    before = f"(?<!{_SPACED})" if regex.match(_SPACED, phrase[0]) else ""
    after = f"(?!{_SPACED})" if regex.match(_SPACED, phrase[-1]) else ""
    return regex.search(before + body + after, text, regex.IGNORECASE) is not None


def _unbacked(text: str, known: set[str]) -> Iterator[str]:
    """Yield figures that are not known, and signs of currency without a number."""
    yield from (found for found in _FIGURE.findall(text) if _spelt(found) not in known)
    yield from regex.findall(r"[$€£¥]", _FIGURE.sub("", text))


def _spelt(figure: str) -> str:
    """Return a figure without spaces, its sign of currency first."""
    bare = "".join(figure.split())
    return bare[-1] + bare[:-1] if bare[-1] in "$€£¥" else bare


def _likeness(text: str, other: str) -> float:
    """Return 200 times the longest common subsequence of sorted words over both lengths."""
    one, two = (" ".join(sorted(_words(each))) for each in (text, other))
    if not one or not two:
        return 100.0 if one == two else 0.0
    most = 200 * (Counter(one) & Counter(two)).total() / (len(one) + len(two))
    return most if most < 50 else 200 * _common(one, two) / (len(one) + len(two))


def _words(text: str) -> list[str]:
    return regex.sub(r"[^\w\s]+", " ", text.casefold()).split()


def _common(one: str, two: str) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(two) + 1)
    for char in one:
        last = 0
        for at, rival in enumerate(two, start=1):
            above = row[at]
            row[at] = last + 1 if char == rival else max(above, row[at - 1])
            last = above
    return row[-1]
