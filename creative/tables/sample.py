"""A table of an invented shop, for people who want to see what comes of one.

Made by code from a seed, with a known truth: who came back lately, phones and free delivery are
clicked more, money is noise.  One column is known only after the click, so that its warning shows.
"""

import csv
import io
from functools import cache

import numpy as np

NAME, NEW_NAME = "example-impressions.csv", "example-new-visitors.csv"
ROWS, NEW_ROWS = 2_400, 300
_DEVICES, _SOURCES = ("phone", "desktop", "tablet"), ("search", "newsletter", "social", "partner")
_HEADLINES = (
    "Free delivery of every Morning Box",
    "Fresh coffee without planning",
    "Roasted to order in small batches",
    "Pause or cancel any time",
)
_HEADER = (
    "shown_at", "visitor_id", "device", "source", "headline", "visits_before", "days_since_visit",
    "basket_value_last_year",
)  # fmt: skip


@cache
def sample_table() -> bytes:
    """Return impressions with their outcome, as CSV."""
    return _written(ROWS, seed=11, is_past=True)


@cache
def sample_to_score() -> bytes:
    """Return visitors of the next days, whose outcome nobody knows yet, as CSV."""
    return _written(NEW_ROWS, seed=12, is_past=False)


def _written(rows: int, seed: int, *, is_past: bool) -> bytes:
    chance = np.random.default_rng(seed)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*_HEADER, *(("seconds_on_page", "clicked") if is_past else ())])
    for at in range(rows):
        writer.writerow(_row(at, rows, chance, is_past=is_past))
    return text.getvalue().encode()


def _row(at: int, rows: int, chance: np.random.Generator, *, is_past: bool) -> list[object]:
    """Return one impression; days pass evenly over two months, or over the week after them."""
    device = _DEVICES[int(chance.choice(3, p=(0.55, 0.35, 0.1)))]
    source = _SOURCES[int(chance.choice(4, p=(0.4, 0.25, 0.25, 0.1)))]
    headline = int(chance.integers(4))
    visits = int(chance.poisson(2))
    days = round(float(chance.gamma(1.2, 20)), 1) if visits else ""
    log_odds = (
        -1.9
        + 0.7 * (device == "phone")
        + 0.9 * (source == "newsletter")
        + 0.8 * (headline == 0)
        + 0.25 * min(visits, 5)
        - 0.025 * (60 if days == "" else min(float(days), 60.0))
    )
    is_clicked = bool(chance.random() < 1 / (1 + np.exp(-log_odds)))
    day = 1 + at * 60 // rows if is_past else 62 + at * 7 // rows
    moment = np.datetime64("2026-08-31") + np.timedelta64(day, "D")
    clock = f"{chance.integers(7, 23):02d}:{chance.integers(60):02d}"
    basket = f"{chance.lognormal(3.2, 0.8):.2f}"
    visitor = f"v{chance.integers(900):04d}"
    known = [f"{moment} {clock}", visitor, device, source, _HEADLINES[headline], visits, days]
    seconds = int(chance.integers(8, 240)) if is_clicked else ""
    after = [seconds, "yes" if is_clicked else "no"] if is_past else []
    return [*known, basket, *after]
