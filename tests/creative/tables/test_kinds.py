import math
from datetime import UTC, date, datetime

import numpy as np
import pytest

from creative.ingest.cells import Formula
from creative.tables.kinds import form_of, is_id_name, read_column
from creative.tables.table import Kind


def read(name, cells, **said):
    return read_column(form_of(name, cells, **said), cells)


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("price", ["1.5", "-2", "3e2"] * 10, Kind.NUMBER),
        ("price", [1.5, 2, 3] * 10, Kind.NUMBER),
        ("share", ["5 %", "7 %"] * 10, Kind.NUMBER),
        ("device", ["phone", "desktop"] * 10, Kind.CATEGORY),
        ("day", ["2026-09-01", "2026-09-02"] * 10, Kind.DATE),
        ("day", ["20260901", "20260902"] * 10, Kind.DATE),
        ("amount", ["20260901", "20260902"] * 10, Kind.NUMBER),
        ("day", ["13.09.2026", "1.9.2026"] * 10, Kind.DATE),
        ("day", [date(2026, 9, 1), datetime(2026, 9, 2, 5, tzinfo=UTC)] * 10, Kind.DATE),
        ("text", [f"a line of words {at}" for at in range(30)], Kind.TEXT),
        ("user", [f"u{at}" for at in range(30)], Kind.ID),
        ("code", [f"u{at}" for at in range(30)], Kind.ID),
        ("number", [str(1000 + at) for at in range(60)], Kind.ID),
        ("customer_id", [str(at % 100) for at in range(300)], Kind.ID),
        ("campaign_id", [str(at % 5) for at in range(300)], Kind.CATEGORY),
        ("CustomerID", [str(at % 25) for at in range(3000)], Kind.ID),
        ("product_id", [str(at % 25) for at in range(3000)], Kind.CATEGORY),
        ("same", ["x"] * 30, Kind.CONSTANT),
        ("empty", [""] * 30, Kind.CONSTANT),
        ("sometimes", ["x", ""] * 15, Kind.CATEGORY),
    ],
)
def test_kinds_are_told(name, cells, kind):
    assert form_of(name, cells).kind is kind


def test_a_kept_column_is_no_id():
    assert form_of("user", [f"u{at}" for at in range(30)], kept=True).kind is Kind.CATEGORY


def test_numbers_of_every_country_are_read():
    assert read("n", ["1,5", "-2,25", "1.204,5"] * 5).values[:3].tolist() == [1.5, -2.25, 1204.5]
    assert read("n", ["1,204", "3"] * 5, mark=",").values[:2].tolist() == [1.204, 3.0]
    assert read("n", ["$ 5.50", "(3.00)"] * 5).values[:2].tolist() == [5.5, -3.0]


def test_what_is_no_number_is_counted_and_missing():
    cells = ["1", "2"] * 40 + ["inf", "-Infinity", "1e400", 10**20, "soon", Formula("=1"), "", None]
    column = read("n", cells)
    assert column.kind is Kind.NUMBER
    assert (column.infinite, column.unreadable, int(column.is_missing.sum())) == (4, 2, 8)


def test_days_and_hours_are_seconds_of_the_clock():
    column = read("day", ["2026-09-01", "2026-09-01 06:30", "2026-09-01T06:30:00Z", "never"] * 10)
    assert column.kind is Kind.CATEGORY  # a quarter of it is no day
    column = read("day", ["2026-09-01", "2026-09-01 06:30", "2026-09-01T06:30:00+05:00"] * 10)
    midnight = datetime(2026, 9, 1, tzinfo=UTC).timestamp()
    assert (column.values[:3] - midnight).tolist() == [0, 6.5 * 3600, 6.5 * 3600]


def test_days_beyond_the_century_are_missing():
    column = read("day", ["2026-09-01", "2026-09-02"] * 30 + ["9999-01-01", "0001-01-01"])
    assert column.unreadable == 2
    assert math.isnan(column.values[-1])


@pytest.mark.parametrize(
    "name", ["Customer ID", "userId", "e-mail", "Invoice No", "session_key", "ad_id"]
)
def test_names_of_ids(name):
    assert is_id_name(name)


@pytest.mark.parametrize("name", ["idea", "user type", "paid", "order count", "video"])
def test_names_of_no_ids(name):
    assert not is_id_name(name)


def test_texts_are_cleaned():
    column = read("c", ["a\x00 ", "b\u202e", "n/a"] * 3)
    assert column.values[:3].tolist() == ["a", "b", ""]
    assert column.values.dtype == np.dtype(object)
