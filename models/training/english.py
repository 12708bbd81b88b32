"""English inflection that only the corpus needs; the rest is creative.inflection's."""

import re

from creative.inflection import ADVERBS, article, capitalized, third_person
from creative.inflection import gerund as gerund_of

SMALL_WORDS = set("a an and the of for to in on at by with from or as".split())
IRREGULAR_PLURALS = dict(
    pair.split(":")
    for pair in """child:children person:people man:men woman:women foot:feet tooth:teeth
    mouse:mice sheep:sheep deer:deer fish:fish leaf:leaves shelf:shelves knife:knives wife:wives
    life:lives wolf:wolves loaf:loaves""".split()
)


def with_article(phrase: str) -> str:
    """Put the indefinite article before a phrase."""
    return f"{article(phrase)} {phrase}"


def _verb_at(words: list[str]) -> int:
    return 1 if len(words) > 1 and words[0] in ADVERBS else 0


def third(phrase: str) -> str:
    """Put the verb of a phrase into the third person: "keep warm" becomes "keeps warm"."""
    words = phrase.split(" ")
    at = _verb_at(words)
    words[at] = third_person(words[at])
    return " ".join(words)


def gerund(phrase: str) -> str:
    """Put the verb of a phrase into the -ing form: "get dry" becomes "getting dry"."""
    words = phrase.split(" ")
    at = _verb_at(words)
    words[at] = gerund_of(words[at])
    return " ".join(words)


def plural(noun: str) -> str:
    """Return the plural of one noun."""
    if irregular := IRREGULAR_PLURALS.get(noun):
        return irregular
    if re.search("[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    hisses = re.search("(s|x|z|ch|sh|[^aeiou]o)$", noun) and noun not in {"piano", "photo"}
    return noun + ("es" if hisses else "s")


def title_case(text: str, keep: set[str]) -> str:
    """Write Every Word Large but small words and the words to keep."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if word and word not in keep and not (at and word.lower() in SMALL_WORDS):
            words[at] = capitalized(word)
    return " ".join(words)
