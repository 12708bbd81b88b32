"""What those are in whom an offer is for, as a reader may be asked: "getting married next year".

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Iterator

from creative.drafting.nouns import COUNTED
from creative.inflection import is_plural, lexicon, verb_forms

_TIES = re.compile(
    r"(?:(?:who|that)(?:['’]re| are| were| was| have)? |"
    r"with(?:out)? (?:an? |the |any |enough |their own |their )?)"
)
_OPENINGS = {"without": "no "}
_THEIR = re.compile(r"\btheir\b")
_WISHING = {"wanting": "want", "needing": "need"}
_JOINS = re.compile(r" (?:or|but) (?!an? )")
_YEARS = re.compile(r"\b(?:over|under|aged?|ages) \d", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:between|they|them|themselves|someone)\b", re.IGNORECASE)
#: Participles and adjectives that say how somebody is, before what it is about.
_BEING = re.compile(
    r"(?:bored|curious|fed up|interested|new|scared|serious|sick|stuck|tired|worried)"
    r" (?:about|by|in|of|to|with) "
)
_MOST = 20  #: words that are looked at
_ANDS = frozenset({"and", "or"})
_SHORTEST = 2  #: words


def situations(audience: str) -> Iterator[str]:
    """Yield what an audience is in, and the first half of it where it has two.

    >>> list(situations("adults learning Welsh for work or family"))
    ['learning Welsh for work or family', 'learning Welsh for work']
    >>> list(situations("homeowners with a tired kitchen"))
    ['tired kitchen']
    >>> list(situations("dog owners"))
    []
    """
    said = _said(audience)
    if _YEARS.search(said) or _OTHERS.search(said):
        return
    for text in dict.fromkeys((said, _JOINS.split(said)[0])):
        if len(text.split()) >= _SHORTEST and not COUNTED.match(text):
            yield text


def _said(audience: str) -> str:
    words, has_many = audience.split()[:_MOST], False
    for at in range(1, len(words)):
        last, rest = words[at - 1], " ".join(words[at:])
        has_many = has_many or is_plural(last)
        is_whole = last[-1].isalnum() and last not in _ANDS
        if is_whole and has_many and (said := _opened(rest)):
            return _THEIR.sub("your", said)
    return ""


def _opened(rest: str) -> str:
    """Return a description that follows a noun, without what ties it to that."""
    first, _, after = rest.partition(" ")
    is_noun = first in lexicon()["gerunds that start a noun phrase"] and is_plural(after)
    if first in verb_forms().gerunds and after and not is_noun:
        return f"{_WISHING.get(first, first)} {after}"
    if found := _TIES.match(rest):
        return _OPENINGS.get(first, "") + rest[found.end() :]
    return rest if _BEING.match(rest) else ""
