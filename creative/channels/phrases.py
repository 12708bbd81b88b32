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
    text = text.translate(_APOSTROPHES)
    covered = {at for _, span in _found(text, tuple(exceptions)) for at in range(*span)}
    for phrase, span in _found(text, tuple(phrases)):
        if span.start not in covered:
            yield phrase, span


def mentions(text: str, phrase: str) -> bool:
    """Return whether a text holds a phrase."""
    return next(phrases_in(text, (phrase,)), None) is not None


def _found(text: str, phrases: tuple[str, ...]) -> Iterator[tuple[str, Span]]:
    """Yield what the joined pattern of some phrases matches."""
    pattern = _pattern(phrases)
    if pattern is not None:
        for found in pattern.finditer(text):
            yield found.group(), Span(*found.span())


@lru_cache(maxsize=256)
def _pattern(phrases: tuple[str, ...]) -> regex.Pattern[str] | None:
    """Return one pattern for all phrases, the longest first; None for no phrases."""
    wanted = sorted({phrase.strip() for phrase in phrases} - {""}, key=len, reverse=True)
    if not wanted:
        return None
    return regex.compile("|".join(map(_bounded, wanted)), regex.IGNORECASE)


def _bounded(phrase: str) -> str:
    """Return the pattern of one phrase, bound to whole words where its script has them."""
    body = r"\s+".join(map(regex.escape, phrase.translate(_APOSTROPHES).split()))
    before = f"(?<!{_SPACED})" if _IS_SPACED.match(phrase[0]) else ""
    after = f"(?!{_SPACED})" if _IS_SPACED.match(phrase[-1]) else ""
    return before + body + after
