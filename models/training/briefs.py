"""Made-up briefs: what a user might type, and what a line may say of it.

`Sheet` keeps the canonical form of every fact ("keep drinks cold", "an infinity pool"), from which
lines are written.  `rendered` spells the same facts as users do and runs benefits and features
through the app's own `typed`, so that the model learns with the rules it will be served with.
"""

import re
from dataclasses import dataclass
from random import Random

from creative.inflection import article, capitalized
from creative.ranking.kinds import Kind, read_phrase, typed
from models.training.english import gerund, third
from models.training.inventions import (
    HAS_A_TAIL,
    MAKERS,
    audience,
    brand,
    noun,
    pain,
    pseudo_word,
    with_new_word,
)
from models.training.offers import offer, price, proof
from models.training.words import (
    Industry,
    adjectives,
    all_words,
    industries,
    loose_products,
    section,
)

BENEFIT_ODDS = {
    Kind.DO: 32,
    Kind.DOES: 25,
    Kind.THING: 17,
    Kind.QUALITY: 8,
    Kind.MADE: 6,
    Kind.SAYS: 6,
    Kind.WITHOUT: 6,
}
FEATURE_ODDS = {
    Kind.DO: 0,
    Kind.DOES: 6,
    Kind.THING: 52,
    Kind.QUALITY: 20,
    Kind.MADE: 14,
    Kind.SAYS: 3,
    Kind.WITHOUT: 5,
}
ORIGINS = (  # these keep their capital wherever they stand
    "African American Belgian Brazilian British Californian Canadian Chinese Colombian Danish Dutch"
    " English Ethiopian Finnish French German Greek Icelandic Indian Irish Italian Japanese Kenyan"
    " Korean Mexican Moroccan Nordic Norwegian Parisian Persian Peruvian Polish Portuguese Roman"
    " Scandinavian Scottish Sicilian Spanish Swedish Swiss Thai Turkish Tuscan Vietnamese Welsh"
).split()
FROM_THE_TRADE = 0.5  #: share of phrases taken whole from the trade's list
MISREAD = 0.4  #: share of phrases kept though the app's rules read them wrongly


@dataclass(frozen=True)
class Fact:
    """One benefit or feature in its canonical form; acts have a base verb."""

    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything a line may say."""

    trade: Industry | None
    brand: str
    product: str
    number: str  #: of the product: "s" one, "p" plural, "m" mass
    benefits: tuple[Fact, ...]
    features: tuple[Fact, ...] = ()
    audience: str | None = None
    pains: tuple[tuple[str, str], ...] = ()  #: text and form, see inventions.pain
    proof: tuple[str, str] | None = None  #: text and form: "done", "noun" or "saying"
    offer: tuple[str, str] | None = None  #: text and form: "noun" or "act"
    price: str | None = None
    keywords: tuple[str, ...] = ()


def sheet(rng: Random) -> Sheet:
    """Return a made-up brief."""
    trade = rng.choice(industries())
    loose = rng.random() < 0.25
    name, number = rng.choice(loose_products() if loose else trade.products)
    if rng.random() < 0.3:
        name = f"{_prefix(rng)} {name}"
    cross = 0.5 if loose else 0.15
    taken: set[str] = set()
    benefits = _facts(rng, trade, cross, BENEFIT_ODDS, rng.choice([1, 2, 2, 3, 3, 4]), taken)
    features = _facts(rng, trade, cross, FEATURE_ODDS, rng.choice([0, 0, 1, 1, 2, 2, 3]), taken)
    return Sheet(
        trade=None if loose else trade,
        brand=brand(rng),
        product=name,
        number=number,
        benefits=benefits,
        features=features,
        audience=audience(rng) if rng.random() < 0.75 else None,
        pains=tuple(pain(rng) for _ in range(rng.choice([0, 1, 1, 2, 2]))),
        proof=proof(rng) if rng.random() < 0.4 else None,
        offer=offer(rng, trade.sells) if rng.random() < 0.5 else None,
        price=price(rng) if rng.random() < 0.35 else None,
        keywords=_keywords(rng, name, trade) if rng.random() < 0.35 else (),
    )


def _prefix(rng: Random) -> str:
    if rng.random() < 0.25:
        return rng.choice(ORIGINS)
    return rng.choice(
        [rng.choice(adjectives()), pseudo_word(rng, 1, 2), noun(rng, "m"), rng.choice(all_words())]
    )


def _keywords(rng: Random, product: str, trade: Industry) -> tuple[str, ...]:
    makers = (
        lambda: product,
        lambda: f"{rng.choice(adjectives())} {product}",
        lambda: f"{rng.choice(['affordable', 'local', 'quality', 'modern', 'online'])} {product}",
        lambda: f"{product} for {rng.choice(trade.audiences)}",
    )
    return tuple(dict.fromkeys(rng.choice(makers)() for _ in range(rng.randint(1, 3))))


def _facts(
    rng: Random, trade: Industry, cross: float, odds: dict[Kind, int], count: int, taken: set[str]
) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for _ in range(count * 3):
        if len(found) == count:
            break
        kind = rng.choices(list(odds), list(odds.values()))[0]
        fact = _fact(rng, kind, rng.choice(industries()) if rng.random() < cross else trade)
        if fact and fact.text not in taken:
            taken.add(fact.text)
            found.append(fact)
    return tuple(found)


def _fact(rng: Random, kind: Kind, trade: Industry) -> Fact | None:
    """Return a fact of a kind, or None if the app's rules would read it otherwise."""
    text = _text(rng, kind, trade)
    heard = read_phrase(third(text) if kind is Kind.DOES else text)[0]
    if kind is Kind.MADE and heard is Kind.QUALITY:
        kind = heard
    if kind is Kind.SAYS and heard is not kind:
        return None
    return Fact(kind, text) if heard is kind or rng.random() < MISREAD else None


def _text(rng: Random, kind: Kind, trade: Industry) -> str:
    listed = {
        Kind.DO: trade.reader_acts,
        Kind.DOES: trade.product_acts,
        Kind.THING: trade.nouns,
        Kind.MADE: trade.participles,
    }
    if kind is Kind.QUALITY and rng.random() < 0.72:
        return rng.choice(trade.adjectives) if rng.random() < 0.7 else rng.choice(adjectives())
    chosen = listed.get(kind, ())
    text = rng.choice(chosen) if chosen and rng.random() < FROM_THE_TRADE else MAKERS[kind](rng)
    short_act = kind in {Kind.DO, Kind.DOES} and len(text) < 34 and " and " not in text
    if short_act and rng.random() < 0.15 and not HAS_A_TAIL.search(text):
        text = f"{text} {rng.choice(section('tails'))}"
    if rng.random() < 0.3 and kind is not Kind.QUALITY:
        text = with_new_word(rng, text, 0 if kind in {Kind.THING, Kind.MADE} else 1)
    if kind is Kind.THING and (match := re.match(r"an? (.+)", text)):
        text = f"{article(match[1])} {match[1]}"
    return text


def rendered(rng: Random, brief: Sheet) -> str:
    """Return the brief as the app would send it, after a user's own spelling."""
    large = rng.choice([0, 0, 0, 1, 2])  # none, some or all values begin with a capital
    lines = [f"brand: {brief.brand}", f"product: {_spelled(brief.product, large)}"]
    pairs = (
        ("audience", brief.audience and _spelled(brief.audience, large - 1)),
        ("pains", "; ".join(_spelled(text, large - 1) for text, _ in brief.pains)),
        ("benefits", _typed(rng, brief.benefits, large)),
        ("features", _typed(rng, brief.features, large)),
        ("proof", brief.proof and _spelled(brief.proof[0], large)),
        ("offer", brief.offer and _spelled(_offer_spelled(rng, brief.offer[0]), large)),
        ("price", brief.price),
        ("keywords", ", ".join(brief.keywords)),
    )
    return "\n".join(lines + [f"{key}: {value}" for key, value in pairs if value])


def _spelled(text: str, large: int) -> str:
    return capitalized(text) if large > 0 else text


def _offer_spelled(rng: Random, text: str) -> str:
    return re.sub(r"^(?:a|an|the|your) ", "", text) if rng.random() < 0.5 else text


def _typed(rng: Random, facts: tuple[Fact, ...], large: int) -> str:
    return typed(_spelled(_as_typed(rng, fact), large) for fact in facts)


def _as_typed(rng: Random, fact: Fact) -> str:
    """Spell a fact as some user might."""
    chance = rng.random()
    if fact.kind is Kind.DO:
        return _reader_spelling(fact.text, chance)
    if fact.kind is Kind.DOES:
        return (
            third(fact.text)
            if chance < 0.75
            else f"it {third(fact.text)}"
            if chance < 0.9
            else f"they {fact.text}"
        )
    if fact.kind is Kind.THING and chance < 0.4:
        return re.sub(r"^an? (?=[a-z0-9-]+$|[a-z0-9-]+ [a-z0-9-]+$)", "", fact.text)
    return fact.text + ("." if chance > 0.95 else "")


def _reader_spelling(text: str, chance: float) -> str:
    if chance < 0.7:
        return text
    if chance < 0.8 and " and " not in text:
        return gerund(text)
    before = "helps you " if chance < 0.9 else "you can " if chance < 0.95 else "to "
    return before + text
