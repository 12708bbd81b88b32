"""Slips of English that no copywriter would hand in; a cheap look, not a parser.

It errs on the side of silence: what it names is nearly always wrong, much that is wrong goes by.
"""

import re
from collections.abc import Iterator

from creative.inflection import lexicon, verb_forms

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*%?")
_ARTICLE = re.compile(r"\b(an?) ((?:[^\W\d_]|\d)[\w'’%-]*)", re.IGNORECASE)
_DOUBLED = re.compile(r"\b([^\W\d_]{2,}) \1\b", re.IGNORECASE)
#: A line that breaks off; "on", "for", "in" and "into" may well end one.
_DANGLING = re.compile(
    r"\b(?:an?|and|are|as|at|because|but|by|every|(?<!choose )from|if|is|its|my|of|or|our|than|the|"
    r"their|(?<!used )(?<!have )to|which|whose|with|without|your|"
    r"(?<!why )(?<!or )(?<!is )(?<!are )(?<!do )(?<!does )not)\b"
    r"(?=\W*$)",
    re.IGNORECASE,
)
_CLASHING_MARKS = re.compile(r"[.,;:!?]*[,;:!?][.,;:!?]+|(?<!\.)\.\.(?!\.)|\.,")
_LONE_LETTER = re.compile(r"(?<![\w'’.&+/-])(?<!\d )[b-hj-wz](?![\w'’.&+/-])")
#: What a base verb has to follow.
_VERB_NEXT = re.compile(
    r"\b(?:(?:how|ready|want|time|easy|here|need|able|help|helps) to|let[’']s|why not|"
    r"(?:you|we)[’']ll|(?:can|could|do|will|would|should|must|did|does) (?:you|we|they)) "
    r"([a-z][\w’'-]*)",
    re.IGNORECASE,
)
_NO_VERB = re.compile(r"[ai]ble$|[^su]s$|^(?:an?|the|your|our|my|their|his|her|no|more)$")
_MANY_DO = re.compile(r"(?:^|(\w+) )(?:we|you|they) ([a-z]+)\b", re.IGNORECASE)
_GIVING = frozenset(
    "of ask asks bring brings buy buys gave get gets give gives got hand hands make makes offer "
    "offers save saves sell sells send sends serve serves show shows teach teaches".split()
)
_THAT = re.compile(r"(?:\b(an?) (?:[\w’'-]+ ){0,2})?\b([\w’'-]+) that ([a-z]+)\b", re.IGNORECASE)
_BARE_QUALITY = re.compile(
    r"\ban? ([a-z-]+) (?:with|for|from|in|at|on|that|of|without|not)\b", re.IGNORECASE
)
_NOUNS_TOO = frozenset(
    "classic cold cool cooler day deep fine firm flat fresh giant good green hidden kind light "
    "local mini minimum mobile must natural new original plush present quick ready rich safe sharp "
    "smart smooth solid special square standard stretch sweet thin warm whole wild".split()
)
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
        *_LONE_LETTER.findall(text),
        *_no_verb(text),
        *_disagreeing(text),
        *_qualities_of_nothing(text),
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
        is_figure = any(map(str.isdigit, found.group(1)))
        is_discount = is_figure and end < len(words) and words[end].lower() == "off"
        is_some = bool(group) and group[0].lower() in {"few", "couple"}
        if group and end <= 4 and (is_discount or (_is_plural(group[-1]) and not is_some)):
            yield " ".join(("a", *group))


def _no_verb(text: str) -> Iterator[str]:
    """Find what is no verb where one has to stand: "How to compostable bags"."""
    for found in _VERB_NEXT.finditer(text):
        word = found.group(1).lower()
        forms = verb_forms()
        if word in lexicon()["verbs"] or word in {"be", "do", "have", "not", "you", "we", "it"}:
            continue
        is_other_form = word in forms.thirds or word in forms.gerunds or word in forms.participles
        if is_other_form or word in lexicon()["adjectives"] or _NO_VERB.search(word):
            yield found.group()


def _disagreeing(text: str) -> Iterator[str]:
    """Find verbs that do not agree: "you covers", "beans that arrives", "a bike that ride"."""
    verbs, thirds = lexicon()["verbs"], verb_forms().thirds
    for found in _MANY_DO.finditer(text):
        before, verb = (found.group(1) or "").lower(), found.group(2).lower()
        if verb in thirds and verb not in verbs and before not in _GIVING:
            yield found.group()
    for found in _THAT.finditer(text):
        article, noun, verb = found.group(1), found.group(2), found.group(3).lower()
        if _is_plural(noun) and not article and verb in thirds and verb not in verbs:
            yield found.group()
        is_one = article and not _is_plural(noun) and noun.lower() not in _ENDS_A_GROUP
        if is_one and verb in verbs and verb not in verb_forms().participles:
            yield found.group()


def _qualities_of_nothing(text: str) -> Iterator[str]:
    """Find an article whose noun is missing: "a gentle with an evening"."""
    for found in _BARE_QUALITY.finditer(text):
        word = found.group(1).lower()
        if word in lexicon()["adjectives"] - lexicon()["verbs"] - _NOUNS_TOO:
            yield found.group()


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
