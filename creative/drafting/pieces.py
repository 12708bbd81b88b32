"""The pieces of a brief that may stand in a line: phrases whole, and short forms of them.

`Pieces.of` returns those for a slot of a frame (frames.txt).  Which slots a phrase fills follows
from its kind (creative/ranking/kinds.py).  Where nobody has shortened a phrase with sense, it is
cut where English may be cut.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from creative.domain import Brief
from creative.inflection import ADVERBS, article, base_form, is_plural, lexicon, verb_forms
from creative.ranking.kinds import WORD, Kind, lowered, read_phrase

_BREAKS = re.compile(
    r" (?=(?:with|for|from|in|by|that|which|who|so|when|while|before|after|without) )"
)
_CUTS = re.compile(r" (?=(?:with|for|from|in|by) )")  #: where no condition is lost
_JOINED = re.compile(r" and | or |, |[:&;?]")
_NEEDS_BOTH = re.compile(  # "no win, no fee", "buy two, get one free"
    r"^(?:no|not|less|more|buy|order|book|refer|bring) |(?: and | or |&)|, (?:get|save|pay|the) "
)
_TAIL = re.compile(r" (?:of|to|between|over|behind|at|on|every) ")
_ARTICLE = re.compile(r"(?:an?|the|one|your|our|every|each|all|any) ", re.IGNORECASE)
_NEEDLESS = re.compile(r"(?:saves|gives|gets) you ", re.IGNORECASE)
_GETS = {"saves": "save", "gives": "get", "gets": "get"}
#: Acts of a product that are orders too: "keeps drinks cold", "keep drinks cold".
_ORDERS = frozenset(
    "avoids boosts cuts eases ends improves keeps lowers protects reduces saves stops".split()
)
_MASS = frozenset("time money hassle stress mess noise waste worry guilt energy sleep".split())
_DONE = re.compile(
    r"(?:approved|as seen|backed|certified|chosen|featured|loved|made|rated|recommended|registered|"
    r"reviewed|trusted|used|voted|worn|accredited|tested|endorsed|licensed)\b"
)
_COUNTED = re.compile(
    r"(?:\d|(?:any|every|each|all|max|up to|one|two|three|four|five|six|seven|eight|nine|ten) )"
)
_SPANS = re.compile(r"\b(?:second|minute|hour|day|night|week|month|year)s?\b")
_FINITE = re.compile(r"\b(?:\w+n't|is|are|was|were|has|have|can|will|stays?|gets?|goes?|you'll)\b")
_TOLD_APART = re.compile(r" (?:that|which|who|with) ")  # "batteries that die" are not batteries
_ALONE = {Kind.QUALITY, Kind.WITHOUT, Kind.MADE}  #: kinds of which half an item says enough
_WRITTEN = re.compile(r"[^\W\d_]+")
_PLACE = re.compile(r" in ((?:[a-z]+ )?[A-Z].*)$")
_ACT = re.compile(r"[a-z]+ (?:an?|the) ")
_NEAR_ME = re.compile(r"\s*\bnear (?:me|you)\b", re.IGNORECASE)
_SHORTEST_HEAD = 2  #: words
#: Words that tie what stands before them to what comes after: "pay what you can Thursdays".
_TIES = frozenset("and & of to what that who you we it can will as for on at every free".split())


@dataclass(frozen=True)
class Fact:
    """A benefit or feature, or the head of one."""

    kind: Kind
    text: str
    source: str  #: "benefit" or "feature"


def heads(kind: Kind, text: str, breaks: re.Pattern[str] = _CUTS) -> Iterator[str]:
    """Yield a phrase, then what is left of it where the rest may go unsaid.

    >>> list(heads(Kind.THING, "a secure field with a pond"))
    ['a secure field with a pond', 'a secure field']
    """
    yield text
    if text.count(", ") == 1 and not _NEEDS_BOTH.search(text):
        yield from _long_enough(text.split(", ")[0])
    if kind in {Kind.DO, Kind.DOES} and text.count(" and ") == 1 and ", " not in text:
        yield from _long_enough(text.split(" and ")[0], 3)
    if kind in {Kind.THING, Kind.WITHOUT} and (found := breaks.search(text)):
        yield from _long_enough(text[: found.start()])


def parts(item: str) -> Iterator[str]:
    """Yield an item, and what it lists if each says something by itself: "fast, no mess"."""
    yield item
    listed = re.split(r", and |, | and ", item)
    if len(listed) > 1 and all(read_phrase(each)[0] in _ALONE for each in listed):
        yield from listed
        if len(listed) > 2:
            yield " and ".join(listed[:2])


def short_names(product: str) -> Iterator[str]:
    """Yield a product, and what it may be called where there is little room.

    >>> list(short_names("small batch hot sauce"))
    ['small batch hot sauce', 'hot sauce']
    >>> list(short_names("pay what you can Thursdays"))
    ['pay what you can Thursdays']
    >>> list(short_names("gluten free bread"))
    ['gluten free bread']
    """
    yield product
    head = _BREAKS.split(product)[0]
    if head != product:
        yield head
    words = head.split()
    plain = all(word.isalpha() for word in words[-2:])
    if len(words) > 2 and plain and _TIES.isdisjoint(words[-3:]):
        yield " ".join(words[-2:])


def _long_enough(head: str, words: int = _SHORTEST_HEAD) -> Iterator[str]:
    if not head.split():
        return
    last = head.split()[-1].lower()
    forms = verb_forms()
    joins = lexicon()["prepositions"] - {"off"}
    waits = last in forms.participles or last in joins or last in forms.gerunds
    if len(_ARTICLE.sub("", head).split()) >= words and not waits:
        yield head


class Pieces:
    """What a brief holds for each slot."""

    def __init__(self, brief: Brief) -> None:
        self._brief, product = brief, brief.product
        self._product = lowered(product.name)
        self._facts = [
            Fact(kind, text, source)
            for source, items in (("benefit", product.benefits), ("feature", product.features))
            for item in items
            for kind, text in self._said(item)
            if WORD.search(text.lower())
        ]
        if self._is_act:
            self._facts.append(Fact(Kind.DO, self._product, "benefit"))
        self._pains = [
            (read_phrase(pain)[0], pain)
            for item in brief.audience.pains
            for pain in (lowered(item), *(brief.forms_of(item) or ()))
            if WORD.search(pain.lower())
        ]

    def _said(self, item: str) -> Iterator[tuple[Kind, str]]:
        """Yield a benefit or feature and what it comes down to, each with its kind."""
        short = self._brief.forms_of(item)
        if short is not None:
            yield from map(_read, (item, *short))
            return
        for kind, text in map(_read, parts(item)):
            for head in heads(kind, text):
                yield kind, head

    def _headed(self, kind: Kind, item: str, breaks: re.Pattern[str] = _CUTS) -> Iterator[str]:
        """Yield another item of the brief, and what it comes down to."""
        short = self._brief.forms_of(item)
        if short is not None:
            yield from (lowered(item), *short)
        elif item:
            yield from heads(kind, lowered(item), breaks)

    def of(self, slot: str, source: str = "") -> list[str]:
        """Return the pieces for a slot; none where the brief has nothing of what it needs.

        Args:
            source: Where they have to come from, "benefit" or "feature"; empty for both.
        """
        return _SLOTS[slot](self, source)

    def facts(self, source: str, *kinds: Kind) -> list[str]:
        """Return the benefits and features of some kinds."""
        return [
            fact.text
            for fact in self._facts
            if fact.kind in kinds and (not source or fact.source == source)
        ]

    def things(self, source: str) -> list[str]:
        """Return noun phrases; sentences that were read as such are left out."""
        return [text for text in self.facts(source, Kind.THING) if not _FINITE.search(text)]

    def simple_things(self, source: str) -> list[str]:
        """Return nouns that can be one of several."""
        return [text for text in self.things(source) if not _JOINED.search(text)]

    def wishes(self, source: str) -> list[str]:
        """Return nouns that a reader may be asked to want, with the article they need."""
        found = [text for text in self.simple_things(source) if not _COUNTED.match(text)]
        given = verb_forms().participles  # "all kit provided" is said, not wished for
        wanted = (text for text in found if text.split()[-1] not in given)
        return [text for text in wanted if _ARTICLE.match(text) or _is_many(text)]

    def needs(self, _: str) -> list[str]:
        """Return features that a reader may be asked to need, with the article they need."""
        things = [text for text in self.simple_things("feature") if not _SPANS.search(text)]
        found = [text for text in self.wishes("feature") if text in things and " " in text]
        bare = (text for text in things if text not in found)
        return [*found, *(f"{article(text)} {text}" for text in bare if _is_one(text))]

    def does(self, source: str) -> list[str]:
        return [t for t in self.facts(source, Kind.DOES) if _verb_of(t) in verb_forms().thirds]

    def does_it(self, source: str) -> list[str]:
        """Return acts of the product in the form that agrees with it."""
        found = self.does(source)
        return [_of_many(text) for text in found] if is_plural(self._product) else found

    def orders(self, source: str) -> list[str]:
        """Return acts of the product that the reader may be told to do."""
        found = []
        for text in self.does(source):
            verb, _, rest = text.partition(" ")
            if _NEEDLESS.match(text):
                found.append(f"{_GETS[verb]} {rest.partition(' ')[2]}")
            elif verb in _ORDERS and (base := base_form(verb)) and rest[:4] not in {"", "you "}:
                found.append(f"{base} {rest}")
        return found

    def qualities(self, source: str) -> list[str]:
        return [text for text in self.facts(source, Kind.QUALITY) if " " in text]

    def adjectives(self, source: str) -> list[str]:
        own = set(self._product.split())
        found = self.facts(source, Kind.QUALITY)
        return [text for text in found if " " not in text and text not in own]

    def clauses(self, source: str) -> list[str]:
        return self.facts(source, Kind.SAYS)

    def pains(self, *kinds: Kind) -> list[str]:
        return [text for kind, text in self._pains if kind in kinds]

    def pain_things(self, _: str) -> list[str]:
        """Return pains that are nouns of many or of a mass, which "no more" may stand before."""
        found = [
            head
            for text in self.pains(Kind.THING)
            for head in ([text] if _TOLD_APART.search(text) else heads(Kind.THING, text, _BREAKS))
        ]
        return [
            text
            for text in found
            if not (_ARTICLE.match(text) or _COUNTED.match(text) or _FINITE.search(text))
            and _is_many(text)
        ]

    def pain_acts(self, _: str) -> list[str]:
        gerunds = verb_forms().gerunds
        return [text for text in self.pains(Kind.DO) if text.split()[0].lower() in gerunds]

    def proofs(self, _: str) -> list[str]:
        return [
            head for item in self._brief.product.proof for head in self._headed(Kind.MADE, item)
        ]

    def offers(self, _: str) -> list[str]:
        return list(self._headed(Kind.MADE, self._brief.product.offer))

    def prices(self, opening: bool) -> list[str]:
        said = lowered(self._brief.product.price)
        return [said] if said and said.startswith("from ") is opening else []

    def audiences(self, _: str) -> list[str]:
        """Return whom it is for, where that is a noun of many."""
        found = self._headed(Kind.THING, self._brief.audience.name, _BREAKS)
        return [text for text in found if is_plural(text) and not _ARTICLE.match(text)]

    @cached_property
    def _is_act(self) -> bool:
        """Whether what is offered is something to do: "adopt a hedgehog"."""
        return bool(_ACT.match(self._product)) and read_phrase(self._product)[0] is Kind.DO

    def products(self, _: str) -> list[str]:
        return [] if self._is_act else list(self._names)

    def keywords(self, _: str) -> list[str]:
        """Return what people search for, in the capitals that the rest of the brief has.

        "Near me" is what a reader types, and nothing that an ad says.
        """
        named = (_NEAR_ME.sub("", each) for each in self._brief.keywords)
        return [
            _WRITTEN.sub(lambda found: self._capitals.get(found[0].lower(), found[0]), each)
            for each in named
            if each
        ]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The product, and what it may be called where there is little room."""
        short = self._brief.forms_of(self._brief.product.name)
        return (self._product, *short) if short else tuple(short_names(self._product))

    @cached_property
    def _capitals(self) -> dict[str, str]:
        """Names and acronyms of the brief by their small letters: "Derby", "EPDM"."""
        product, audience = self._brief.product, self._brief.audience
        texts = (product.name, *product.benefits, *product.features, *product.proof, product.offer)
        said = " ".join(map(lowered, (*texts, audience.name, *audience.pains)))
        return {word.lower(): word for word in _WRITTEN.findall(said) if word != word.lower()}

    def places(self, _: str) -> list[str]:
        """Return where those live whom it is for: "Leeds" of "people moving house in Leeds"."""
        found = _PLACE.search(self._brief.audience.name)
        return [found[1]] if found else []

    def attributes(self, source: str) -> list[str]:
        """Return what may stand before a noun: "cheap", "locally grown"."""
        joins = lexicon()["prepositions"]
        found = self.facts(source, Kind.QUALITY, Kind.MADE)
        return [t for t in found if len(t.split()) < 3 and joins.isdisjoint(t.split())]

    def products_with_article(self, _: str) -> list[str]:
        """Return names of the product after the article they take, as far as that is known."""
        return [text for name in self.products("") for text in _with_article(name)]

    def brands(self, _: str) -> list[str]:
        return [self._brief.brand.name]


def _read(phrase: str) -> tuple[Kind, str]:
    """Return the kind of a phrase; a gerund before a single noun describes it: "monitoring app"."""
    kind, text = read_phrase(phrase)
    first, _, rest = phrase.partition(" ")
    is_gerund = first.lower() in verb_forms().gerunds
    if kind is Kind.DO and is_gerund and rest and " " not in rest and text.endswith(f" {rest}"):
        return Kind.THING, lowered(phrase)
    return kind, text


def _with_article(name: str) -> list[str]:
    if is_plural(name) or _is_many(name):
        return [name]
    return [f"{article(name)} {name}"] if _is_one(name) else []


def share_words(text: str, other: str) -> bool:
    """Tell whether two pieces have a word of weight in common, so that one line takes but one."""
    return not _content(text).isdisjoint(_content(other))


def _content(text: str) -> set[str]:
    return {word[:5] for word in WORD.findall(text.lower()) if len(word) > 3}


def _verb_of(text: str) -> str:
    words = text.split()
    return words[1] if len(words) > 1 and words[0] in ADVERBS else words[0]


def _of_many(text: str) -> str:
    verb = _verb_of(text)
    return text.replace(verb, base_form(verb) or verb, 1)


def _is_many(text: str) -> bool:
    head = _head(text)
    return is_plural(head) or head in lexicon()["nouns of a mass"] | _MASS


def _is_one(text: str) -> bool:
    """Tell whether a noun takes "a", and has none yet."""
    is_told = _ARTICLE.match(text) or _COUNTED.match(text)
    return _head(text) in lexicon()["nouns of one"] and not is_told


def _head(text: str) -> str:
    """Return the noun of a phrase that the rest of it describes: "bag" of "a bag of beans"."""
    return _BREAKS.split(_TAIL.split(text)[0])[0].split()[-1].lower()


def _theirs(text: str) -> str:
    return re.sub(r"\byour\b", "their", text)


_Finder = Callable[[Pieces, str], list[str]]
_SLOTS: dict[str, _Finder] = {
    "brand": Pieces.brands,
    "product": Pieces.products,
    "keyword": Pieces.keywords,
    "place": Pieces.places,
    "attribute": Pieces.attributes,
    "aproduct": Pieces.products_with_article,
    "audience": Pieces.audiences,
    "price": lambda pieces, _: pieces.prices(False),
    "frompri": lambda pieces, _: pieces.prices(True),
    "offer": Pieces.offers,
    "proof": Pieces.proofs,
    "proofdone": lambda pieces, _: [t for t in pieces.proofs("") if _DONE.match(t)],
    "thing": Pieces.things,
    "n2": lambda pieces, _: pieces.simple_things(""),
    "gains": lambda pieces, _: pieces.does("benefit"),
    "gainsit": lambda pieces, _: pieces.does_it("benefit"),
    "goal": lambda pieces, _: pieces.facts("benefit", Kind.DO),
    "few": lambda pieces, _: [t for t in pieces.simple_things("feature") if " " in t],
    "wish": lambda pieces, _: pieces.wishes("benefit"),
    "need": Pieces.needs,
    "part": lambda pieces, source: [t for t in pieces.things(source) if not _SPANS.search(t)],
    "act": lambda pieces, source: pieces.facts(source, Kind.DO),
    "act2": lambda pieces, _: pieces.facts("", Kind.DO),
    "theiract": lambda pieces, _: [
        _theirs(t) for t in pieces.facts("", Kind.DO) if not re.search(r"\byou", _theirs(t))
    ],
    "does": Pieces.does,
    "doesit": Pieces.does_it,
    "order": Pieces.orders,
    "quality": Pieces.qualities,
    "short": Pieces.adjectives,
    "short2": lambda pieces, _: pieces.adjectives(""),
    "made": lambda pieces, source: pieces.facts(source, Kind.MADE),
    "says": Pieces.clauses,
    "wesay": lambda pieces, _: [t for t in pieces.clauses("") if t.startswith("we ")],
    "absence": lambda pieces, _: pieces.facts("", Kind.WITHOUT),
    "absence2": lambda pieces, _: pieces.facts("", Kind.WITHOUT),
    "fact": lambda pieces, source: pieces.facts(
        source, Kind.DO, Kind.THING, Kind.SAYS, Kind.MADE, Kind.WITHOUT
    ),
    "painthing": Pieces.pain_things,
    "paindoing": Pieces.pain_acts,
    "pain": lambda pieces, _: [
        *pieces.pains(Kind.THING, Kind.SAYS, Kind.WITHOUT, Kind.QUALITY, Kind.MADE),
        *pieces.pain_acts(""),
    ],
}
