"""The pieces of a brief that may stand in a line: phrases whole, and short forms of them.

`Pieces.of` returns those for a slot of a frame (frames.txt).  Which slots a phrase fills follows
from its kind (creative/ranking/kinds.py).  Where nobody has shortened a phrase with sense, it is
cut where English may be cut (`cutting`).
"""

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import cached_property

from creative.domain import Brief
from creative.drafting.cutting import cut_acts, heads, parts, short_names
from creative.drafting.deeds import deeds
from creative.drafting.items import (
    DENIES,
    TOLD_APART,
    hurts_as,
    of_many,
    pain_kind,
    read_feature,
    read_item,
    theirs,
    to_reader,
    verb_of,
)
from creative.drafting.nouns import (
    ARTICLE,
    BREAKS,
    COUNTED,
    FINITE,
    JOINED,
    head_noun,
    is_act,
    is_many,
    is_nuisance,
    is_one,
    with_article,
)
from creative.drafting.places import places, towns
from creative.drafting.prices import rates, sums, sums_from
from creative.drafting.situations import situations
from creative.inflection import (
    article,
    base_form,
    is_listed,
    is_plural,
    lexicon,
    third_person,
    verb_forms,
)
from creative.ranking.kinds import WORD, Kind, lowered, read_phrase
from creative.trades import Trade, trade_of

_NEEDLESS = re.compile(r"(?:saves|gives|gets) you ", re.IGNORECASE)
_GETS = {"saves": "save", "gives": "get", "gets": "get"}
#: Acts of a product that are orders too: "keeps drinks cold", "keep drinks cold".
_ORDERS = frozenset(
    "avoids boosts brightens builds calms cleans clears cools cuts eases ends fixes improves keeps "
    "lowers protects reduces relieves restores saves simplifies softens soothes speeds stops "
    "strengthens supports".split()
)
_DONE = re.compile(
    r"(?:approved|as seen|backed|certified|chosen|featured|loved|made|rated|recommended|registered|"
    r"reviewed|trusted|used|voted|worn|accredited|tested|endorsed|licensed)\b"
)
_BUYS = re.compile(r"(?:book|buy|enrol on|hire|join|learn|order|rent) |get (?:an?|your) ")
_SPANS = re.compile(r"\b(?:second|minute|hour|day|night|week|month|year)s?\b")
_WRITTEN = re.compile(r"[^\W\d_]+")
_ACT = re.compile(r"[a-z]+ (?:an?|the) ")
_ABSENT = re.compile(r"no (?:more )?(?=[a-z])")
_FEWER = re.compile(r"(?:fewer|less) (?!than )(?=[a-z])")
#: Acts of a product or a reader after which stands what nobody wants.
_RIDS = re.compile(
    r"(?:avoid|ditch|eliminate|kill|prevent|reduce|remove|stop)s? (?!motion )(?:the |your )?"
)
#: Verbs of what a reader goes through, which he may be asked: "hate flying?".
_FELT = frozenset("dread fear feel forget hate miss need struggle think want wish".split())
_ACRONYMS = "AI BBQ CBD CPA CRM DIY EV GPS MOT NDA OTC SEO TV UK USA UV VAT".split()
#: What people type and no ad says: "is it a good idea", "ceilidh band price".
_TYPED = re.compile(
    r"(?:are|best|can|do|does|how|is|what|when|where|which|why) |"
    r".* (?:cost|costs|donate|price|prices)$",
    re.IGNORECASE,
)
_NEAR_ME = re.compile(r"\s*\bnear (?:me|you)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """A benefit or feature, or the head of one."""

    kind: Kind
    text: str
    source: str  #: "benefit" or "feature"


class Pieces:
    """What a brief holds for each slot."""

    def __init__(self, brief: Brief) -> None:
        self._brief, product = brief, brief.product
        self._product = lowered(product.name)
        self._facts = [
            Fact(kind, text, source)
            for source, items in (("benefit", product.benefits), ("feature", product.features))
            for item in items
            for kind, text in self._said(item, source)
            if WORD.search(text.lower())
        ]
        if self._is_act:
            self._facts.append(Fact(Kind.DO, self._product, "benefit"))
        self._pains = [
            (pain_kind(pain), to_reader(pain))
            for item in brief.audience.pains
            for pain in (lowered(item).rstrip("?"), *(brief.forms_of(item) or ()))  # frames ask
            if WORD.search(pain.lower()) and hurts_as(item, pain)
        ]

    def _said(self, item: str, source: str) -> Iterator[tuple[Kind, str]]:
        """Yield a benefit or feature and what it comes down to, each with its kind."""
        reading = read_feature if source == "feature" else read_item
        short = self._brief.forms_of(item)
        if short is not None:
            yield from map(reading, (item, *(short or cut_acts(item))))
            return
        for kind, text in map(reading, parts(item)):
            for head in heads(kind, text):
                yield kind, head

    def _headed(self, item: str) -> Iterator[str]:
        """Yield a proof or an offer, and what it comes down to."""
        short = self._brief.forms_of(item)
        if short is not None:
            yield from map(lowered, (item, *short))
        elif item:
            yield from heads(Kind.MADE, lowered(item))

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
        return [text for text in self.facts(source, Kind.THING) if not FINITE.search(text)]

    def simple_things(self, source: str) -> list[str]:
        """Return nouns that can be one of several."""
        return [text for text in self.things(source) if not JOINED.search(text)]

    def wishes(self, source: str) -> list[str]:
        """Return nouns that a reader may be asked to want, with the article they need."""
        found = [text for text in self.simple_things(source) if not COUNTED.match(text)]
        given = verb_forms().participles  # "all kit provided" is said, not wished for
        wanted = (text for text in found if text.split()[-1] not in given)
        return [text for text in wanted if ARTICLE.match(text) or is_many(text)]

    def needs(self, _: str) -> list[str]:
        """Return features that a reader may be asked to need, with the article they need."""
        things = [text for text in self.simple_things("feature") if not _SPANS.search(text)]
        found = [text for text in self.wishes("feature") if text in things and " " in text]
        bare = (text for text in things if text not in found)
        return [*found, *(f"{article(text)} {text}" for text in bare if is_one(text))]

    def does(self, source: str) -> list[str]:
        return [t for t in self.facts(source, Kind.DOES) if verb_of(t) in verb_forms().thirds]

    def _acts(self, source: str) -> list[str]:
        """Return what the product does, and does not: "doesn't itch"."""
        denied = (t for t in self.facts(source, Kind.DOES) if DENIES.match(t))
        return [*self.does(source), *denied]

    def does_it(self, source: str) -> list[str]:
        """Return acts of the product in the form that agrees with it."""
        found = self._acts(source)
        return [of_many(text) for text in found] if is_plural(self._product) else found

    def own_acts(self, source: str) -> list[str]:
        """Return acts of a product that is no service and one: "it holds its tune"."""
        return [] if is_plural(self._product) or self._is_act else self._acts(source)

    def orders(self, source: str) -> list[str]:
        """Return acts of the product that the reader may be told to do."""
        found = []
        for text in self.does(source):
            verb, _, rest = text.partition(" ")
            if _NEEDLESS.match(text):
                found.append(f"{_GETS[verb]} {rest.partition(' ')[2]}")
            elif verb in _ORDERS and rest[:4] not in {"", "you ", "its "}:
                found.append(f"{base_form(verb)} {rest}")
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
            for head in ([text] if TOLD_APART.search(text) else heads(Kind.THING, text, BREAKS))
        ]
        return [
            text
            for text in found
            if not (ARTICLE.match(text) or COUNTED.match(text) or FINITE.search(text))
            and not text.startswith("too ")
            and ", no " not in text  # "no more long queues, no seats"
            and is_many(text)
        ]

    def pain_acts(self, _: str) -> list[str]:
        return self._suffered(verb_forms().gerunds)

    def felt(self) -> list[str]:
        """Return what a reader says that he feels, as he may be asked it: "hate flying"."""
        return self._suffered(_FELT)

    def _suffered(self, openings: Container[str]) -> list[str]:
        return [text for text in self.pains(Kind.DO) if text.split()[0].lower() in openings]

    def absent(self, _: str) -> list[str]:
        """Return what benefits and features do without, as nouns of many or of a mass."""
        return [text for text in self._denied(_ABSENT, Kind.WITHOUT) if not is_act(text)]

    def unwanted(self, _: str) -> list[str]:
        """Return what benefits and features take away, all of it or some: "hidden fees"."""
        return [
            *self._denied(_ABSENT, Kind.WITHOUT),
            *self._denied(_FEWER, Kind.THING),
            *self._denied(_RIDS, Kind.DO, Kind.DOES),
        ]

    def _denied(self, opening: re.Pattern[str], *kinds: Kind) -> Iterator[str]:
        """Yield what stands after an opening, in the plural where it is one of several."""
        for text in dict.fromkeys(self.facts("", *kinds)):
            if (found := opening.match(text)) and is_nuisance(noun := text[found.end() :]):
                yield third_person(noun) if is_one(noun) and not is_act(noun) else noun

    def todo(self, _: str) -> list[str]:
        """Return the product where it is something to do, or what its buyer does."""
        return [self._product] if self._is_act else [*deeds(self._names), *self._trade.deeds]

    def purchases(self, _: str) -> list[str]:
        """Return what is had by doing it, so that a price may follow: no "ask for a fitting"."""
        return [text for text in self.todo("") if self._is_act or _BUYS.match(text)]

    def proofs(self, _: str) -> list[str]:
        return [head for item in self._brief.product.proof for head in self._headed(item)]

    def offers(self, _: str) -> list[str]:
        return list(self._headed(self._brief.product.offer))

    def audiences(self, _: str) -> list[str]:
        """Return whom it is for, where that is a noun of many."""
        name = self.audience
        short = [f for f in self._brief.forms_of(name) or () if head_noun(f) == head_noun(name)]
        named = (name, *short) if short else heads(Kind.THING, name, BREAKS)
        found = (lowered(each) for each in named if each)
        return [text for text in found if is_plural(text) and not ARTICLE.match(text)]

    def situations(self, _: str) -> list[str]:
        """Return what those are in whom it is for, or who buy such things, as they may be asked."""
        return self._situations

    @cached_property
    def _situations(self) -> list[str]:
        return [*situations(lowered(self.audience)), *self._trade.asks]

    @property
    def _trade(self) -> Trade:
        return trade_of(self._brief)

    @cached_property
    def price(self) -> str:
        """The price as it stands in a line."""
        return lowered(self._brief.product.price)

    @property
    def audience(self) -> str:
        """Whom it is for, as the brief says."""
        return self._brief.audience.name

    @cached_property
    def _is_act(self) -> bool:
        """Whether what is offered is something to do: "adopt a hedgehog"."""
        return bool(_ACT.match(self._product)) and read_phrase(self._product)[0] is Kind.DO

    def products(self, _: str) -> list[str]:
        return [] if self._is_act else [name for name in self._names if name.strip()]

    def keywords(self, _: str) -> list[str]:
        """Return what people search for, as an ad may say it: "gas engineer in Leeds".

        Capitals are those of the rest of the brief.  "Near me" is what a reader types, and nothing
        that an ad says; nor is a single word, or one that ends on a name which the brief lacks.
        """
        named = (_NEAR_ME.sub("", each).strip() for each in self._brief.keywords)
        told = (each for each in named if " " in each and not _TYPED.match(each))
        return [self._in_place(each) for each in told if self._ends_known(each)]

    def _ends_known(self, keyword: str) -> bool:
        """Tell whether a keyword ends on a word of the brief or of the word lists.

        What no list knows may be a town that the brief does not name: "debt help newcastle".
        """
        last = re.split(r"[\s-]", keyword.lower())[-1]
        own = re.compile(rf"\b{re.escape(last)}\b", re.IGNORECASE)
        return is_listed(last) or own.search(self._text) is not None

    def _in_place(self, keyword: str) -> str:
        said = _WRITTEN.sub(lambda found: self._capitals.get(found[0].lower(), found[0]), keyword)
        *rest, last = said.split()
        is_bare = (
            last in places(self.audience) and rest[-1].lower() not in lexicon()["prepositions"]
        )
        return f"{' '.join(rest)} in {last}" if is_bare else said

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The product, and what it may be called where there is little room."""
        short = self._brief.forms_of(self._brief.product.name) or ()
        known = tuple(short_names(self._product))
        same = [form for form in short if head_noun(form) == head_noun(self._product)]
        begun = (form for form in same if self._product.lower().startswith(form.lower()))
        return tuple(dict.fromkeys((*known, *begun)))

    @cached_property
    def _capitals(self) -> dict[str, str]:
        """Names and acronyms of the brief, and known ones, by small letters: "Derby", "EPDM"."""
        written = _WRITTEN.findall(self._text)
        own = {word.lower(): word for word in written if word != word.lower()}
        return {word.lower(): word for word in _ACRONYMS} | own

    @cached_property
    def _text(self) -> str:
        """All that the brief says of product and audience, without capitals of sentences."""
        product, audience = self._brief.product, self._brief.audience
        texts = (product.name, *product.benefits, *product.features, *product.proof, product.offer)
        return " ".join(map(lowered, (*texts, audience.name, *audience.pains)))

    def attributes(self, source: str) -> list[str]:
        """Return what may stand before a noun: "cheap", "locally grown"."""
        joins = lexicon()["prepositions"]
        found = self.facts(source, Kind.QUALITY, Kind.MADE)
        return [t for t in found if len(t.split()) < 3 and joins.isdisjoint(t.split())]

    def products_with_article(self, _: str) -> list[str]:
        """Return names of the product after the article they take, as far as that is known."""
        return [text for name in self.products("") for text in with_article(name)]

    def products_of_one(self, _: str) -> list[str]:
        """Return names of the product, unless it is of many: who needs pianos?"""
        return [text for text in self.products_with_article("") if not is_plural(text)]

    def brands(self, _: str) -> list[str]:
        return [self._brief.brand.name]


def share_words(text: str, other: str) -> bool:
    """Tell whether two pieces have a word of weight in common, so that one line takes but one."""
    same = text.casefold() == other.casefold()  # "SPF 50" has no word of weight
    return same or not _content(text).isdisjoint(_content(other))


def _content(text: str) -> set[str]:
    return {word[:5] for word in WORD.findall(text.lower()) if len(word) > 3}


_Finder = Callable[[Pieces, str], list[str]]
_SLOTS: dict[str, _Finder] = {
    "brand": Pieces.brands,
    "product": Pieces.products,
    "situation": Pieces.situations,
    "keyword": Pieces.keywords,
    "place": lambda pieces, _: places(pieces.audience),
    "town": lambda pieces, _: towns(pieces.audience),
    "attribute": Pieces.attributes,
    "aproduct": Pieces.products_with_article,
    "oneproduct": Pieces.products_of_one,
    "audience": Pieces.audiences,
    "sum": lambda pieces, _: sums(pieces.price),
    "price": lambda pieces, _: sums_from(pieces.price),
    "frompri": lambda pieces, _: sums_from(pieces.price, "from "),
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
        theirs(t) for t in pieces.facts("", Kind.DO) if not re.search(r"\byou", theirs(t))
    ],
    "does": Pieces.does,
    "doesit": Pieces.does_it,
    "itdoes": Pieces.own_acts,
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
    "absent": Pieces.absent,
    "unwanted": Pieces.unwanted,
    "rate": lambda pieces, _: rates(pieces.price),
    "todo": Pieces.todo,
    "purchase": Pieces.purchases,
    "paindoing": Pieces.pain_acts,
    "pain": lambda pieces, _: [
        *pieces.pains(Kind.THING, Kind.SAYS, Kind.WITHOUT, Kind.QUALITY, Kind.MADE),
        *pieces.pain_acts(""),
        *pieces.felt(),
    ],
}
