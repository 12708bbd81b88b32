import pytest

from creative.tables.guessing import described, guessed


def guess(table_of, header, rows):
    return guessed(described(table_of(header, rows)))


def test_a_table_of_impressions_is_understood(impressions):
    from creative.tables.reading import read_table

    columns = described(read_table(impressions, "impressions.csv"))
    found = guessed(columns)
    assert (found.target, found.positive) == ("clicked", "yes")
    assert (found.time, found.group) == ("shown_at", "user_id")
    device = next(each for each in columns if each.name == "device")
    assert (device.kind, device.values) == ("category", ("desktop", "phone", "tablet"))


@pytest.mark.parametrize(
    ("header", "target", "positive"),
    [
        (("is_new", "Bought again"), "Bought again", "1"),
        (("plan", "x"), "plan", "1"),
        (("clicks", "converted"), "converted", "1"),  # both are named so: two values win
    ],
)
def test_the_outcome_is_the_column_that_is_named_so(table_of, header, target, positive):
    rows = [(at % 2 if header[0] != "clicks" else at % 5, at % 3 % 2) for at in range(60)]
    if header[1] == "x":
        rows = [(at % 2, at * 1.5) for at in range(60)]
    found = guess(table_of, header, rows)
    assert (found.target, found.positive) == (target, positive)


def test_nothing_is_guessed_where_nothing_points(table_of):
    found = guess(table_of, ("x", "z"), [(at * 1.5, at * 2.5) for at in range(60)])
    assert (found.target, found.positive, found.time, found.group) == ("", "", "", "")
