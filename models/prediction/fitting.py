"""Fit scores: one linear scorer on differences of lines, and what turns scores into chances."""

from collections.abc import Sequence

import numpy as np
from scipy import optimize, sparse
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from creative.prediction.chances import Calibration
from creative.prediction.grams import Counts, Floats
from creative.prediction.lexical import LexicalRows, Weights
from models.prediction.measures import log_loss
from models.prediction.pairs import Arms, Pairs

STRENGTHS = (0.5, 0.7, 1.0, 1.5, 2.0)  #: of C, larger trusts the data more
FOLDS = 5
TRAITS, TOKENS, SENTENCES = 0.1, 0.5, 1.0  #: scales of blocks; runs have 1


def design(
    rows: LexicalRows, sentences: Floats | None = None, *, parts: Sequence[str] = ()
) -> sparse.csr_array:
    """Return scaled features [lines, features], only of the named blocks if any are named."""
    blocks = {
        "characters": rows.characters,
        "words": rows.words,
        "traits": sparse.csr_array(rows.traits * TRAITS),
        "tokens": sparse.csr_array(rows.tokens * TOKENS),
    }
    if sentences is not None:
        blocks["sentences"] = sparse.csr_array(sentences * SENTENCES)
    kept = [block for name, block in blocks.items() if not parts or name in parts]
    return sparse.csr_array(sparse.hstack(kept, format="csr"))


def weights(effects: Floats, rows: LexicalRows) -> Weights:
    """Return effects [features] of `design` as weights of unscaled blocks."""
    sizes = [block.shape[1] for block in (rows.characters, rows.words, rows.traits, rows.tokens)]
    characters, words, traits, tokens, rest = np.split(effects, np.cumsum(sizes))
    return Weights(
        characters=characters,
        words=words,
        traits=traits * TRAITS,
        tokens=tokens * TOKENS,
        sentences=rest * SENTENCES,
    )


def fitted(features: sparse.csr_array, pairs: Pairs, strength: float) -> Floats:
    """Return effects [features]; no intercept, so that order cannot matter."""
    model = LogisticRegression(C=strength, fit_intercept=False, max_iter=1_000)
    model.fit(features[pairs.first] - features[pairs.second], pairs.is_won)
    return np.asarray(model.coef_[0], float)


def unseen_gaps(features: sparse.csr_array, pairs: Pairs, strength: float) -> Floats:
    """Return gaps [pairs], each foretold from groups that share no test and no line with it."""
    gaps, rows = np.zeros(len(pairs)), np.arange(len(pairs))
    groups = pairs.groups()
    folds = GroupKFold(min(FOLDS, len(np.unique(groups)))).split(rows, groups=groups)
    for learn, tell in folds:
        effects = fitted(features, pairs.at(learn), strength)
        there = pairs.at(tell)
        gaps[tell] = (features[there.first] - features[there.second]) @ effects
    return gaps


def chosen_strength(
    features: sparse.csr_array, pairs: Pairs, strengths: Sequence[float] = STRENGTHS
) -> tuple[float, Floats]:
    """Return the strength with the least log-loss on unseen groups, and the gaps it gave."""
    tried = {strength: unseen_gaps(features, pairs, strength) for strength in strengths}
    best = min(tried, key=lambda strength: log_loss(expit(tried[strength]), pairs.is_won))
    return best, tried[best]


def sharpness(gaps: Floats, is_won: Counts) -> float:
    """Return the factor of gaps [pairs] that makes them log-odds."""
    found = optimize.minimize_scalar(
        lambda factor: log_loss(expit(factor * gaps), is_won), bounds=(0.05, 5), method="bounded"
    )
    return float(found.x)


def blend(lexical: Floats, network: Floats, is_won: Counts) -> tuple[float, float]:
    """Return the factors of two gaps [pairs] whose sum are log-odds."""
    model = LogisticRegression(C=1e6, fit_intercept=False)
    model.fit(np.stack([lexical, network], axis=1), is_won)
    return float(model.coef_[0][0]), float(model.coef_[0][1])


def ordinary(gaps: Floats, came: Floats, noise: Floats) -> tuple[float, float]:
    """Return slope and spread of log rates, by maximum likelihood.

    Args:
        gaps: Differences of scores [pairs].
        came: Differences of log click rates.
        noise: Variances of these, from counts.
    """

    def cost(both: Floats) -> float:
        width = 2 * np.exp(2 * both[1]) + noise
        return float(((came - both[0] * gaps) ** 2 / width + np.log(width)).mean())

    found = optimize.minimize(cost, np.array([0.1, np.log(0.25)]), method="Nelder-Mead")
    return float(found.x[0]), float(np.exp(found.x[1]))


def rate_gaps(arms: Arms) -> tuple[Counts, Counts, Floats, Floats]:
    """Return the arms of each pair, differences of their log rates, and the variances of these."""
    first, second = arms.pairs()
    clicks, shown = arms.clicks + 0.5, arms.impressions + 1.0
    rates = np.log(clicks / shown)
    noise = 1 / clicks - 1 / shown
    return first, second, rates[first] - rates[second], noise[first] + noise[second]


def calibrated(factor: float, scores: Floats, arms: Arms) -> Calibration:
    """Return how scores of the arms' lines become chances."""
    first, second, came, noise = rate_gaps(arms)
    gaps = scores[arms.line[first]] - scores[arms.line[second]]
    slope, spread = ordinary(gaps, came, noise)
    return Calibration(sharpness=factor, slope=slope, spread=spread)
