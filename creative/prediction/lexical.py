"""The part of a score that words, characters and traits make: additive, and quick.

A line becomes five blocks (runs of characters, runs of words, traits, token vectors); a score is a
sum over all of them.  Knows no network.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from creative.prediction.grams import Block, Floats
from creative.prediction.tokens import TokenVectors
from creative.prediction.traits import trait_row

CLIP = 4.0  #: standard deviations beyond which a trait counts no more


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What each feature adds to a score: of runs [runs], traits [traits], tokens [size]."""

    characters: Floats
    words: Floats
    traits: Floats
    tokens: Floats
    sentences: Floats  #: [width]; empty if the score needs no network


@dataclass(frozen=True, kw_only=True, slots=True)
class Lexicon:
    """How a line becomes features."""

    characters: Block
    words: Block
    tokens: TokenVectors
    usual: Floats  #: mean of each trait
    spread: Floats  #: its standard deviation

    def traits(self, text: str) -> Floats:
        """Return traits [traits] in standard deviations from the usual line."""
        return np.clip((trait_row(text) - self.usual) / self.spread, -CLIP, CLIP)

    def score(self, text: str, weights: Weights) -> float:
        """Return the lexical score of a line."""
        runs, values = self.characters.row(text)
        total = float(weights.characters[runs] @ values)
        runs, values = self.words.row(text)
        total += float(weights.words[runs] @ values)
        total += float(weights.traits @ self.traits(text))
        return total + float(weights.tokens @ self.tokens.row(text))

    def rows(self, lines: Sequence[str]) -> "LexicalRows":
        """Return the features of lines, as training and the workspace's model need them."""
        return LexicalRows(
            characters=stacked(self.characters, lines),
            words=stacked(self.words, lines),
            traits=_table([self.traits(line) for line in lines], len(self.usual)),
            tokens=_table([self.tokens.row(line) for line in lines], len(self.tokens.scales)),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class LexicalRows:
    """Features [lines, ...] by block."""

    characters: sparse.csr_array
    words: sparse.csr_array
    traits: Floats
    tokens: Floats


def stacked(block: Block, lines: Sequence[str]) -> sparse.csr_array:
    """Return the runs of lines [lines, runs]."""
    rows = [block.row(line) for line in lines]
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([np.zeros(0, np.int64), *(places for places, _ in rows)])
    values = np.concatenate([np.zeros(0), *(values for _, values in rows)])
    return sparse.csr_array((values, places, ends), shape=(len(lines), len(block.rarity)))


def _table(rows: Sequence[Floats], width: int) -> Floats:
    return np.array(rows, float).reshape(len(rows), width)
