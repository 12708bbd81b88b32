"""Tell what part of speech a benefit or feature is, and spell it one way.

A copywriter types "Keeps drinks cold", "helps you sleep" or "no bitterness" into one box.  A
small model writes better sentences when each phrase says how it may be used, so `typed` puts a
word before it: ``does: keeps drinks cold; do: sleep; without: no bitterness``.  The rules are
guesses from word lists (lexicon.txt) and the starter model is trained on their very output, the
mistakes included: change a rule here and the starter has to be trained again.

English only.  Knows no brief, no channel and no model.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from creative.inflection import lexicon, third_person, verb_forms


class Kind(StrEnum):
    """How a phrase may be used in a sentence."""

    DO = "do"  #: what the reader does: "sleep better"
    DOES = "does"  #: what the product does: "keeps drinks cold"
    THING = "thing"  #: a noun phrase: "compostable bags"
    QUALITY = "quality"  #: an adjective, with or without more: "soft on skin"
    MADE = "made"  #: a participle or preposition opens it: "roasted to order"
    SAYS = "says"  #: a whole sentence: "we come to you"
    WITHOUT = "without"  #: what is absent: "no hidden fees"


TO_THE_READER = re.compile(
    r"(?:(?:it |they |that |which )?(?:helps?|lets?|allows?|enables?)(?: you)?(?: to)?"
    r"|(?:so )?you (?:can|will|get to)|you'll"
    r"|(?:it )?makes? it (?:easy|easier|simple)(?: for you)? to|to) ",
    re.IGNORECASE,
)
OF_THE_PRODUCT = re.compile(r"(it|they|this|that|which) (?:also |will |can )?", re.IGNORECASE)
WORD = re.compile(r"[a-z0-9][a-z0-9'’-]*")
ABSENT = {"no", "zero", "without", "never", "not"}
PEOPLE = {"we", "you", "i", "there", "someone", "everyone", "nobody", "nothing", "everything"}
OWNERS = {
    "your",
    "our",
    "my",
    "their",
    "every",
    "each",
    "all",
    "one",
    "the",
    "a",
    "an",
    "no",
    "any",
}
JOINS = {"to", "enough", "even", "all", "every", "as", "when", "the", "your", "if", "and", "just"}
STRONG = {
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "can",
    "can't",
    "will",
    "won't",
    "never",
    "always",
}


@cache
def _either(*titles: str) -> frozenset[str]:
    """Return the words of several sections."""
    return frozenset().union(*(lexicon()[title] for title in titles))


@cache
def _less(title: str, other: str) -> frozenset[str]:
    """Return the words of one section that another does not have."""
    return lexicon()[title] - lexicon()[other]


def kind_of(phrase: str) -> Kind:
    """Return how a phrase may be used, as far as its words tell.

    >>> [kind_of(p).value for p in ("Keeps drinks cold", "sleep better", "infinity pool")]
    ['does', 'do', 'thing']
    """
    return read_phrase(phrase)[0]


def typed(phrases: Iterable[str]) -> str:
    """Join phrases, each in its one spelling and after the word that tells its kind.

    >>> typed(["Helps you sleep better.", "without sugar"])
    'do: sleep better; without: no sugar'
    """
    read = [read_phrase(phrase) for phrase in phrases if phrase.strip(" .,;")]
    return "; ".join(f"{kind}: {text}" for kind, text in read)


def read_phrase(phrase: str) -> tuple[Kind, str]:
    """Return the kind of a phrase and its one spelling."""
    text = lowered(_trimmed(phrase))
    if match := TO_THE_READER.match(text):
        rest = text[match.end() :]
        if _opens_with_verb(rest):
            return Kind.DO, rest
    match = OF_THE_PRODUCT.match(text)
    if match and (spelled := _as_third_person(text[match.end() :], match[1].lower())):
        return Kind.DOES, spelled
    words = WORD.findall(text.lower())
    if not words:
        return Kind.THING, text
    return _read_words(text, words)


def _read_words(text: str, words: list[str]) -> tuple[Kind, str]:
    if _is_sentence(words):
        return _read_sentence(text, words)
    if words[0] in ABSENT and len(words) > 1:
        return _read_absence(text, words)
    if base := _gerund_base(words):
        return Kind.DO, base + text[len(words[0]) :]
    if _opens_with_third_person(words):
        return Kind.DOES, text
    if _opens_with_verb(text):
        if words[0] in lexicon()["verbs of products"]:
            return Kind.DOES, third_person(words[0]) + text[len(words[0]) :]
        return Kind.DO, text
    return _read_description(words), text


def _trimmed(phrase: str) -> str:
    return " ".join(phrase.replace(";", ",").split()).strip(" .,•*–-")


def lowered(text: str) -> str:
    """Write an ordinary first word small; keep names, acronyms and mixed capitals."""
    first, _, rest = text.partition(" ")
    bare = first.strip(",'’:!?")
    if not (bare[:1].isupper() and (bare[1:].islower() or len(bare) == 1)) or bare == "I":
        return text
    if bare.lower() in lexicon()["names written with a capital"]:
        return text
    if rest[:1].isupper() and not is_common(bare.lower()):
        return text
    return text[:1].lower() + text[1:]


def is_common(word: str) -> bool:
    """Tell whether a small word is a verb, an adjective or a word that holds others together."""
    lists = lexicon()
    thirds, gerunds, participles = verb_forms()
    return (
        any(word in lists[name] for name in ("verbs", "adjectives", "prepositions"))
        or word in thirds
        or word in gerunds
        or word in participles
        or word in ABSENT | PEOPLE | OWNERS
    )


def _is_sentence(words: list[str]) -> bool:
    """Tell whether a subject and a finite verb are there: "the menu changes weekly"."""
    if len(words) < 2:
        return False
    thirds = verb_forms().thirds
    finite = lexicon()["finite verbs of clauses"]
    if words[0] in PEOPLE:
        return True
    if words[1] in PEOPLE or words[0] in lexicon()["prepositions"]:
        return False
    if words[1] in STRONG and words[0] not in OWNERS | ABSENT:
        return True
    if words[0] in OWNERS | {"some", "most", "both", "two"}:
        return any(w in finite or w in thirds for w in words[2:-1] if w not in OWNERS)
    if _starts_like_a_verb(words[0]):
        return False
    return words[1] in finite or (
        len(words) > 2 and (words[2] in finite - {"does", "last", "fit"} or _noun_acts(words))
    )


def _noun_acts(words: list[str]) -> bool:
    """Tell whether a plural noun and a base verb open the phrase: "kids build their own game"."""
    plural = (words[0].endswith("s") and not words[0].endswith("ss")) or words[0] in {
        "kids",
        "people",
    }
    follows = words[2] in _either("words after a verb", "prepositions")
    acts = words[1] in _less("verbs", "adjectives")
    return plural and acts and follows


def _starts_like_a_verb(word: str) -> bool:
    thirds, gerunds, participles = verb_forms()
    if word in _either("adjectives", "prepositions") or word in ABSENT:
        return True
    if word in _less("verbs", "verbs that also start a noun phrase"):
        return True
    return word in participles or word in gerunds or (word in thirds and not _noun_like(word))


def _noun_like(word: str) -> bool:
    """Tell whether a third person may as well be a plural: "notes", "drops"."""
    return verb_forms().thirds.get(word, "") in lexicon()["verbs that also start a noun phrase"]


def _read_sentence(text: str, words: list[str]) -> tuple[Kind, str]:
    if (
        words[0] == "you"
        and words[1] in lexicon()["verbs"]
        and words[1] not in {"own", "only", "set"}
    ):
        return Kind.DO, text.split(" ", 1)[1]
    return Kind.SAYS, text


def _read_absence(text: str, words: list[str]) -> tuple[Kind, str]:
    if words[0] in {"no", "zero"}:
        return Kind.WITHOUT, text
    rest = text.split(" ", 1)[1]
    if words[0] == "without":
        base = _gerund_base(words[1:])
        return (Kind.MADE, text) if base or words[1] in OWNERS else (Kind.WITHOUT, f"no {rest}")
    if words[0] == "never" and (base := _gerund_base(words[1:])):
        return Kind.DO, f"never {base}{rest[len(words[1]) :]}"
    thirds, _, participles = verb_forms()
    if words[1] in thirds:
        return Kind.DOES, text
    if words[1] in participles:
        return Kind.MADE, text
    return (Kind.DO, text) if words[1] in lexicon()["verbs"] else (Kind.MADE, text)


def _gerund_base(words: list[str]) -> str | None:
    """Return the base verb if a gerund opens the phrase and does not describe a noun."""
    base = verb_forms().gerunds.get(words[0])
    if base is None or len(words) == 1:
        return None
    if words[1] in _either("words after a verb", "prepositions"):
        return base
    noun_first = words[0] in _either("gerunds that start a noun phrase", "adjectives")
    return None if noun_first else base


def _opens_with_third_person(words: list[str]) -> bool:
    thirds = verb_forms().thirds
    lists = lexicon()
    first = 1 if words[0] in lists["adverbs before a verb or participle"] else 0
    if len(words) <= first or words[first] not in thirds or words[first] in lists["adjectives"]:
        return False
    if not _noun_like(words[first]):
        return len(words) > first + 1 or words[first] not in {"notes", "parts"}
    if len(words) == first + 1:
        return False
    follows = words[first + 1]
    if follows in lists["words after a verb"]:
        return True
    stops = verb_forms().participles, lists["finite verbs of clauses"], {"of", "for", "and", "or"}
    return not any(follows in words for words in stops)


def _opens_with_verb(text: str) -> bool:
    words = WORD.findall(text.lower())
    lists = lexicon()
    adverbs = lists["adverbs before a verb or participle"]
    while words and (words[0] == "never" or words[0] in adverbs):
        words = words[1:]
    if not words or words[0] not in lists["verbs"]:
        return False
    follows = words[1] if len(words) > 1 else ""
    joins = _either("words after a verb", "prepositions")
    if words[0] in lists["verbs that also are adjectives"]:
        return follows in {
            "a",
            "an",
            "the",
            "your",
            "their",
            "every",
            "any",
            "more",
            "up",
            "down",
            "out",
        }
    if words[0] in verb_forms().participles and follows in {"by", "for", "from"}:
        return False
    if words[0] in lists["verbs that also start a noun phrase"]:
        return follows in joins or _is_plural(follows) or _describes(follows)
    return True


def _is_plural(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def _as_third_person(text: str, subject: str = "") -> str | None:
    """Return a verb phrase as of one product, or None if no verb opens it."""
    words = WORD.findall(text.lower())
    lists = lexicon()
    if not words:
        return None
    if words[0] in verb_forms().thirds:
        return text
    if (
        words[0] in {"never", "always"}
        and len(words) > 1
        and (words[1] in lists["verbs"] or words[1] in verb_forms().thirds)
    ):
        rest = text.split(" ", 1)[1]
        return f"{words[0]} {_as_third_person(rest) or rest}"
    if words[0] == "are":
        return "is" + text[3:]
    if words[0] in lists["verbs"] or (subject == "they" and words[0].isalpha()):
        return third_person(words[0]) + text[len(words[0]) :]
    return text if subject == "it" and words[0].endswith("s") else None


def _read_description(words: list[str]) -> Kind:
    """Return the kind of a phrase that no verb opens."""
    lists = lexicon()
    participles = verb_forms().participles
    first = words[0]
    if len(words) == 1:
        return Kind.QUALITY if _describes(first) or "-" in first else Kind.THING
    if first in lists["prepositions"]:
        return Kind.MADE
    if first in lists["adverbs before a verb or participle"]:
        goes_on = words[1] in lists["prepositions"] or _describes(words[1])
        return _read_description(words[1:]) if goes_on else Kind.THING
    joins = words[1] in lists["prepositions"] or words[1] in JOINS
    if first in participles and (joins or words[1] in participles):
        return Kind.MADE
    if _describes(first) and joins:
        return Kind.QUALITY
    if all(_describes(w) for w in words if w not in {"and", "but", "yet", "not", "too"}):
        return Kind.QUALITY
    return Kind.THING


def _describes(word: str) -> bool:
    """Tell whether a word alone says what something is like."""
    if word in lexicon()["adjectives"] or word in verb_forms().participles:
        return True
    if word.endswith(("able", "ible", "ful", "less", "ous", "ive", "-free", "proof")):
        return len(word) > 5
    last = word.rsplit("-", 1)[-1]
    return "-" in word and (
        last in verb_forms().participles or last in lexicon()["adjectives"] or last.endswith("ing")
    )
