"""Small tables as marketers bring them, with a known truth behind the outcome."""

import csv
import io

import numpy as np
import pytest

from creative.tables.fitting import fit_table
from creative.tables.plan import Plan
from creative.tables.reading import read_table

HEADLINES = (
    "free delivery of every coffee",
    "save money on your next order",
    "a quiet morning begins with us",
    "beans from small farms only",
)
ENDS = ("now", "here", "for you", "with a smile", "this week", "again", "at home", "today")


class Fits(dict):
    """Fits by family; shown shortly, for hypothesis prints the arguments of what fails."""

    def __repr__(self):
        return f"Fits({', '.join(self)})"


def as_csv(header, rows):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.fixture(scope="session")
def csv_of():
    return as_csv


@pytest.fixture(scope="session")
def table_of():
    return lambda header, rows: read_table(as_csv(header, rows), "table.csv")


@pytest.fixture(scope="session")
def impressions():
    """Return the file of 900 impressions: phones and free delivery are clicked, price is noise."""
    chance = np.random.default_rng(3)
    header = ("impression_id", "shown_at", "user_id", "device", "headline", "price", "age")
    rows = []
    for at in range(900):
        device = str(chance.choice(["phone", "desktop", "tablet"], p=[0.6, 0.3, 0.1]))
        headline = f"{HEADLINES[chance.integers(4)]} {ENDS[chance.integers(8)]}"
        age = int(chance.integers(18, 80))
        log_odds = -1 + (device == "phone") + 1.5 * ("free" in headline) - 0.04 * (age - 45)
        clicked = "yes" if chance.random() < 1 / (1 + np.exp(-log_odds)) else "no"
        moment = f"2026-09-{1 + at // 32:02d} {chance.integers(24):02d}:{chance.integers(60):02d}"
        shown_age = "" if chance.random() < 0.1 else age
        price = f"{chance.lognormal(3, 1):.2f}"
        user = f"u{chance.integers(200)}"
        rows.append((f"i{at:05d}", moment, user, device, headline, price, shown_age, clicked))
    return as_csv((*header, "clicked"), rows)


@pytest.fixture(scope="session")
def fitted(impressions):
    """Return each family fitted to the impressions, by name."""
    raw = read_table(impressions, "impressions.csv")
    return Fits(
        (family, fit_table(raw, Plan(target="clicked", families=(family,), trials=0)))
        for family in ("linear", "boosted", "network")
    )
