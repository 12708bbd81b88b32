"""Where phrases of a brief may be cut, where there is little room and nobody shortens with sense.

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Iterator

from creative.drafting.nouns import ARTICLE, BREAKS
from creative.drafting.truth import REFERRING
from creative.inflection import lexicon, verb_forms
from creative.ranking.kinds import Kind, read_phrase

CUTS = re.compile(r" (?=(?:with|for|from|in|by) )")  #: where no condition is lost
NEEDS_BOTH = re.compile(  # "no win, no fee", "buy two, get one free"
    r"^(?:no|not|less|more|buy|order|book|refer|bring) |(?: and | or |&)|, (?:get|save|pay|the) "
)
_ALONE = {Kind.QUALITY, Kind.WITHOUT, Kind.MADE}  #: kinds of which half an item says enough
_SHORTEST_HEAD, _SHORTEST_ACT = 2, 3  #: words
_NAMED = re.compile(rf"{BREAKS.pattern}| (?=to (?:an?|our|the) |at [A-Z]|of the |on[ -]site$)")
#: Nouns that make a word of two with what stands before them: "mobile home", "fresh air".
_PAIRED = frozenset("air home hour phone price school start water".split())
#: Words without which a product is still what it is.
_DESCRIBING = frozenset(
    "affordable bespoke beautiful custom daily emergency evening expert express fresh friendly "
    "gentle guided intensive local luxury mobile modern monday tuesday wednesday thursday friday "
    "saturday sunday monthly online personal premium private professional reliable specialist "
    "stylish weekend weekly".split()
)
_COMPOUND = re.compile(r"\w+-(?:day|hour|week|\w+-\w+(?:-\w+)?)")  #: "same-day", "cut-your-own"
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
    ['small batch hot sauce']
    >>> list(short_names("monthly giving to our food bank"))
    ['monthly giving to our food bank', 'monthly giving']
    >>> list(short_names("fresh dog food delivery"))
    ['fresh dog food delivery', 'dog food delivery']
    >>> list(short_names("second-hand OO gauge locomotives"))
    ['second-hand OO gauge locomotives']
    >>> list(short_names("cut-your-own Christmas tree farm"))
    ['cut-your-own Christmas tree farm', 'Christmas tree farm']
    >>> list(short_names("motorcycle tours of the Picos")), list(short_names("Library of Things"))
    (['motorcycle tours of the Picos', 'motorcycle tours'], ['Library of Things'])
    """
    yield product
    head = _NAMED.split(product)[0]
    if head != product:
        yield head
    words = head.split()
    while len(words) > 2 and _describes(*words[:2]) and _TIES.isdisjoint(words):
        words = words[1:]
        yield " ".join(words)


def _describes(word: str, noun: str) -> bool:
    """Tell whether a word only describes what follows: "fresh dog food", but no "mobile home"."""
    describes = word.lower() in _DESCRIBING or _COMPOUND.fullmatch(word)
    return bool(describes) and noun.lower() not in _PAIRED


def _long_enough(head: str, words: int = _SHORTEST_HEAD) -> Iterator[str]:
    if not head.split():
        return
    last = head.split()[-1].lower()
    forms = verb_forms()
    joins = lexicon()["prepositions"] - {"off"}
    is_open = last in joins | REFERRING or last.isdigit() or last.endswith(("'s", "’s"))
    waits = is_open or last in forms.participles or last in forms.gerunds
    if len(ARTICLE.sub("", head).split()) >= words and not waits:
        yield head
