"""Days in the ways of many countries; ambiguous ones are refused."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.ingest.dates import days_in
from creative.ingest.refusals import CellRefused

DAY = date(2026, 9, 27)


def stamp(month, day):
    """Return a day as workbooks hold it."""
    return datetime(2026, month, day, tzinfo=UTC).replace(tzinfo=None)


days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        *("2026-09-27", "2026/09/27", "2026.9.27", "20260927", "2026年9月27日"),
        *("27.09.2026", "27. 9. 2026", "27/09/2026", "09/27/2026", "9/27/2026", "27-09-2026"),
        *("2026-09-27 00:00:00", "2026-09-27T10:15:00Z", "9/27/2026 10:15:00 PM"),
        *("Sep 27, 2026", "September 27, 2026", "27 Sep 2026", "27. September 2026"),
        *("Sun, Sep 27, 2026", "So., 27. Sept. 2026", "27 septembre 2026", "27 sept. 2026"),
        *("27 de septiembre de 2026", "27 de setembro de 2026", "27 settembre 2026"),
    ],
)
def test_a_day_that_leaves_no_doubt(text):
    assert days_in([text]).read(text) == DAY


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("03/04/2026", "two days"),
        ("03-04-2026", "two days"),
        ("31/31/2026", "calendar"),
        ("29/02/2026", "calendar"),
        ("2026-13-01", "calendar"),
        ("27/09/26", "two digits"),
        ("1899-12-31", "2000"),
        ("Foo 27, 2026", "no day"),
        ("2026", "no day"),
        ("Mar Apr 3 2026", "no day"),
        ("2026-09-27 - 2026-09-28", "no day"),
    ],
)
def test_what_is_no_day_is_refused(text, says):
    with pytest.raises(CellRefused, match=says):
        days_in([text]).read(text)


@given(st.lists(days, min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_column_of_numeric_days_is_read_right_or_refused(column, form):
    cells = [day.strftime(form) for day in column]
    found = days_in(cells)
    for day, cell in zip(column, cells, strict=True):
        try:
            assert found.read(cell) == day
        except CellRefused:
            assert max(day.day for day in column) <= 12
            assert day.day != day.month


def test_one_cell_tells_for_its_column_and_disagreement_tells_nothing():
    assert days_in(["03/04/2026", "27/09/2026"]).read("03/04/2026") == date(2026, 4, 3)
    assert days_in(["03/04/2026", "09/27/2026"]).read("03/04/2026") == date(2026, 3, 4)
    with pytest.raises(CellRefused):
        days_in(["03/04/2026", "27/09/2026", "09/27/2026"]).read("03/04/2026")
    assert days_in([], "mdy").read("03/04/2026") == date(2026, 3, 4)


def test_dates_that_a_spreadsheet_turned_only_in_part_are_not_trusted():
    mixed = days_in([stamp(4, 3), "27/09/2026"])
    with pytest.raises(CellRefused, match="swapped"):
        mixed.read(stamp(4, 3))
    assert mixed.read(stamp(9, 27)) == DAY
    assert days_in([stamp(4, 3)]).read(stamp(4, 3)) == date(2026, 4, 3)
