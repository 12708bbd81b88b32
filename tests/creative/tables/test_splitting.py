import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.tables.cleaning import clean_table
from creative.tables.refusals import TableRefused
from creative.tables.splitting import folds, split
from creative.tables.table import Frame


def cleaned(table_of, rows=120):
    lines = [
        (f"2026-01-{1 + at % 28:02d}", f"u{at % 16}", at % 7, int(at % 3 == 0))
        for at in range(rows)
    ]
    return clean_table(table_of(("day", "user", "n", "y"), lines), "y", keep=["user"])


def test_by_time_the_past_teaches_and_the_future_tests(table_of):
    made = cleaned(table_of)
    parts = split(made.frame, made.outcome, time="day", seed=1)
    days = made.frame["day"].values
    assert days[parts.train].max() < days[parts.valid].min()
    assert days[parts.valid].max() < days[parts.test].min()
    assert "By time (day): trained on" in parts.said
    for learn, look in folds(parts, made.outcome):
        assert days[learn].max() < days[look].min()
        assert set(look) <= set(parts.train)


def test_by_group_nobody_is_in_two_parts(table_of):
    made = cleaned(table_of)
    parts = split(made.frame, made.outcome, group="user", seed=1)
    users = made.frame["user"].values
    trained, valid, tested = (set(users[rows]) for rows in (parts.train, parts.valid, parts.test))
    assert not trained & valid | trained & tested | valid & tested
    for learn, look in folds(parts, made.outcome):
        assert not set(users[learn]) & set(users[look])


@given(st.integers(100, 300), st.integers(0, 2**31 - 1))
def test_at_random_every_row_is_in_one_part(rows, seed):
    outcome = (np.arange(rows) % 4 == 0).astype(float)
    parts = split(Frame(columns={}, rows=rows), outcome, seed=seed)
    both = np.sort(np.concatenate([parts.train, parts.valid, parts.test]))
    assert both.tolist() == list(range(rows))
    rates = [outcome[part].mean() for part in (parts.train, parts.valid, parts.test)]
    assert max(rates) - min(rates) < 0.1


def test_the_same_seed_splits_alike(table_of):
    made = cleaned(table_of)
    one, other = (split(made.frame, made.outcome, seed=5) for _ in range(2))
    assert one.test.tolist() == other.test.tolist()


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"time": "n"}, "no column of dates"),
        ({"time": "day", "group": "user"}, "not by both"),
        ({"group": "n"}, "at least 10 are needed"),
    ],
)
def test_splits_that_cannot_be_are_refused(table_of, how, why):
    made = cleaned(table_of)
    with pytest.raises(TableRefused, match=why):
        split(made.frame, made.outcome, seed=1, **how)


def test_too_few_rows_and_lonely_classes_are_refused(table_of):
    made = cleaned(table_of, rows=20)
    with pytest.raises(TableRefused, match="20 rows are too few"):
        split(made.frame, made.outcome, seed=1)
    made = cleaned(table_of)
    rare = np.zeros(120)
    rare[0] = 1
    with pytest.raises(TableRefused, match="has not both"):
        split(made.frame, rare, seed=1)
