import pytest

from creative.tables.cleaning import clean_table
from creative.tables.refusals import TableRefused
from creative.tables.table import Kind

ROWS = [("a", "1", "yes"), ("b", "2", "no")]


def test_rows_without_an_outcome_are_dropped_and_counted(table_of):
    cleaned = clean_table(table_of(("x", "n", "clicked"), [*ROWS * 5, ("c", "3", "")]), "clicked")
    assert cleaned.report.dropped == {"no clicked": 1}
    assert cleaned.outcome.tolist() == [1, 0] * 5
    assert cleaned.report.rate == 0.5


def test_repeated_rows_stay_where_nothing_tells_events_apart(table_of):
    report = clean_table(table_of(("x", "n", "clicked"), ROWS * 5), "clicked").report
    assert (report.rows_kept, report.duplicates, report.duplicates_dropped) == (10, 8, False)
    assert any("8 rows repeat another; they were kept" in note for note in report.notes)


def test_repeated_rows_with_an_id_are_dropped(table_of):
    rows = [(f"u{at}", at % 2, ("no", "yes")[at % 3 == 0]) for at in range(40)]
    report = clean_table(
        table_of(("user_id", "n", "clicked"), [*rows, *rows[:3]]), "clicked"
    ).report
    assert report.rows_kept == 40
    assert report.dropped == {"repeats another row in every cell": 3}


def test_the_report_tells_kinds_missing_cells_and_constants(table_of):
    rows = [(at, "", "x", "2026-01-02", ("no", "yes")[at % 2]) for at in range(5)] * 6
    table = table_of(("n", "empty", "same", "day", "clicked"), [*rows, ("soon", "", "x", "", "no")])
    report = clean_table(table, "clicked").report
    found = {each.name: each for each in report.columns}
    kinds = [found[name].kind for name in ("n", "empty", "same", "day")]
    assert kinds == [Kind.NUMBER, Kind.CONSTANT, Kind.CONSTANT, Kind.DATE]
    assert (found["n"].missing, found["n"].unreadable, found["day"].missing) == (1, 1, 1)
    assert any("left out: empty, same" in note for note in report.notes)


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        (("1", "0"), "1"),
        (("TRUE", "FALSE"), "TRUE"),
        (("ja", "nein"), "ja"),
        (("1.0", "0.0"), "1.0"),
        (("Clicked", "not"), "Clicked"),
    ],
)
def test_success_is_known_by_its_name(table_of, values, positive):
    report = clean_table(table_of(("x", "y"), [("a", values[0]), ("b", values[1])] * 3), "y").report
    assert report.positive == positive


@pytest.mark.parametrize(
    ("values", "said", "why"),
    [
        (("yes", "yes"), "", "holds only “yes”"),
        (("", ""), "", "holds nothing"),
        (("red", "blue"), "", "Say which value"),
        (("a", "b", "c"), "", "3 different values"),
        (("yes", "no"), "maybe", "No cell of “y” is “maybe”"),
    ],
)
def test_an_outcome_that_is_none_is_refused(table_of, values, said, why):
    table = table_of(("x", "y"), [("a", value) for value in values])
    with pytest.raises(TableRefused, match=why):
        clean_table(table, "y", positive=said)


def test_a_value_can_be_named_as_the_success(table_of):
    table = table_of(("x", "y"), [("a", "red"), ("a", "blue"), ("b", "green")])
    assert clean_table(table, "y", positive="red").outcome.tolist() == [1, 0, 0]


def test_missing_and_lonely_columns_are_refused(table_of):
    table = table_of(("y",), [("1",), ("0",)])
    with pytest.raises(TableRefused, match="at least one more column"):
        clean_table(table, "y")
    with pytest.raises(TableRefused, match=r"no column “z”\. Its columns are: y"):
        clean_table(table, "z")
