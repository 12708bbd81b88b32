"""What texts alone add to a bandit: learnt from other tests, played on tests they never met.

No test is played with what was learnt from itself or from a test that shares a text with it.
"""

from dataclasses import astuple

import numpy as np

from benchmarks.experiments.archive import RealTest
from benchmarks.experiments.replays import SIZES, gain, replay
from creative.experiments.tally import Floats
from creative.experiments.wording import PastTest, Wording, learn

FOLDS = 10
Priors = list[Floats | None]  #: factors [arms] of each test


def priors(
    rng: np.random.Generator, tests: list[RealTest], more: list[RealTest], draws: int
) -> dict[str, float]:
    """Replay tests whose texts differ: without a prior, with that of the texts, and upside down.

    Args:
        more: Tests that are learnt from and not played.
        draws: How often each test is played.
    """
    played = [test for test in tests if test.has_texts]
    learnt = _learnt(played, more)
    foretold: Priors = [
        words.factors(test.texts) for words, test in zip(learnt, played, strict=True)
    ]
    turned: Priors = [_turned(factors) for factors in foretold]
    nothing: Priors = [None] * len(played)
    figures: dict[str, float] = {"text_tests": len(played)}
    seed = int(rng.integers(1 << 32))
    for name, size in SIZES.items():
        for kind, given in (("none", nothing), ("text", foretold), ("wrong", turned)):
            outcomes = _played(seed, played * draws, given * draws, size)
            figures[f"gain_{kind}_{name}"] = round(gain(outcomes), 4)
            if kind == "text":
                gap = outcomes[:, 2].mean() - outcomes[:, 3].mean()
                figures[f"text_pick_gap_{name}"] = round(float(gap), 4)
    trust = float(np.mean([words.trust for words in learnt]))
    return {**figures, "text_pairs_right": _pairs_right(played, foretold), "text_trust": trust}


def _played(seed: int, tests: list[RealTest], given: Priors, size: int) -> Floats:
    """Return outcomes [tests, outcome]; truth is the same whatever is given."""
    return np.array(
        [
            astuple(replay(np.random.default_rng([seed, at]), test, size, factors))
            for at, (test, factors) in enumerate(zip(tests, given, strict=True))
        ],
        float,
    )


def _learnt(tests: list[RealTest], more: list[RealTest]) -> list[Wording]:
    """Return for each test what others teach."""
    found: dict[int, Wording] = {}
    for fold in range(FOLDS):
        unseen = {text for test in tests[fold::FOLDS] for text in test.texts}
        others = [_past(test) for test in tests + more if unseen.isdisjoint(test.texts)]
        found[fold] = learn(others)
    return [found[at % FOLDS] for at in range(len(tests))]


def _past(test: RealTest) -> PastTest:
    return PastTest(texts=test.texts, impressions=test.shown, clicks=test.clicked)


def _turned(factors: Floats | None) -> Floats | None:
    return None if factors is None else (1 / factors) / (1 / factors).mean()


def _pairs_right(tests: list[RealTest], foretold: Priors) -> float:
    """Return how often the better of two clearly different arms is foretold; ties count half."""
    right = []
    for test, factors in zip(tests, foretold, strict=True):
        rate = test.clicked / test.shown
        z = np.subtract.outer(rate, rate) / np.sqrt(
            np.maximum(np.add.outer(rate / test.shown, rate / test.shown), 1e-300)
        )
        assert factors is not None
        right += list(np.sign(np.subtract.outer(factors, factors))[z > 1.96])
    return round(float(np.mean(right) / 2 + 0.5), 4)
