"""English inflection for the corpus: articles, gerunds, plurals and capitals.

Third persons come from creative.drafting.phrases, so that corpus and app agree.
"""

import re

from creative.inflection import gerund as gerund_of
from creative.inflection import third_person

VOWELS = "aeiou"
ADVERBS = {"never", "always", "just", "only", "also"}
SMALL_WORDS = set("a an and the of for to in on at by with from or as".split())
IRREGULAR_PLURALS = dict(
    pair.split(":")
    for pair in """child:children person:people man:men woman:women foot:feet tooth:teeth
    mouse:mice sheep:sheep deer:deer fish:fish leaf:leaves shelf:shelves knife:knives wife:wives
    life:lives wolf:wolves loaf:loaves""".split()
)
SOUNDS_LIKE_A_CONSONANT = re.compile(r"uni|use|one|eu|user|ut")
SOUNDS_LIKE_A_VOWEL = re.compile(
    r"hour|honest|heir|(seo|hr|mba|sms|x-ray|led|spf|8|11\b|11-|18)", re.IGNORECASE
)


def article(phrase: str) -> str:
    """Return "a" or "an", whichever goes before a phrase."""
    word = phrase.split(" ")[0].lower()
    if SOUNDS_LIKE_A_CONSONANT.match(word):
        return "a"
    return "an" if word[:1] in VOWELS or SOUNDS_LIKE_A_VOWEL.match(word) else "a"


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


def is_plural(phrase: str) -> bool:
    """Tell whether a noun phrase takes "are", as far as its head noun shows."""
    head = re.split(r" (?:of|for|in|on|with|at|by|from|to|that|you|if) ", phrase)[0]
    if re.match(r"(?:a|an|one|every|each) ", head):
        return False
    if " and " in head or head.endswith(("children", "people", "men", "women", "feet", "teeth")):
        return True
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))


def capitalized(text: str) -> str:
    """Write the first letter large, unless a digit comes before it."""
    for at, char in enumerate(text):
        if char.isalpha():
            return text[:at] + char.upper() + text[at + 1 :]
        if char.isdigit():
            return text
    return text


def title_case(text: str, keep: set[str]) -> str:
    """Write Every Word Large but small words and the words to keep."""
    words = text.split(" ")
    for at, word in enumerate(words):
        if word and word not in keep and not (at and word.lower() in SMALL_WORDS):
            words[at] = capitalized(word)
    return " ".join(words)
