"""Promises made in words: free things, offers, deadlines, guarantees and superlatives.

The word lists are ours, English first, with the commonest words of other markets.  Two promises
are compared by their `key`, the sort of promise, and their `details`, what exactly is promised.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import regex

from creative.claims.amounts import stem
from creative.domain import ClaimKind, Span

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_WHEN = (
    rf"(?:{_WEEKDAY}|{_MONTH}\.?\s{_ORDINAL}(?!\d)|{_ORDINAL}\s(?:of\s)?{_MONTH}|{_MONTH}"
    r"|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?|tonight|today|tomorrow|midnight|noon"
    r"|week(?:end)?|month|year)"
)
_DATED = regex.compile(
    rf"\b(?:ends?|ending|expires?|expiring|until|till|through|thru|by|before|order\sby)"
    rf"\s(?:on\s|the\s|end\sof\s|this\s|next\s){{0,3}}{_WHEN}\b",
    regex.IGNORECASE,
)
_TODAY = regex.compile(
    rf"\b(?:today|tonight|tomorrow|this\sweek(?:end)?|weekend|{_WEEKDAY}|one\sday)\sonly\b"
    r"|\b\d{1,4}\shours?\sonly\b"
    rf"|\bonly\s(?:today|tonight|tomorrow|this\sweek(?:end)?|on\s{_WEEKDAY})\b",
    regex.IGNORECASE,
)
_HURRY = regex.compile(
    r"\b(?:last\schance|limited[\s-]time|now\sor\snever|hurry|act\s(?:now|fast)"
    r"|don['’]?t\smiss(?:\sout)?|while\s(?:stocks?|supplies|it)\slasts?|before\s(?:it|they)['’]?(?:s|re)?\s"
    r"(?:is\s|are\s)?gone|(?:ends?|ending|expires?)\ssoon|final\s(?:hours|days|call|chance|week)"
    r"|last\s(?:day|days|hours|call)|(?:going|selling)\s(?:fast|out)|almost\sgone"
    r"|(?:only\s)?\d{1,6}\s(?:\w{1,20}\s)?(?:left|remaining)"
    r"|nur\sheute|nur\sf[üu]r\skurze\szeit|jen\sdnes|posledn[íi]\sšance|s[óo]lo\shoy|solo\soggi"
    r"|aujourd['’]hui\sseulement|offre\slimit[ée]e|tylko\sdziś|только\sсегодня)\b"
    r"|今だけ|本日限り|期間限定|限时|限時|仅限今日|最后机会|오늘만|마감\s?임박",
    regex.IGNORECASE,
)

# At most 13 figures, which keeps a long run of them linear.
_AMOUNT = (
    r"(?:(?:US)?[$£€¥₹]\s?[\d.,]{0,12}\d"
    r"|[\d.,]{0,12}\d\s?(?:%|percent|[$£€¥]|dollars?|euros?|pounds?|kč|zł))"
)
_OFFER = regex.compile(
    rf"\b(?:save|saving)\s(?:up\sto\s|over\s|an?\sextra\s|an?\s)?{_AMOUNT}(?!\w)(?:\soff\b)?"
    rf"|(?<!\w)(?:up\sto\s|extra\s)?{_AMOUNT}\s?(?:off|discount|rabatt|sleva|rebate|cash\s?back)\b"
    r"|\bhalf[\s-](?:off|price)\b|\bsave\s(?:big|money|more|now|today)\b"
    r"|\b(?:buy|get)\s(?:one|two|1|2)[,\s]{1,2}(?:and\s)?get\s(?:one|two|1|2|a\s(?:second|third))"
    r"(?:\s(?:free|half\s(?:off|price)))?\b|\bbogo\b|\b(?:two|2|three|3)[\s-]for[\s-](?:one|two|1|2)\b"
    r"|\b(?:promo\s|coupon\s|discount\s|with\s|use\s)?code:?\s(?=\p{Lu}|\d)(?-i:[\p{Lu}\d]{3,20})\b"
    r"|\b(?:coupons?|vouchers?|promo|rebates?|cash\s?back|clearance|bargains?|discount(?:s|ed)?)\b"
    r"|(?<!\bfor\s)\bsale\b|\b(?:special|limited|introductory|intro|this|our|exclusive)\soffers?\b"
    r"|\bdeals\b(?!\s(?:with|in)\b)|(?<!\b(?:great|good|big)\s)\bdeal\b(?!\s(?:with|in)\b)|\bgift\swith\s(?:every\s)?purchase\b"
    r"|\b(?:rabatt|angebote?|sleva|slevy|akce|remise|soldes|promotion|descuentos?|oferta|rebajas|sconti?|"
    r"offerta|desconto|zniżka|promocja|скидк[аи]|акция)\b|折扣|优惠|優惠|特价|割引|セール|할인|특가",
    regex.IGNORECASE,
)
_GUARANTEE = regex.compile(
    r"\bmoney[\s-]back(?:\sguarantee)?\b|\bguarante(?:e|es|ed)\b|\brisk[\s-]free\b|\b(?:no|zero)\srisks?\b"
    r"|\bwarrant(?:y|ies)\b|\b(?:full\s)?refund(?:s|ed|able)?\b|\bno\squestions\sasked\b"
    r"|\b(?:we|our)\spromise\b|\b(?:garantie|garantiert|garanti|garantía|garantito|garanzia|garantia|"
    r"garantido|záruka|zárukou|zaručeně|gwarancja|гарантия|гарантируем)\b|保证|保證|保証|返金|보장|환불",
    regex.IGNORECASE,
)
_FREE = regex.compile(
    r"(?<![\w-])(?<!\bfeel\s)(?<!\bset\s)(?<!\bbreak\s)(?<!\bcruelty\s)(?<!\bgluten\s)(?<!\bsugar\s)"
    r"(?<!\bdairy\s)(?<!\bhands\s)(?<!\bworry\s)(?<!\bstress\s)(?<!\brisk\s)"
    r"free(?![-\w])(?!\s(?:your|up|from|of|yourself|time|range|the|spirits?|will|speech|hand|agents?)\b)"
    r"|\b(?:kostenlos|gratis|umsonst|gratuite?s?|gratuitement|zdarma|gratuito|gratuita|darmow[ya]|"
    r"бесплатн\w+|complimentary|at\sno\s(?:extra\s)?cost|no\scharge|on\sthe\shouse)\b"
    r"|免费|免費|無料|무료",
    regex.IGNORECASE,
)
_SUPERLATIVE = regex.compile(
    r"(?<!\b(?:do|try|at)\s(?:your|its|our|their|my)\s)\bbest\b(?![\s-](?:before|regards|wishes|practices?|friends?|of\sluck)\b)"
    r"|(?<!\w)#\s?1\b(?!\d)|(?<!\p{L})(?:no|nr)\.?\s?1(?![\d\p{L}])|№\s?1\b|\bnumber\sone\b"
    r"|\bmost\s(?!of\b|people\b|days?\b|likely\b|other\b|recent\b|often\b|important\b)\p{L}{3,20}(?:\sever)?"
    r"|\btop[\s-]rated\b|\baward[\s-]winning\b|\bworld['’]s\s(?:first|only)\b|\bthe\sonly\b"
    r"|\b(?:unbeatable|unmatched|unrival{1,2}ed|unparalleled|unbeaten|world[\s-]class|leading|ultimate)\b(?!\sto\b)"
    r"|\b(?:beste[nmrs]?|meilleure?s?|mejor(?:es)?|migliori?|melhor(?:es)?|nejlepší\w*|najleps\w+|лучш\w+)\b"
    r"|\b\p{Latin}{2,16}est\b"
    r"|第一|最佳|最好|最低|最高|最大|最强|唯一|顶级|顶尖|日本一|世界一|業界初|第1位|최고|최저|1위",
    regex.IGNORECASE,
)
# Words that only look like superlatives.
_NO_SUPERLATIVES = frozenset(
    "test rest west nest guest request quest conquest interest forest rainforest harvest honest "
    "dishonest modest invest reinvest divest digest contest protest suggest arrest attest bequest "
    "behest chest crest earnest fest infest ingest inquest jest latest manifest midwest northwest "
    "southwest pest priest tempest unrest vest wrest zest everest budapest bucharest backrest "
    "headrest armrest footrest pinterest est ouest detest retest pretest gabfest slugfest "
    "oktoberfest lest gest earliest lowest-common hottest-selling unless".split()
)
_DELIVERY = frozenset("ship shipping shipped shipment delivery delivered deliver postage".split())
_TRYING = frozenset("trial plan version account sample demo consultation quote".split())
_IDLE = frozenset(
    "a an the and or of for with in on at to from is are be it its this that today now only all "
    "yes get try your our we you until till through thru by before end ends ending expire expires "
    "order next extra every".split()
)
_UNDATED = _IDLE - {"today"}  # what a deadline may say without naming a day
_NEXT_WORD = regex.compile(r"[\s\-](\p{L}[\p{L}\p{M}]*)")
_LAST_WORD = regex.compile(r"(\p{L}[\p{L}\p{M}]*)(?P<is>\s(?:is|are))?\s$")
_TOKEN = regex.compile(r"[\p{L}\p{M}]+|\d+")
_CODE = regex.compile(r"code:?\s([\p{Lu}\d]{3,20})$", regex.IGNORECASE)
_NUMBER_ONE = regex.compile(r"(?:#|№|no|nr|number)\.?\s?(?:1|one)", regex.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A promise in words: its sort, where it stands, and what exactly it promises."""

    kind: ClaimKind
    span: Span
    key: str
    details: frozenset[str] = frozenset()

    def supports(self, claimed: "Promise") -> bool:
        """Return whether this promise, found in a brief, backs one in a line."""
        return self.kind is claimed.kind and _SUPPORT[self.kind](self, claimed)


@lru_cache(maxsize=2048)
def promises_in(text: str) -> tuple[Promise, ...]:
    """Find every promise in words, in the order of the text; they do not overlap.

    >>> [promise.kind.value for promise in promises_in("Free delivery, guaranteed by Friday")]
    ['free', 'guarantee', 'deadline']
    """
    taken: set[int] = set()
    found: list[Promise] = []
    for promise in _all(text):
        places = range(*promise.span)
        if not taken.intersection(places):
            taken.update(places)
            found.append(promise)
    return tuple(sorted(found, key=lambda promise: promise.span))


def tokens(text: str) -> frozenset[str]:
    """Return the words and figures of a text, months and weekdays by their first three letters."""
    return frozenset(_short(token.group()) for token in _TOKEN.finditer(text.casefold()))


def _all(text: str) -> Iterator[Promise]:
    """Yield the promises of every kind, those that swallow others first."""
    for pattern, key in ((_DATED, "dated"), (_TODAY, "dated"), (_HURRY, "hurry")):
        for found in pattern.finditer(text):
            details = tokens(found.group()) - _UNDATED if key == "dated" else frozenset()
            yield _promise(ClaimKind.DEADLINE, found, key, details)
    for found in _OFFER.finditer(text):
        yield _promise(ClaimKind.OFFER, found, *_offer(found.group()))
    for found in _GUARANTEE.finditer(text):
        yield _promise(ClaimKind.GUARANTEE, found, _guarantee(found.group()))
    for found in _FREE.finditer(text):
        yield _free(text, found)
    for found in _SUPERLATIVE.finditer(text):
        if found.group().casefold() not in _NO_SUPERLATIVES:
            yield _promise(ClaimKind.SUPERLATIVE, found, _superlative(found.group()))


def _promise(
    kind: ClaimKind,
    found: regex.Match[str],
    key: str,
    details: frozenset[str] = frozenset(),
) -> Promise:
    """Build the promise of a match."""
    return Promise(kind=kind, span=Span(*found.span()), key=key, details=details)


def _short(token: str) -> str:
    """Return a month or weekday by its first three letters, other tokens as they are.

    >>> _short("september"), _short("sunday"), _short("maybe")
    ('sep', 'sun', 'maybe')
    """
    is_date = regex.fullmatch(rf"{_MONTH}|{_WEEKDAY}", token)
    return token[:3] if is_date else token


def _offer(text: str) -> tuple[str, frozenset[str]]:
    """Return the sort of an offer, with its figures or its coupon code."""
    code = _CODE.search(text)
    if code:
        return "code", frozenset({code[1].casefold()})
    plain = text.casefold()
    if "get" in plain.split() or "bogo" in plain or "for" in plain.replace("-", " ").split():
        return "bundle", frozenset()
    if plain.startswith(("special", "limited", "intro", "this", "our", "exclusive", "deal")):
        return "any", frozenset()
    if plain.startswith("half"):
        return "discount", frozenset({"half"})
    figures = regex.findall(r"\d+(?:[.,]\d+)?", plain)
    return "discount", frozenset(figure.replace(",", ".") for figure in figures)


def _guarantee(text: str) -> str:
    """Return the sort of a guarantee: the money back, a warranty, no risk, or anything else."""
    plain = text.casefold()
    sorts = {"money": "refund", "refund": "refund", "risk": "risk", "warrant": "warranty"}
    found = (sort for word, sort in sorts.items() if word in plain)
    return next(found, "guarantee")


def _free(text: str, found: regex.Match[str]) -> Promise:
    """Build the promise of something free: the next word, else the one before, else nothing."""
    after = _NEXT_WORD.match(text, found.end())
    if after and after[1].casefold() not in _IDLE:
        span = Span(found.start(), after.end())
        return Promise(kind=ClaimKind.FREE, span=span, key=_delivered(after[1]))
    return _promise(ClaimKind.FREE, found, _thing_before(text, found.start()))


def _thing_before(text: str, at: int) -> str:
    """Return what "shipping is free" and "ships free" promise; empty for "try it free"."""
    before = _LAST_WORD.search(text, max(0, at - 40), at)
    if not before or before[1].casefold() in _IDLE:
        return ""
    thing = _delivered(before[1])
    return thing if thing == "delivery" or before["is"] else ""


def _delivered(word: str) -> str:
    """Return the stem of a word, one for all words of delivery."""
    return "delivery" if word.casefold() in _DELIVERY or stem(word) in _DELIVERY else stem(word)


def _superlative(text: str) -> str:
    """Return the superlative in one spelling, every "number one" the same."""
    plain = " ".join(text.casefold().replace("-", " ").split())
    return "number one" if _NUMBER_ONE.fullmatch(plain) else plain


def _deadline_supports(source: Promise, claimed: Promise) -> bool:
    """Any deadline backs "last chance"; a date needs the same date."""
    return claimed.key == "hurry" or claimed.details <= source.details


def _offer_supports(source: Promise, claimed: Promise) -> bool:
    """Any offer backs "this deal", any discount a "sale"; figures and codes must be the same."""
    return claimed.key == "any" or (source.key == claimed.key and claimed.details <= source.details)


def _free_supports(source: Promise, claimed: Promise) -> bool:
    """The same thing is free, or nothing is named and all of it is."""
    return claimed.key == source.key or (not claimed.key and source.key in _TRYING)


def _same_key(source: Promise, claimed: Promise) -> bool:
    """The same sort of promise is made."""
    return claimed.key == source.key


_SUPPORT: Mapping[ClaimKind, Callable[[Promise, Promise], bool]] = {
    ClaimKind.DEADLINE: _deadline_supports,
    ClaimKind.OFFER: _offer_supports,
    ClaimKind.GUARANTEE: _same_key,
    ClaimKind.FREE: _free_supports,
    ClaimKind.SUPERLATIVE: _same_key,
}
