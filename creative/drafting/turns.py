"""What rules make of items where a pattern does not tell enough (`rewording`).

Each turn takes what a pattern has found in an item and returns what the item comes down to, or
nothing where that would promise more, lose a condition or break off.

English only.  Knows words, no brief and no model.
"""

import re

from creative.drafting.cutting import NEEDS_BOTH
from creative.drafting.nouns import COUNTED, FINITE, JOINED, head_noun, is_gerund
from creative.inflection import article, is_plural, lexicon, verb_forms
from creative.ranking.kinds import Kind, read_phrase
from creative.tightening import MONTHS

_WORDS = 2  #: that a part of an item has at least
#: Kinds of which two that "and" joins say each something by themselves, unless they are a pair.
_LOOSE = frozenset({Kind.THING, Kind.QUALITY, Kind.SAYS})
_PAIRS = re.compile(r"\b(?:both|between|choice|mix|lack) ", re.IGNORECASE)
#: A first part that may bound the second: "for orders over £30, no delivery fee".
_BOUNDING = re.compile(
    r"(?:(?:after|all|before|first|for|from|in|kids|less|members|more|most|never|no|not|on|over|"
    r"selected|some|students|under|until|up|with)\b|.*(?:\d|\b(?:day|days|mornings?|plan)\b))",
    re.IGNORECASE,
)
_CHARGE = re.compile(r"\b(?:charge|cost|deposit|fee|interest|limit)s?\b", re.IGNORECASE)
_COMES = re.compile(r"(?:at your door|on your doorstep)\b", re.IGNORECASE)
_SOLD_AS = re.compile(r"(?:billed|charged|paid|sold)\b", re.IGNORECASE)
_PLAIN = frozenset({Kind.MADE, Kind.QUALITY, Kind.THING})  #: kinds that name no act
#: Openings of a list of which not all is meant or given.
_SOME = re.compile(
    r"(?:a|an|choice|choose|contains|excludes|from|just|most|no|not|only|selected|some|without|"
    r"\w+n['’]t|\d.*)\b",
    re.IGNORECASE,
)
_OPEN = frozenset({"you", "your", "our", "we", "it"})  #: that wait for more
#: Words before a participle that a sentence needs.
_LINKS = frozenset("is are was were be been being and or not am".split())
#: Words that wait for a year: "won awards back in 2013".
_WAITING = frozenset(
    "back early last mid late since to until vintage year spring summer autumn winter".split()
).union(map(str.lower, MONTHS))
#: Words after "without" that are no thing.
_WHOM = frozenset("you your us them need needing having being".split())
_TELLS = re.compile(r" (?:always|never|too) ", re.IGNORECASE)
_TIMES = ("days", "ends", "mornings", "evenings", "nights")  #: that a list may end on
#: Words before what hurts, without which it hurts as well.
_MERE = frozenset("annual boring cheap dull heavy old yearly".split())
#: What is handed over at the end of a free visit, and no condition of it.
_HANDED = re.compile(r"\b(?:advice|estimate|guide|panes|photos?|quote|report|samples?)$")
_BOUND = re.compile(r"(?:any|deposit|each|every|full|new|paid|your)\b|\d", re.IGNORECASE)
DENIED = re.compile(r"\b(?:no|not|never|nobody|nothing|none)\b|n['’]t\b", re.IGNORECASE)
#: What is no gift without its conditions.
_CONDITIONAL = re.compile(
    r"\b(?:unlimited|half|guarantee|delivery|returns?|warranty|trial|discount|refund|insurance)\b",
    re.IGNORECASE,
)


def first_part(found: re.Match[str]) -> str:
    """Return the first of two parts of an item that say each something by themselves."""
    return found[1] if _are_loose(found[1], found[2]) else ""


def _are_loose(first: str, last: str) -> bool:
    kinds = {read_phrase(part)[0] for part in (first, last)}
    is_long = all(len(part.split()) >= _WORDS for part in (first, last))
    is_counted = COUNTED.match(first) or _PAIRS.search(first)
    is_open = first.split()[-1].lower() in _OPEN
    is_shared = last.split()[-1] in verb_forms().participles
    return (
        len(kinds) == 1 and kinds <= _LOOSE and is_long and not (is_counted or is_shared or is_open)
    )


def before_mark(found: re.Match[str]) -> str:
    """Return what stands before a mark, where that says enough."""
    is_whole = read_phrase(found[1])[0] in {Kind.THING, Kind.DO, Kind.WITHOUT}
    last = found[1].split()[-1].lower()
    waits = last in lexicon()["adjectives"] or last.endswith("er")
    is_long = len(found[1].split()) >= _WORDS and not waits and not _CONDITIONAL.search(found[1])
    return found[1] if is_whole and is_long and not NEEDS_BOTH.search(found[0]) else ""


def last_part(found: re.Match[str]) -> str:
    """Return the last of two parts, which lacks something or says how it is made or comes.

    Not where the first part may say for whom or for what: what costs nothing does so on terms.
    """
    first, last = found.groups()
    kinds = [read_phrase(part)[0] for part in (first, last)]
    is_made = last.split()[0].lower() in verb_forms().participles and not _SOLD_AS.match(last)
    is_alone = (
        (kinds[1] is Kind.WITHOUT and kinds[0] in _PLAIN)
        or _COMES.match(last)
        or (is_made and kinds[0] in {Kind.DO, Kind.MADE} and not FINITE.search(first))
    )
    is_bound = _BOUNDING.match(first) or _CHARGE.search(last) or JOINED.search(last)
    is_many = is_plural(head_noun(first))
    is_long = len(last.split()) > _WORDS
    return last if is_alone and is_long and not (is_bound or is_many) else ""


def and_more(found: re.Match[str]) -> str:
    """Return the first two of four things or more: "steaks, mince & more"."""
    covers, first, second, last = found.groups(default="")
    named = (first, second, last)
    are_names = all(text.split()[-1][0].isupper() for text in named)
    are_things = is_plural(last) and " " not in last and not _SOME.match(first)
    is_told = any(
        len(text.split()) > _WORDS or text.lower() in lexicon()["adjectives"] or _is_joined(text)
        for text in named
    )
    return f"{covers}{first}, {second} & more" if (are_names or are_things) and not is_told else ""


def first_two(found: re.Match[str]) -> str:
    """Return the first two of three things or qualities, unless the third says more of all."""
    first, second, last = found.groups()
    are_qualities = all(read_phrase(part)[0] is Kind.QUALITY for part in found.groups())
    are_whole = all(map(is_plural, found.groups())) and " " in first + second
    is_bound = _is_joined(found[0]) or last.endswith(_TIMES) or _SOME.match(first)
    return f"{first} and {second}" if (are_qualities or are_whole) and not is_bound else ""


def _is_joined(text: str) -> bool:
    return not lexicon()["prepositions"].isdisjoint(text.lower().split())


def help_to(found: re.Match[str]) -> str:
    """Return what the reader is helped to do."""
    verb = found[1].split()[0].lower()
    return f"help to {found[1]}" if verb in lexicon()["verbs"] else ""


def gift_alone(found: re.Match[str]) -> str:
    """Return what is given without what comes with it, unless that is a condition."""
    gift, rest = found.groups()
    is_handed = _HANDED.search(rest) and not _BOUND.match(rest)
    return gift if is_handed and not _CONDITIONAL.search(gift) else ""


def plain_things(found: re.Match[str]) -> str:
    """Return things that hurt by what they do, without how else they are described."""
    described, things, act = found.groups()
    words = described.split()
    plain = [word for word in words if word.lower() not in _MERE]
    return f"{' '.join((*plain, things))} {act}" if len(plain) < len(words) else ""


def hurts_alone(found: re.Match[str]) -> str:
    """Return the first of two things that hurt, if it says itself what is wrong."""
    waits = found[1].split()[-1].lower() in lexicon()["prepositions"] | _OPEN
    return found[1] if _TELLS.search(found[1]) and not waits else ""


def undated(found: re.Match[str]) -> str:
    """Return what was won without its year, unless a word waits for that."""
    last = found[1].split()[-1].lower().strip(",")
    is_open = last in lexicon()["prepositions"] or last in _LINKS or last in _WAITING
    return "" if is_open else found[1]


def thing_alone(found: re.Match[str]) -> str:
    """Return a thing without what it has or is for, unless that bounds a count or a gift."""
    is_bound = COUNTED.match(found[1]) or _CONDITIONAL.search(found[1])
    is_thing = read_phrase(found[0])[0] is Kind.THING and not FINITE.search(found[0])
    waits = found[1].split()[-1].lower() in verb_forms().participles
    return found[1] if is_thing and not is_bound and not waits else ""


def first_thing(found: re.Match[str]) -> str:
    """Return the first of two things that are had both, each whole: "indoor pools and ..."."""
    first, last = found.groups()
    are_things = all(read_phrase(part)[0] is Kind.THING for part in (first, last))
    is_whole = is_plural(first) and is_plural(last) and not _is_joined(last)
    return first if are_things and is_whole and _are_loose(first, last) else ""


def both_acts(found: re.Match[str]) -> str:
    """Return two parts side by side, where both are acts."""
    acts = " " in found[1] and all(read_phrase(found[at])[0] is Kind.DO for at in (1, 2))
    return f"{found[1]}, {found[2]}" if acts else ""


def one_adjective(found: re.Match[str]) -> str:
    """Return a thing with the second of two adjectives."""
    _, first, rest = found.groups(default="")
    adjectives = lexicon()["adjectives"]
    if first.lower() not in adjectives or len(rest.split()) < _WORDS or JOINED.search(rest):
        return ""
    return f"{article(rest)} {rest}" if found[1] else rest


def first_act(found: re.Match[str]) -> str:
    """Return the first of two acts, where that says enough."""
    is_act = read_phrase(found[0])[0] in {Kind.DO, Kind.DOES}
    return found[1] if is_act and len(found[1].split()) > _WORDS else ""


def none_of(found: re.Match[str]) -> str:
    """Return what the reader is spared doing as what there is none of."""
    return f"no {found[1]}" if is_gerund(found[1].split()[0].lower()) else ""


def with_none(found: re.Match[str]) -> str:
    """Return what goes without something, unless that is somebody or a condition."""
    whom = found[2].split()[0].lower()
    is_loose = not (DENIED.search(found[1]) or whom in _WHOM or whom.endswith("ing"))
    return f"{found[1]}, no {found[2]}" if is_loose else ""


def without_verb(found: re.Match[str]) -> str:
    """Return what is made by somebody without the verb, unless a sentence needs that."""
    last = found[1].split()[-1].lower()
    is_needed = last in _LINKS or last.endswith(("'re", "’re", "'s", "’s"))
    return "" if is_needed else f"{found[1]} {found[2]}"


def as_question(found: re.Match[str]) -> str:
    """Return a condition as a question before what it brings."""
    is_thing = read_phrase(found[1])[0] is Kind.THING
    is_plain = not re.search(r"\b(?:even|only|it|them)\b", found[0], re.IGNORECASE)
    return f"{found[2]}? {found[1]}" if is_thing and is_plain else ""


def act_alone(found: re.Match[str]) -> str:
    """Return what a thing does as what the product does."""
    return found[1] if found[1].split()[0] in verb_forms().thirds else ""
