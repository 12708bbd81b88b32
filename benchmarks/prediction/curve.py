"""What the predictor would be worth from 30 pairs on: `benchmarks.prediction --whole`.

Evaluation pairs are those of --pairs and a fifth of the training pairs that shares neither a test
nor a line with those learnt from.  Vocabulary from all training lines, without labels; strength by
cross-validation within the few pairs.
"""

import numpy as np
from scipy import sparse
from scipy.special import expit

from creative.prediction.grams import Counts
from creative.prediction.network import weights_folder
from creative.prediction.sentences import Sentences
from models.prediction.fitting import chosen_strength, design, fitted
from models.prediction.measures import calibration_error
from models.prediction.pairs import Pairs
from models.prediction.reading import learnt_lexicon

SIZES = (30, 100, 300, 1_000, 2_500)
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)
SEED = 7


def learning_curve(train: Pairs, further: Pairs) -> dict[str, object]:
    """Return mean accuracy and calibration error by number of pairs, without and with the network.

    Six draws of up to 300 pairs, three of more.
    """
    network = weights_folder()
    if network is None:
        return {}
    lexicon, sentences = learnt_lexicon(train.lines, network), Sentences.load(network)
    curve: dict[str, object] = {}
    for name, reader in (("words", None), ("sentences", sentences)):
        here, there = (
            design(
                lexicon.rows(pairs.lines), None if reader is None else reader.vectors(pairs.lines)
            )
            for pairs in (train, further)
        )
        curve[name] = {size: _mean_of_draws(here, there, train, further, size) for size in SIZES}
    return curve


def _mean_of_draws(
    here: sparse.csr_array, there: sparse.csr_array, train: Pairs, further: Pairs, size: int
) -> dict[str, float]:
    draws = [
        _one_draw(here, there, train, further, size, seed)
        for seed in range(SEED, SEED + (6 if size <= 300 else 3))
    ]
    accuracy, error = np.mean(draws, axis=0)
    return {"accuracy": float(accuracy), "ece": float(error)}


def _one_draw(
    here: sparse.csr_array,
    there: sparse.csr_array,
    train: Pairs,
    further: Pairs,
    size: int,
    seed: int,
) -> tuple[float, float]:
    held, kept = _held_out(train)
    order = np.random.default_rng(seed).permutation(kept)[:size]
    few = train.at(order)
    strength, _ = chosen_strength(here, few, STRENGTHS)
    effects = fitted(here, few, strength)
    gaps, won = [], []
    for features, pairs in ((here, train.at(held)), (there, further)):
        gaps.append((features[pairs.first] - features[pairs.second]) @ effects)
        won.append(pairs.is_won)
    gap, came = np.concatenate(gaps), np.concatenate(won)
    return float(np.mean((gap > 0) == came)), calibration_error(expit(gap), came)


def _held_out(train: Pairs) -> tuple[Counts, Counts]:
    """Return a fifth of the rows and the others; no group is in both."""
    groups = train.groups()
    names = np.random.default_rng(SEED).permutation(np.unique(groups))
    is_held = np.isin(groups, names[: len(names) // 5])
    return np.flatnonzero(is_held), np.flatnonzero(~is_held)
