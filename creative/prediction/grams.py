"""Runs of characters and of words as features of a line: TF-IDF, each block of length 1.

Training and prediction count with this one module, so nothing can differ between them.  Knows
neither labels nor weights.

Source: Salton & Buckley 1988 (TF-IDF with sublinear counts).
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Span = tuple[int, int]  #: first and last word that a run touches

SHORTEST, LONGEST = 2, 5  #: characters
_WORD = re.compile(r"[\w']+|[?!]")
_PLAIN = str.maketrans("‘’“”–—\xa0", "''\"\"-- ")


def spelt(text: str) -> str:
    """Return a line as it is counted: lower case, plain quotes and dashes, single spaces."""
    return " ".join(text.translate(_PLAIN).lower().split())


def shown_words(text: str) -> list[str]:
    """Return the words of a line as its reader sees them, with their punctuation."""
    return text.translate(_PLAIN).split()


def characters(text: str) -> list[str]:
    """Return every run of 2 to 5 characters of a line, spaces at both ends included."""
    framed = f" {spelt(text)} "
    return [
        framed[at : at + length]
        for length in range(SHORTEST, LONGEST + 1)
        for at in range(len(framed) - length + 1)
    ]


def words(text: str) -> list[str]:
    """Return every word and every pair of neighbours; question and exclamation marks are words."""
    single = _WORD.findall(spelt(text))
    return [*single, *map(" ".join, pairwise(single))]


def character_spans(text: str) -> list[Span]:
    """Return which of `shown_words` each run of `characters` touches, in the same order."""
    framed = f" {spelt(text)} "
    word, owner = 0, []
    for at, sign in enumerate(framed):
        word += sign == " " and 0 < at < len(framed) - 1
        owner.append(word)
    # A space belongs to the word after it; the runs that it ends touch that word too.
    return [
        (owner[at], owner[at + length - 1])
        for length in range(SHORTEST, LONGEST + 1)
        for at in range(len(framed) - length + 1)
    ]


def word_spans(text: str) -> list[Span]:
    """Return which of `shown_words` each of `words` touches, in the same order."""
    line = spelt(text)
    at = [line.count(" ", 0, found.start()) for found in _WORD.finditer(line)]
    return [*((a, a) for a in at), *pairwise(at)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """Known runs of one kind: the place of each and its rarity [runs]."""

    cut: Callable[[str], list[str]]
    spans: Callable[[str], list[Span]]
    places: Mapping[str, int]
    rarity: Floats

    def row(self, text: str) -> tuple[Counts, Floats]:
        """Return places and values of the runs in a line; values have length 1, if any."""
        known = self.places
        counts = Counter(known[run] for run in self.cut(text) if run in known)
        places = np.fromiter(counts, np.int64, len(counts))
        values = self.rarity[places] * [1 + math.log(count) for count in counts.values()]
        return places, values / (math.sqrt(values @ values) or 1.0)


def learnt_block(
    cut: Callable[[str], list[str]],
    spans: Callable[[str], list[Span]],
    lines: Iterable[str],
    *,
    least: int,
) -> Block:
    """Return the runs that at least so many lines have, with their rarities."""
    lines = list(lines)
    seen = Counter(run for line in lines for run in set(cut(line)))
    kept = sorted(run for run, count in seen.items() if count >= least)
    rarity = [math.log((1 + len(lines)) / (1 + seen[run])) + 1 for run in kept]
    return Block(
        cut=cut,
        spans=spans,
        places={run: at for at, run in enumerate(kept)},
        rarity=np.array(rarity, float),
    )
