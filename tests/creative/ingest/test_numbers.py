"""Localised numbers: any way of writing comes back, and what is ambiguous is refused."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.ingest.currencies import currency_of
from creative.ingest.numbers import MARKS, amount, count, decimal_mark, is_scientific
from creative.ingest.refusals import CellRefused

WAYS = st.sampled_from(
    [
        *((".", between) for between in ("", ",", "'", "’", " ")),
        *((",", between) for between in ("", ".", " ", "\u00a0", "\u202f", "'")),
    ]
)
MONEY = st.sampled_from(
    ["{}", "${}", "{} €", "EUR {}", "{} USD", "US${}", "R$ {}", " {}\u00a0", "{} kr"]
)
whole = st.integers(0, 10**12)
cents = st.decimals(0, 10**9, places=2, allow_nan=False, allow_infinity=False)


def written(value, way):
    """Write a number with a mark before decimals and another between groups."""
    mark, between = way
    text = f"{value:,}" if between else str(value)
    return text.replace(",", "\0").replace(".", mark).replace("\0", between)


@given(whole, WAYS)
def test_a_count_comes_back_however_it_is_grouped(value, way):
    assert count(written(value, way), way[0]) == value


@given(cents, WAYS, MONEY)
def test_an_amount_comes_back_with_any_currency_around_it(value, way, money):
    assert amount(money.format(written(value, way)), way[0]) == pytest.approx(float(value))


@given(st.lists(cents, min_size=1), WAYS)
def test_the_mark_is_inferred_from_amounts_with_cents(values, way):
    cells = [written(value, way) for value in values]
    assert decimal_mark([], cells) == way[0]
    assert [amount(cell, decimal_mark([], cells)) for cell in cells] == [float(v) for v in values]


@given(st.lists(st.integers(1001, 10**12).filter(lambda n: n % 1000), min_size=1))
def test_grouped_counts_tell_the_mark_because_counts_are_whole(values):
    assert decimal_mark([f"{value:,}" for value in values], []) == "."
    assert decimal_mark([f"{value:,}".replace(",", ".") for value in values], []) == ","


@given(st.integers(1, 999), st.integers(0, 999))
def test_three_digits_after_the_only_mark_are_refused_without_evidence(left, right):
    for mark in MARKS:
        with pytest.raises(CellRefused, match="nothing in the file tells"):
            amount(f"{left}{mark}{right:03}", "")


@given(st.text(max_size=20), st.sampled_from(["", *MARKS]))
def test_any_text_is_a_number_or_refused(text, mark):
    with suppress(CellRefused):
        assert amount(text, mark) >= 0
        assert any(character.isdigit() for character in text)


@given(st.decimals(0, 10**9, places=3, allow_nan=False, allow_infinity=False), WAYS)
def test_a_number_is_never_read_as_another(value, way):
    cell = written(value, way)
    try:
        read = amount(cell, decimal_mark([], [cell]))
    except CellRefused:
        return
    assert read == float(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12,34,567.50", 1234567.5),  # lakh and crore
        ("1,23,456", 123456.0),
        ("0,123", 0.123),
        ("+5", 5.0),
        (".5", 0.5),
        ("１２３", 123.0),
        ("1 204 333", 1204333.0),
        ("1,204,333", 1204333.0),
        ("1.204.333", 1204333.0),
        ("-0", 0.0),
    ],
)
def test_numbers_that_can_only_be_one(text, value):
    assert amount(text, "") == value


@pytest.mark.parametrize(
    "text", ["1,2,3", "1.2.3", "12,34", "1,2345,678", "1 20", "1..2", "١٢", "0x10", "1_000", "5-"]
)
def test_what_is_no_count_is_refused(text):
    with pytest.raises(CellRefused):
        count(text, "")


def test_a_count_is_never_read_with_three_decimals():
    assert count("2,000", ".") == count("2.000", ",") == 2000
    with pytest.raises(CellRefused, match="decimal comma"):
        count("2.000", ".")


def test_disagreeing_evidence_is_none():
    assert decimal_mark([], ["1.5", "1,5"]) == ""
    assert decimal_mark(["1.204"], ["1.5"]) == ""


def test_numbers_of_workbooks_need_no_mark():
    assert count(1204, "") == count(1204.0, "") == 1204
    assert amount(0.1, "") == 0.1
    for cell in (float("nan"), float("inf"), True, -1, 1.5):
        with pytest.raises(CellRefused):
            count(cell, "")


def test_currencies_are_named_only_when_they_are_sure():
    texts = ["1 €", "£1", "US$1", "$1", "1 kr", "1", "CHF 1", "¥1"]
    assert [*map(currency_of, texts)] == ["EUR", "GBP", "USD", "", "", "", "CHF", ""]


@given(st.integers(10**15, 10**20))
def test_ids_that_a_spreadsheet_shortened_are_seen(id):
    assert is_scientific(f"{Decimal(id):.5E}")
    assert is_scientific(float(id))
    assert not is_scientific(str(id))
