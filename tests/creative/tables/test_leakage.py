import numpy as np
import pytest

from creative.tables.cleaning import clean_table
from creative.tables.leakage import is_after_name, leaks_in
from creative.tables.splitting import split


def signs(table_of, extra, *, rows=400, keep=(), how=None):
    """Return warnings of a table with an honest column and one more, by column and sign."""
    chance = np.random.default_rng(1)
    lines = []
    for at in range(rows):
        x = chance.normal()
        clicked = int(chance.random() < 1 / (1 + np.exp(1 - x)))
        lines.append((f"{x:.3f}", extra(at, clicked, chance), clicked))
    name = how.pop("name", "extra") if how else "extra"
    cleaned = clean_table(table_of(("x", name, "y"), lines), "y", keep=keep)
    parts = split(cleaned.frame, cleaned.outcome, seed=1, **(how or {}))
    return leaks_in(cleaned.frame, cleaned.outcome, parts, keep=keep)


def test_an_honest_table_has_no_warnings(table_of):
    assert signs(table_of, lambda at, clicked, chance: chance.integers(10)) == []


@pytest.mark.parametrize(
    ("sign", "extra"),
    [
        ("copy", lambda at, clicked, chance: ("lost", "won")[clicked]),
        ("copy", lambda at, clicked, chance: 3 - clicked),
        ("copy", lambda at, clicked, chance: chance.integers(100) if clicked else ""),
        ("suspicious", lambda at, clicked, chance: clicked ^ int(chance.random() < 0.02)),
        ("id", lambda at, clicked, chance: f"imp-{at}"),
    ],
)
def test_planted_columns_are_warned_of_and_left_out(table_of, sign, extra):
    (leak,) = signs(table_of, extra, rows=1_000)
    assert (leak.column, leak.sign, leak.is_left_out) == ("extra", sign, True)


def test_a_column_that_somebody_insists_on_stays(table_of):
    (leak,) = signs(table_of, lambda at, clicked, chance: 3 - clicked, keep=["extra"])
    assert not leak.is_left_out


def test_ten_thousand_categories_are_no_copy(table_of):
    found = signs(table_of, lambda at, clicked, chance: f"c{chance.integers(10_000)}", rows=12_000)
    assert {leak.sign for leak in found} <= {"id"}


def test_users_in_both_parts_are_warned_of(table_of):
    found = signs(table_of, lambda at, clicked, chance: f"u{at % 60}", how={"name": "user_id"})
    assert {leak.sign for leak in found} == {"id", "group"}
    assert any("“user_id” that is also in" in leak.message for leak in found)


def test_split_by_user_there_is_nothing_to_warn_of(table_of):
    extra = lambda at, clicked, chance: f"u{at % 60}"  # noqa: E731
    assert signs(table_of, extra, how={"name": "user_id", "group": "user_id"}) == []


@pytest.mark.parametrize(
    "name",
    ["Conversions", "time_on_page", "Bounce rate", "clickedAt", "Order value", "GCLID", "CPC"],
)
def test_names_of_what_comes_after(name):
    assert is_after_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "price",
        "days_since_last_purchase",
        "avg order value",
        "past_conversions",
        "age",
        "clicks_30d",
    ],
)
def test_names_of_what_is_known_before(name):
    assert not is_after_name(name)
