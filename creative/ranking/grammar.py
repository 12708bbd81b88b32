"""Slips of English that no copywriter would hand in; a cheap look, not a parser.

It errs on the side of silence: what it names is nearly always wrong, much that is wrong goes by.
"""

import re
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*%?")
_ARTICLE = re.compile(r"\b(an?) ((?:[^\W\d_]|\d)[\w'’%-]*)", re.IGNORECASE)
_DOUBLED = re.compile(r"\b([^\W\d_]{2,}) \1\b", re.IGNORECASE)
#: A line that breaks off; "on", "for" and "in" may well end one.
_DANGLING = re.compile(
    r"\b(?:an?|and|are|at|by|from|is|of|or|our|the|to|with|without|your)\b(?=\W*$)", re.IGNORECASE
)
_CLASHING_MARKS = re.compile(r"[.,;:!?]*[,;:!?][.,;:!?]+|(?<!\.)\.\.(?!\.)|\.,")
_NOUN_GROUP = re.compile(r"\ban? ([^.,:;!?()–—]+)", re.IGNORECASE)
_VOWEL_SOUND = re.compile(
    r"(?:[aeio]|u(?!ni|s[aeu]|k\b|ti)|hour|honest|heir|8|11\b|18\b)", re.IGNORECASE
)
_CONSONANT_SOUND = re.compile(r"(?:one|once|eu|ewe)", re.IGNORECASE)
_ENDS_A_GROUP = frozenset(
    "about after all and as at because before but by for from in into is like made not of off on "
    "or our so than that the then to today tonight until when where which who with without you "
    "your now every".split()
)
_NOT_PLURAL = re.compile(r"(?:ss|us|is|['’]s|ics)$", re.IGNORECASE)
_SINGULAR = frozenset({"series", "species", "means", "plus", "always", "this", "gas", "lens"})


def grammar_slips(text: str) -> list[str]:
    """Return the places of a line that are surely wrong English.

    >>> grammar_slips("A espresso for for home")
    ['A espresso', 'for for']
    >>> grammar_slips("An hour with a single lens")
    []
    """
    return [
        *_wrong_articles(text),
        *_plurals_after_a(text),
        *_doubled_words(text),
        *_DANGLING.findall(text),
        *_CLASHING_MARKS.findall(text),
    ]


def _wrong_articles(text: str) -> Iterator[str]:
    for found in _ARTICLE.finditer(text):
        article, word = found.groups()
        is_acronym = len(word) > 1 and word[:2].isupper()
        sounds_open = bool(_VOWEL_SOUND.match(word)) and not _CONSONANT_SOUND.match(word)
        if not is_acronym and sounds_open != (article.lower() == "an"):
            yield found.group()


def _plurals_after_a(text: str) -> Iterator[str]:
    """Find "a" before a noun group that ends in a plural, or before a discount."""
    for found in _NOUN_GROUP.finditer(text):
        words = _WORD.findall(found.group(1))
        end = next((at for at, w in enumerate(words) if w.lower() in _ENDS_A_GROUP), len(words))
        group = words[:end]
        is_discount = end < len(words) and words[end].lower() == "off"
        if group and end <= 4 and (is_discount or _is_plural(group[-1])):
            yield " ".join(("a", *group))


def _is_plural(word: str) -> bool:
    lower = word.lower()
    return (
        len(word) > 3
        and lower.endswith("s")
        and lower not in _SINGULAR
        and not _NOT_PLURAL.search(word)
    )


def _doubled_words(text: str) -> Iterator[str]:
    for found in _DOUBLED.finditer(text):
        yield found.group()
