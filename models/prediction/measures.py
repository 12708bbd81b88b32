"""How good chances of pairs are: accuracy with its interval, log-loss, calibration, and rivals."""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from creative.prediction.grams import Counts, Floats
from models.prediction.pairs import Pairs

DRAWS, SEED, BINS = 2_000, 7, 10
REFERENCE_C = 3.0


def accuracy(chances: Floats, pairs: Pairs) -> float:
    """Return the share of pairs [pairs] whose winner had the higher chance; ties count half."""
    return float(_hits(chances, pairs.is_won).mean())


def interval(hits: Floats, test: Counts) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean of hits [pairs], drawing whole tests."""
    names, at = np.unique(test, return_inverse=True)
    right, size = np.bincount(at, hits), np.bincount(at)
    drawn = np.random.default_rng(SEED).integers(0, len(names), (DRAWS, len(names)))
    low, high = np.quantile(right[drawn].sum(1) / size[drawn].sum(1), [0.025, 0.975])
    return float(low), float(high)


def log_loss(chances: Floats, is_won: Counts) -> float:
    """Return the mean of minus the log chance of what came."""
    came = np.clip(np.where(is_won == 1, chances, 1 - chances), 1e-12, 1)
    return float(-np.log(came).mean())


def calibration_error(chances: Floats, is_won: Counts) -> float:
    """Return the expected calibration error in ten bins of equal width."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    told = np.bincount(bins, chances, BINS)
    came = np.bincount(bins, is_won, BINS)
    return float(np.abs(told - came).sum() / len(chances))


def figures(chances: Floats, pairs: Pairs) -> dict[str, float]:
    """Return accuracy, its interval, log-loss and calibration error."""
    low, high = interval(_hits(chances, pairs.is_won), pairs.test)
    return {
        "accuracy": accuracy(chances, pairs),
        "low": low,
        "high": high,
        "log_loss": log_loss(chances, pairs.is_won),
        "ece": calibration_error(chances, pairs.is_won),
    }


def longer_wins(pairs: Pairs) -> float:
    """Return how often the longer line wins; ties count half."""
    sizes = np.array([len(line) for line in pairs.lines])
    return accuracy(0.5 + 0.5 * np.sign(sizes[pairs.first] - sizes[pairs.second]), pairs)


def character_reference(train: Pairs, pairs: Pairs) -> Floats:
    """Return what TF-IDF of 2 to 5 characters and logistic regression foretell, [pairs]."""
    table = TfidfVectorizer(analyzer="char", ngram_range=(2, 5), min_df=2, sublinear_tf=True)
    learnt = table.fit_transform(train.lines)
    model = LogisticRegression(C=REFERENCE_C, fit_intercept=False, max_iter=500)
    model.fit(learnt[train.first] - learnt[train.second], train.is_won)
    rows = table.transform(pairs.lines)
    chances = model.predict_proba(rows[pairs.first] - rows[pairs.second])[:, 1]
    return np.asarray(chances, float)


def gaps(scores: Sequence[float] | Floats, pairs: Pairs) -> Floats:
    """Return differences of scores [pairs] from scores [lines]."""
    each = np.asarray(scores, float)
    return np.asarray(each[pairs.first] - each[pairs.second])


def _hits(chances: Floats, is_won: Counts) -> Floats:
    return np.where(chances == 0.5, 0.5, (chances > 0.5) == is_won).astype(float)
