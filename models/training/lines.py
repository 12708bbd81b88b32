"""Write one ad line of a channel, a limit, a tone and an angle from a made-up brief."""

import re
from dataclasses import dataclass
from random import Random

from models.training.briefs import Sheet
from models.training.english import title_case
from models.training.patterns import FACTS, PRODUCTS, Draft, Pattern, Shelf, Unfillable, filled

TONES = {
    "F": "friendly casual approachable conversational cheerful relaxed",
    "Y": "playful fun cheeky lighthearted quirky",
    "W": "witty humorous clever funny dry",
    "B": "bold confident energetic edgy daring",
    "L": "luxury premium elegant sophisticated refined luxurious exclusive",
    "P": "professional formal expert trustworthy informative serious neutral",
    "U": "urgent direct persuasive promotional",
    "I": "inspiring motivational uplifting empowering inspirational",
    "M": "minimalist simple clean minimal plain",
    "H": "warm caring heartfelt empathetic reassuring kind",
}
LIMITS = {
    "headline": ([30] * 12 + [40] * 5 + [90] * 2 + [20, 25, 35, 45, 50, 60, 70]),
    "description": ([90] * 8 + [60, 70, 75, 80, 100, 110, 120]),
    "primary": ([125] * 7 + [90, 100, 110, 140, 150, 160]),
    "subject": ([60] * 4 + [50] * 2 + [35, 40, 45, 55, 70, 80, 90]),
    "push": [49, 50, 60, 70, 80, 90, 100, 100, 110, 120],
}
CHANNELS = {"headline": 40, "description": 22, "primary": 16, "subject": 12, "push": 10}
OPENED = (
    ("opening", "statement"),
    ("opening", "statement", "closing"),
    ("opening", "statement", "statement"),
)
STATED = (("statement",), ("statement", "closing"), ("statement", "statement"))
LONG = (("statement", "statement", "closing"), ("opening", "statement", "statement", "closing"))
THIN_DROPPED = 0.8  #: share of lines thrown away that hold a single fact
TRIES = 25


@dataclass(frozen=True, kw_only=True)
class Order:
    """What kind of line is asked for."""

    channel: str
    limit: int  #: characters
    tone: str  #: a letter of TONES
    angle: str


def order(rng: Random, tone: str, angle: str) -> Order:
    """Return an order of some channel and limit."""
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    return Order(channel=channel, limit=rng.choice(LIMITS[channel]), tone=tone, angle=angle)


def line(rng: Random, shelf: Shelf, wanted: Order) -> str | None:
    """Return a line that keeps the order, or None if no try did."""
    for _ in range(TRIES):
        draft = Draft(shelf, rng)
        try:
            text = " ".join(_sentences(draft, wanted))
        except Unfillable:
            continue
        if _passes(rng, text, draft, wanted):
            return _cased(rng, text, shelf.brief, wanted)
    return None


def _places(rng: Random, wanted: Order) -> tuple[str, ...]:
    if wanted.channel == "headline" and wanted.limit < 60:
        return ("headline",)
    if wanted.channel == "headline":
        return rng.choice([("headline",), ("statement",), ("statement",)])
    if wanted.channel == "subject":
        return rng.choice([("subject",), ("subject",), ("headline",)])
    if wanted.channel == "push" and rng.random() < 0.6:
        return rng.choice([("push",), ("push",), ("push", "closing")])
    if wanted.limit <= 65:
        return rng.choice([("statement",), ("statement",), ("opening", "closing"), ("push",)])
    short = wanted.limit <= 100
    return rng.choice(OPENED + STATED if short else OPENED + STATED[1:] + LONG)


def _sentences(draft: Draft, wanted: Order) -> list[str]:
    places = _places(draft.rng, wanted)
    facts = {"benefit": "benefits", "feature": "features"}.get(wanted.angle, "all")
    lead = _lead(draft.shelf, places, wanted.angle, facts)
    sentences = []
    for at, place in enumerate(places):
        angle = wanted.angle if at == lead else _side_angle(draft.rng, place)
        pool = facts if at <= lead else "all"
        sentences.append(_sentence(draft, place, angle, wanted.tone, pool))
    return sentences


def _side_angle(rng: Random, place: str) -> str | None:
    """Return an angle for a sentence beside the lead; a closing may be of any."""
    if place == "closing":
        return None
    if place == "opening":
        return rng.choice(["question", "question", "audience", "benefit", "brand"])
    return rng.choice(["benefit", "benefit", "feature", "brand", "audience"])


def _lead(shelf: Shelf, places: tuple[str, ...], angle: str, pool: str) -> int:
    """Return which sentence carries the angle: the first one that has patterns for it."""
    for at, place in enumerate(places):
        if shelf.options(place, angle, "*", pool):
            return at
    raise Unfillable


def _sentence(draft: Draft, place: str, angle: str | None, tone: str, pool: str) -> str:
    for _ in range(4):
        pattern = _pattern(draft, place, angle, tone, pool)
        try:
            return filled(draft, pattern, pool)
        except Unfillable:
            continue
    raise Unfillable


def _pattern(draft: Draft, place: str, angle: str | None, tone: str, pool: str) -> Pattern:
    own = draft.shelf.options(place, angle, tone, pool)
    if own and draft.rng.random() < 0.38:
        return draft.rng.choice(own)
    common = draft.shelf.options(place, angle, "*", pool) or own
    if not common:
        raise Unfillable
    return draft.rng.choice(common)


def _passes(rng: Random, text: str, draft: Draft, wanted: Order) -> bool:
    if len(text) > wanted.limit:
        return False
    share = len(text) / wanted.limit
    if share < 0.3 and wanted.limit > 30:
        return False
    if share < 0.5 and rng.random() > (0.25 if wanted.channel in {"headline", "subject"} else 0.08):
        return False
    if not draft.slots & (PRODUCTS | FACTS):
        return False
    names_it = draft.slots & (PRODUCTS | {"B"})
    if not names_it and rng.random() < (0.4 if wanted.limit < 60 else 0.75):
        return False
    if _is_thin(draft.slots) and rng.random() < THIN_DROPPED:
        return False
    return not _repeats(text, draft.brief)


def _is_thin(slots: set[str]) -> bool:
    """Tell whether a line holds one fact and nothing else of the brief but its brand."""
    return len(slots - {"B", "CTA"}) < 2 and not slots & PRODUCTS


def _repeats(text: str, brief: Sheet) -> bool:
    low = text.lower()
    if low.count(brief.product.lower()) > 1 and len(brief.product) > 5:
        return True
    tokens = low.split()
    triples = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
    if len(set(triples)) < len(triples):
        return True
    words = re.findall(r"[a-z']{5,}", low)
    return any(words.count(word) > 2 for word in set(words))


def _cased(rng: Random, text: str, brief: Sheet, wanted: Order) -> str:
    if wanted.channel == "headline":
        text = text.replace("!", ".").replace("..", ".")
    if wanted.channel in {"headline", "subject"}:
        text = re.sub(r"^([^.!?]*)\.$", r"\1", text)
    if wanted.channel == "headline" and rng.random() < 0.08:
        return title_case(text, set(brief.brand.split()))
    return text
