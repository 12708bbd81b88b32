"""The figures that a line may hold: those of its brief, as written and in their usual spellings.

What the ledger of claims finds no support for is refused after a line is written; this keeps it
from being written.  It errs on the side of allowing, as what a figure counts is the ledger's to
judge; only a price without a currency stays without one, since nobody said which.
"""

from collections.abc import Iterator
from decimal import Decimal

from creative.claims.amounts import Amount, amounts_in
from creative.domain import Brief, ClaimKind
from creative.engine.figures import figures_in

_SIGNS = {"USD": "$", "GBP": "£", "EUR": "€", "¥": "¥", "INR": "₹", "KRW": "₩", "RUB": "₽"}
_GROUPED_FROM = 1000


def brief_figures(brief: Brief) -> frozenset[str]:
    """Return every figure that a line about this brief may hold.

    >>> from creative.domain import Brand, Product
    >>> product = Product(name="beans", price="14 dollars", offer="15 % off")
    >>> brief = Brief(brand=Brand(name="Studio 54"), product=product, channel="google_rsa")
    >>> sorted(brief_figures(brief))
    ['$14', '$14.00', '14', '15%', '54']
    """
    texts = tuple(_texts(brief))
    written = {figure for text in texts for figure in figures_in(text)}
    amounts = (amount for text in texts for amount in amounts_in(text))
    return frozenset(written.union(*map(_spellings, amounts)))


def _texts(brief: Brief) -> Iterator[str]:
    """Yield what may support a claim, and the names, whose numbers claim nothing."""
    brand, product, audience = brief.brand, brief.product, brief.audience
    yield from (brand.name, *brand.required_words)
    yield from (product.name, product.description, product.offer, product.price)
    yield from (*product.benefits, *product.features, *product.proof)
    yield from (audience.name, *audience.pains, *brief.keywords, brief.call_to_action)


def _spellings(amount: Amount) -> set[str]:
    """Return an amount in figures: plain, with commas, a price with and without cents."""
    plain = _plain(amount.value)
    if amount.kind is ClaimKind.PERCENTAGE:
        return {f"{plain}%"}
    if amount.kind is not ClaimKind.PRICE:
        return {plain, _grouped(plain)}
    sign = _SIGNS.get(amount.currency)
    cents = f"{amount.value:.2f}"
    numbers = {plain, _grouped(plain), cents, _grouped(cents)}
    return {f"{sign}{number}" for number in numbers} if sign else set()


def _plain(value: Decimal) -> str:
    """Return a value without zeros behind its decimals."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _grouped(plain: str) -> str:
    whole, point, decimals = plain.partition(".")
    return f"{int(whole):,}{point}{decimals}"
