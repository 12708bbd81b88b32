"""A line under check, and what a check finds in it.

Checks are pure functions from a Case and its Rule to Hits; creative.channels.checking turns hits
into findings.  Spans of hits are code points of `Case.text`, the text as the platform shows it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import regex

from creative.channels.spec import Channel, Field, Rule
from creative.domain import Brief, Span

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*")
_QUOTE_LENGTH = 40  # code points shown of an offending text


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One line under check, with what it is checked against.

    `text` is `raw` with its dynamic tags replaced by what counts.
    """

    raw: str
    text: str
    channel: Channel
    field: Field
    brief: Brief | None = None
    others: tuple[str, ...] = ()


class Hit(NamedTuple):
    """One place that breaks a rule: what is wrong, and what to do."""

    span: Span | None
    message: str
    fix: str = ""


Check = Callable[[Case, Rule], Iterable[Hit]]


def quoted(text: str) -> str:
    """Return a text as a message shows it: short, in quotes, every character visible."""
    short = text if len(text) <= _QUOTE_LENGTH else text[: _QUOTE_LENGTH - 1] + "…"
    return "“" + "".join(c if c.isprintable() else ascii(c)[1:-1] for c in short) + "”"


def words(text: str) -> list[regex.Match[str]]:
    """Return the words of a text: runs of letters, marks and digits."""
    return list(_WORD.finditer(text))


@lru_cache(maxsize=64)
def brief_words(brief: Brief | None) -> frozenset[str]:
    """Return every word the brief uses, in its own capitals."""
    if brief is None:
        return frozenset()
    return frozenset(word.group() for text in brief_texts(brief) for word in words(text))


def brief_texts(brief: Brief) -> tuple[str, ...]:
    """Return every text a marketer wrote into a brief, except what forbids words."""
    brand, product, audience = brief.brand, brief.product, brief.audience
    return (
        brand.name,
        brand.voice,
        *brand.required_words,
        product.name,
        product.description,
        *product.benefits,
        *product.features,
        *product.proof,
        product.offer,
        product.price,
        audience.name,
        *audience.pains,
        *brief.keywords,
        brief.call_to_action,
    )
