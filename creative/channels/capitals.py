"""The rule about capitals used for effect."""

from collections.abc import Iterator

import regex

from creative.channels.case import Case, Hit, brief_words, quoted, words
from creative.channels.spec import Rule
from creative.domain import Span

_DOTTED = regex.compile(r"(?<!\p{L})(?:\p{Lu}\.){4,}+\p{Lu}?(?!\p{L})")
_RISES = regex.compile(r"(?<=\p{Ll})\p{Lu}")
_MIXED_RISES = 3  # FlOwErS rises three times; JavaScript and McDonald's once
_CODE_WORDS = frozenset(
    "code codes coupon promo promocode voucher gutschein kód kod código codice".split()
)


def caps_shout(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find words in capitals that are no abbreviation, code, brand or word of the brief."""
    allowed = brief_words(case.brief) | set(rule.exceptions)
    before = ""
    for found in words(case.text):
        word = found.group()
        if _is_shouted(word) and word not in allowed and before not in _CODE_WORDS:
            message = f"{quoted(word)} is in capitals for effect."
            yield Hit(Span(*found.span()), message, f"Write {quoted(word.capitalize())}.")
        before = word.casefold()
    yield from _dotted(case.text)


def _is_shouted(word: str) -> bool:
    """Return whether a word is all capitals, or jumps between small ones and capitals.

    Digits among capitals make a coupon code or a model number, not a shout.
    """
    if word.isupper():
        return len(word) > 1 and word.isalpha()
    return len(_RISES.findall(word)) >= _MIXED_RISES


def _dotted(text: str) -> Iterator[Hit]:
    """Find words with a point after every letter."""
    for found in _DOTTED.finditer(text):
        plain = found.group().replace(".", "").capitalize()
        message = f"{quoted(found.group())} is spelt with points for effect."
        yield Hit(Span(*found.span()), message, f"Write {quoted(plain)}.")
