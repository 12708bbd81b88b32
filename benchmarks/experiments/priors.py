"""What the response prediction adds to a bandit, on tests that it was not fitted to.

Tests that share no text with its training are foretold by the prediction that ships, of the best
kind there is.  For the others its features and linear scorer are fitted anew, for each tenth to the
pairs that share no text with it.  How far scores are believed is measured on the other tenths.
"""

import hashlib
import json
from dataclasses import astuple
from pathlib import Path

import numpy as np

from benchmarks.experiments.archive import RealTest
from benchmarks.experiments.replays import SIZES, gain, replay
from creative.experiments.shrinkage import SPREAD
from creative.experiments.tally import Floats
from creative.prediction.network import weights_folder
from creative.prediction.predictor import FOLDER, Kind, Predictor
from creative.prediction.workspace import relative_rates
from models.prediction.fitting import design, fitted
from models.prediction.pairs import Pairs, read_pairs

FOLDS = 10
STRENGTH = 1.0  #: of the scorer; what training chooses, too
Priors = list[Floats | None]  #: factors [arms] of each test


def priors(
    rng: np.random.Generator, tests: list[RealTest], pairs: Path | None, draws: int
) -> dict[str, float]:
    """Replay tests whose texts differ: without a prior, with that of the texts, and upside down.

    Args:
        pairs: File of what is learnt from; without any, nothing is measured.
        draws: How often each test is played.
    """
    played = [test for test in tests if test.has_texts]
    if pairs is None:
        return {"text_tests": len(played)}
    learnt = read_pairs(pairs)
    seen = {line.strip() for line in learnt.lines}
    is_shipped = _is_shipped(pairs)
    new: list[RealTest] = []
    known: list[RealTest] = []
    for test in played:
        is_new = is_shipped and seen.isdisjoint(test.texts)
        (new if is_new else known).append(test)
    played = [*new, *known]
    fitted_anew = _unseen_scores(known, learnt)
    shipped = Predictor.load()
    of_new = [shipped.scores(test.texts) for test in new]
    scores = [*of_new, *fitted_anew]
    slopes = [*_slopes(new, of_new), *_slopes(known, fitted_anew)]
    foretold: Priors = [relative_rates(slope * s) for slope, s in zip(slopes, scores, strict=True)]
    turned: Priors = [relative_rates(-slope * s) for slope, s in zip(slopes, scores, strict=True)]
    nothing: Priors = [None] * len(played)
    figures: dict[str, float] = {"text_tests": len(played), "text_tests_new": len(new)}
    seed = int(rng.integers(1 << 32))
    for name, size in SIZES.items():
        for kind, given in (("none", nothing), ("text", foretold), ("wrong", turned)):
            outcomes = _played(seed, played * draws, given * draws, size)
            figures[f"gain_{kind}_{name}"] = round(gain(outcomes), 4)
            if kind == "text":
                gap = outcomes[:, 2].mean() - outcomes[:, 3].mean()
                figures[f"text_pick_gap_{name}"] = round(float(gap), 4)
    return {**figures, "text_pairs_right": _pairs_right(played, scores)}


def _played(seed: int, tests: list[RealTest], given: Priors, size: int) -> Floats:
    """Return outcomes [tests, outcome]; truth is the same whatever is given."""
    return np.array(
        [
            astuple(replay(np.random.default_rng([seed, at]), test, size, factors))
            for at, (test, factors) in enumerate(zip(tests, given, strict=True))
        ],
        float,
    )


def _is_shipped(pairs: Path) -> bool:
    """Tell whether the prediction that ships was trained on these pairs.

    Of one that was not nobody knows which texts it has seen.
    """
    trained_on = json.loads((FOLDER / "predictor.json").read_text("utf-8"))["trained_on"]
    return hashlib.sha256(pairs.read_bytes()).hexdigest() in trained_on.values()


def _unseen_scores(tests: list[RealTest], pairs: Pairs) -> list[Floats]:
    """Return scores [arms] of each test, as pairs that share no text with its tenth teach them."""
    kind = Kind.SENTENCES if weights_folder() else Kind.WORDS
    predictor = Predictor.load(kind=kind)
    lines = list(dict.fromkeys((*pairs.lines, *(text for test in tests for text in test.texts))))
    places = {line: at for at, line in enumerate(lines)}
    network = predictor.sentences
    vectors = None if network is None else network.vectors(lines)
    features = design(predictor.lexicon.rows(lines), vectors)
    found: dict[int, Floats] = {}
    for fold in range(FOLDS):
        unseen = {text for test in tests[fold::FOLDS] for text in test.texts}
        is_seen = np.array([line.strip() not in unseen for line in pairs.lines])
        usable = np.flatnonzero(is_seen[pairs.first] & is_seen[pairs.second])
        found[fold] = features @ fitted(features, pairs.at(usable), STRENGTH)
    return [
        found[at % FOLDS][[places[text] for text in test.texts]] for at, test in enumerate(tests)
    ]


def _slopes(tests: list[RealTest], scores: list[Floats]) -> list[float]:
    """Return for each test the slope of log click rates on scores in the other tenths."""
    if not tests:
        return []
    sums = np.array([_products(test, s) for test, s in zip(tests, scores, strict=True)])
    tenth = np.arange(len(tests)) % FOLDS
    rest = [sums[tenth != fold].sum(axis=0) for fold in range(FOLDS)]
    return [float(rest[fold][0] / rest[fold][1]) for fold in tenth]


def _products(test: RealTest, scores: Floats) -> tuple[float, float]:
    """Return the weighted products of scores with log click rates, and with themselves."""
    clicked = test.clicked + 0.5
    weights = 1 / (SPREAD + 1 / clicked)
    came = np.log(clicked / (test.shown + 1))
    apart = scores - np.average(scores, weights=weights)
    return float((weights * apart * came).sum()), float((weights * apart**2).sum())


def _pairs_right(tests: list[RealTest], scores: list[Floats]) -> float:
    """Return how often the better of two clearly different arms is foretold; ties count half."""
    right = []
    for test, foretold in zip(tests, scores, strict=True):
        rate = test.clicked / test.shown
        z = np.subtract.outer(rate, rate) / np.sqrt(
            np.maximum(np.add.outer(rate / test.shown, rate / test.shown), 1e-300)
        )
        right += list(np.sign(np.subtract.outer(foretold, foretold))[z > 1.96])
    return round(float(np.mean(right) / 2 + 0.5), 4)
