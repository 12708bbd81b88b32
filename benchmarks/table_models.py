"""Who buys again within 30 days: `python -m benchmarks.table_models FILE --json`.

FILE is UCI Online Retail as CSV, packed or not (Chen 2015, doi:10.24432/C5BW33).  Customers are
described every 30 days by what they bought until then; the outcome is an order in the 30 days
after.  The latest days are the test, so no window of an outcome reaches into a later part.

Rivals of the same run: days since the last order, bare, and the best single column.  Then a column
that is known only after the outcome and an id are planted, to see that both are warned of.
"""

import argparse
import csv
import gzip
import io
import json
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from benchmarks.machine import machine
from benchmarks.timing import say
from creative.tables.fitting import Fitted, fit_table
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.searching import Step
from creative.tables.table import RawTable

WINDOW = timedelta(days=30)
CUTS = 9  #: days at which customers are described, 30 days apart
TARGET, RECENCY = "buys_again", "days_since_last_order"
PLANTED = {"id": "customer_id", "after": "order_value_after"}
BAR = 0.03  #: of AUC above recency


@dataclass
class Customer:
    """What one customer did, by moment: orders (one for each invoice) and returned lines."""

    country: str
    orders: dict[str, tuple[datetime, float, int]] = field(default_factory=dict)
    returns: list[datetime] = field(default_factory=list)

    def in_order(self) -> list[tuple[datetime, float, int]]:
        return sorted(self.orders.values())


def main() -> None:
    """Fit, plant leaks, and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="online_retail.csv or .csv.gz")
    parser.add_argument("--seconds", type=float, default=120.0, help="budget of the search")
    parser.add_argument("--trials", type=int, default=15, help="of each kind of model, at most")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--until", type=datetime.fromisoformat, help="a day before the last")
    parser.add_argument("--json", action="store_true", help="kept for the habit of all benchmarks")
    options = parser.parse_args()
    lines, customers, last = _customers(options.file)
    table = _table(customers, min(last, options.until or last), options.seed)
    say(f"{table.rows} rows of {len(customers)} customers")
    told = {"lines": lines, "customers": len(customers), "rows": table.rows}
    measured = _measured(table, options.seconds, options.trials, options.seed)
    print(json.dumps({"benchmark": "table_models", **told, **measured, **machine()}))


def _measured(table: RawTable, seconds: float, trials: int, seed: int) -> dict[str, object]:
    begun = time.perf_counter()
    plan = Plan(
        target=TARGET, time="cut_off", baseline=RECENCY, drop=tuple(PLANTED.values()),
        seconds=seconds, trials=trials, seed=seed,
    )  # fmt: skip
    fitted = fit_table(table, plan, _told)
    report = fitted.report
    assert report.baseline is not None
    return {
        "split": report.split,
        "chosen": report.chosen,
        "auc": round(report.test.auc, 4),
        "auc_low": round(report.test.auc_low, 4),
        "auc_high": round(report.test.auc_high, 4),
        "recency_auc": round(report.baseline.auc, 4),
        "above_recency": round(report.baseline.gain, 4),
        "above_recency_low": round(report.baseline.gain_low, 4),
        "above_recency_high": round(report.baseline.gain_high, 4),
        "is_reached": report.baseline.gain >= BAR,
        "best_column": asdict(report.best_column),
        "rate": round(report.test.rate, 4),
        "log_loss": round(report.test.log_loss, 4),
        "ece": round(report.test.ece, 4),
        **{name: round(getattr(report.test, name), 4) for name in ("precision", "recall", "f1")},
        "lift_first_decile": round(report.test.deciles[0].lift, 3),
        "bins": [asdict(each) for each in report.test.bins],
        "candidates": [asdict(each) for each in report.candidates],
        "weights": report.weights,
        "leaks": _leak_test(table, seed),
        "contributions_error": _additivity(fitted, table),
        "seconds": round(time.perf_counter() - begun),
        "seed": seed,
    }


def _leak_test(table: RawTable, seed: int) -> dict[str, object]:
    """Fit with both planted columns and return whether they were warned of and left out."""
    plan = Plan(target=TARGET, time="cut_off", families=("linear",), trials=0, seed=seed)
    fitted = fit_table(table, plan)
    signs = {leak.column: leak.sign for leak in fitted.report.leaks if leak.is_left_out}
    return {
        "warned": signs,
        "id_is_warned_of": PLANTED["id"] in signs,
        "after_is_warned_of": PLANTED["after"] in signs,
        "others_warned_of": sorted(set(signs) - set(PLANTED.values())),
        "auc_without_them": round(fitted.report.test.auc, 4),
    }


def _additivity(fitted: Fitted, table: RawTable) -> float | None:
    """Return the largest gap between log-odds and the sum of contributions."""
    if fitted.report.chosen == "network":
        return None
    frame = fitted.model.frame(table)
    explained = fitted.model.explain(frame)
    sums = explained.base + explained.added.sum(axis=1)
    return float(abs(sums - fitted.model.log_odds(frame)).max())


def _customers(file: Path) -> tuple[int, dict[str, Customer], datetime]:
    """Return the lines read, customers by id, and the last moment of the data."""
    found: dict[str, Customer] = {}
    count, last = 0, datetime.fromisoformat("1970-01-01")  # the shop's clock has no zone
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8", newline="") as text:
        for line in csv.DictReader(text):
            count += 1
            if not line["CustomerID"]:
                continue
            moment = datetime.fromisoformat(line["InvoiceDate"])
            last = max(last, moment)
            customer = found.setdefault(line["CustomerID"], Customer(country=line["Country"]))
            quantity, price = int(line["Quantity"]), float(line["UnitPrice"])
            if quantity <= 0:
                customer.returns.append(moment)
            elif price > 0:
                _, money, items = customer.orders.get(line["InvoiceNo"], (moment, 0.0, 0))
                customer.orders[line["InvoiceNo"]] = (moment, money + quantity * price, items + 1)
    return count, found, last


def _table(customers: dict[str, Customer], last: datetime, seed: int) -> RawTable:
    """Describe customers at each cut-off, as a file that is read like that of a marketer."""
    chance = Random(seed)
    by_cut = [last - WINDOW * (at + 1) for at in range(CUTS)]
    rows: list[dict[str, object]] = []
    for cut in reversed(by_cut):
        for id, customer in customers.items():
            row = _described(customer, cut)
            if row is not None:
                bought = row[TARGET] == "yes"
                after = round(chance.uniform(5, 500), 2) if bought else ""
                rows.append({"customer_id": id, **row, PLANTED["after"]: after})
    chance.shuffle(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return read_table(text.getvalue().encode(), "customers.csv")


def _described(customer: Customer, cut: datetime) -> dict[str, object] | None:
    """Return what is known of a customer at a moment; None of one who never ordered before."""
    orders = customer.in_order()
    moments = [moment for moment, _, _ in orders]
    at = bisect_left(moments, cut)
    if not at:
        return None
    past = orders[:at]
    days = [(cut - moment).total_seconds() / 86_400 for moment, _, _ in past]
    money = [each for _, each, _ in past]
    gap = (days[0] - days[-1]) / (at - 1) if at > 1 else None
    return {
        "cut_off": cut.date().isoformat(),
        RECENCY: round(days[-1], 2),
        "days_since_first_order": round(days[0], 2),
        "order_days": len({moment.date() for moment, _, _ in past}),
        "orders": at,
        "money": round(sum(money), 2),
        "mean_basket": round(sum(money) / at, 2),
        "last_basket": round(money[-1], 2),
        "lines": sum(lines for _, _, lines in past),
        "mean_gap_days": "" if gap is None else round(gap, 2),
        "recency_in_gaps": "" if not gap else round(days[-1] / gap, 3),
        **dict(_recent(days, money)),
        "returned_lines": sum(moment < cut for moment in customer.returns),
        "country": customer.country,
        TARGET: "yes" if any(cut <= each < cut + WINDOW for each in moments[at:]) else "no",
    }


def _recent(days: Sequence[float], money: Sequence[float]) -> Iterator[tuple[str, object]]:
    for span in (30, 60, 90, 180):
        yield f"orders_{span}", sum(each <= span for each in days)
        yield (
            f"money_{span}",
            round(sum(m for d, m in zip(days, money, strict=True) if d <= span), 2),
        )


def _told(step: Step) -> None:
    best = "" if step.best is None else f" {step.best:.4f}"
    say(f"{step.share:.0%} {step.family} trial {step.trial}{best}")


if __name__ == "__main__":
    main()
