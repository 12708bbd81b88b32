"""Long items of a brief in other words, as copywriters turn them where room is short.

"Home visits if you can't travel" is "can't travel? home visits".  Each rule knows one turn of
English and promises no more than the item does; two rules may follow one another.

English only.  Knows words, no brief and no model.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from creative.drafting.cutting import NEEDS_BOTH
from creative.drafting.nouns import COUNTED, FINITE, JOINED
from creative.inflection import article, lexicon, verb_forms
from creative.ranking.kinds import Kind, read_phrase
from creative.tightening import tightened

_PAINS, _GAINS, _PROOF, _OFFER = (
    frozenset({"pains"}),
    frozenset({"benefits", "features"}),
    frozenset({"proof"}),
    frozenset({"offer"}),
)
_SOLD = _GAINS | _OFFER
_ANY = _PAINS | _GAINS | _PROOF | _OFFER
_SHORTEST = 9  #: characters
_STEPS = 2  #: rules that may follow one another
_LISTED = 3  #: things, from which on the last ones are "more"
_LOOSE = frozenset({Kind.THING, Kind.QUALITY, Kind.SAYS})
_OPEN = frozenset({"you", "your", "our", "we", "it"})
_WORDS = 2  #: that a part of an item has at least

_Turn = Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A turn: what it matches in items of some fields, and what it makes of that, or nothing."""

    fields: frozenset[str]
    pattern: re.Pattern[str]
    turn: str | _Turn

    def said(self, field: str, text: str) -> str:
        found = self.pattern.fullmatch(text) if field in self.fields else None
        if not found:
            return ""
        return found.expand(self.turn) if isinstance(self.turn, str) else self.turn(found)


def reworded(field: str, item: str, most: int) -> Iterator[str]:
    """Yield an item of a field in other words that fit in so many characters.

    >>> list(reworded("features", "home visits if you can't travel", 30))
    ["can't travel? home visits"]
    """
    seen, latest = {item}, [item]
    for _ in range(_STEPS):
        turned = (said for text in latest for rule in _RULES if (said := rule.said(field, text)))
        latest = [text for text in dict.fromkeys(turned) if text not in seen]
        seen.update(latest)
        for text in latest:
            if _SHORTEST <= len(short := tightened(text, most)) <= most:
                yield short


def cut(field: str, item: str, most: int) -> Iterator[str]:
    """Yield an item of a field without its end, where English may be cut.

    >>> list(cut("features", "5 themed rooms, up to 40 players", 30))
    ['5 themed rooms']
    """
    said = (rule.said(field, item) for rule in _CUTS)
    yield from (text for text in said if _SHORTEST <= len(text) <= most)


def _first_part(found: re.Match[str]) -> str:
    """Return the first of two parts of an item that say each something by themselves."""
    return found[1] if _are_loose(found[1], found[2]) else ""


def _last_part(found: re.Match[str]) -> str:
    """Return the last of them, if what stands before the first does not belong to it too."""
    opening, last = found[1].split()[0].lower(), found[2].split()
    is_act = opening in verb_forms().gerunds or opening in verb_forms().thirds
    is_simple = lexicon()["prepositions"].isdisjoint(last)
    return found[2] if _are_loose(found[1], found[2]) and is_simple and not is_act else ""


def _are_loose(first: str, last: str) -> bool:
    kinds = {read_phrase(part)[0] for part in (first, last)}
    is_long = all(len(part.split()) >= _WORDS for part in (first, last))
    is_counted = COUNTED.match(first)
    is_open = first.split()[-1].lower() in _OPEN
    is_shared = last.split()[-1] in verb_forms().participles
    return (
        len(kinds) == 1 and kinds <= _LOOSE and is_long and not (is_counted or is_shared or is_open)
    )


def _before_mark(found: re.Match[str]) -> str:
    is_whole = read_phrase(found[1])[0] in {Kind.THING, Kind.DO, Kind.WITHOUT}
    is_long = len(found[1].split()) >= _WORDS
    return found[1] if is_whole and is_long and not NEEDS_BOTH.search(found[0]) else ""


def _head(found: re.Match[str]) -> str:
    """Return a thing without what it has or is for, unless that bounds a count or a gift."""
    is_bound = COUNTED.match(found[1]) or re.search(r"\bfree\b", found[1], re.IGNORECASE)
    is_thing = read_phrase(found[0])[0] is Kind.THING and not FINITE.search(found[0])
    waits = found[1].split()[-1].lower() in verb_forms().participles
    return found[1] if is_thing and not is_bound and not waits else ""


def _both_acts(found: re.Match[str]) -> str:
    acts = all(read_phrase(found[at])[0] is Kind.DO for at in (1, 2))
    return f"{found[1]}, {found[2]}" if acts else ""


def _and_more(found: re.Match[str]) -> str:
    """Return a list of things without its last ones: "grass, leaves & more"."""
    item = found[0]
    listed = re.split(r", and |, | and | & ", item)
    words = [each.split() for each in listed]
    shares_noun = len(words[-1]) > 1 and all(len(own) == 1 for own in words[:-1])
    joins = lexicon()["prepositions"]
    if len(listed) < _LISTED or shares_noun or re.search(r"\d", item):
        return ""
    if any(len(own) > 3 or not joins.isdisjoint(own) for own in words):
        return ""
    opening = words[0][0].lower()
    describes = opening in verb_forms().thirds or opening in lexicon()["adjectives"]
    if read_phrase(item)[0] is not Kind.THING or describes:
        return ""
    for count in range(len(listed) - 1, 0 if len(words[0]) > 1 else 1, -1):
        if len(said := f"{', '.join(listed[:count])} & more") <= 30:
            return said
    return ""


def _one_adjective(found: re.Match[str]) -> str:
    _, first, rest = found.groups(default="")
    adjectives = lexicon()["adjectives"]
    if first.lower() not in adjectives or len(rest.split()) < _WORDS or JOINED.search(rest):
        return ""
    return f"{article(rest)} {rest}" if found[1] else rest


def _does(found: re.Match[str]) -> str:
    return found[1] if found[1].split()[0] in verb_forms().thirds else ""


def _rule(fields: frozenset[str], pattern: str, turn: str | _Turn) -> _Rule:
    return _Rule(fields, re.compile(pattern, re.IGNORECASE), turn)


_WH = r"(?:what|why|how|where|which|who|when)"
_KNOWS = (
    r"(?:(?:you )?finally )?(?:find out|know|learn|see|discover|understand|tells? you|shows? you|"
    r"teach(?:es)? you|explains?)(?: exactly)? "
)
_DEED = r"(?:book|bring|buy|join|order|refer|sign up|spend|switch|trade in)"
_UNKNOWN = r"(?:i |we |you )?(?:do(?:n'?t| not) know|no idea|not sure|unsure|never know) "
_MADE_BY = (
    r"(?:built|chosen|designed|given|led|made|picked|prepared|run|taken|taught|written|reviewed) by"
)

_RULES = (
    # what the reader is spared, has to know, or may do
    _rule(_GAINS, r"saves? you (\w+ing\b.*)", r"no \1"),
    _rule(_GAINS, r"saves? you (\w+ing\b.*?) (?:to|across|from|into|on) .+", r"no \1"),
    _rule(_GAINS, r"(we come) to your? .+", r"\1 to you"),
    _rule(
        _GAINS,
        r"helps? (?:us )?(bring|keep|put|get) (.+?) and .+ (back|in|out|off|on)",
        r"\1 \2 \3",
    ),
    _rule(_GAINS, r"(go home with .+?) and .+", r"\1"),
    _rule(_GAINS, r"go home with .+ and (.+)", r"go home with \1"),
    _rule(_GAINS, r"(?:no more|stop) (.+)", r"no \1"),
    _rule(_GAINS, _KNOWS + rf"({_WH} .+)", r"know \1"),
    _rule(_GAINS, r"gets you (.+)", r"get \1"),
    _rule(_GAINS, r"(?:it )?(?:helps|lets) you ((?!with ).+)", r"\1"),
    _rule(
        _GAINS, r"(.+?)(?<! so) you(?:'ll| will| can)(?: actually| really)? (\w+ .+)", r"\1 to \2"
    ),
    _rule(_GAINS, r"(.* \w+ed(?: \w+)?),? so you (?:can|could) (.+)", r"\1, you \2"),
    # what the product does
    _rule(
        _GAINS,
        r"gives? ((?:an? |the |your |my |their )?[\w' -]+?) ((?:an?|another|more|some) .+)",
        r"\2 for \1",
    ),
    _rule(_GAINS, r"helps? (.+?) get ((?:an?|the) .+)", r"\2 for \1"),
    _rule(_GAINS, r"(saves? .*?\bhours?) of [\w ]+? ((?:an?|every|each|per) \w+)", r"\1 \2"),
    _rule(_GAINS, r"(saves? .+? (?:an?|every|each|per) \w+) (?:on|of|in) .+", r"\1"),
    _rule(_GAINS, r"gives? [\w' -]+? ((?:an?|another|more|some) [\w'-]+ .+)", r"\1"),
    _rule(_GAINS, r"costs half as much as (.+)", r"half the cost of \1"),
    _rule(_GAINS, r"takes? (?:all )?the (.+?) off (your .+)", r"\1 off \2"),
    _rule(_GAINS, r"takes? (?:all )?the (.+?) out of (.+)", r"\2, no \1"),
    _rule(
        _GAINS,
        r"keeps? (?:the |your )?(\w+s|\w+ and \w+|children) (on|out of|off|away from) (.+)",
        r"\1 \2 \3",
    ),
    _rule(_GAINS, r"(?:an?|the) [\w -]+? that (.+)", _does),
    _rule(
        _SOLD,
        r"((?!no )[^,]+) without (?:the |any |an? )?((?!need|being|having|\w+ing it)[^,]+)",
        r"\1, no \2",
    ),
    _rule(_GAINS, r"(.+?) (?:posted|delivered|shipped|sent) (to your door)", r"\1 \2"),
    _rule(_ANY, r"(.+?) " + _MADE_BY + r" (.+)", r"\1 by \2"),
    _rule(_GAINS, r"((?!.*(?:\bto|['’]ll) \w+ again)[^,]+) (?:again|too|as well)", r"\1"),
    # conditions, asked
    _rule(
        _GAINS,
        r"(.+?),? (?:if|when) you(?:'re| are)? ((?!.*\b(?:it|them)\b)[^, ]+ [^,]+)",
        r"\2? \1",
    ),
    _rule(_OFFER, r"(.+?),? (?:if|when) you (" + _DEED + r"\b.+)", r"\1: \2"),
    _rule(_OFFER, r"(.+?),? new ([\w ]+) only", r"new \2: \1"),
    _rule(_OFFER, r"(.+?) available (if|for|on|in|from|when) (.+)", r"\1 \2 \3"),
    _rule(_OFFER, r"(.+?) (?:with|and) (free .+)", r"\1, \2"),
    _rule(_OFFER, r"(.+?), no .+", r"\1"),
    _rule(_OFFER, r"(.+ off) your (.+)", r"\1 \2"),
    # lists and parts
    _rule(_GAINS, r"[^,]+, .+", _and_more),
    _rule(_GAINS, r"((?:an? )?)([\w-]+), ([\w-]+ .+)", _one_adjective),
    _rule(_GAINS, r"([^,]+) and ([^,]+)", _both_acts),
    _rule(_GAINS | _PAINS, r"([^,]+) and ([^,]+)", _first_part),
    _rule(_PAINS, r"([^,]+) and ([^,]+)", _last_part),
    _rule(_PAINS, r"[^,]+ but ((?!the |an? )[^,]+)", r"\1"),
    # what hurts
    _rule(_PAINS, _UNKNOWN + r"((?:what|where|which|how|who|when)(?: \w+){0,2} to .+)", r"\1"),
    _rule(_PAINS, _UNKNOWN + r"(what(?:'s| is) .+)", r"\1"),
    _rule(_PAINS, r"(?:you |we |i )?can'?t (?:get|find) (?:an? |any |the )?(.+)", r"no \1"),
    _rule(_PAINS, r"([\w ]+?s|staff|people) (?:that|who|which) (?:are |is )?(.+)", r"\1 \2"),
    _rule(_PAINS, r"(\w+s(?: \w+)*) are ((?:always|too|never|all|out) .+)", r"\1 \2"),
    _rule(
        _PAINS,
        r"(\w+ing .+?) (?:is|takes|costs) (?:an? |too |so )?"
        r"(?:nightmare|forever|pain|hard|exhausting|stressful|expensive|ages|hours|the earth)",
        r"\1",
    ),
    _rule(_PAINS, r"(.+) for it", r"\1"),
    # who says so
    _rule(_PROOF, r"(?:an )?average (\d\.\d .+)", r"\1"),
    _rule(_PROOF, r"((?:rated )?\d\.\d(?: stars|/5)?.*?) from (\d.*)", r"\1, \2"),
    _rule(_PROOF, r"((?:rated )?\d\.\d(?: on \w+| stars on \w+|/5.*?))(?:,| from) .+", r"\1"),
    _rule(
        _PROOF,
        r"(\d+%|\d+ (?:in|out of) \d+)(?: of)? [\w' ]+? "
        r"((?:would|say|said|very|reach|rate|hired|passed|get) .+)",
        r"\1 \2",
    ),
    _rule(
        _PROOF, r"(.*\d.* \w+ed) (?:last year|this year|every year|in 20\d\d|since \d{4})", r"\1"
    ),
    _rule(_PROOF, r"((?:rated|voted|named|awarded) .+) in 20\d\d", r"\1"),
    _rule(_PROOF, r"tripadvisor (travell?ers['’]? choice.*)", r"\1"),
    _rule(_PROOF, r"[\w ]+? ((?:in|on) (?-i:[A-Z]).+ since \d{4})", r"\1"),
    _rule(_PROOF, r"winners?(?: of)?(?: the|,) (.+ awards?)(?: 20\d\d)?", r"\1 winner"),
    _rule(_PROOF, r"winners?(?: of)?(?: the|,) (.+ of the year\b.*)", r"\1"),
    _rule(
        _PROOF,
        r"(.+? [\d,]+\+?) [\w-]+ "
        r"((?:companies|firms|businesses|customers|schools|teams|shops)\b.*)",
        r"\1 \2",
    ),
)

#: Where an item is cut if nobody knows other words for it.
_CUTS = (
    _rule(_GAINS, r"([^,]{9,}), [^,]+", _before_mark),
    _rule(_GAINS, r"([^,]{12,}) (?:with|for|from|in|without) [^,]+", _head),
    _rule(_GAINS, r"((?:ships|made|built|printed|delivered) in \d .+?) (?:from|in|by) .+", r"\1"),
    _rule(_GAINS, r"makes? your (.+)", r"\1"),
    _rule(_PAINS, r"(.+?) because .+", r"\1"),
    _rule(
        _PAINS,
        r"(.+?) (?:at|on|by|in) (?:the |an? )?(?:\w+ )?"
        r"(?:minute|day|morning|night|evening|weekend|lunchtime|time)s?",
        r"\1",
    ),
    _rule(_GAINS, r"(cuts? .+?) by (?:up to |about |over )?\d+%.*", r"\1"),
    _rule(_GAINS, r"(.+?),? so (?:that )?(?:you|we|the|your|it|they|nothing|nobody)\b.+", r"\1"),
    _rule(
        _PROOF, r"((?!.*\b(?:best|top|first|only|most|leading)\b).+) in (?-i:[A-Z])[\w ]+", r"\1"
    ),
)
