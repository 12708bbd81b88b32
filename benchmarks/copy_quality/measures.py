"""What a program can tell of lines: exact brands, known words, limits, repeats, grammar."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from functools import cache

from spellchecker import SpellChecker

from creative.claims import claims_in
from creative.domain import Brief
from creative.inflection import inflections
from creative.likeness import is_near_duplicate
from creative.ranking.candidates import is_thin
from creative.ranking.grammar import grammar_slips

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ALIKE = 0.8  #: from which likeness on a word looks like a brand that was not copied right


@dataclass(kw_only=True)
class Counts:
    """Lines of one or more briefs, and how many of them have which fault.

    Attributes:
        wanted: Lines asked for.
        named: Lines in which the brand, or something like it, stands.
        exact: Those of them that spell it as the brief does.
        garbled: Lines with a word that neither the brief nor an English word list knows.
        bigrams: Pairs of neighbouring words, and `different` how many different ones, per brief.
    """

    wanted: int = 0
    lines: int = 0
    named: int = 0
    exact: int = 0
    garbled: int = 0
    unsupported_claims: int = 0
    over_limit: int = 0
    near_duplicates: int = 0
    thin: int = 0
    grammar: int = 0
    bigrams: int = 0
    different: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        mine, theirs = asdict(self), asdict(other)
        return Counts(**{key: mine[key] + theirs[key] for key in mine})

    def report(self) -> dict[str, object]:
        """Return the counts as the figures that are promised; shares are of the lines."""
        lines = max(1, self.lines)
        return {
            "delivered": f"{self.lines} of {self.wanted}",
            "brand_exact": round(self.exact / max(1, self.named), 3),
            "brand_named": round(self.named / lines, 3),
            "garbled": self.garbled,
            "unsupported_claims": self.unsupported_claims,
            "over_limit": self.over_limit,
            "near_duplicates": round(self.near_duplicates / lines, 3),
            "thin": round(self.thin / lines, 3),
            "grammar_flags": self.grammar,
            "distinct_2": round(self.different / max(1, self.bigrams), 3),
        }


def counts_of(brief: Brief, texts: Sequence[str], *, wanted: int, limit: int) -> Counts:
    """Return the counts of one brief's lines; `limit` is in characters."""
    pairs = [pair for text in texts for pair in _bigrams(text)]
    names = [_names(text, brief.brand.name) for text in texts]
    return Counts(
        wanted=wanted,
        lines=len(texts),
        named=sum(is_named for is_named, _ in names),
        exact=sum(is_exact for _, is_exact in names),
        garbled=sum(bool(unknown_words(text, brief)) for text in texts),
        unsupported_claims=sum(
            any(claim.support is None for claim in claims_in(text, brief)) for text in texts
        ),
        over_limit=sum(len(text) > limit for text in texts),
        near_duplicates=sum(is_near_duplicate(text, texts[:at]) for at, text in enumerate(texts)),
        thin=sum(is_thin(text, brief) for text in texts),
        grammar=sum(bool(grammar_slips(text)) for text in texts),
        bigrams=len(pairs),
        different=len(set(pairs)),
    )


def unknown_words(text: str, brief: Brief) -> set[str]:
    """Return the words that neither the brief, in any form, nor a list of English words has.

    A part of a word with a hyphen is a word of its own.
    """
    said = _words(" ".join(_strings(asdict(brief))))
    forms = {form for word in said for form in inflections(word)}
    return _english().unknown(_words(text) - said - forms)


def _words(text: str) -> set[str]:
    found = [word.replace("’", "'") for word in _WORD.findall(text.casefold())]
    parts = {part for word in found for part in word.split("-")}
    return {re.sub("'s?$", "", part) for part in parts if len(part) > 1} | set(found)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in _strings(each)]
    return []


@cache
def _english() -> SpellChecker:
    return SpellChecker()


def _bigrams(text: str) -> list[tuple[str, str]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return list(itertools.pairwise(words))


def _names(text: str, brand: str) -> tuple[bool, bool]:
    """Tell whether a text names a brand at all, and whether exactly.

    Words that are nearly the brand name it wrongly, unless they are plain English: "No" is no
    misspelt "Nod".
    """
    if re.search(rf"(?<!\w){re.escape(brand)}(?!\w)", text):
        return True, True
    count, words = len(brand.split()), text.split()
    spans = (" ".join(words[at : at + count]) for at in range(len(words)))
    return any(_is_nearly(span.casefold(), brand.casefold()) for span in spans), False


def _is_nearly(span: str, brand: str) -> bool:
    ratio = SequenceMatcher(None, brand, span).ratio()
    return span == brand or (ratio >= _ALIKE and bool(_english().unknown(_words(span))))
