"""Columns that the user names, and the mapping that reads the next file alike."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from creative.ingest.refusals import ColumnsMissing, ReportRefused
from creative.ingest.report import read_report
from creative.ingest.results import Mapping

FILES = Path(__file__).parent / "files"
TEXT = b'Kreation,Gesehen,Tipps,Wann\nA,"1,204",10,03/04/2026\n'


def test_an_unknown_table_is_read_by_the_columns_that_are_named():
    with pytest.raises(ColumnsMissing):
        read_report(TEXT, "own.csv")
    asked = {"name": ("Kreation",), "impressions": ("Gesehen",), "clicks": ("Tipps",)}
    asked |= {"date": ("Wann",)}
    report = read_report(TEXT, "own.csv", Mapping(columns=asked, dates="dmy"))
    (row,) = report.rows
    assert (row.name, row.impressions, row.clicks) == ("A", 1204, 10)
    assert row.date == date(2026, 4, 3)
    assert report.columns == ("Kreation", "Gesehen", "Tipps", "Wann")


def test_what_is_known_of_a_table_comes_with_the_refusal():
    with pytest.raises(ColumnsMissing) as refused:
        read_report(b"Day,Ad name,Clicks,Seen,Revenue\n2026-11-01,A,1,20,5\n", "own.csv")
    assert refused.value.missing == ("impressions",)
    assert refused.value.known == {
        "name": ("Ad name",),
        "date": ("Day",),
        "clicks": ("Clicks",),
        "revenue": ("Revenue",),
    }


@pytest.mark.parametrize("name", [path.name for path in sorted(FILES.iterdir())])
def test_the_mapping_that_comes_back_reads_the_same_again(name):
    first = read_report(FILES / name, name)
    kept = Mapping(**asdict(first.mapping))
    again = read_report(FILES / name, name, kept)
    assert (again.rows, again.mapping) == (first.rows, first.mapping)


def test_the_next_file_may_have_another_order_and_currency():
    first = read_report(b"Ad name,Impressions,Shown to,Cost (USD)\nA,10,8,1\n", "1.csv")
    changed = read_report(b"Cost (EUR),Impressions,Ad name\n1,10,A\n", "2.csv", first.mapping)
    assert (changed.rows[0].cost, changed.rows[0].currency) == (1, "EUR")


def test_a_field_can_be_left_out_or_point_elsewhere():
    text = b"Ad name,Impressions,Clicks,Cost,Landing page views\nA,10,3,$1,2\n"
    mapping = Mapping(columns={"clicks": ("Landing page views",), "cost": ()})
    (row,) = read_report(text, "r.csv", mapping).rows
    assert (row.clicks, row.cost) == (2, None)


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        (Mapping(columns={"impressions": ("Seen",)}), "no column “Seen”"),
        (Mapping(columns={"views": ("Impressions",)}), "no field 'views'"),
        (Mapping(platform="myspace"), "no report layout"),
        (Mapping(decimal="'"), "decimals"),
        (Mapping(dates="ymd"), "dmy or mdy"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping, says):
    with pytest.raises(ReportRefused, match=says):
        read_report(b"Ad name,Impressions,Clicks\nA,10,1\n", "r.csv", mapping)


def test_a_kind_of_result_that_is_not_there_is_refused():
    with pytest.raises(ReportRefused, match="actions:link_click"):
        read_report(FILES / "meta_mixed.csv", "m.csv", Mapping(result="Purchase"))


def test_the_mark_before_decimals_can_be_said():
    text = b"Ad name;Impressions;Cost\nA;10;1,204\n"
    for decimal, cost in ((",", 1.204), (".", 1204.0)):
        assert read_report(text, "r.csv", Mapping(decimal=decimal)).rows[0].cost == cost
