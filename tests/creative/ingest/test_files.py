"""Encodings, delimiters and sheets, and where rows come from."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from creative.ingest.cells import clean
from creative.ingest.refusals import ReportRefused
from creative.ingest.report import read_report

HEADER = ["Ad name", "Headline", "Impressions", "Clicks"]
texts = st.text(st.characters(codec="utf-8"), max_size=30)


def table(rows, delimiter=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook(sheets, hidden=()):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_delimiter_in_every_unicode_encoding(delimiter, encoding):
    rows = [["Report; with, marks"], HEADER, ["Stövel, 寒い; №1|2", "Héllo", 10, 1]]
    (row,) = read_report(table(rows, delimiter, encoding), "r.csv").rows
    assert (row.name, row.text) == ("Stövel, 寒い; №1|2", "Héllo")


@given(st.lists(st.tuples(texts, texts, st.integers(0, 10**9)), min_size=1, max_size=5))
def test_any_text_comes_back_clean_or_its_row_is_refused(rows):
    content = table([HEADER, *([name, text, seen, 0] for name, text, seen in rows)])
    report = read_report(content, "r.csv")
    assert len(report.rows) + len(report.skipped) == len(rows)
    for row in report.rows:
        assert row.name == clean(row.name)
        assert row.impressions in {seen for _, _, seen in rows}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    with suppress(ReportRefused):
        assert read_report(content, "r.csv").columns


def test_the_delimiter_of_the_header_wins_over_marks_inside_cells():
    content = b"sep=;\nAd name;Impressions;Cost\na, b, c, d;10;1,50\n"
    (row,) = read_report(content, "r.csv").rows
    assert (row.name, row.cost) == ("a, b, c, d", 1.5)


def test_lines_count_as_an_editor_shows_them():
    content = b'Ad name,Impressions\r\n\r\n"one\r\ntwo",10\r\nlast,-1\r\n'
    report = read_report(content, "r.csv")
    assert (report.rows[0].origin.line, report.rows[0].name) == (3, "one two")
    assert report.skipped[0].line == 5


def test_sheets_with_the_same_columns_are_read_together():
    content = workbook(
        {
            "Week 1": [["made by hand"], [], HEADER, ["A", "a", 10, 1]],
            "Week 2": [HEADER, ["A", "a", 20, 2], [None, None, None, None], ["B", "b", 5]],
            "Notes": [["nothing here"]],
            "Old": [HEADER, ["A", "a", 99, 9]],
        },
        hidden={"Old"},
    )
    report = read_report(content, "weeks.xlsx")
    assert [(row.origin.sheet, row.origin.line, row.impressions) for row in report.rows] == [
        ("Week 1", 4, 10),
        ("Week 2", 2, 20),
        ("Week 2", 4, 5),
    ]
    assert report.rows[2].clicks is None
    assert report.notes == ("Sheet “Notes” was left out.",)


def test_sheets_with_other_columns_are_refused_because_they_may_repeat_each_other():
    other = [["Campaign", "Impressions"], ["Autumn", 10]]
    with pytest.raises(ReportRefused, match="may repeat"):
        read_report(workbook({"Ads": [HEADER, ["A", "a", 10, 1]], "Campaigns": other}), "r.xlsx")


def test_the_origin_names_the_file_and_not_its_folder():
    (row,) = read_report(table([HEADER, ["A", "a", 10, 1]]), "/tmp/secret/r\x07.csv").rows
    assert row.origin.file == "r.csv"
