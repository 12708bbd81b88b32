"""What the nouns in phrases of a brief are: of many or of one, told apart by an article or not.

English only.  Knows words, no brief and no model.
"""

import re

from creative.inflection import article, is_plural, lexicon, verb_forms

BREAKS = re.compile(
    r" (?=(?:with|for|from|in|by|that|which|who|so|when|while|before|after|without) )"
)
_TAIL = re.compile(r" (?:of|to|between|over|behind|at|on|every) ")
ARTICLE = re.compile(r"(?:an?|the|one|your|our|every|each|all|any) ", re.IGNORECASE)
_DOUBLED = re.compile(r"([bdgmnprt])\1ing$")  # "lugging", of a verb that no list has
_MASS = frozenset("time money hassle stress mess noise waste worry guilt energy sleep".split())
_NO_NOUNS = frozenset("downstairs indoors nowadays outdoors overseas upstairs".split())
#: Single words that are hated wherever they are, unlike "exams" or "stress".
_HATED = frozenset(
    "admin bleach chemicals clutter condensation damp downtime dust frizz glare guesswork jargon "
    "ladders limescale mould mold odours odors overtime paperwork plastic queues rust spam "
    "spreadsheets subcontractors".split()
)
COUNTED = re.compile(
    r"(?:\d|(?:any|every|each|all|max|up to|one|two|three|four|five|six|seven|eight|nine|ten) )"
)
FINITE = re.compile(r"\b(?:\w+n't|is|are|was|were|has|have|can|will|stays?|gets?|goes?|you'll)\b")
JOINED = re.compile(r" and | or |, |[:&;?]")
#: What is asked of a reader elsewhere: without it life is easier, and yet nobody hates it.
_ASKED = re.compile(
    r"\b(?:account|card|commitment|deposit|equipment|experience|funding|grant|licen[cs]e|obligation|"
    r"partner|signal|skill|subsid(?:y|ie))s?\b"
)


def is_many(text: str) -> bool:
    """Tell whether a noun is of many or of a mass, which take no article."""
    head = head_noun(text)
    if head in _NO_NOUNS:
        return False
    return is_plural(head) or head in lexicon()["nouns of a mass"] | _MASS


def is_one(text: str) -> bool:
    """Tell whether a noun takes "a", and has none yet."""
    is_told = ARTICLE.match(text) or COUNTED.match(text)
    return head_noun(text) in lexicon()["nouns of one"] and not is_told


def head_noun(text: str) -> str:
    """Return the noun of a phrase that the rest of it describes: "bag" of "a bag of beans"."""
    words = BREAKS.split(_TAIL.split(text)[0])[0].split()
    return words[-1].lower() if words else ""


def with_article(name: str) -> list[str]:
    """Return a name after the article it takes, if that is known."""
    if is_plural(name) or is_many(name):
        return [name]
    return [f"{article(name)} {name}"] if is_one(name) else []


def is_nuisance(text: str) -> bool:
    """Tell whether what a product does without is a noun that is hated, of one or of many."""
    words = text.lower().split()
    if not words or words[0] in lexicon()["prepositions"] | {"than"}:
        return False
    is_told = ARTICLE.match(text) or COUNTED.match(text) or JOINED.search(text)
    waits = FINITE.search(text) or words[-1] in verb_forms().participles
    if is_told or waits or _ASKED.search(text) or "for" in words:
        return False
    if len(words) == 1:
        return words[0] in _HATED
    return is_many(text) or (is_one(text) and head_noun(text) == words[-1]) or is_act(text)


def is_gerund(word: str) -> bool:
    """Tell whether a word in small letters is a gerund, of a verb that is known or doubles."""
    return word in verb_forms().gerunds or bool(_DOUBLED.search(word))


def is_act(text: str) -> bool:
    """Tell whether a gerund is something to do and no kind of thing: "waiting in line"."""
    first, _, rest = text.lower().partition(" ")
    follows = lexicon()["prepositions"] | lexicon()["words after a verb"] | {"the", "your"}
    return is_gerund(first) and bool(rest) and rest.split()[0] in follows
