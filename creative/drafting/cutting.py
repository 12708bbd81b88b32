"""Where phrases of a brief may be cut, where there is little room and nobody shortens with sense.

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Iterator

from creative.drafting.nouns import ARTICLE, BREAKS
from creative.inflection import lexicon, verb_forms
from creative.ranking.kinds import Kind, read_phrase

CUTS = re.compile(r" (?=(?:with|for|from|in|by) )")  #: where no condition is lost
NEEDS_BOTH = re.compile(  # "no win, no fee", "buy two, get one free"
    r"^(?:no|not|less|more|buy|order|book|refer|bring) |(?: and | or |&)|, (?:get|save|pay|the) "
)
_ALONE = {Kind.QUALITY, Kind.WITHOUT, Kind.MADE}  #: kinds of which half an item says enough
_SHORTEST_HEAD, _SHORTEST_ACT = 2, 3  #: words
_LONG = 30  #: characters; a longer act is better cut than left out
#: Words that tie what stands before them to what comes after: "pay what you can Thursdays".
_TIES = frozenset("and & of to what that who you we it can will as for on at every free".split())


def heads(kind: Kind, text: str, breaks: re.Pattern[str] = CUTS) -> Iterator[str]:
    """Yield a phrase, then what is left of it where the rest may go unsaid.

    >>> list(heads(Kind.THING, "a secure field with a pond"))
    ['a secure field with a pond', 'a secure field']
    """
    yield text
    if text.count(", ") == 1 and not NEEDS_BOTH.search(text):
        yield from _long_enough(text.split(", ")[0])
    if kind in {Kind.DO, Kind.DOES} and text.count(" and ") == 1 and ", " not in text:
        yield from _long_enough(text.split(" and ")[0], _SHORTEST_ACT)
    if kind in {Kind.THING, Kind.WITHOUT} and (found := breaks.search(text)):
        yield from _long_enough(text[: found.start()])


def cut_acts(item: str) -> Iterator[str]:
    """Yield what is left of a long act where nobody found a better short form.

    >>> list(cut_acts("Hear world class players in a candlelit barn"))
    ['hear world class players']
    """
    kind, text = read_phrase(item)
    found = CUTS.search(text)
    if kind in {Kind.DO, Kind.DOES} and len(text) > _LONG and found:
        yield from _long_enough(text[: found.start()], _SHORTEST_ACT)


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
    head = BREAKS.split(product)[0]
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
    waits = last in forms.participles or last in joins or last in forms.gerunds or last.isdigit()
    if len(ARTICLE.sub("", head).split()) >= words and not waits:
        yield head
