"""The words a line may use: those of its brief, their inflections, and a model's own vocabulary.

A small model that copies a word nearly right writes a word that does not exist; one that may only
use known words cannot.  Knows no tokens: the engine holds the words while it decodes.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from creative.domain import Brief
from creative.inflection import inflections, lexicon
from creative.ranking.kinds import read_phrase

_WORD = re.compile(r"[^\W\d_]+")
_PART = re.compile(r"\w+")
_HYPHENS = re.compile(r"[‐‑]")
_COMPOUND = re.compile(r"\w+(?:-\w+)+")
_SHORT_WORD = 2  #: letters of words that other names have too
#: A capital inside a word, which is a slip unless somebody spells a name so: "StilL", "iPhone".
_ODD_CAPITALS = re.compile(r"\b\w*(?:[a-z][A-Z]|[A-Z]{2,}[a-z])\w*")

#: Words of weight that begin neither a line nor a part of it.
_INNER = re.compile(r"(?<=[^\W_] )(?<![.:?!] )[^\W\d_]{3,}")


def odd_capitals(text: str, brief: Brief) -> list[str]:
    """Return the words with a capital inside that the brief does not spell so."""
    said = " ".join(_brief_texts(brief))
    inside = [word for word in _ODD_CAPITALS.findall(text) if word not in said]
    brands = re.findall(rf"\b{re.escape(brief.brand.name)}\b", text, re.IGNORECASE)
    otherwise = [spelt for spelt in brands if spelt not in said]
    return [*inside, *otherwise, *_half_capitalised(text, brief.product.name)]


def odd_compounds(text: str, brief: Brief, vocabulary: frozenset[str]) -> list[str]:
    """Return the words with a hyphen that neither the brief nor a vocabulary has: "sit-far"."""
    said = " ".join((*_brief_texts(brief), *brief.brand.required_words))
    known = vocabulary.union(_compounds(said))
    return [word for word in _compounds(text) if word not in known]


def _compounds(text: str) -> list[str]:
    return _COMPOUND.findall(_HYPHENS.sub("-", text).casefold())


def is_mixed_case(text: str, brief: Brief) -> bool:
    """Tell whether some words are large and some small: "Wide toe Box".

    For lines of words that are all known: a name that the brief lacks would look like a slip.
    Names may be written short: "31 Mar" of "31 March".
    """
    words = (word for text in _brief_texts(brief) for word in _WORD.findall(text))
    said = tuple(word for word in words if word != word.lower())
    inner: list[str] = [
        word for word in _INNER.findall(text) if not any(name.startswith(word) for name in said)
    ]
    small = lexicon()["prepositions"] | {"and", "but", "nor", "the"}
    plain: list[str] = [word for word in inner if word.lower() not in small]
    large = sum(word[0].isupper() for word in plain)
    return 0 < large < len(plain)


def names_in_part(text: str, brief: Brief) -> bool:
    """Tell whether a line has a word that only the brand has, but not the whole brand.

    >>> from creative.domain import Brand, Product
    >>> brief = Brief(brand=Brand(name="Wharf17 Boats"), product=Product(name="boats"), channel="")
    >>> names_in_part("Wharf17 holidays", brief), names_in_part("Boats for a week", brief)
    (True, False)
    """
    if brief.brand.name.casefold() in text.casefold():
        return False
    return not _words_of(text).isdisjoint(_own_words(brief))


@lru_cache(maxsize=64)
def _own_words(brief: Brief) -> frozenset[str]:
    """Return the words of a brand that nothing else in its brief has."""
    brand = brief.brand.name
    rest = " ".join(each for each in _brief_texts(brief) if each != brand)
    own = _words_of(brand) - _words_of(rest)
    return frozenset(word for word in own if len(word) > _SHORT_WORD)


def _words_of(text: str) -> set[str]:
    return set(_PART.findall(text.casefold()))


def _half_capitalised(text: str, name: str) -> list[str]:
    """Return the places that spell a name with some of its capitals: "morning Box"."""
    found = re.findall(re.escape(name), text, re.IGNORECASE)
    whole = {name, name.lower(), name.title(), name.capitalize(), name[:1].upper() + name[1:]}
    return [spelt for spelt in found if spelt not in whole]


def grounded_words(brief: Brief, vocabulary: frozenset[str]) -> frozenset[str]:
    """Return the entries that a line about this brief may be made of.

    Args:
        vocabulary: Lower-case words that fit any brief, such as "with" and "made".
    """
    return vocabulary.union(_brief_texts(brief), _inflections(brief))


def _brief_texts(brief: Brief) -> Iterator[str]:
    product, audience = brief.product, brief.audience
    yield from (brief.brand.name, product.name, product.offer, product.price, audience.name)
    yield from (*product.proof, *audience.pains, *brief.keywords)
    yield from (*product.benefits, *product.features)
    if not (product.benefits or product.features):
        yield product.description


def _inflections(brief: Brief) -> Iterator[str]:
    """Yield benefits and features in their one spelling, and verbs and nouns in their other forms.

    Of a benefit or feature only the first word has them: "keeps drinks cold", "keep drinks cold".
    """
    product = brief.product
    facts = (*product.benefits, *product.features)
    spelt = [read_phrase(fact)[1] for fact in facts]
    yield from spelt
    names = (product.name, brief.audience.name, *brief.audience.pains)
    first = [fact.split(" ", 1)[0] for fact in spelt if fact]
    words = {word for text in (*first, *names) for word in _WORD.findall(text.lower())}
    for word in words:
        yield from inflections(word)
