"""Find words and phrases in a text, whole and in any case.

Scripts that put no spaces between words (Chinese, Japanese, Thai) and Korean, which hangs its
particles on, match anywhere; in all others a phrase starts and ends with a word.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import regex

from creative.domain import Span

_SPACED = (
    r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Armenian}\p{Hebrew}\p{Arabic}\p{Devanagari}\p{M}\p{Nd}]"
)
_IS_SPACED = regex.compile(_SPACED)
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "＇": "'"})
_BETWEEN = regex.compile(r"(?<=[^\s\-‐‑–—])[\s\-‐‑–—]+(?=[^\s\-‐‑–—])")


def phrases_in(
    text: str, phrases: Sequence[str], exceptions: Sequence[str] = ()
) -> Iterator[tuple[str, Span]]:
    """Yield each phrase found with its place, the longest where several start together.

    Args:
        text: Where to look.
        phrases: What to look for.
        exceptions: Longer phrases in which a find does not count.

    >>> list(phrases_in("Best before May, best in May", ["best"], ["best before"]))
    [('best', Span(start=17, end=21))]
    """
    text = with_plain_apostrophes(text)
    covered = {at for _, span in _found(text, tuple(exceptions)) for at in range(*span)}
    for phrase, span in _found(text, tuple(phrases)):
        if span.start not in covered:
            yield phrase, span


def mentions(text: str, phrase: str) -> bool:
    """Return whether a text holds a phrase."""
    return next(phrases_in(text, (phrase,)), None) is not None


def is_spaced(char: str) -> bool:
    """Return whether a character belongs to a script that puts spaces between words."""
    return _IS_SPACED.match(char) is not None


def with_plain_apostrophes(text: str) -> str:
    """Return a text with one kind of apostrophe; no place in it moves."""
    return text if text.isascii() else text.translate(_APOSTROPHES)


@lru_cache(maxsize=256)
def any_of(phrases: tuple[str, ...], *, is_loose: bool = False) -> regex.Pattern[str] | None:
    """Return one pattern for all phrases, the longest first; None for no phrases.

    It is for texts `with_plain_apostrophes`.

    Args:
        is_loose: Whether hyphens may stand for spaces and the other way round, and letters match
            whose capitals are two letters ("ß" and "SS").
    """
    wanted = sorted({phrase.strip() for phrase in phrases} - {""}, key=len, reverse=True)
    if not wanted:
        return None
    flags = regex.IGNORECASE | (regex.FULLCASE if is_loose else regex.V0)
    return regex.compile("|".join(_bounded(phrase, is_loose) for phrase in wanted), flags)


def words_of(phrase: str) -> list[str]:
    """Return what hyphens and spaces part.

    >>> words_of("risk-free trial")
    ['risk', 'free', 'trial']
    """
    return _BETWEEN.split(phrase.strip())


def _found(text: str, phrases: tuple[str, ...]) -> Iterator[tuple[str, Span]]:
    """Yield what the joined pattern of some phrases matches."""
    pattern = any_of(phrases)
    if pattern is not None:
        for found in pattern.finditer(text):
            yield found.group(), Span(*found.span())


def _bounded(phrase: str, is_loose: bool) -> str:
    """Return the pattern of one phrase, bound to whole words where its script has them."""
    plain = phrase.translate(_APOSTROPHES)
    parts, between = (words_of(plain), r"[\s\-‐‑–—]+") if is_loose else (plain.split(), r"\s+")
    body = between.join(map(regex.escape, parts))
    before = f"(?<!{_SPACED})" if is_spaced(phrase[0]) else ""
    after = f"(?!{_SPACED})" if is_spaced(phrase[-1]) else ""
    return before + body + after
