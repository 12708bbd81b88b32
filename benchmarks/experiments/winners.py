"""How often the alarms and the verdicts are right where the answer is known."""

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.experiments.archive import one_day, tests_of
from benchmarks.experiments.days import bandit_days, clicks_of
from creative.experiments.alarm import split_of
from creative.experiments.evidence import compare, needed
from creative.experiments.tally import Tally

DAYS = 30


def alarms(arms: pd.DataFrame) -> dict[str, float]:
    """Return the shares of tests with a sample-ratio alarm, inside and outside the broken weeks."""
    return {
        name: round(float(np.mean([split_of(test.tally).is_broken for test in tests_of(part)])), 4)
        for name, part in (
            ("srm_inside", arms[arms["broken"]]),
            ("srm_outside", arms[~arms["broken"]]),
        )
    }


def false_winners(rng: np.random.Generator, runs: int) -> dict[str, float]:
    """Return how often a winner is found where there is none, looking every day."""
    rising = 0.01 * np.linspace(0.5, 1.5, DAYS)[:, None]
    found: dict[str, list[bool]] = {}
    for arms in (2, 15):
        shown = np.full((DAYS, arms), 1000)
        for _ in range(runs):
            test = Tally(impressions=shown, clicks=clicks_of(rng, np.full((DAYS, 1), 0.01), shown))
            found.setdefault(f"fpr_peeking_{arms}", []).append(ever_wins(test))
            found.setdefault(f"fpr_naive_{arms}", []).append(naive_wins(test))
        big = np.full((DAYS, arms), 10000)
        for _ in range(runs // 2):
            noisy = Tally(
                impressions=big, clicks=clicks_of(rng, np.full((DAYS, 1), 0.01), big, noise=0.15)
            )
            found.setdefault(f"fpr_noise_{arms}", []).append(ever_wins(noisy, since=7))
    for _ in range(runs):
        test = bandit_days(rng, rising * np.ones(5), per_day=5000)
        found.setdefault("fpr_bandit_drift", []).append(ever_wins(test))
        pooled = one_day(test.impressions.sum(axis=0), test.clicks.sum(axis=0))
        found.setdefault("fpr_bandit_pooled", []).append(naive_wins(pooled))
    rates = {name: round(float(np.mean(all_)), 4) for name, all_ in found.items()}
    return {"fpr_peeking": max(rates["fpr_peeking_2"], rates["fpr_peeking_15"]), **rates}


def power(rng: np.random.Generator, runs: int) -> dict[str, float]:
    """Return how often a real 30 % is found: by daily looks, and by one look at the end."""
    shown = np.full((DAYS, 2), 1000)
    rates = np.array([[0.01, 0.013]])
    tests = [Tally(impressions=shown, clicks=clicks_of(rng, rates, shown)) for _ in range(runs)]
    daily = float(np.mean([ever_wins(test) for test in tests]))
    last = [naive_wins(one_day(t.impressions.sum(axis=0), t.clicks.sum(axis=0))) for t in tests]
    once = float(np.mean(last))
    return {
        "power": round(daily, 3),
        "power_once": round(once, 3),
        "power_ratio": round(daily / once, 3),
    }


def ever_wins(test: Tally, since: int = 1) -> bool:
    """Tell whether an arm is ever called a winner by somebody who looks every day."""
    limit = needed(test.arms)
    days = range(since, test.days + 1)
    return any(compare(test.until(day), arm).more >= limit for day in days for arm in test.others)


def naive_wins(test: Tally) -> bool:
    """Tell whether a z test of pooled counts finds a better arm on any day."""
    shown, clicked = test.impressions.cumsum(axis=0), test.clicks.cumsum(axis=0)
    rate = clicked / np.maximum(shown, 1)
    pool = (clicked + clicked[:, :1]) / np.maximum(shown + shown[:, :1], 1)
    error = np.sqrt(
        pool * (1 - pool) * (1 / np.maximum(shown, 1) + 1 / np.maximum(shown[:, :1], 1))
    )
    z = np.divide(rate - rate[:, :1], error, out=np.zeros_like(rate), where=error > 0)
    return bool((z[:, 1:] > stats.norm.isf(0.025)).any())
