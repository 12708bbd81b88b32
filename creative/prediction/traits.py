"""What kind of line it is, in numbers: length, shape, and the traits of `traits.toml`.

A trait is one feature with a name that people understand.  Knows neither labels nor weights.
"""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean

import numpy as np

from creative.prediction.grams import Floats, spelt

_WORD = re.compile(r"[^\W_][\w']*")
_VOWELS = re.compile(r"[aeiouy]+")
_SHAPES = {
    "characters": "its length",
    "characters_squared": "its length, far from the usual",
    "words": "its number of words",
    "word_length": "long words",
    "longest_word": "one very long word",
    "first_word": "a long first word",
    "syllables": "words of many syllables",
    "variety": "words that do not repeat",
}
_TOPICAL = {"people", "dark", "warm"}  #: lists whose words say what a line is about
_ADVICE = {
    "word_length": ("", "Use shorter words."),
    "longest_word": ("", "Replace the longest word."),
    "first_word": ("", "Start with a short word."),
    "syllables": ("", "Use plainer words."),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Trait:
    """A trait; `advice` says how to get it, `avoid` how to lose it, both may be empty."""

    name: str
    label: str
    advice: str = ""
    avoid: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Listed:
    trait: Trait
    words: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()
    first: frozenset[str] = frozenset()
    pattern: re.Pattern[str] | None = None

    def count(self, text: str, words: Sequence[str]) -> float:
        if self.pattern is not None:
            return len(self.pattern.findall(text))
        if self.first:
            return float(bool(words) and words[0] in self.first)
        return sum(
            word in self.words or (len(word) > 4 and word.endswith(self.endings)) for word in words
        )


@cache
def traits() -> tuple[Trait, ...]:
    """Return every trait in the order of `trait_row`."""
    shapes = [
        Trait(
            name=name,
            label=label,
            advice=_ADVICE.get(name, ("", ""))[0],
            avoid=_ADVICE.get(name, ("", ""))[1],
        )
        for name, label in _SHAPES.items()
    ]
    return (*shapes, *(listed.trait for listed in _listed()))


@cache
def listed_words() -> frozenset[str]:
    """Return every word that a trait is about, save those that also tell of a topic."""
    kept = [each for each in _listed() if each.trait.name not in _TOPICAL]
    return frozenset().union(*(each.words | each.first for each in kept))


def trait_row(text: str) -> Floats:
    """Return the traits [traits] of a line, counts as log(1 + count)."""
    words = _WORD.findall(spelt(text))
    counts = [math.log1p(listed.count(text, words)) for listed in _listed()]
    return np.array([*_shape(text, words), *counts])


def trait_rows(lines: Sequence[str]) -> Floats:
    """Return the traits [lines, traits]."""
    return np.array([trait_row(line) for line in lines]).reshape(len(lines), len(traits()))


def _shape(text: str, words: Sequence[str]) -> tuple[float, ...]:
    length = len(text.strip()) / 100
    sizes = [len(word) for word in words] or [0]
    syllables = [max(1, len(_VOWELS.findall(word))) for word in words] or [0]
    return (
        length,
        (length - 0.8) ** 2,
        len(words) / 10,
        fmean(sizes),
        max(sizes),
        sizes[0],
        fmean(syllables),
        len(set(words)) / max(len(words), 1),
    )


@cache
def _listed() -> tuple[_Listed, ...]:
    table = tomllib.loads(files(__package__).joinpath("traits.toml").read_text("utf-8"))
    return tuple(_read(row) for row in table["trait"])


def _read(row: dict[str, str]) -> _Listed:
    words = row.get("words", "").split()
    return _Listed(
        trait=Trait(
            name=row["name"],
            label=row["label"],
            advice=row.get("advice", ""),
            avoid=row.get("avoid", ""),
        ),
        words=frozenset(word for word in words if not word.startswith("-")),
        endings=tuple(word[1:] for word in words if word.startswith("-")),
        first=frozenset(row.get("first", "").split()),
        pattern=re.compile(row["pattern"]) if "pattern" in row else None,
    )
