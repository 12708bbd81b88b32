"""Line patterns and how a brief fills their slots.  data/patterns.txt explains the slots."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from random import Random

from creative.inflection import capitalized, is_plural
from creative.ranking.kinds import Kind
from models.training.briefs import Fact, Sheet
from models.training.english import gerund, third, with_article
from models.training.words import DATA, table

ANGLES = tuple(
    "benefit feature question pain offer audience proof contrast curiosity brand".split()
)
SLOT = re.compile(r"\{(\w+)\}")
HEAD = re.compile(r"\[(\w+) ?(\w*)\]")
TONED = re.compile(r"([A-Z]+) \| (.+)")
ACTS = {"do", "do2", "ing", "pB", "pB2", "pP", "pP2", "pb"}
FACTS = ACTS | {
    "N",
    "N2",
    "N3",
    "n",
    "n2",
    "J",
    "J2",
    "JP",
    "aJP",
    "X",
    "Q",
    "c",
    "c2",
    "Z",
    "Z2",
    "zn",
}
PAINS = {"W", "w", "Wc", "W_ing", "n_pain"}
PROOFS = {"R", "Rp", "Rn"}
OFFERS = {"O", "V", "price", "price0"}
PRODUCTS = {"P", "aP", "Pm", "Ps", "JP", "aJP", "K"}
ONCE = ({"A"}, OFFERS, PROOFS, PAINS, {"CTA"})  #: groups of which a line has one at most
SENTENCE = re.compile(r"((?<=[.!?]) )")
AGREES = re.compile(r"\{(N|n|w|W|K)\} (helps|makes|beats|matters|is|ends|walks|was|has)\b")
MANY = {
    "helps": "help",
    "makes": "make",
    "beats": "beat",
    "matters": "matter",
    "is": "are",
    "ends": "end",
    "walks": "walk",
    "was": "were",
    "has": "have",
}
THIRD_PARTY = re.compile(r"\{A\}(?:(?!\{A\})[^.?!:,])*\{do2?\}")
ONE_THING = re.compile(
    r"\{B\} is (?:the \{P\}|\{a|not)|\{B\} was|, the \{P\}"
)  # a brand is not many
PREDICATE = re.compile(r"(?:\{is\}|\bis|\band) \{X\}|\{X\} and ")
WITH = re.compile(r"\bwith(?:out)?\b", re.IGNORECASE)
ACT_WITH = re.compile(r"\{(?:do2?|ing)\}(?: today)? with(?:out)?\b")  #: no second "with" before it
OPENED_BY = re.compile(r"\{X\}[:,]")
NOT_AFTER_IS = set("with without never steps far close".split())


NEUTRAL_CALLS = 0.55  #: share of calls to action that fit any trade


class Unfillable(Exception):
    """The brief lacks something that the pattern needs."""


@dataclass(frozen=True)
class Pattern:
    """One pattern of data/patterns.txt."""

    place: str
    tones: str  #: letters, "*" for every tone
    text: str
    slots: frozenset[str]
    angles: frozenset[str]
    order: tuple[str, ...]  #: the slots as they come, each once
    agrees: bool  #: whether a verb follows a noun that may be plural


@dataclass
class Draft:
    """What a line in the making has already used."""

    shelf: "Shelf"
    rng: Random
    used: set[str] = field(default_factory=set)
    names: int = 0  #: how many of its sentences name the brand
    slots: set[str] = field(default_factory=set)

    @property
    def brief(self) -> Sheet:
        return self.shelf.brief


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return every pattern."""
    found = []
    place = tag = ""
    for line in DATA.joinpath("patterns.txt").read_text("utf-8").splitlines():
        if head := HEAD.match(line):
            place, tag = head.groups()
        elif line and not line.startswith("#"):
            toned = TONED.match(line)
            tones, text = toned.groups() if toned else ("*", line)
            found.append(_pattern(place, tag, tones, text))
    return tuple(found)


def _pattern(place: str, tag: str, tones: str, text: str) -> Pattern:
    slots = frozenset(SLOT.findall(text))
    order = tuple(dict.fromkeys(SLOT.findall(text)))
    angles = frozenset(_angles(tag, text, slots))
    return Pattern(place, tones, text, slots, angles, order, bool(AGREES.search(text)))


def _angles(tag: str, text: str, slots: frozenset[str]) -> set[str]:
    """Return the angles a pattern may lead with."""
    if tag:
        return {tag}
    found: set[str] = set()
    if slots & OFFERS:
        found = {"offer"}
    elif slots & PROOFS:
        found = {"proof"}
    elif slots & PAINS:
        found = {"pain"}
    elif "?" in text:
        found = {"question"}
    elif "A" in slots:
        found = {"audience"}
    elif slots & FACTS:
        found = {"benefit", "feature"}
    if (
        "B" in slots
        and text.startswith("{B}")
        and slots & (PRODUCTS | FACTS)
        and found <= {"benefit", "feature"}
    ):
        found.add("brand")
    return found


@cache
def choices(place: str, angle: str | None, tone: str) -> tuple[Pattern, ...]:
    """Return the patterns of a place, for one lead angle (None: any) and a tone letter or "*"."""
    return tuple(
        pattern
        for pattern in patterns()
        if pattern.place == place
        and (angle is None or angle in pattern.angles)
        and (tone in pattern.tones if tone != "*" else pattern.tones == "*")
    )


class Shelf:
    """A brief with the patterns that it can fill at all."""

    def __init__(self, brief: Sheet) -> None:
        self.brief = brief
        self.pools = {
            "benefits": brief.benefits,
            "features": brief.features,
            "all": brief.benefits + brief.features,
        }
        self._slots = {name: _fillable(brief, facts) for name, facts in self.pools.items()}
        self._options: dict[tuple[str, str | None, str, str], tuple[Pattern, ...]] = {}

    def options(self, place: str, angle: str | None, tone: str, pool: str) -> tuple[Pattern, ...]:
        """Return the patterns of `choices` that a pool of facts can fill."""
        key = (place, angle, tone, pool)
        if key not in self._options:
            slots = self._slots[pool]
            self._options[key] = tuple(p for p in choices(place, angle, tone) if p.slots <= slots)
        return self._options[key]


def _fillable(brief: Sheet, facts: tuple[Fact, ...]) -> frozenset[str]:
    """Return the slots that a brief can fill with these facts."""
    count = Counter(fact.kind for fact in facts)
    short = sum(fact.kind is Kind.QUALITY and " " not in fact.text for fact in facts)
    bare = sum(fact.kind is Kind.THING and not re.match("an? ", fact.text) for fact in facts)
    forms = {form for _, form in brief.pains}
    proof, offer, price = brief.proof, brief.offer, brief.price
    have = {
        "B P aP is does comes it It CTA": True,
        "Pm": brief.number != "s",
        "Ps": brief.number == "s",
        "do ing": count[Kind.DO],
        "do2": count[Kind.DO] > 1,
        "pB pP pb": count[Kind.DOES],
        "pB2 pP2": count[Kind.DOES] > 1,
        "N": count[Kind.THING],
        "N2": count[Kind.THING] > 1,
        "N3": count[Kind.THING] > 2,
        "n": bare,
        "n2": bare > 1,
        "X": count[Kind.MADE],
        "Q": count[Kind.QUALITY] > short,
        "J JP aJP": short,
        "J2": short > 1,
        "c": count[Kind.SAYS],
        "c2": count[Kind.SAYS] > 1,
        "Z zn": count[Kind.WITHOUT],
        "Z2": count[Kind.WITHOUT] > 1,
        "A": brief.audience,
        "K": brief.keywords,
        "O": offer and offer[1] == "noun",
        "V": offer and offer[1] == "act",
        "price": price,
        "price0": price and not price.startswith("from"),
        "R": proof,
        "Rp": proof and proof[1] == "done",
        "Rn": proof and proof[1] == "noun",
        "Wc": forms,
        "W": forms - {"saying"},
        "w": forms & {"many", "doing"},
        "W_ing": "doing" in forms,
        "n_pain": "many" in forms,
    }
    return frozenset(slot for slots, fits in have.items() if fits for slot in slots.split())


def available_angles(brief: Sheet) -> list[str]:
    """Return the angles the brief has something to say for."""
    has = {
        "feature": brief.features,
        "pain": brief.pains,
        "offer": brief.offer or brief.price,
        "audience": brief.audience,
        "proof": brief.proof,
        "contrast": brief.pains,
    }
    return [angle for angle in ANGLES if has.get(angle, True)]


def filled(draft: Draft, pattern: Pattern, pool: str) -> str:
    """Return a pattern filled from the brief, drawing facts from a pool of its shelf.

    Raises:
        Unfillable: If the brief lacks what the pattern needs.
    """
    _check(draft, pattern)
    text = _agreeing(draft.brief, pattern.text)
    filler = _Filler(draft, draft.shelf.pools[pool], text)
    slots = pattern.order if text is pattern.text else tuple(dict.fromkeys(SLOT.findall(text)))
    values = {slot: filler.value(slot) for slot in slots}
    if pattern.agrees:
        text = AGREES.sub(lambda m: _agreed(m, values), text)
    text = SLOT.sub(lambda m: "\0" if m[1] == "B" else values[m[1]], text)
    parts = SENTENCE.split(text)
    text = "".join(capitalized(p) if not p.startswith("\0") else p for p in parts)
    draft.used |= filler.taken
    draft.names += "B" in pattern.slots
    draft.slots |= pattern.slots
    return text.replace("\0", draft.brief.brand).replace("!.", "!").replace("!!", "!")


def _agreed(match: re.Match[str], values: dict[str, str]) -> str:
    verb = match[2]
    value = values[match[1]]
    acts = match[1] in PAINS and value.split()[0].endswith("ing")
    return f"{{{match[1]}}} {MANY[verb] if is_plural(value) and not acts else verb}"


def _check(draft: Draft, pattern: Pattern) -> None:
    slots = pattern.slots
    if draft.slots and any(slots & group and draft.slots & group for group in ONCE):
        raise Unfillable
    if "B" in slots and draft.names:
        raise Unfillable
    if draft.brief.number == "p" and ONE_THING.search(pattern.text):
        raise Unfillable


def _agreeing(brief: Sheet, text: str) -> str:
    if brief.number == "p" and text.startswith("Does your {P}"):
        text = text.replace("Does", "Do", 1)
    if brief.number == "p" and re.search(r"\b[Ii]t \{pB", text):
        text = re.sub(
            r"\b([Ii])t \{pB", lambda m: ("They" if m[1] == "I" else "they") + " {pP", text
        )
    return text


class _Filler:
    """Finds the value of each slot of one pattern."""

    def __init__(self, draft: Draft, facts: tuple[Fact, ...], text: str) -> None:
        self.draft, self.brief, self.rng, self.text = draft, draft.brief, draft.rng, text
        self.taken: set[str] = set()
        self.facts = [fact for fact in facts if fact.text not in draft.used]
        self.rng.shuffle(self.facts)

    def value(self, slot: str) -> str:
        return _SLOTS[slot](self)

    def fact(self, kind: Kind, fits: Callable[[str], object] = bool) -> str:
        for fact in self.facts:
            if fact.kind is kind and fits(fact.text):
                self.facts.remove(fact)
                self.taken.add(fact.text)
                return fact.text
        raise Unfillable

    def act(self) -> str:
        text = self.fact(Kind.DO, self.joins)
        if THIRD_PARTY.search(self.text):
            if re.search(r"\byou\b", text):
                raise Unfillable
            return re.sub(r"\byour\b", "their", text).replace("yourself", "themselves")
        return text

    def gerund(self) -> str:
        return gerund(self.fact(Kind.DO, lambda text: " and " not in text and self.joins(text)))

    def joins(self, act: str) -> bool:
        """Tell whether an act may stand before what the pattern puts after it."""
        return not (ACT_WITH.search(self.text) and WITH.search(act))

    def after_product(self) -> str:
        text = self.fact(Kind.DOES)
        return text if self.brief.number == "p" else third(text)

    def bare_noun(self) -> str:
        return self.fact(Kind.THING, lambda text: not re.match(r"(?:an?|one|the|your) ", text))

    def adjective(self) -> str:
        words = self.brief.product.split()
        return self.fact(Kind.QUALITY, lambda text: " " not in text and text not in words)

    def participle(self) -> str:
        avoided = NOT_AFTER_IS if PREDICATE.search(self.text) else set()
        if WITH.search(self.text) or OPENED_BY.match(self.text):
            avoided = avoided | {"with", "without"}  # not "with a lid, with no coating"
        return self.fact(Kind.MADE, lambda text: text.split()[0] not in avoided)

    def product(self, text: str) -> str:
        return with_article(text) if self.brief.number == "s" else text

    def with_adjective(self) -> str:
        return f"{self.adjective()} {self.brief.product}"

    def pain(self, *forms: str) -> str:
        found = [
            text for text, form in self.brief.pains if form in forms and text not in self.draft.used
        ]
        if not found:
            raise Unfillable
        text = self.rng.choice(found)
        self.taken.add(text)
        return text

    def proof(self, *forms: str) -> str:
        if not self.brief.proof or self.brief.proof[1] not in forms:
            raise Unfillable
        return self.brief.proof[0]

    def offer(self, form: str) -> str:
        if not self.brief.offer or self.brief.offer[1] != form:
            raise Unfillable
        return self.brief.offer[0]

    def price(self, bare: bool) -> str:
        if not self.brief.price or (bare and self.brief.price.startswith("from")):
            raise Unfillable
        return self.brief.price

    def keyword(self) -> str:
        if not self.brief.keywords:
            raise Unfillable
        return self.rng.choice(self.brief.keywords)

    def call(self) -> str:
        trade = self.brief.trade
        group = trade.sells if trade and self.rng.random() > NEUTRAL_CALLS else "any"
        return str(self.rng.choice(table("calls")[group]))

    def many(self, if_many: str, if_one: str) -> str:
        return if_many if self.brief.number == "p" else if_one


_Value = Callable[[_Filler], str]
_SLOTS: dict[str, _Value] = {
    "B": lambda f: f.brief.brand,
    "P": lambda f: f.brief.product,
    "Pm": lambda f: f.brief.product,
    "Ps": lambda f: f.brief.product,
    "aP": lambda f: f.product(f.brief.product),
    "JP": _Filler.with_adjective,
    "aJP": lambda f: f.product(f.with_adjective()),
    "J": _Filler.adjective,
    "J2": _Filler.adjective,
    "do": _Filler.act,
    "do2": _Filler.act,
    "ing": _Filler.gerund,
    "pB": lambda f: third(f.fact(Kind.DOES)),
    "pB2": lambda f: third(f.fact(Kind.DOES)),
    "pP": _Filler.after_product,
    "pP2": _Filler.after_product,
    "pb": lambda f: f.fact(Kind.DOES),
    "N": lambda f: f.fact(Kind.THING),
    "N2": lambda f: f.fact(Kind.THING),
    "N3": lambda f: f.fact(Kind.THING),
    "n": _Filler.bare_noun,
    "n2": _Filler.bare_noun,
    "X": _Filler.participle,
    "Q": lambda f: f.fact(Kind.QUALITY, lambda text: " " in text),
    "c": lambda f: f.fact(Kind.SAYS),
    "c2": lambda f: f.fact(Kind.SAYS),
    "Z": lambda f: f.fact(Kind.WITHOUT),
    "Z2": lambda f: f.fact(Kind.WITHOUT),
    "zn": lambda f: f.fact(Kind.WITHOUT).split(" ", 1)[1],
    "A": lambda f: f.brief.audience or "",
    "K": _Filler.keyword,
    "O": lambda f: f.offer("noun"),
    "V": lambda f: f.offer("act"),
    "R": lambda f: f.proof("done", "noun", "saying"),
    "Rp": lambda f: f.proof("done"),
    "Rn": lambda f: f.proof("noun"),
    "price": lambda f: f.price(bare=False),
    "price0": lambda f: f.price(bare=True),
    "W": lambda f: f.pain("many", "doing", "one"),
    "w": lambda f: f.pain("many", "doing"),
    "Wc": lambda f: f.pain("many", "doing", "one", "saying", "saying"),
    "W_ing": lambda f: f.pain("doing"),
    "n_pain": lambda f: f.pain("many"),
    "is": lambda f: f.many("are", "is"),
    "does": lambda f: f.many("do", "does"),
    "comes": lambda f: f.many("come", "comes"),
    "it": lambda f: f.many("they", "it"),
    "It": lambda f: f.many("They", "It"),
    "CTA": _Filler.call,
}
