import io

import pytest
from openpyxl import Workbook

from creative.ingest.cells import Formula
from creative.ingest.refusals import ReportRefused
from creative.tables.reading import MAX_COLUMNS, read_table
from creative.tables.refusals import TableRefused


def book(rows, title="Sheet"):
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_that_of_the_header(delimiter):
    lines = [("user", "price", "clicked"), ("a", "x", "1"), ("b", "y", "0")]
    raw = read_table("\n".join(map(delimiter.join, lines)).encode(), "t.csv")
    assert raw.columns == {"user": ["a", "b"], "price": ["x", "y"], "clicked": ["1", "0"]}


def test_decimal_commas_do_not_count_as_delimiters():
    raw = read_table(b"a;b;clicked\n1,5;2,5;1,0\n3,5;4,5;0,0\n", "t.csv")
    assert list(raw.columns) == ["a", "b", "clicked"]
    assert raw.columns["b"] == ["2,5", "4,5"]


def test_titles_above_the_header_are_passed_over():
    raw = read_table(b"Report of September,,\na,b,c\n1,2,3\n", "t.csv")
    assert list(raw.columns) == ["a", "b", "c"]
    assert raw.lines == [3]


def test_rows_of_another_width_are_left_out_and_counted():
    raw = read_table(b"a,b\n1,2\n1\n1,2,3\n1,2,\n", "t.csv")
    assert raw.rows == 2
    assert raw.left_out == {"fewer cells than the header": 1, "more cells than the header": 1}


def test_headers_become_different_names():
    raw = read_table("a,a,,a\u202e\n1,2,3,4\n".encode(), "t.csv")
    assert list(raw.columns) == ["a", "a (2)", "column 3", "a (3)"]


def test_a_workbook_is_read_without_running_formulas():
    raw = read_table(book([["a", "b"], [1, "=1+1"], [2.5, None]]), "t.xlsx")
    assert raw.columns["a"] == [1, 2.5]
    assert isinstance(raw.columns["b"][0], Formula)
    assert raw.columns["b"][1] is None


def test_a_sheet_can_be_named():
    content = book([["a"], [1]], title="Users")
    assert read_table(content, "t.xlsx", "Users").rows == 1
    with pytest.raises(TableRefused, match="it has: Users"):
        read_table(content, "t.xlsx", "Ads")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (b"a,b,c\n", "no rows under its header"),
        (",".join(f"c{at}" for at in range(MAX_COLUMNS + 1)).encode() + b"\n1\n", "501 columns"),
    ],
)
def test_what_is_no_table_is_refused_plainly(content, why):
    with pytest.raises(TableRefused, match=why):
        read_table(content, "t.csv")


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b\x08junk", b"%PDF-1.7", b'a,b\n"1,2\n', b"a,b\n\xff\xfe\xfd,1\n", b"PK\x03\x04x"],
)
def test_damaged_and_foreign_files_are_refused(content):
    with pytest.raises(ReportRefused):
        read_table(content, "t.csv")


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TableRefused, match="cannot be read"):
        read_table(tmp_path / "none.csv", "none.csv")
