import numpy as np
import pytest

from creative.tables import scoring
from creative.tables.reading import read_table


def test_every_row_has_a_reason_a_rank_and_a_chance(fitted, impressions):
    raw = read_table(impressions, "t.csv")
    scored = scoring.score_table(fitted["boosted"].model, raw)
    assert len(scored.reasons) == len(scored.chances) == raw.rows
    assert all("raises" in reason or "lowers" in reason for reason in scored.reasons)
    assert np.bincount(scored.deciles)[1:].tolist() == [90] * 10
    best, worst = scored.chances[scored.deciles == 1], scored.chances[scored.deciles == 10]
    assert best.min() >= worst.max()


def test_reasons_name_what_is_true(fitted, csv_of):
    header = ("shown_at", "device", "headline", "price", "age")
    rows = [
        ("2026-09-10 12:00", "phone", "free delivery of every coffee now", "20", "20"),
        ("2026-09-10 12:00", "desktop", "save money on your next order now", "20", "78"),
    ]
    for family in ("linear", "boosted"):
        model = fitted[family].model
        scored = scoring.score_table(model, read_table(csv_of(header, rows), "t.csv"))
        good, bad = scored.reasons
        assert "age raises" in good
        assert "headline raises" in good
        assert "age lowers" in bad
        assert scored.chances[0] > 2 * scored.chances[1]


@pytest.mark.parametrize("family", ["linear", "boosted"])
def test_of_a_large_table_the_best_rows_have_reasons(fitted, csv_of, family):
    header = ("shown_at", "device", "headline", "price", "age")
    ages = np.random.default_rng(1).integers(18, 80, scoring.MOST_EXPLAINED + 500)
    rows = [("", "phone", "", "", int(age)) for age in ages]
    raw = read_table(csv_of(header, rows), "t.csv")
    scored = scoring.score_table(fitted[family].model, raw)
    without = np.array([not reason for reason in scored.reasons])
    assert without.sum() == 500
    assert scored.chances[without].max() <= scored.chances[~without].min()


def test_a_network_gives_chances_without_reasons(fitted, impressions):
    raw = read_table(impressions, "t.csv")
    scored = scoring.score_table(fitted["network"].model, raw)
    assert not scored.reasons
    header = scoring.scored_file(raw, scored, "clicked").decode("utf-8-sig").split("\r\n")[0]
    assert header.endswith("chance of clicked,decile")
