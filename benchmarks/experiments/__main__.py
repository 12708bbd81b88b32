"""How often the statistics of tests are right: on real tests, and on made-up ones without a winner.

    python -m benchmarks.experiments --arms arms.parquet --quick --json

The file has a row for each arm: clickability_test_id, test_week, impressions, clicks.  Rivals on
the same counts: a z test looked at every day, pooled counts under a bandit, an equal split, the raw
uplift of the luckiest arm.  `--quick` (less than three minutes) uses fewer tests and runs.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.machine import machine
from creative.experiments.alarm import split_of
from creative.experiments.evidence import compare, needed
from creative.experiments.intervals import ratio
from creative.experiments.shares import next_shares
from creative.experiments.shrinkage import beliefs
from creative.experiments.tally import Counts, Floats, Tally

BROKEN = (201325, 201401)  #: weeks in which the archive's own notes say that splits were broken
DAYS, BATCHES = 30, 10
DAY_EFFECT = 0.3  #: standard deviation of the log click rate between days
SIZES = {"1k": 1000, "3k": 3000, "5k": 5000}
UPLIFTS = (0.0, 0.3, 1.0)
Tests = list[tuple[Counts, Counts]]  #: impressions and clicks [arms] of each test


@dataclass(frozen=True)
class Effort:
    """How many tests and runs are looked at."""

    tests: int
    runs: int
    draws: int


def main() -> None:
    """Measure everything and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--arms", type=Path, required=True, help="Parquet or CSV file")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    options = parser.parse_args()
    effort = Effort(250, 120, 2000) if options.quick else Effort(1500, 500, 10000)
    begun = time.perf_counter()
    arms = _read(options.arms)
    rng = np.random.default_rng(options.seed)
    sound = _tests(arms[~arms["broken"]], least=2)
    chosen = [sound[at] for at in rng.permutation(len(sound))[: effort.tests]]
    figures = {
        **_alarms(arms),
        **_false_winners(rng, effort.runs),
        **_power(rng, effort.runs),
        "coverage": _coverage(rng, effort.draws),
        **_replays(rng, chosen),
        **_winners_curse(rng, sound),
    }
    head = {"benchmark": "experiments", "quick": options.quick, "seed": options.seed, **machine()}
    seconds = round(time.perf_counter() - begun)
    print(json.dumps({**head, "tests": len(sound), "seconds": seconds, **figures}))


def _read(path: Path) -> pd.DataFrame:
    arms = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    arms["broken"] = arms["test_week"].astype(int).between(*BROKEN)
    return arms


def _tests(arms: pd.DataFrame, least: int) -> Tests:
    groups = (group for _, group in arms.groupby("clickability_test_id", sort=True))
    return [
        (np.asarray(group["impressions"], np.int64), np.asarray(group["clicks"], np.int64))
        for group in groups
        if len(group) >= least
    ]


def _tally(shown: Counts, clicked: Counts) -> Tally:
    return Tally(impressions=np.atleast_2d(shown), clicks=np.atleast_2d(clicked))


def _alarms(arms: pd.DataFrame) -> dict[str, float]:
    """Return the shares of tests with a sample-ratio alarm, inside and outside the broken weeks."""
    return {
        name: round(
            float(np.mean([split_of(_tally(*test)).is_broken for test in _tests(part, least=2)])), 4
        )
        for name, part in (
            ("srm_inside", arms[arms["broken"]]),
            ("srm_outside", arms[~arms["broken"]]),
        )
    }


def _days(rng: np.random.Generator, rates: Floats, shown: Counts, noise: float = 0.0) -> Counts:
    """Return clicks [days, arms]; noise is the standard deviation by arm and day."""
    wobble = rng.normal(-(noise**2) / 2, noise, shown.shape) if noise else 0.0
    return rng.binomial(shown, np.minimum(rates * np.exp(wobble), 1.0))


def _false_winners(rng: np.random.Generator, runs: int) -> dict[str, float]:
    """Return how often a winner is found where there is none, looking every day."""
    rising = 0.01 * np.linspace(0.5, 1.5, DAYS)[:, None]
    found: dict[str, list[bool]] = {}
    for arms in (2, 15):
        shown = np.full((DAYS, arms), 1000)
        for _ in range(runs):
            test = Tally(impressions=shown, clicks=_days(rng, np.full((DAYS, 1), 0.01), shown))
            found.setdefault(f"fpr_peeking_{arms}", []).append(_ever_wins(test))
            found.setdefault(f"fpr_naive_{arms}", []).append(_naive_wins(test))
        big = np.full((DAYS, arms), 10000)
        for _ in range(runs // 2):
            noisy = Tally(
                impressions=big, clicks=_days(rng, np.full((DAYS, 1), 0.01), big, noise=0.15)
            )
            found.setdefault(f"fpr_noise_{arms}", []).append(_ever_wins(noisy, since=7))
    for _ in range(runs):
        test = _bandit_days(rng, rising * np.ones(5), per_day=5000)
        found.setdefault("fpr_bandit_drift", []).append(_ever_wins(test))
        pooled = _tally(test.impressions.sum(axis=0), test.clicks.sum(axis=0))
        found.setdefault("fpr_bandit_pooled", []).append(_naive_wins(pooled))
    rates = {name: round(float(np.mean(all_)), 4) for name, all_ in found.items()}
    return {"fpr_peeking": max(rates["fpr_peeking_2"], rates["fpr_peeking_15"]), **rates}


def _ever_wins(test: Tally, since: int = 1) -> bool:
    limit = needed(test.arms)
    days = range(since, test.days + 1)
    return any(compare(test.until(day), arm).more >= limit for day in days for arm in test.others)


def _naive_wins(test: Tally) -> bool:
    """Tell whether a z test of pooled counts finds a better arm on any day."""
    shown, clicked = test.impressions.cumsum(axis=0), test.clicks.cumsum(axis=0)
    rate = clicked / np.maximum(shown, 1)
    pool = (clicked + clicked[:, :1]) / np.maximum(shown + shown[:, :1], 1)
    error = np.sqrt(
        pool * (1 - pool) * (1 / np.maximum(shown, 1) + 1 / np.maximum(shown[:, :1], 1))
    )
    z = np.divide(rate - rate[:, :1], error, out=np.zeros_like(rate), where=error > 0)
    return bool((z[:, 1:] > stats.norm.isf(0.025)).any())


def _bandit_days(rng: np.random.Generator, rates: Floats, per_day: int) -> Tally:
    """Play a bandit: each day's shares follow from the days before."""
    days, arms = rates.shape
    shown, clicked = np.zeros((days, arms), np.int64), np.zeros((days, arms), np.int64)
    shares = np.full(arms, 1 / arms)
    for day in range(days):
        shown[day] = rng.multinomial(per_day, shares)
        clicked[day] = rng.binomial(shown[day], rates[day])
        so_far = Tally(impressions=shown[: day + 1], clicks=clicked[: day + 1])
        shares = next_shares(beliefs(so_far), control=0)
    return Tally(impressions=shown, clicks=clicked)


def _power(rng: np.random.Generator, runs: int) -> dict[str, float]:
    """Return how often a real 30 % is found: by daily looks, and by one look at the end."""
    shown = np.full((DAYS, 2), 1000)
    rates = np.array([[0.01, 0.013]])
    tests = [Tally(impressions=shown, clicks=_days(rng, rates, shown)) for _ in range(runs)]
    daily = float(np.mean([_ever_wins(test) for test in tests]))
    last = [_naive_wins(_tally(t.impressions.sum(axis=0), t.clicks.sum(axis=0))) for t in tests]
    once = float(np.mean(last))
    return {
        "power": round(daily, 3),
        "power_once": round(once, 3),
        "power_ratio": round(daily / once, 3),
    }


def _coverage(rng: np.random.Generator, draws: int) -> float:
    """Return the least coverage of the ratio's interval at 0.2 %, 2,000 impressions per arm."""
    found = []
    for uplift in UPLIFTS:
        shown = np.array([2000, 2000])
        inside = 0
        seen: dict[tuple[int, ...], bool] = {}
        for _ in range(draws):
            clicked = rng.binomial(shown, [0.002, 0.002 * (1 + uplift)])
            key = tuple(int(count) for count in clicked)
            if key not in seen:
                interval = ratio(_tally(shown, clicked), 1)
                seen[key] = interval.low <= 1 + uplift <= interval.high
            inside += seen[key]
        found.append(inside / draws)
    return round(min(found), 4)


def _replays(rng: np.random.Generator, tests: Tests) -> dict[str, float]:
    """Replay real tests with a bandit: truth is a draw from what their counts leave open."""
    figures: dict[str, float] = {}
    gaps, errors = [], []
    for name, size in SIZES.items():
        outcomes = np.array([_replay(rng, test, size) for test in tests])
        gained, equal, hit, hit_equal, loss, real = outcomes.sum(axis=0)
        figures[f"gain_{name}"] = round(float(gained / equal - 1), 4)
        gaps.append(float(hit - hit_equal) / len(tests))
        errors.append(float(loss / real - 1) if real else 0.0)
        figures[f"best_picked_{name}"] = round(float(hit / len(tests)), 3)
    worst = min(gaps)
    return {
        **figures,
        "best_pick_gap": round(worst, 4),
        "expected_loss_error": round(errors[-1], 4),
        "expected_loss_errors": [round(error, 4) for error in errors],  # type: ignore[dict-item]
    }


def _replay(rng: np.random.Generator, test: tuple[Counts, Counts], size: int) -> Iterator[float]:
    shown, clicked = test
    arms = len(shown)
    posterior = beliefs(_tally(shown, clicked))
    rate = clicked.sum() / shown.sum()
    truth = rate * rng.gamma(posterior.shape, 1 / posterior.rate)
    days = np.exp(rng.normal(-(DAY_EFFECT**2) / 2, DAY_EFFECT, BATCHES))[:, None]
    rates = np.minimum(truth * days, 1.0)
    per_day = size * arms // BATCHES
    bandit = _bandit_days(rng, rates, per_day)
    even = np.full((BATCHES, arms), per_day // arms)
    equal = Tally(impressions=even, clicks=rng.binomial(even, rates))
    believed = beliefs(bandit)
    pick, pick_equal = int(believed.mean.argmax()), int(beliefs(equal).mean.argmax())
    best = int(truth.argmax())
    return (
        float((bandit.impressions * rates).sum()),
        float((even * rates).sum()) * bandit.impressions.sum() / even.sum(),
        float(pick == best),
        float(pick_equal == best),
        float(believed.expected_loss()[pick]),
        float(truth[best] / truth[pick] - 1),
    )  # type: ignore[return-value]


def _winners_curse(rng: np.random.Generator, tests: Tests) -> dict[str, float]:
    """Compare the uplift claimed from one half of real clicks with what the other half shows."""
    raw, shrunk, truth = [], [], []
    for shown, clicked in tests:
        seen, seen_clicks = shown // 2, rng.hypergeometric(clicked, shown - clicked, shown // 2)
        kept, kept_clicks = shown - seen, clicked - seen_clicks
        half = _tally(seen, seen_clicks)
        believed = beliefs(half)
        control = int(rng.integers(len(shown)))
        winner = int((seen_clicks / seen).argmax())
        if winner == control or not seen_clicks[control] or not kept_clicks[control]:
            continue
        raw.append(seen_clicks[winner] / seen[winner] / (seen_clicks[control] / seen[control]) - 1)
        shrunk.append(believed.mean[winner] / believed.mean[control] - 1)
        truth.append(
            kept_clicks[winner] / kept[winner] / (kept_clicks[control] / kept[control]) - 1
        )
    claimed, careful, real = (np.array(values) for values in (raw, shrunk, truth))
    error, error_raw = (np.sqrt(np.mean((x - real) ** 2)) for x in (careful, claimed))
    return {
        "shrunk_rmse_ratio": round(float(error / error_raw), 3),
        "shrunk_bias": round(float(np.mean(careful - real)), 4),
        "raw_bias": round(float(np.mean(claimed - real)), 4),
        "shrunk_overclaims": round(float(np.mean(careful > real)), 3),
        "raw_overclaims": round(float(np.mean(claimed > real)), 3),
    }


if __name__ == "__main__":
    main()
