"""English words in their other forms, from lexicon.txt and a few rules of spelling."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from creative.sections import sections_of

VOWELS = "aeiou"
_HISSES = re.compile("(?:s|x|z|ch|sh)es$")
_NO_PLURAL = re.compile("(?:ss|us|is)$")
_ENDINGS = (  #: and what stands there in the lists
    *(("", ""), ("s", ""), ("es", ""), ("ies", "y")),
    *(("er", ""), ("er", "e"), ("ers", ""), ("ers", "e")),
)
ADVERBS = frozenset("never always just only also".split())  #: that stand before a verb
_SOUNDS_LIKE_A_CONSONANT = re.compile(r"uni|use|one|eu|user|ut")
_SOUNDS_LIKE_A_VOWEL = re.compile(
    r"hour|honest|heir|(seo|hr|mba|sms|x-ray|led|spf|8|11\b|11-|18)", re.IGNORECASE
)


class VerbForms(NamedTuple):
    """Forms of the known verbs: third person to base, gerund to base, every participle."""

    thirds: dict[str, str]
    gerunds: dict[str, str]
    participles: frozenset[str]


@cache
def lexicon() -> dict[str, frozenset[str]]:
    """Return the word lists of lexicon.txt by section title."""
    text = files(__package__).joinpath("lexicon.txt").read_text("utf-8")
    return {title: frozenset(" ".join(own).split()) for title, own in sections_of(text).items()}


@cache
def verb_forms() -> VerbForms:
    """Return the forms of every known verb."""
    verbs = lexicon()["verbs"]
    thirds = {third_person(verb): verb for verb in verbs}
    gerunds = {gerund(verb): verb for verb in sorted(verbs)}
    participles = set(_irregular_participles().values())
    for verb in verbs:
        participles.update(_regular_participles(verb))
    return VerbForms(thirds, gerunds, frozenset(participles))


@cache
def _irregular_thirds() -> dict[str, str]:
    return dict(pair.split(":") for pair in lexicon()["irregular third persons"])


def third_person(verb: str) -> str:
    """Return what he, she or it does: "carry" becomes "carries"."""
    if irregular := _irregular_thirds().get(verb):
        return irregular
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def gerund(verb: str) -> str:
    """Return the -ing form of a base verb: "get" becomes "getting"."""
    if verb in lexicon()["verbs that double their last letter"]:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and len(verb) > 2:
        return verb[:-1] + "ing"
    return verb + "ing"


def base_form(third: str) -> str | None:
    """Return the base verb of a known third person: "carries" becomes "carry"."""
    return verb_forms().thirds.get(third)


def _regular_participles(verb: str) -> list[str]:
    if verb.endswith("e"):
        return [verb + "d"]
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        return [verb[:-1] + "ied"]
    return [verb + "ed", verb + verb[-1] + "ed"]


@cache
def _listed() -> frozenset[str]:
    words = lexicon()
    kinds = ("verbs", "adjectives", "nouns of one", "nouns of a mass")
    return frozenset(verb_forms().gerunds).union(*(words[kind] for kind in kinds))


def is_listed(word: str) -> bool:
    """Tell whether the word lists know a word, its singular, or the verb of who does it.

    >>> is_listed("agencies"), is_listed("cleaners"), is_listed("newcastle")
    (True, True, False)
    """
    return any(
        word.endswith(end) and word.removesuffix(end) + instead in _listed()
        for end, instead in _ENDINGS
    )


def article(phrase: str) -> str:
    """Return "a" or "an", whichever goes before a phrase."""
    word = phrase.split(" ")[0].lower()
    if _SOUNDS_LIKE_A_CONSONANT.match(word):
        return "a"
    return "an" if word[:1] in VOWELS or _SOUNDS_LIKE_A_VOWEL.match(word) else "a"


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


def inflections(word: str) -> frozenset[str]:
    """Return a lower-case word with its likely other forms, as verb, as noun and as owner.

    A form too many does no harm where a line may, and need not, use it.

    >>> sorted(inflections("blends"))
    ['blend', "blend's", 'blended', 'blending', 'blends', "blends'"]
    """
    found = {word, *_noun_forms(word)}
    for base in _bases(word):
        found |= {base, third_person(base), gerund(base), *_participles(base)}
    return frozenset(found)


def _noun_forms(word: str) -> set[str]:
    if not word.isalpha() or len(word) < 3:
        return set()
    if not word.endswith("s"):
        return {third_person(word), f"{word}'s"}
    if len(word) < 4 or _NO_PLURAL.search(word):
        return {f"{word}'s"}
    one = word[:-3] + "y" if word.endswith("ies") else word[: -2 if _HISSES.search(word) else -1]
    return {one, f"{one}'s", f"{word}'"}


def _bases(word: str) -> set[str]:
    """Return the known verbs that a word may be a form of."""
    forms = verb_forms()
    found = {forms.thirds.get(word), forms.gerunds.get(word), _of_participle().get(word)}
    return {base for base in found if base} | ({word} & lexicon()["verbs"])


@cache
def _of_participle() -> dict[str, str]:
    return {form: verb for verb in lexicon()["verbs"] for form in _participles(verb)}


def _participles(verb: str) -> list[str]:
    """Return the past participle of a verb, the one that is spelled right."""
    if irregular := _irregular_participles().get(verb):
        return [irregular]
    doubles = verb in lexicon()["verbs that double their last letter"]
    return _regular_participles(verb)[-1:] if doubles else _regular_participles(verb)[:1]


@cache
def _irregular_participles() -> dict[str, str]:
    return dict(pair.split(":") for pair in lexicon()["irregular participles"])
