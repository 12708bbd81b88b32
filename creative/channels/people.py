"""Rules about how an ad speaks of its reader."""

from collections.abc import Iterator

import regex

from creative.channels.case import Case, Hit, quoted
from creative.channels.spec import Rule
from creative.domain import Span
from creative.phrases import phrases_in

_SENTENCE = regex.compile(r"[^.!?\n]++")
_ADDRESS = regex.compile(r"\b(?:you|your|you're|yours|yourself|others?)\b", regex.IGNORECASE)
_AGE = regex.compile(
    r"\b(?:turned|turning|over|under|aged?)\s+[1-9]\d\b(?!\s*(?:%|percent|min|hours?|days?|g|ml))"
    r"|\b[1-9]\d\s+years?\s+old\b",
    regex.IGNORECASE,
)
_NEAR = 40  # code points between "you" and the attribute


def personal_attributes(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find sentences that tell the reader, or ask, who they are.

    "You" alone is fine, and so is an attribute alone; together they imply something.
    """
    for sentence in _SENTENCE.finditer(case.text):
        addresses = [Span(*found.span()) for found in _ADDRESS.finditer(sentence.group())]
        for term, span in _attributes(sentence.group(), rule) if addresses else ():
            if any(_distance(span, address) <= _NEAR for address in addresses):
                at = Span(span.start + sentence.start(), span.end + sentence.start())
                message = f"{quoted(term)} tells the reader who they are."
                yield Hit(at, message, "Speak of the product, not of the reader.")


def _attributes(sentence: str, rule: Rule) -> Iterator[tuple[str, Span]]:
    """Find personal attributes in a sentence: listed ones and ages."""
    yield from phrases_in(sentence, rule.terms, rule.exceptions)
    for found in _AGE.finditer(sentence):
        yield found.group(), Span(*found.span())


def _distance(one: Span, other: Span) -> int:
    """Return the code points between two spans."""
    return max(one.start, other.start) - min(one.end, other.end)


def negative_self(case: Case, rule: Rule) -> Iterator[Hit]:
    """Find phrases that make readers think badly of themselves."""
    for phrase, span in phrases_in(case.text, rule.phrases):
        message = f"{quoted(phrase)} makes readers think badly of themselves."
        yield Hit(span, message, "Say what gets better instead.")
