"""What the texts of a test alone lead one to expect, learnt from tests that ended.

A ridge regression of log click rates on hashed n-grams of characters and words, compared within
tests only: what a publisher, a day or a page does to all lines of a test drops out.  How far it is
believed is measured on tests that it has not seen, down to not at all.  It may steer traffic, as
`prior` of beliefs for shares; it never enters a verdict, because it knows nothing of this test.

Sources: Hoerl & Kennard 1970 (ridge), Weinberger et al. 2009 (hashing), James & Stein 1961 (trust).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from creative.experiments.shrinkage import SPREAD
from creative.experiments.tally import Counts, Floats

RIDGE = 40.0  #: of 5, 10, 20 and 40 the one that foretells most of unseen tests of the archive
_BITS, _LONGEST = 16, 4
_FOLDS = 5
_WORD = re.compile(r"[\w']+|[^\w\s]")


@dataclass(frozen=True, kw_only=True, slots=True)
class PastTest:
    """A test that ended: the texts of its arms, and counts [arms]."""

    texts: tuple[str, ...]
    impressions: Counts
    clicks: Counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """Effects [features] on the log click rate, and how far they are believed, 0 to 1."""

    effects: Floats
    trust: float

    def factors(self, texts: Sequence[str]) -> Floats:
        """Return the factors [texts] of the click rate to expect, mean 1."""
        expected = np.exp(self.trust * (_features(texts) @ self.effects))
        return np.asarray(expected / expected.mean())


def learn(tests: Sequence[PastTest]) -> Wording:
    """Return what tests teach of texts; without any, that all texts are alike."""
    useful = [test for test in tests if len(set(test.texts)) > 1]
    return Wording(effects=_effects(useful), trust=_trust(useful))


def _trust(tests: Sequence[PastTest]) -> float:
    """Return the slope of what came on what was foretold of unseen tests, shrunk by its own error.

    Tests that share a text with those foretold are left out of what is learnt.
    """
    together = variance = 0.0
    for fold in range(_FOLDS):
        unseen = tests[fold::_FOLDS]
        texts = {text for test in unseen for text in test.texts}
        effects = _effects([test for test in tests if texts.isdisjoint(test.texts)])
        if unseen:
            rows = _rows(unseen)
            foretold = rows.centred(rows.features @ effects)
            together += float((rows.weights * foretold * rows.came).sum())
            variance += float((rows.weights * foretold**2).sum())
    if together <= 0 or not variance:
        return 0.0
    # Weights are one over the variance of what came, so that of the slope is 1 / variance.
    return float(np.clip(together / variance - 1 / together, 0.0, 1.0))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rows:
    """The arms of all tests, one below the other."""

    features: sparse.csr_array
    test: Counts
    weights: Floats
    came: Floats  #: log click rates, centred

    def centred(self, values: Floats) -> Floats:
        return _centred(values, self.weights, self.test)


def _rows(tests: Sequence[PastTest]) -> _Rows:
    clicks = np.concatenate([test.clicks for test in tests]) + 0.5
    shown = np.concatenate([test.impressions for test in tests]) + 1.0
    place = np.repeat(np.arange(len(tests)), [len(test.texts) for test in tests])
    weights = 1 / (SPREAD + 1 / clicks)
    return _Rows(
        features=_features([text for test in tests for text in test.texts]),
        test=place,
        weights=weights,
        came=_centred(np.log(clicks / shown), weights, place),
    )


def _centred(values: Floats, weights: Floats, test: Counts) -> Floats:
    means = np.bincount(test, weights * values) / np.bincount(test, weights)
    return np.asarray(values - means[test])


def _effects(tests: Sequence[PastTest]) -> Floats:
    """Return the ridge regression's effects [features]."""
    size = 2 << _BITS
    if not tests:
        return np.zeros(size)
    rows = _rows(tests)
    across = rows.features.T.tocsr()

    def normal(effects: Floats) -> Floats:
        centred = rows.centred(rows.features @ effects)
        return np.asarray(across @ (rows.weights * centred) + RIDGE * effects)

    equations = LinearOperator((size, size), matvec=normal, dtype=np.float64)
    found, _ = cg(equations, across @ (rows.weights * rows.came), rtol=1e-3, maxiter=200)
    return np.asarray(found)


def _features(texts: Sequence[str]) -> sparse.csr_array:
    """Return features [texts, 2^17]: characters in the lower half, words in the upper."""
    rows = [_row(text) for text in texts]
    ends = np.cumsum([0, *(len(places) for places, _ in rows)])
    places = np.concatenate([places for places, _ in rows]) if rows else np.zeros(0, np.int64)
    values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0)
    return sparse.csr_array((values, places, ends), shape=(len(rows), 2 << _BITS))


@lru_cache(maxsize=50_000)
def _row(text: str) -> tuple[Counts, Floats]:
    """Return the features of a text that are not zero; each half has length 1."""
    places, values = [], []
    words = _WORD.findall(text.lower())
    for half, grams in enumerate((_letters(words), _phrases(words))):
        counts = Counter((half << _BITS) + crc32(gram.encode()) % (1 << _BITS) for gram in grams)
        weights = 1 + np.log(np.array(list(counts.values()), float))
        places += list(counts)
        values += list(weights / np.linalg.norm(weights))
    return np.array(places, np.int64), np.array(values)


def _letters(words: Sequence[str]) -> Iterator[str]:
    """Yield the runs of characters of each word, its ends among them."""
    for word in words:
        framed = f" {word} "
        for length in range(1, _LONGEST + 1):
            yield from (framed[at : at + length] for at in range(len(framed) - length + 1))


def _phrases(words: Sequence[str]) -> Iterator[str]:
    yield from words
    yield from (" ".join(pair) for pair in pairwise(words))
