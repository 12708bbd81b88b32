"""The ledger of claims: each promise of a line with the brief field that supports it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import regex

from creative.claims.amounts import Amount, amounts_in, stem
from creative.claims.promises import Promise, promises_in, tokens
from creative.domain import Brief, Claim, ClaimKind, Finding, Severity, Span

MAX_READ = 10_000  #: code points of a line that are read; no drafted field takes more

_WORD_AFTER = regex.compile(r"[\s\-]?(\p{L}[\p{L}\p{M}]*)")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_QUOTE_LENGTH = 40  # code points shown of a claim

# Where to look first; a price is traced to the price even if the offer repeats it.
_FIRST: Mapping[ClaimKind, str] = {
    ClaimKind.PRICE: "product.price",
    ClaimKind.SUPERLATIVE: "product.proof",
}
_SUBJECTS: Mapping[ClaimKind, tuple[str, str]] = {
    ClaimKind.NUMBER: ("a number", "the product's features or proof"),
    ClaimKind.PRICE: ("a price", "the product's price or offer"),
    ClaimKind.PERCENTAGE: ("a percentage", "the product's offer, features or proof"),
    ClaimKind.SUPERLATIVE: ("a superlative", "the product's proof"),
    ClaimKind.GUARANTEE: ("a guarantee", "the product's offer or features"),
    ClaimKind.FREE: ("something free", "the product's offer"),
    ClaimKind.OFFER: ("an offer", "the product's offer"),
    ClaimKind.DEADLINE: ("a deadline", "the product's offer"),
}


def claims_in(text: str, brief: Brief) -> tuple[Claim, ...]:
    """Find every claim of a line and trace it to the brief.

    Args:
        text: A line in any language; the word lists know English best.
        brief: What the line was written from.
    Returns:
        Claims in the order of the text; `support` is None where the brief says nothing of it.
    """
    text = text[:MAX_READ]
    promises = promises_in(text)
    covered = {at for promise in promises for at in range(*promise.span)}
    amounts = (found for found in amounts_in(text) if found.span.start not in covered)
    names = _names_in(text, brief)
    claims = [
        *(_of_promise(text, promise, brief, names) for promise in promises),
        *(_of_amount(text, amount, brief, names) for amount in amounts),
    ]
    return tuple(sorted(claims, key=lambda claim: claim.span))


def claim_findings(claims: Sequence[Claim]) -> tuple[Finding, ...]:
    """Turn claims without support into findings; a superlative is a warning, all else an error."""
    return tuple(_finding(claim) for claim in claims if claim.support is None)


def _finding(claim: Claim) -> Finding:
    """Word the finding of a claim without support."""
    what, where = _SUBJECTS[claim.kind]
    is_soft = claim.kind is ClaimKind.SUPERLATIVE
    shown = claim.text if len(claim.text) <= _QUOTE_LENGTH else claim.text[:_QUOTE_LENGTH] + "…"
    return Finding(
        rule=f"claim_{claim.kind}",
        severity=Severity.WARNING if is_soft else Severity.ERROR,
        message=f"“{shown}” is {what} that the brief does not give.",
        fix=f"Add it to {where} if it is true, or take it out.",
        span=claim.span,
        source="brief",
        overridable=is_soft,
    )


def _of_promise(
    text: str, promise: Promise, brief: Brief, names: Sequence[tuple[Span, str]]
) -> Claim:
    """Trace a promise in words."""
    support = _name_around(promise.span, names) or _support_of_promise(promise, brief)
    claimed = text[promise.span.start : promise.span.end]
    return Claim(kind=promise.kind, text=claimed, span=promise.span, support=support)


def _support_of_promise(promise: Promise, brief: Brief) -> str | None:
    """Return the field of a brief that makes the same promise."""
    for field, source in _sources(brief, promise.kind):
        if any(found.supports(promise) for found in promises_in(source)):
            return field
        if _is_said_plainly(promise, field, source):
            return field
    return None


def _is_said_plainly(promise: Promise, field: str, source: str) -> bool:
    """Return whether a field backs a promise without the words that make it one.

    The offer of a product is an offer whatever its words are, and its dates are deadlines.
    """
    if field != "product.offer" or not source:
        return False
    if promise.kind is ClaimKind.DEADLINE:
        return bool(promise.details) and promise.details <= tokens(source)
    return promise.kind is ClaimKind.OFFER and promise.key == "any"


def _of_amount(text: str, amount: Amount, brief: Brief, names: Sequence[tuple[Span, str]]) -> Claim:
    """Trace a number, a price or a percentage; a number is shown with what it counts."""
    span, name = amount.span, _name_around(amount.span, names)
    is_count = amount.kind is ClaimKind.NUMBER and amount.counts and "x" not in amount.counts
    unit = _WORD_AFTER.match(text, span.end) if is_count and not name else None
    if unit and stem(unit[1]) in amount.counts:
        span = Span(span.start, unit.end())
    support = name or _support_of_amount(amount, brief)
    return Claim(kind=amount.kind, text=text[span.start : span.end], span=span, support=support)


def _support_of_amount(amount: Amount, brief: Brief) -> str | None:
    """Return the field of a brief that gives the same amount of the same thing."""
    for field, source in _sources(brief, amount.kind):
        is_price = field == "product.price" and amount.kind is ClaimKind.PRICE
        for found in amounts_in(source):
            bare = is_price and not found.currency and found.value == amount.value
            if bare or found.supports(amount):
                return field
    return None


def _sources(brief: Brief, kind: ClaimKind) -> tuple[tuple[str, str], ...]:
    """Return the fields of a brief with their texts, the likeliest support of a kind first."""
    first = _FIRST.get(kind, "product.offer")
    return tuple(sorted(_texts(brief), key=lambda source: source[0] != first))


@lru_cache(maxsize=64)
def _texts(brief: Brief) -> tuple[tuple[str, str], ...]:
    """Return every field of a brief that may support a claim, with its texts.

    Names are not among them: the 54 of Studio 54 supports no 54 seats, see `_names_in`.
    """
    product, audience = brief.product, brief.audience
    fields: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("product.offer", (product.offer,)),
        ("product.price", (product.price,)),
        ("product.features", product.features),
        ("product.proof", product.proof),
        ("product.benefits", product.benefits),
        ("product.description", (product.description,)),
        ("audience.name", (audience.name,)),
        ("audience.pains", audience.pains),
        ("brand.required_words", brief.brand.required_words),
        ("call_to_action", (brief.call_to_action,)),
        ("keywords", brief.keywords),
    )
    return tuple((field, text) for field, texts in fields for text in texts if text)


def _names_in(text: str, brief: Brief) -> list[tuple[Span, str]]:
    """Find the brand and product names in a line, whole, or a number with the word before it."""
    named = (("brand.name", brief.brand.name), ("product.name", brief.product.name))
    return [(span, field) for field, name in named for span in _name_spans(text, name)]


def _name_spans(text: str, name: str) -> Iterator[Span]:
    """Yield where a name, or a word of it with the number that follows, stands in a text."""
    words = _WORD.findall(name)
    pairs = [(one, other) for one, other in pairwise(words) if one.isdigit() or other.isdigit()]
    for wanted in (words, *pairs):
        if wanted:
            body = r"[\s\-.'’&]{0,3}".join(map(regex.escape, wanted))
            pattern = regex.compile(rf"(?<![\p{{L}}\p{{N}}]){body}(?![\p{{L}}\p{{N}}])", regex.I)
            yield from (Span(*found.span()) for found in pattern.finditer(text))


def _name_around(span: Span, names: Sequence[tuple[Span, str]]) -> str | None:
    """Return the field of the name that a claim is part of."""
    for name, field in names:
        if name.start <= span.start and span.end <= name.end:
            return field
    return None


__all__ = ["MAX_READ", "claim_findings", "claims_in"]
