import csv
import io
from datetime import datetime

import numpy as np
import pytest
from openpyxl import Workbook

from creative.tables.calibration import calibrated, calibrating
from creative.tables.fitting import fit_table
from creative.tables.plan import Plan
from creative.tables.reading import read_table
from creative.tables.refusals import TableRefused
from creative.tables.splitting import split
from creative.tables.table import Frame


@pytest.mark.parametrize("family", ["linear", "boosted", "network"])
def test_every_family_finds_the_truth_behind_clicks(fitted, family):
    report = fitted[family].report
    assert report.test.auc > 0.68
    assert report.test.auc_low < report.test.auc < report.test.auc_high
    assert report.test.auc > report.best_column.auc
    assert report.test.log_loss < np.log(2)


def test_what_counts_is_told(fitted):
    for family in ("linear", "boosted"):
        told = [name for name, _ in fitted[family].report.weights]
        assert set(told[:3]) == {"age", "headline", "device"}


def test_ids_are_left_out(fitted):
    assert {leak.column for leak in fitted["linear"].report.leaks if leak.is_left_out} == {
        *("impression_id", "user_id")
    }
    assert "user_id" not in fitted["linear"].model.card.encoder.names


def test_a_search_reports_and_repeats(impressions):
    raw = read_table(impressions, "t.csv")
    plan = Plan(target="clicked", time="shown_at", trials=3, seconds=600, baseline="age")
    steps = []
    one, other = fit_table(raw, plan, steps.append), fit_table(raw, plan)
    assert one.report == other.report
    assert {step.family for step in steps} == {"linear", "boosted", "network"}
    assert [step.share for step in steps] == sorted(step.share for step in steps)
    assert steps[-1].share == 1
    assert all(each.trials == 3 for each in one.report.candidates)
    assert one.report.baseline.column == "age"
    plain = [each for each in one.report.candidates if each.family != "network"]
    best = min(plain, key=lambda each: each.valid_log_loss)
    assert one.report.chosen in (best.family, "network")


def test_a_budget_of_no_time_still_gives_a_model(impressions):
    raw = read_table(impressions, "t.csv")
    fitted = fit_table(raw, Plan(target="clicked", group="user_id", seconds=0.0, trials=50))
    assert all(each.trials <= 2 for each in fitted.report.candidates)
    assert fitted.report.test.auc > 0.6


def small(table_of, values, rows=60, **plan):
    """Fit all families to one column and a fair coin."""
    chance = np.random.default_rng(1)
    lines = [(values(at, chance), int(chance.random() < 0.5)) for at in range(rows)]
    return fit_table(table_of(("x", "y"), lines), Plan(target="y", trials=0, **plan))


@pytest.mark.parametrize(
    "values",
    [
        lambda at, chance: chance.integers(3),
        lambda at, chance: ("1e308", "-1e308", "inf", "1", "2")[chance.integers(5)],
        lambda at, chance: ("1e-300", "0", "1e14")[chance.integers(3)],
        lambda at, chance: ("", "", "", "7")[chance.integers(4)],
        lambda at, chance: ("=1+1", "@cmd", "-2+3")[chance.integers(3)],
        lambda at, chance: f"2026-01-{1 + chance.integers(28):02d}",
        lambda at, chance: "ein zwei drei vier"[: chance.integers(18)],
    ],
)
def test_one_strange_column_gives_chances_and_no_crash(table_of, values):
    report = small(table_of, values).report
    assert len(report.candidates) == 3
    assert all(np.isfinite(each.test_log_loss) for each in report.candidates)


def test_ten_thousand_categories_are_pooled(table_of):
    fitted = small(table_of, lambda at, chance: f"c{int(chance.pareto(0.7))}", rows=15_000)
    (part,) = fitted.model.card.encoder.parts
    assert 1 <= len(part.kept) <= 50


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        ({"families": ("forest",)}, "kinds of models"),
        ({"families": ()}, "kinds of models"),
        ({"time": "y"}, "outcome and nothing else"),
        ({"time": "z"}, "no column “z”"),
        ({"baseline": "z"}, "no column “z”"),
    ],
)
def test_plans_that_make_no_sense_are_refused(table_of, plan, why):
    with pytest.raises(TableRefused, match=why):
        small(table_of, lambda at, chance: at % 3, **plan)


def test_a_table_of_ids_alone_is_refused(table_of):
    with pytest.raises(TableRefused, match="No column is left"):
        small(table_of, lambda at, chance: f"u{at}")


def test_calibration_finds_slope_and_intercept():
    chance = np.random.default_rng(1)
    true = chance.normal(0, 1.5, 50_000)
    outcome = (chance.random(50_000) < 1 / (1 + np.exp(-true))).astype(float)
    found = calibrated(2 * true + 1, outcome)
    assert (found.slope, found.intercept) == (
        pytest.approx(0.5, abs=0.02),
        pytest.approx(-0.5, abs=0.04),
    )


def test_calibration_never_turns_the_order_round():
    margins = np.linspace(-3, 3, 1_000)
    assert calibrated(margins, (margins < 0).astype(float)).slope > 0


def test_few_rows_hardly_change_the_slope():
    assert calibrated(np.array([-1.0, 1.0]), np.array([0.0, 1.0])).slope == pytest.approx(
        1, abs=0.1
    )


def test_a_network_must_be_clearly_better(table_of):
    """An interaction that no straight line sees and that pure noise cannot mimic."""
    chance = np.random.default_rng(1)
    lines = []
    for _ in range(2_000):
        a, b = chance.normal(size=2)
        won = int(chance.random() < (0.9 if a * b > 0 else 0.1))
        lines.append((f"{a:.3f}", f"{b:.3f}", won))
    plan = Plan(target="y", trials=0, families=("linear", "network"))
    assert fit_table(table_of(("a", "b", "y"), lines), plan).report.chosen == "network"
    assert small(table_of, lambda at, chance: at % 3, rows=400).report.chosen != "network"


def test_calibration_follows_the_latest_rate(table_of):
    """The rate doubles halfway through validation; chances follow its later half."""
    chance = np.random.default_rng(1)
    lines = []
    for at in range(6_000):
        day = at // 60  # 100 days, of which 60 to 79 are validation
        lines.append((f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}", chance.integers(5), int(
            chance.random() < (0.2 if day < 70 else 0.4)
        )))  # fmt: skip
    plan = Plan(target="y", time="day", trials=0, families=("linear",))
    fitted = fit_table(table_of(("day", "x", "y"), lines), plan)
    frame = fitted.model.frame(table_of(("day", "x", "y"), lines[-500:]))
    assert fitted.model.chances(frame).mean() == pytest.approx(0.4, abs=0.05)


def test_without_time_all_validation_rows_calibrate(table_of):
    outcome = (np.arange(400) % 2).astype(float)
    parts = split(Frame(columns={}, rows=400), outcome, seed=1)
    assert calibrating(parts, outcome).all()


class Stopped(Exception):
    """Somebody pressed Stop."""


def test_progress_can_stop_a_fit(impressions):
    def stop(step):
        raise Stopped

    raw = read_table(impressions, "t.csv")
    with pytest.raises(Stopped):
        fit_table(raw, Plan(target="clicked", trials=5, families=("linear",)), stop)


def test_a_workbook_gives_the_same_model_as_its_text(impressions):
    """Dates and numbers are typed in a workbook and texts in a CSV file."""
    header, *lines = csv.reader(io.StringIO(impressions.decode(), newline=""))
    book = Workbook()
    book.active.append(header)
    for line in lines:
        row = dict(zip(header, line, strict=True))
        row |= {"shown_at": datetime.fromisoformat(row["shown_at"]), "price": float(row["price"])}
        row["age"] = int(row["age"]) if row["age"] else None
        book.active.append(list(row.values()))
    content = io.BytesIO()
    book.save(content)
    plan = Plan(target="clicked", trials=0, families=("boosted",), time="shown_at")
    files = ((impressions, "t.csv"), (content.getvalue(), "t.xlsx"))
    one, other = (fit_table(read_table(*file), plan).report for file in files)
    assert one == other
