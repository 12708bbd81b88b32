"""Broken and hostile files: refused with line and reason, and with a way out."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from creative.ingest import limits
from creative.ingest.refusals import ColumnsMissing, ReportRefused
from creative.ingest.report import read_report

HEADER = "Ad name,Ad ID,Day,Impressions,Clicks,Cost,Currency\n"
GOOD = "Boots,7,2026-09-01,100,3,1.50,EUR\n"


def read(text, name="r.csv"):
    return read_report(text if isinstance(text, bytes) else text.encode(), name)


def workbook(*rows):
    made = Workbook()
    for row in rows:
        made.active.append(row)
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def rezipped(content, **members):
    """Return a workbook with members added or replaced."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", 8) as new:
        for item in old.namelist():
            if item not in members:
                new.writestr(item, old.read(item))
        for item, data in members.items():
            new.writestr(item, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Boots,7,2026-09-01,100,300,1.50,EUR", "300 clicks of 100 impressions"),
        ("Boots,7,2026-09-01,-100,3,1.50,EUR", "negative"),
        ("Boots,7,2026-09-01,100,(3),1.50,EUR", "negative"),
        ("Boots,7,2026-09-01,100,3,−1.50,EUR", "negative"),
        ("Boots,7,2026-09-01,100.5,3,1.50,EUR", "no whole number"),
        ("Boots,7,2026-09-01,1.2K,3,1.50,EUR", "rounded"),
        ("Boots,7,2026-09-01,2.000,3,1.50,EUR", "2000 with a decimal comma"),
        ("Boots,7,2026-09-01,100,$3,1.50,EUR", "no count"),
        ("Boots,7,2026-09-01,100,3,1.50％,EUR", "rate"),
        ("Boots,7,2026-09-01,100,3,1.5 M€,EUR", "no number"),
        ("Boots,7,202609,100,3,1.50,EUR", "no day"),
        ("Boots,7,2026-09-01,< 10,3,1.50,EUR", "bound"),
        ("Boots,7,2026-09-01,100,3%,1.50,EUR", "choose the column that counts"),
        ("Boots,7,2026-09-01,many,3,1.50,EUR", "Impressions: “many” is no number"),
        ("Boots,7,2026-09-01,=1+1,3,1.50,EUR", "formula"),
        ("Boots,7,2026-09-01,nan,3,1.50,EUR", "no number"),
        ("Boots,7,2026-09-01,99999999999999999999,3,1.50,EUR", "too large"),
        ("Boots,7,2026-09-01, --,3,1.50,EUR", "Impressions: there is no number"),
        ("Boots,1.20253E+17,2026-09-01,100,3,1.50,EUR", "digits are lost"),
        ("Boots,7,03/04/2026,100,3,1.50,EUR", "two days"),
        ("Boots,7,2026-02-30,100,3,1.50,EUR", "no day of the calendar"),
        ("Boots,7,1/2/26,100,3,1.50,EUR", "two digits"),
        ("Boots,7,soon,100,3,1.50,EUR", "2026-09-27"),
        (",,2026-09-01,100,3,1.50,EUR", "names no ad"),
        ("Boots,7,2026-09-01,100,3,1.50,euros", "no currency"),
        ("Boots,7,2026-09-01,100,3,£1.50,EUR", "EUR and in GBP"),
        ("Boots,7,2026-09-01,100,3,1,50,EUR", "8 cells under 7 headers"),
        ("Boots,7,2026-09-01,10", "cut short"),
    ],
)
def test_a_broken_row_is_refused_with_line_and_reason_and_the_others_stay(row, says):
    report = read(HEADER + GOOD + row + "\n" + GOOD)
    assert [each.origin.line for each in report.rows] == [2, 4]
    (skip,) = report.skipped
    assert skip.line == 3
    assert says in skip.why
    assert skip.why.endswith(".")
    assert not skip.is_expected


def test_an_ambiguous_number_is_refused_when_nothing_else_tells():
    report = read('Ad name,Impressions,Cost\nBoots,900,"1,204"\n')
    assert report.rows == ()
    assert "1.204 with a decimal comma and 1204 with a decimal point" in report.skipped[0].why


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t\r\n", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel", "save it as .xlsx"),
        (b"\x1f\x8b\x08 packed", "gzip"),
        (b"%PDF-1.7", "CSV or XLSX"),
        (b"<!DOCTYPE html><table><tr><td>Impressions", "web page"),
        ((HEADER + GOOD).replace("Boots", "Łódź").encode("cp1250"), "CSV UTF-8"),
        ((HEADER + GOOD).replace("Boots", "Stövel").encode("cp1252"), "CSV UTF-8"),
        (HEADER.encode() + b"Bo\xffots,1", "line 2"),
        (HEADER.encode(), "no rows under the header in line 1"),
        (GOOD.encode() * 3, "No column was found for"),
        (b"just a letter\n", "No column was found for"),
        (b"Ad name,Clicks,Cost\nA,1,2\n", "impressions"),
        (b"Impressions,Clicks\n10,1\n", "name"),
        (b"Ad name,Impressions,Clicks,Clicks\nA,10,1,2\n", "columns 3 and 4"),
        ((HEADER + '"Boots,7,2026-09-01,100,3,1.50,EUR\n' + GOOD).encode(), "line 2"),
        (b'Ad name,Impressions\n"A"b,10\n', "quotation mark"),
        (b"PK\x03\x04 cut off", "damaged"),
        (("Ad name,Impressions\n" + "x" * 200_000 + ",1\n").encode(), "line 2"),
        ((",".join(["Ad name", "Impressions", *["x"] * 3000]) + "\n").encode(), "columns"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_plain_words(content, says):
    with pytest.raises(ReportRefused) as refused:
        read(content)
    assert says in str(refused.value)


def test_a_file_without_the_columns_says_which_it_has():
    with pytest.raises(ColumnsMissing) as refused:
        read("Creative name,Seen by,Clicks\nA,10,1\n")
    assert refused.value.missing == ("impressions",)
    assert refused.value.columns == ("Creative name", "Seen by", "Clicks")


def test_an_editor_export_without_statistics_says_what_to_load():
    text = "Campaign\tAd Group\tHeadline 1\tHeadline 1 position\tStatus\nA\tB\tHi\t -\tEnabled\n"
    with pytest.raises(ColumnsMissing, match="statistics"):
        read(text.encode("utf-16"))


def test_a_microsoft_report_that_was_cut_off_is_refused():
    text = '"Report Name: x"\n"Rows: 3"\n\n"Ad title","Impressions","Spend"\n"A","10","1.0"\n'
    with pytest.raises(ReportRefused, match="3 rows, but only 1"):
        read(text)


def test_large_files_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    with pytest.raises(ReportRefused, match="shorter period"):
        read_report(path, "large.csv")
    with pytest.raises(ReportRefused, match="cannot be read"):
        read_report(tmp_path, "folder")


def test_more_rows_than_the_limit_are_refused():
    text = "Ad name,Impressions\n" + "A,1\n" * limits.MAX_ROWS
    with pytest.raises(ReportRefused, match="1,000,000 rows"):
        read(text)


def test_a_zip_bomb_is_refused_by_the_size_of_its_members():
    bomb = rezipped(workbook(["Ad name", "Impressions"]), **{"xl/bomb.xml": b"\0" * (401 * 2**20)})
    assert len(bomb) < 2**20
    with pytest.raises(ReportRefused, match="unpacks to"):
        read(bomb, "bomb.xlsx")


def test_entities_in_a_workbook_are_refused():
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha">]><worksheet>&b;</worksheet>'
    hostile = rezipped(workbook(["Ad name"]), **{"xl/worksheets/sheet1.xml": laughs})
    with pytest.raises(ReportRefused, match="document type"):
        read(hostile, "laughs.xlsx")


@pytest.mark.parametrize(
    ("member", "says"),
    [("content.xml", "OpenDocument"), ("xl/workbook.bin", "binary"), ("r.csv", "unpack")],
)
def test_other_archives_are_told_apart(member, says):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(ReportRefused, match=says):
        read(packed.getvalue(), "r.zip")


def test_a_damaged_workbook_is_refused():
    whole = workbook(["Ad name", "Impressions"], ["A", 1])
    with pytest.raises(ReportRefused, match="damaged"):
        read(rezipped(whole, **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}))
    with pytest.raises(ReportRefused, match="no visible rows"):
        read(rezipped(whole, **{"xl/workbook.xml": b"<workbook/>"}))
    with pytest.raises(ReportRefused, match="damaged"):
        read(whole[: len(whole) // 2])


@given(st.data())
def test_a_workbook_with_any_broken_byte_is_read_or_refused(data):
    whole = workbook(["Ad name", "Impressions"], ["A", 1])
    member = data.draw(st.sampled_from(zipfile.ZipFile(io.BytesIO(whole)).namelist()))
    part = bytearray(zipfile.ZipFile(io.BytesIO(whole)).read(member))
    at = data.draw(st.integers(0, len(part) - 1))
    part[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(ReportRefused):
        assert read(rezipped(whole, **{member: bytes(part)})).columns


def test_rows_far_down_in_a_hostile_workbook_are_refused():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData></worksheet>'
    )
    hostile = rezipped(workbook(["Ad name"]), **{"xl/worksheets/sheet1.xml": sheet})
    with pytest.raises(ReportRefused, match="1,000,000 rows"):
        read(hostile, "far.xlsx")


def test_formulas_are_never_evaluated_and_never_read_as_zero():
    report = read(
        workbook(
            ["Ad name", "Amount spent (USD)", "Impressions", "Link clicks"],
            ["Boots", 1.5, 100, "=1+1"],
            ["Coats", 1.5, "=HYPERLINK(1)", 3],
        ),
        "f.xlsx",
    )
    assert report.rows == ()
    assert [(skip.line, "paste it as values" in skip.why) for skip in report.skipped] == [
        (2, True),
        (3, True),
    ]


def test_numbers_that_lost_digits_and_cells_of_another_kind_are_refused():
    report = read(
        workbook(
            ["Ad name", "Ad ID", "Day", "Impressions", "Clicks"],
            ["Boots", 1.20253e17, "2026-09-01", 100, 3],
            ["Boots", "120253000000000123", "2026-09-01", 100, 3],
            ["Boots", "7", 46000, 100, 3],
            ["Boots", "7", "2026-09-01", True, 3],
            ["Boots", "7", "2026-09-01", 100, "#N/A"],
        ),
        "k.xlsx",
    )
    assert [row.origin.line for row in report.rows] == [3]
    assert [skip.line for skip in report.skipped] == [2, 4, 5, 6]


def test_control_characters_and_hidden_marks_are_stripped_from_text():
    text = HEADER + "Bo\x00ots\u202e \x1b[31m!,7,2026-09-01,100,3,1.50,EUR\n"
    assert read(text).rows[0].name == "Boots [31m!"


def test_reasons_are_harmless_in_a_terminal():
    report = read(HEADER + "Boots,7,2026-09-01,\x1b[2J" + "9z" * 99 + ",3,1.50,EUR\n")
    assert report.skipped[0].why == "Impressions: “[2J" + ("9z" * 99)[:37] + "” is no number."


def test_workbooks_of_too_many_parts_are_refused():
    crowd = {f"xl/media/{n}.png": b"" for n in range(limits.MAX_MEMBERS)}
    with pytest.raises(ReportRefused, match="parts"):
        read(rezipped(workbook(["Ad name"]), **crowd), "crowd.xlsx")


def test_text_like_a_formula_stays_text_in_names():
    report = read("Ad name,Impressions,Clicks\n=cmd|' /C calc'!A0,10,1\n+20% off,10,1\n")
    assert [row.name for row in report.rows] == ["=cmd|' /C calc'!A0", "+20% off"]
