"""Numbers, prices and percentages in a text, in a form that can be compared.

1,000 and 1000, "ten" and 10, ½ and 0.5, "$14", "14 dollars" and "14.00 USD" come out the same.
A number keeps the words that say what it counts, so that 24 hours never stand for 24 months.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import regex

from creative.domain import ClaimKind, Span

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_VALUES: Mapping[str, Decimal] = {
    **{word: Decimal(value) for value, word in enumerate(_SMALL.split())},
    **{word: Decimal(10 * value) for value, word in enumerate(_TENS.split(), start=3)},
    "dozen": Decimal(12),
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "million": Decimal(1_000_000),
}
_SCALES: Mapping[str, Decimal] = {
    "hundred": Decimal(100),
    "thousand": Decimal(1000),
    "k": Decimal(1000),
    "million": Decimal(1_000_000),
    "m": Decimal(1_000_000),
    "billion": Decimal(1_000_000_000),
    "bn": Decimal(1_000_000_000),
}
_FRACTIONS: Mapping[str, Decimal] = {
    "½": Decimal("0.5"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
    "⅓": Decimal("0.333"),
    "⅔": Decimal("0.667"),
}
# A number word alone counts only before one of these; "one of us" and "two" as a name do not.
_UNITS = frozenset(
    "second minute hour day week month year night weekend step click tap sec min hr gram kg g "
    "ml l lb oz cup bag pack piece item size color colour flavor flavour time mile km meter metre "
    "people person customer review star country city store recipe course lesson app tool user "
    "team seat room bottle box can bar plan way reason ingredient serving calorie mg cm mm inch "
    "ft foot feet gb tb mb watt w v mah hz".split()
)
_MEASURES = frozenset(
    "second sec minute min hour hr day week month year night g gram kg ml l lb oz mile km m mg cm "
    "mm inch ft gb tb mb watt mah percent".split()
)
_EMPTY_WORDS = frozenset(
    "a an the and or of for with in on at to from per by is are was be as than that this your our "
    "we you it its has have had will can may do does get only just left more less up over under "
    "so now today off save und der die das et le la les y el los las e il".split()
)
_SYMBOLS: Mapping[str, str] = {
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "buck": "USD",
    "£": "GBP",
    "gbp": "GBP",
    "pound": "GBP",
    "quid": "GBP",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "¥": "¥",
    "￥": "¥",
    "jpy": "¥",
    "yen": "¥",
    "円": "¥",
    "cny": "¥",
    "rmb": "¥",
    "元": "¥",
    "₹": "INR",
    "inr": "INR",
    "rs": "INR",
    "rupee": "INR",
    "₩": "KRW",
    "krw": "KRW",
    "원": "KRW",
    "kč": "CZK",
    "czk": "CZK",
    "zł": "PLN",
    "pln": "PLN",
    "₽": "RUB",
    "rub": "RUB",
    "chf": "CHF",
    "kr": "kr",
    "sek": "kr",
    "nok": "kr",
    "dkk": "kr",
    "aud": "AUD",
    "a$": "AUD",
    "cad": "CAD",
    "c$": "CAD",
    "r$": "BRL",
    "brl": "BRL",
    "cent": "cent",
    "¢": "cent",
}
_NUMBER = (
    r"[0-9]{1,3}(?:[, \u00a0\u202f'’.][0-9]{3})++(?:[.,][0-9]{1,2})?+(?![0-9])"
    r"|[0-9]++(?:[.,][0-9]++)*+"
)
_WORDS = "|".join(sorted(_VALUES, key=len, reverse=True))
_BEFORE = r"US\$|A\$|C\$|R\$|[$£€¥￥₹₩₽]|(?:USD|EUR|GBP|CHF|CZK|JPY|CNY|INR|AUD|CAD|PLN)(?=\s?\d)"
_AFTER = (
    r"dollars?|bucks?|pounds?(?!\s+of)|quid|euros?|yen|rupees?|cents?|usd|eur|gbp|jpy|cny|rmb|inr|krw|"
    r"czk|pln|rub|chf|sek|nok|dkk|aud|cad|brl|kč|zł|kr|[$£€¥￥₹₩₽¢円元원]"
)
_AMOUNT = regex.compile(
    rf"(?P<before>(?<!\p{{L}})(?:{_BEFORE}))?\s?"
    rf"(?:(?<![\p{{L}}\p{{N}}.,#&])(?<!\p{{L}}-)(?P<digits>{_NUMBER})"
    rf"(?:(?P<half>[½¼¾⅓⅔])|/(?P<over>[0-9]{{1,3}})(?![0-9/]))?"
    rf"|(?P<fraction>[½¼¾⅓⅔])"
    rf"|(?<![\p{{L}}\p{{N}}\-])(?P<words>(?:{_WORDS})(?:[\s-](?:{_WORDS}))*+)(?![\p{{L}}\p{{N}}]))"
    rf"(?:\s?(?P<scale>k|m|bn|million|billion|thousand)(?![\p{{L}}\p{{N}}]))?"
    rf"(?:\s?(?P<percent>%|％|‰|percent\b|per\s?cent\b|pct\b|prozent\b|procent\w*|pour\s?cent\b|por\s?ciento\b)"
    rf"|(?:\s|-)?(?P<after>{_AFTER})(?!\p{{L}})"
    rf"|(?P<times>[x×](?![\p{{L}}\p{{N}}]))"
    rf"|(?P<ordinal>st|nd|rd|th)(?![\p{{L}}\p{{N}}]))?",
    regex.IGNORECASE,
)
_TIMES = regex.compile(
    r"\b(?P<word>twice|double|triple|half)\s+(?:as|the|your)\b"
    r"|\b(?P<count>two|three|four|five|six|ten)\s+times\s+(?:as|more|faster|longer|better)\b",
    regex.IGNORECASE,
)
_MULTIPLES: Mapping[str, str] = {
    "twice": "2",
    "double": "2",
    "triple": "3",
    "half": "0.5",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "ten": "10",
}
_RATINGS: Mapping[str, tuple[str, ...]] = {"5": ("star",), "10": ("point",)}  # 4.8/5 is 4.8 stars
_FOLLOWING = regex.compile(r"[\s\-]?(\p{L}[\p{L}\p{M}]*)")
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_RULING = 3  # words after a number that may say what it counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Amount:
    """A number in a text.

    `currency` is empty unless it is a price.  `counts` are the stems of the words that follow, or
    "x" for a multiple; empty when none say what the number counts.
    """

    kind: ClaimKind
    span: Span
    value: Decimal
    currency: str = ""
    counts: frozenset[str] = frozenset()

    def supports(self, claimed: "Amount") -> bool:
        """Return whether this amount, found in a brief, backs one in a line."""
        if self.value != claimed.value:
            return False
        if claimed.kind is ClaimKind.PRICE:
            return self.kind is ClaimKind.PRICE and self.currency == claimed.currency
        if self.kind is not claimed.kind:
            return self.kind is ClaimKind.PRICE and not claimed.counts and not claimed.is_percentage
        return not self.counts or not claimed.counts or bool(self.counts & claimed.counts)

    @property
    def is_percentage(self) -> bool:
        """Whether this is a percentage."""
        return self.kind is ClaimKind.PERCENTAGE


@lru_cache(maxsize=2048)
def amounts_in(text: str) -> tuple[Amount, ...]:
    """Find every number, price and percentage, in the order of the text.

    >>> [(str(found.value), found.kind.value) for found in amounts_in("Ten minutes, $14, 15 %")]
    [('10', 'number'), ('14', 'price'), ('15', 'percentage')]
    """
    text = text.translate(_FULLWIDTH)
    multiples = list(_multiples(text))
    taken = {at for found in multiples for at in range(*found.span)}
    plain = (found for found in _plain(text) if found.span.start not in taken)
    return tuple(sorted([*multiples, *plain], key=lambda found: found.span))


def stem(word: str) -> str:
    """Return a word without the endings that numbers put on it.

    >>> stem("Minutes"), stem("day"), stem("batches")
    ('minute', 'day', 'batch')
    """
    word = word.casefold()
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


def _plain(text: str) -> Iterator[Amount]:
    """Yield the amounts that are figures or number words."""
    for found in _AMOUNT.finditer(text):
        value = _value(found)
        if value is not None and not _is_idle(text, found):
            yield _amount(text, found, value)


def _multiples(text: str) -> Iterator[Amount]:
    """Yield "twice as", "half the" and "three times faster" as multiples."""
    for found in _TIMES.finditer(text):
        word = (found["word"] or found["count"]).casefold()
        yield Amount(
            kind=ClaimKind.NUMBER,
            span=Span(*found.span()),
            value=Decimal(_MULTIPLES[word]),
            counts=frozenset({"x"}),
        )


def _amount(text: str, found: regex.Match[str], value: Decimal) -> Amount:
    """Build the amount of a match."""
    start = found.start() + len(found.group()) - len(found.group().lstrip())
    currency = found["before"] or found["after"] or ""
    if found["percent"]:
        kind = ClaimKind.PERCENTAGE
    else:
        kind = ClaimKind.PRICE if currency else ClaimKind.NUMBER
    span = Span(start, found.end())
    counts = frozenset({"x"}) if found["times"] else frozenset(_counted(text, found.end()))
    if found["over"]:
        counts |= {"/" + found["over"], *_RATINGS.get(found["over"], ())}
    code = _SYMBOLS.get(stem(currency), _SYMBOLS.get(currency.casefold(), ""))
    return Amount(kind=kind, span=span, value=value, currency=code, counts=counts)


def _is_idle(text: str, found: regex.Match[str]) -> bool:
    """Return whether a number claims nothing: a number word before no unit, or an ordinal."""
    if found["ordinal"]:
        return True
    if not found["words"] or found["before"] or found["after"] or found["percent"]:
        return False
    is_small = found["words"].casefold() in ("one", "zero")
    counted = _counted(text, found.end())
    return not counted or (is_small and counted[0] not in _UNITS)


def _value(found: regex.Match[str]) -> Decimal | None:
    """Return the value of a match, None where figures make no number."""
    if found["words"]:
        value: Decimal | None = _spelt(found["words"])
    elif found["fraction"]:
        value = _FRACTIONS[found["fraction"]]
    else:
        value = _figures(found["digits"])
        if value is not None and found["half"]:
            value += _FRACTIONS[found["half"]]
    scale = _SCALES.get((found["scale"] or "").casefold(), Decimal(1))
    return None if value is None else value * scale


def _spelt(words: str) -> Decimal:
    """Return the value of number words.

    >>> _spelt("two hundred"), _spelt("twenty-five")
    (Decimal('200'), Decimal('25'))
    """
    total = Decimal(0)
    for word in words.casefold().replace("-", " ").split():
        scale = _SCALES.get(word) or (Decimal(12) if word == "dozen" else None)
        total = max(total, Decimal(1)) * scale if scale else total + _VALUES[word]
    return total


def _figures(text: str) -> Decimal | None:
    """Return the value of figures, with either comma or point before decimals.

    >>> _figures("1,000"), _figures("9,99"), _figures("1.000,50")
    (Decimal('1000'), Decimal('9.99'), Decimal('1000.50'))
    """
    whole, decimals = text, ""
    parts = regex.split(r"[.,]", text)
    if len(parts) > 1 and len(parts[-1]) != 3:
        whole, decimals = text[: -len(parts[-1]) - 1], parts[-1]
    try:
        return Decimal("".join(filter(str.isdigit, whole)) + ("." + decimals if decimals else ""))
    except InvalidOperation:
        return None


def _counted(text: str, at: int) -> list[str]:
    """Return the stems of the words that say what a number counts."""
    stems: list[str] = []
    for _ in range(_RULING):
        found = _FOLLOWING.match(text, at)
        if not found or found[1].casefold() in _EMPTY_WORDS:
            break
        stems.append(stem(found[1]))
        at = found.end()
        if stems[-1] in _MEASURES:
            break
    return stems
