"""What a brand asks of every line: words it bans, and its name spelt as it spells it."""

from collections.abc import Iterator
from functools import lru_cache

import regex

from creative.channels.case import Hit, brief_words, quoted
from creative.domain import Brief, Span
from creative.phrases import phrases_in

_SHORT_NAME = 3  # letters; "On" or "Gap" cannot be told from the word


def banned_words(text: str, brief: Brief) -> Iterator[Hit]:
    """Find words that the brand never uses."""
    for word, span in phrases_in(text, brief.brand.banned_words):
        yield Hit(span, f"{quoted(word)} is a word {brief.brand.name} never uses.", "Replace it.")


def misspelt_name(text: str, brief: Brief) -> Iterator[Hit]:
    """Find the brand name in other capitals or with other spaces.

    A name that is one plain word is left alone where it may be the word, see `doubtful_name`.
    """
    for hit, is_plain in _variants(text, brief):
        if not is_plain:
            yield hit


def doubtful_name(text: str, brief: Brief) -> Iterator[Hit]:
    """Find a one-word brand name written like an ordinary word, which it may well be.

    The brief itself may use the word ("flowers that bloom" for Bloom): then it is just a word.
    """
    for hit, is_plain in _variants(text, brief):
        word = text[hit.span.start : hit.span.end] if hit.span else ""
        if is_plain and len(word) > _SHORT_NAME and word not in brief_words(brief):
            yield hit


def _variants(text: str, brief: Brief) -> Iterator[tuple[Hit, bool]]:
    """Yield every other spelling of the brand name, and whether it looks like a plain word."""
    name = brief.brand.name.strip()
    pattern = _spellings(name)
    for found in pattern.finditer(text) if pattern else ():
        if found.group() != name:
            message = f"{quoted(found.group())} is not how {quoted(name)} is spelt."
            hit = Hit(Span(*found.span()), message, f"Write {quoted(name)}.")
            yield hit, _is_plain(found.group(), name)


def _is_plain(written: str, name: str) -> bool:
    """Return whether a variant of a one-word name looks like an ordinary word of a sentence."""
    is_one_word = name.isalpha() and written.casefold() == name.casefold()
    is_ordinary_name = name in (name.lower(), name.capitalize())
    is_short = len(name) <= _SHORT_NAME
    is_ordinary = written in (written.lower(), written.capitalize()) or is_short
    return is_one_word and is_ordinary_name and is_ordinary


@lru_cache(maxsize=64)
def _spellings(name: str) -> regex.Pattern[str] | None:
    """Return a pattern of a name in any capitals, its parts joined, spaced or hyphenated.

    Web addresses, mentions and hashtags follow laws of their own and do not match.
    """
    parts = [regex.escape(part) for part in regex.split(r"[\s\-]+", name) if part]
    if not parts:
        return None
    body = r"[\s\-_]{0,3}".join(parts)
    return regex.compile(
        rf"(?<![\p{{L}}\p{{N}}@#./]){body}(?![\p{{L}}\p{{N}}]|\.\p{{L}}|/\p{{L}}|@)",
        regex.IGNORECASE,
    )
