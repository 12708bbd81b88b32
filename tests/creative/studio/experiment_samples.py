"""Experiments and reports for tests: real lines in a real library, days with known rates."""

import csv
import datetime as dt
import io
from collections.abc import Sequence

import numpy as np

from creative.domain import Brief, Draft, DraftState, kept_id
from creative.studio.studio import Studio
from creative.trials import Arm, Experiment

START = dt.date(2026, 10, 1)
LINES = ("Coffee roasted on Mondays", "Beans in your letterbox", "Fresh beans every week")


def approved(studio: Studio, brief: Brief, texts: Sequence[str]) -> list[Draft]:
    """Write lines by hand and approve them."""
    drafts = [studio.review.write(kept_id(brief), "headline", text) for text in texts]
    studio.review.decide([kept_id(draft) for draft in drafts], DraftState.APPROVED)
    return [studio.review.get(kept_id(draft)) for draft in drafts]


def noon(day: dt.date) -> dt.datetime:
    """Return a moment of that day in every time zone but the last ones."""
    return dt.datetime.combine(day, dt.time(12), dt.UTC)


def a_test(
    studio: Studio, brief: Brief, texts: Sequence[str] = LINES, **values: object
) -> Experiment:
    """Design a test whose control is the first line, and whose ads run from `START` on."""
    drafts = approved(studio, brief, texts)
    arms = tuple(
        Arm(draft_id=draft.id, text=draft.line.text, is_control=at == 0)
        for at, draft in enumerate(drafts)
    )
    design = Experiment(
        brief_id=kept_id(brief),
        field="headline",
        arms=arms,
        **{"name": "October lines", "started_at": noon(START)} | values,  # type: ignore[arg-type]
    )
    return studio.experiments.keep(design)


def report(
    texts: Sequence[str],
    rates: Sequence[float],
    days: int = 14,
    shown: int = 2000,
    seed: int = 1,
    first: dt.date = START,
) -> bytes:
    """Return a CSV of daily results with binomial clicks."""
    rng = np.random.default_rng(seed)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["Day", "Ad name", "Impressions", "Clicks"])
    for day in range(days):
        for text, rate in zip(texts, rates, strict=True):
            clicks = int(rng.binomial(shown, rate))
            writer.writerow([(first + dt.timedelta(day)).isoformat(), text, shown, clicks])
    return table.getvalue().encode()


def a_counted_test(
    studio: Studio,
    brief: Brief,
    texts: Sequence[str],
    winner: str,
    seed: int = 1,
    **values: object,
) -> Experiment:
    """Run a test in which one line surely wins."""
    test = studio.experiments.start(kept_id(a_test(studio, brief, texts, **values)))
    rates = [0.05 if text == winner else 0.02 for text in texts]
    studio.results.commit(kept_id(test), report(texts, rates, seed=seed), "report.csv")
    return studio.experiments.get(kept_id(test))


def sales(
    texts: Sequence[str],
    uplifts: Sequence[float],
    days: int = 21,
    shown: int = 3000,
    currency: str = "EUR",
) -> bytes:
    """Return a report in Meta's layout of orders worth 45 on average, 1 % of impressions."""
    rng = np.random.default_rng(1)
    table = io.StringIO()
    writer = csv.writer(table)
    counts = ("Impressions", "Link clicks", f"Amount spent ({currency})", "Purchases")
    writer.writerow(["Day", "Ad name", *counts, "Purchases conversion value"])
    for day in range(days):
        level = float(np.exp(rng.normal(0, 0.25)))
        for text, uplift in zip(texts, uplifts, strict=True):
            orders = int(rng.poisson(shown * 0.01 * level * (1 + uplift)))
            worth = round(float(rng.lognormal(np.log(45) - 0.32, 0.8, orders).sum()), 2)
            when = (START + dt.timedelta(day)).isoformat()
            writer.writerow([when, text, shown, 3 * orders, 30, orders, worth])
    return table.getvalue().encode()


def wearing(texts: Sequence[str] = LINES, days: int = 45, fall: int = 20) -> bytes:
    """Return a report whose second line earns half as much from a day on."""
    rng = np.random.default_rng(2)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["Day", "Ad name", "Impressions", "Clicks"])
    for day in range(days):
        for at, text in enumerate(texts):
            rate = 0.03 * (0.5 if at == 1 and day >= fall else 1.0)
            clicks = int(rng.binomial(3000, rate))
            writer.writerow([(START + dt.timedelta(day)).isoformat(), text, 3000, clicks])
    return table.getvalue().encode()
