"""The rule about capitals used for effect."""

from collections.abc import Iterator

import regex

from creative.channels.case import Case, Hit, brief_words, quoted
from creative.channels.spec import Rule
from creative.domain import Span

_WORD = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}]|['’](?=\p{L}))*+")  # DON'T is one
_DOTTED = regex.compile(r"(?<!\p{L})(?:\p{Lu}\.){4,}+\p{Lu}?(?!\p{L})")
_RISES = regex.compile(r"(?<=\p{Ll})\p{Lu}")
_NO_VOWEL = regex.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,5}")
_MIXED_RISES = 3  # FlOwErS rises three times; JavaScript and McDonald's once
_CODE_WORDS = frozenset(
    "code codes coupon promo promocode voucher gutschein kód kod código codice".split()
)


def caps_shout(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find words in capitals that are no abbreviation, code, brand or word of the brief."""
    allowed = brief_words(case.brief) | set(rule.exceptions)
    before = ""
    for found in _WORD.finditer(case.text):
        word = found.group()
        if _is_shouted(word) and word not in allowed and before not in _CODE_WORDS:
            message = f"{quoted(word)} is in capitals for effect."
            yield Hit(Span(*found.span()), message, f"Write {quoted(word.capitalize())}.")
        before = word.casefold()
    yield from _dotted(case.text)


def _is_shouted(word: str) -> bool:
    """Return whether a word is all capitals, or jumps between small ones and capitals.

    Digits among capitals make a coupon code or a model number, and capitals without a vowel an
    abbreviation (PHP), not a shout.
    """
    if word.isupper():
        letters = regex.sub("['’]", "", word)
        return len(letters) > 1 and letters.isalpha() and not _NO_VOWEL.fullmatch(word)
    return len(_RISES.findall(word)) >= _MIXED_RISES


def _dotted(text: str) -> Iterator[Hit]:
    """Find words with a point after every letter."""
    for found in _DOTTED.finditer(text):
        plain = found.group().replace(".", "").capitalize()
        message = f"{quoted(found.group())} is spelt with points for effect."
        yield Hit(Span(*found.span()), message, f"Write {quoted(plain)}.")
