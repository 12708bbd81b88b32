"""Signs by which readers' marks of a line in a frame can be told: what its pieces are and lose.

A piece is what stands in a slot.  It tells an item of the brief, all of it or part; how it begins
and ends, and which words of the item go unsaid, says more of whether a reader lets it run than that
it is short.  Signs are names, of which `odds` knows the weights.  English only.
"""

import re
from collections.abc import Container, Iterator, Sequence
from functools import cache, lru_cache

from creative.domain import Brief
from creative.drafting.frames import Framed, pieces_in
from creative.drafting.items import to_reader
from creative.drafting.nouns import is_gerund
from creative.inflection import lexicon, verb_forms
from creative.ranking.kinds import read_phrase
from creative.tightening import DAYS, MONTHS

_WORD = re.compile(r"[$£€]?\w+(?:['’.,/&-]\w+)*[%+]?")
#: Fields of which most slots tell an item; a product may be an act.
_SOLD = ("benefit", "feature", "product")
#: Fields of the other slots.
_FIELDS = {
    "brand": (),
    "place": (),
    "situation": (),
    "town": (),
    **dict.fromkeys(("product", "aproduct", "oneproduct"), ("product",)),
    **dict.fromkeys(("todo", "purchase"), ("product",)),
    **dict.fromkeys(("price", "frompri", "sum", "rate"), ("price",)),
    **dict.fromkeys(("proof", "proofdone"), ("proof",)),
    **dict.fromkeys(("pain", "painthing", "paindoing"), ("pain",)),
    **{name: (name,) for name in ("keyword", "audience", "offer")},
}
_PRONOUNS = frozenset("i it they we you".split())
_OWNERS = frozenset("our we you your".split())
_DENYING = frozenset("can't don't doesn't never no nobody none not without won't".split())
_BOUNDS = frozenset(
    "after before by except for from if on once only over per under until when while within "
    "without".split()
)
_TIMES = frozenset(
    "second minute hour day night week weekend month season year morning evening".split()
).union(name.lower() for name in (*DAYS, *MONTHS))
_MOST = 4  #: words lost that are counted
#: How signs begin that are of no slot in particular.
OF_ALL = ("adds ", "loses ", "item is ", "begins ", "ends ")


def signs(line: Framed, brief: Brief) -> set[str]:
    """Return the signs of a line, those of all its slots together."""
    found: set[str] = set()
    items = _items(brief)
    for slot, piece in pieces_in(line, brief.brand.name).items():
        words, fields = _words(piece), _FIELDS.get(slot, _SOLD)
        own = [(field, item) for field in fields for item in items[field]]
        if not (told := _told(words, own)):
            continue
        field, item = told
        found |= {
            f"{slot} of {field}",
            f"{slot} begins {_class(words[0])}",
            f"{slot} ends {_class(words[-1])}",
            f"item is {read_phrase(item)[0].value}",
            *_losses(words, _words(item)),
        }
    return found


def _items(brief: Brief) -> dict[str, tuple[str, ...]]:
    """Return what pieces come from, by field."""
    product, audience = brief.product, brief.audience
    return {
        "product": (product.name,),
        "audience": (audience.name,),
        "price": (product.price,),
        "offer": (product.offer,),
        "benefit": product.benefits,
        "feature": product.features,
        "pain": tuple(map(to_reader, audience.pains)),
        "proof": product.proof,
        "keyword": brief.keywords,
    }


def _told(words: Sequence[str], items: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the item of which a piece has most words and loses fewest, with its field.

    None where no item has a word of it.
    """

    def closeness(each: tuple[str, str]) -> tuple[int, int]:
        own = _words(each[1])
        return sum(word in own for word in words), -len(own)

    found = max(items, key=closeness, default=None)
    return found if found and closeness(found)[0] else None


def _losses(words: Sequence[str], item: Sequence[str]) -> Iterator[str]:
    """Yield what of an item goes unsaid in a piece."""
    lost = [word for word in item if word not in words]
    yield f"adds {min(_MOST, sum(word not in item for word in words))}"
    yield f"loses {min(_MOST, len(lost))}"
    if not lost:
        return
    kinds = {
        "a time": any(word in _TIMES or word.removesuffix("s") in _TIMES for word in lost),
        "a bound": not _BOUNDS.isdisjoint(lost),
        "a denial": not _DENYING.isdisjoint(lost),
        "a number": any(char.isdigit() for word in lost for char in word),
        "an owner": not _OWNERS.isdisjoint(lost),
        "a preposition": not lexicon()["prepositions"].isdisjoint(lost),
        "its beginning": item[0] != words[0],
        "its end": item[-1] != words[-1],
    }
    yield from (f"loses {kind}" for kind, is_lost in kinds.items() if is_lost)
    if words[0] in item[1:]:
        yield f"begins after {_class(item[item.index(words[0]) - 1])}"
    if words[-1] in item[:-1]:
        yield f"ends before {_class(item[item.index(words[-1]) + 1])}"


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


def _class(word: str) -> str:
    """Return what sort of word it is, as far as its form tells."""
    if word[0].isdigit() or word[0] in "$£€":
        return "a number"
    for name, own in _classes().items():
        if word in own:
            return name
    if is_gerund(word):
        return "a gerund"
    if word.endswith("ly"):
        return "an adverb"
    return "a plural" if word.endswith("s") else "another word"


@cache
def _classes() -> dict[str, Container[str]]:
    forms = verb_forms()
    return {
        "a preposition": lexicon()["prepositions"],
        "an article": {"a", "an", "the", "my", "our", "their", "your"},
        "a denial": _DENYING,
        "a participle": forms.participles,
        "a third person": forms.thirds,
        "an adjective": lexicon()["adjectives"],
        "a pronoun": _PRONOUNS,
        "a conjunction": {"and", "but", "or"},
    }
