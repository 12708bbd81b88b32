"""How items of a brief are read: their kinds, which the field they stand in decides as well.

English only.  Knows words, no brief and no model.
"""

import re

from creative.drafting.nouns import FINITE
from creative.inflection import ADVERBS, base_form, lexicon, verb_forms
from creative.ranking.kinds import OWNERS, Kind, lowered, read_phrase
from creative.tightening import DAYS, tightened

DENIES = re.compile(r"(?:doesn|won)['’]t [a-z]")
_AGES = re.compile(r"ages? \d")
_SET_UP = re.compile(r"set up (?:and|at|before|by|for you|in|on|the)\b")  # by us, not by the reader
_BACK = re.compile(r"back (?:at|home|in|on|to|up)\b")  # "back on the road"
_ASKING = re.compile(
    r"\? |^(?:(?:what|why|how|where|who|which) |"
    r"(?:is|are|can|does|will) (?:the|your|my|our|it|this)\b)"
)
#: What a reader says of himself, as it is said to him.
_TO_READERS = {
    "i": "you",
    "i'm": "you're",
    "i've": "you've",
    "me": "you",
    "my": "your",
    "our": "your",
    "us": "you",
    "we": "you",
    "we're": "you're",
    "we've": "you've",
}
#: Case matters, as the US is a country; what follows "I" too, as there is type I diabetes.
_OF_READERS = re.compile(
    r"(?<![\w-])(?:[Ii]['’](?:m|ve)|[Ii](?= (?:can|could|do|don|feel|forget|get|had|have|keep|know|"
    r"lose|miss|need|spend|waste|will|won|would)\b)|[Ww]e(?:['’](?:re|ve))?|me|[Mm]y|[Oo]ur|"
    r"(?<!the )us)(?![\w-])(?! (?:am|was)\b)"
)
_LEFT = re.compile(r"\b(?:[Ii](?:['’]\w+)?|[Mm]ine|[Mm]yself|[Oo]urs(?:elves)?)\b")
#: Kinds of pains whose short form may be another thing.
_CUT_OPEN = frozenset({Kind.SAYS, Kind.THING, Kind.MADE})
#: What tells which things are meant: "batteries that die" are not batteries.
TOLD_APART = re.compile(r" (?:that|which|who|with) ", re.IGNORECASE)
#: What says something of the noun before it: "letters nobody reads".
_SAID_OF = re.compile(r" (?:that|which|nobody|no one) ", re.IGNORECASE)
#: Words before a noun of which something is said, without which that hurts as well.
_DESCRIBING = lexicon()["adjectives"].union(OWNERS, map(str.lower, DAYS))
#: Nouns of many that look like acts: "queues in August".
_MANY = frozenset(
    "claims cracks creases cushions delays dents plants presents queues quotes".split()
)
_PARTICLES = frozenset({"in", "off", "out", "up"})
_COMPARED = re.compile(r"[a-z]+er than ")


def read_item(phrase: str) -> tuple[Kind, str]:
    """Return the kind of a phrase, where an item says more of it than its words by themselves.

    A gerund before a single noun describes it: "monitoring app".
    """
    kind, text = read_phrase(phrase)
    if _COMPARED.match(text):
        return Kind.QUALITY, text
    if _AGES.match(text):
        return Kind.THING, lowered(phrase)
    if _SET_UP.match(text) or _BACK.match(text):
        return Kind.MADE, text
    if DENIES.match(text):
        return Kind.DOES, text
    if _ASKING.search(text) or (kind in {Kind.DO, Kind.DOES} and _is_clause(text)):
        return Kind.SAYS, text
    first, _, rest = phrase.partition(" ")
    if kind is Kind.DO and _is_described(text):
        return Kind.THING, text
    is_gerund = first.lower() in verb_forms().gerunds
    if kind is Kind.DO and is_gerund and rest and " " not in rest and text.endswith(f" {rest}"):
        return Kind.THING, lowered(phrase)
    return kind, text


def _is_described(text: str) -> bool:
    """Tell whether what looks like a verb describes a noun: "clear picture again"."""
    first, second, *_ = (*text.lower().split(), "", "")
    follows = lexicon()["words after a verb"] | lexicon()["prepositions"] | OWNERS
    return first in lexicon()["verbs that also are adjectives"] and second not in follows


def _is_clause(text: str) -> bool:
    """Tell whether what looks like a verb is the noun of a sentence: "fire draws properly"."""
    words = text.lower().split()
    if words[1:2] and words[1] in _PARTICLES:  # "set up takes 15 minutes"
        del words[1]
    first, second, third, *_ = (*words, "", "", "")
    follows = lexicon()["words after a verb"] - lexicon()["prepositions"]
    is_noun = first in lexicon()["verbs that also start a noun phrase"]
    goes_on = third in follows or third.endswith("ly") or third[:1].isdigit()
    return is_noun and second in verb_forms().thirds and goes_on


def read_feature(phrase: str) -> tuple[Kind, str]:
    """Return the kind of a feature, which a gerund before a noun describes: "folding arm"."""
    kind, text = read_item(phrase)
    first, _, rest = lowered(phrase).partition(" ")
    follows = lexicon()["words after a verb"] | lexicon()["prepositions"]
    if kind is Kind.DO and first in verb_forms().gerunds and rest.partition(" ")[0] not in follows:
        return Kind.THING, lowered(phrase)
    return kind, text


def hurts_as(item: str, form: str) -> bool:
    """Tell whether a form hurts as its pain does: "mushy pasta" of mushy pasta, but not "pasta".

    Nor do "cheap hives" where those hurt that warp.
    """
    kind = pain_kind(item)
    is_whole = form.lower() in {item.lower(), tightened(item, len(form)).lower()}
    if is_whole or kind not in _CUT_OPEN or _ASKING.match(form.lower()):
        return True
    if pain_kind(form) is Kind.DO and item.lower().endswith(f" {form.lower()}"):
        return True  # "doing it all alone" of exhausted from it
    if (found := TOLD_APART.search(item)) and item.lower().startswith(form.lower()):
        return len(form) > found.start()
    said, words = tightened(item, 0).lower().split(), form.lower().split()
    opens_alike = words[0] in {said[0], item.lower().split()[0]}
    is_alike = opens_alike and (kind is Kind.THING or pain_kind(form) is kind)
    return is_alike or _is_plainer(item, said, words)


def _is_plainer(item: str, said: list[str], words: list[str]) -> bool:
    """Tell whether words are all of what an item says of something, but how that is described."""
    if words[0] not in said or words[-1] != said[-1]:
        return False
    is_clause = _SAID_OF.search(item) or FINITE.search(item) or pain_kind(item) is Kind.SAYS
    is_told_of = is_clause or not verb_forms().participles.isdisjoint(words[1:])
    return bool(is_told_of) and _DESCRIBING.issuperset(said[: said.index(words[0])])


def to_reader(pain: str) -> str:
    """Return what a reader says of himself as he may be asked it, where all of it is known.

    >>> to_reader("my dog ate something")
    'your dog ate something'
    """
    asked = _OF_READERS.sub(lambda found: _TO_READERS[found[0].lower().replace("’", "'")], pain)
    return pain if _LEFT.search(asked) else asked


def pain_kind(pain: str) -> Kind:
    """Return the kind of a pain, which a reader has and does not do: "smell in the garden"."""
    kind = read_phrase(pain)[0]
    opening, _, rest = pain.lower().partition(" ")
    if _ASKING.match(pain.lower()):
        return Kind.SAYS
    if kind is Kind.THING and opening.endswith("ed") and opening in verb_forms().participles:
        return Kind.MADE  # "waited 4 months"
    is_many = opening in _MANY and rest.partition(" ")[0] not in OWNERS
    is_noun = is_many or opening in lexicon()["verbs that also start a noun phrase"]
    return Kind.THING if is_noun and kind in {Kind.DO, Kind.DOES} else kind


def verb_of(text: str) -> str:
    """Return the verb of an act, which an adverb may stand before: "never runs out"."""
    words = text.split()
    return words[1] if len(words) > 1 and words[0] in ADVERBS else words[0]


def of_many(text: str) -> str:
    """Return an act of one as that of many: "keeps warm" as "keep warm"."""
    if DENIES.match(text):
        return text.replace("doesn", "don", 1)
    verb = verb_of(text)
    return text.replace(verb, base_form(verb) or verb, 1)


def theirs(text: str) -> str:
    """Return what is said to a reader as said of others: "your home" as "their home"."""
    return re.sub(r"\byour\b", "their", text)
