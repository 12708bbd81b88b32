"""Tables for people: the same drafts in three forms, safe to open."""

import csv
import dataclasses
import io
import json

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.domain import (
    Brand,
    Brief,
    Claim,
    ClaimKind,
    Draft,
    DraftState,
    Finding,
    Line,
    Product,
    Run,
    Severity,
    Span,
)
from creative.export.files import filename
from creative.export.formulas import is_formula_like, neutralised
from creative.export.tables import COLUMNS, Entry, csv_table, json_table, xlsx_table

BRIEF = Brief(
    id=1,
    brand=Brand(name="Morning & Co."),
    product=Product(name="House Blend"),
    channel="google_rsa",
)
RUN = Run(
    id=3,
    brief_id=1,
    wanted={"headline": 1},
    templates={"headline": "google_rsa/headline@1"},
    model="starter",
    seed=7,
)
LINE = Line(
    field="headline",
    text="20% off beans",
    width=13,
    limit=30,
    angle="offer",
    seed=2**60,
    logprob=-3.5,
    findings=(Finding(rule="pressure", severity=Severity.WARNING, message="Pushy."),),
    claims=(
        Claim(kind=ClaimKind.PERCENTAGE, text="20%", span=Span(0, 3), support="product.offer"),
        Claim(kind=ClaimKind.OFFER, text="off", span=Span(4, 7), support=None),
    ),
)
DRAFT = Draft(id=9, brief_id=1, run_id=3, line=LINE, state=DraftState.APPROVED, stars=4.5)
ENTRY = Entry(brief=BRIEF, draft=DRAFT, run=RUN)

EXPECTED = [
    *("Morning & Co.", "House Blend", "google_rsa", "headline", "20% off beans", 13, 30, "offer"),
    *("approved", 4.5, "Warning: Pushy.", "“20%” (product.offer); “off” (not in the brief)"),
    *("starter", "google_rsa/headline@1", str(2**60), 9),
]

FORMULAS = [
    *('=HYPERLINK("http://evil")', "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1"),
    *("＠x", " =1", "\u00a0=1"),
]


def entry(text):
    line = dataclasses.replace(LINE, text=text)
    return dataclasses.replace(ENTRY, draft=dataclasses.replace(DRAFT, line=line))


def csv_rows(entries):
    return list(csv.reader(io.StringIO(csv_table(entries).content.decode("utf-8-sig"), newline="")))


def xlsx_rows(entries):
    book = openpyxl.load_workbook(io.BytesIO(xlsx_table(entries).content))
    return list(book["Drafts"].iter_rows())


def test_csv_has_every_column():
    header, row = csv_rows([ENTRY])
    assert header == list(COLUMNS)
    assert row == [str(value) for value in EXPECTED]


def test_xlsx_has_the_same_cells_and_keeps_numbers():
    header, row = xlsx_rows([ENTRY])
    assert [cell.value for cell in header] == list(COLUMNS)
    assert [cell.value for cell in row] == EXPECTED


def test_json_keeps_findings_and_claims_as_objects():
    (draft,) = json.loads(json_table([ENTRY]).content)["drafts"]
    assert draft["run"] == {
        "id": 3,
        "model": "starter",
        "template": "google_rsa/headline@1",
        "seed": 2**60,
    }
    assert draft["findings"][0]["rule"] == "pressure"
    assert [claim["support"] for claim in draft["claims"]] == ["product.offer", None]
    assert (draft["state"], draft["stars"], draft["logprob"]) == ("approved", 4.5, -3.5)


def test_a_line_that_a_person_wrote_has_no_run():
    by_hand = dataclasses.replace(ENTRY, run=None)
    assert csv_rows([by_hand])[1][-4:] == ["", "", "", "9"]
    assert json.loads(json_table([by_hand]).content)["drafts"][0]["run"] is None


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_never_starts_a_formula(text):
    assert csv_rows([entry(text)])[1][4] == f"'{text}"


@pytest.mark.parametrize("text", FORMULAS)
def test_xlsx_keeps_the_text_and_never_makes_a_formula(text):
    cell = xlsx_rows([entry(text)])[1][4]
    assert cell.value == text.replace("\r", "\n")  # as XML reads a carriage return
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_xlsx_takes_an_error_code_as_text():
    cell = xlsx_rows([entry("#N/A")])[1][4]
    assert (cell.value, cell.data_type) == ("#N/A", "s")


def test_characters_that_no_workbook_can_hold_are_marked():
    assert xlsx_rows([entry("a\x07b")])[1][4].value == "a\N{REPLACEMENT CHARACTER}b"


@given(st.text(max_size=60))
def test_json_is_exact(text):
    assert json.loads(json_table([entry(text)]).content)["drafts"][0]["text"] == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_csv_changes_nothing_but_the_first_character(text):
    cell = csv_rows([entry(text)])[1][4]
    assert cell in (text, f"'{text}")
    assert not is_formula_like(cell)


def test_a_name_of_a_brand_is_neutralised_too():
    brief = dataclasses.replace(BRIEF, brand=Brand(name="=cmd|' /C calc'!A0"))
    rows = csv_rows([dataclasses.replace(ENTRY, brief=brief)])
    assert rows[1][0] == "'=cmd|' /C calc'!A0"


def test_ordinary_text_is_left_alone():
    assert neutralised("Save 20% - today") == "Save 20% - today"


def test_files_are_named_after_their_one_brief():
    assert csv_table([ENTRY]).filename == "adlib-morning-co-house-blend-google-rsa.csv"
    other = dataclasses.replace(ENTRY, brief=dataclasses.replace(BRIEF, id=2))
    assert xlsx_table([ENTRY, other]).filename == "adlib-drafts.xlsx"
    assert json_table([]).filename == "adlib-drafts.json"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("../../etc/passwd", "adlib-etc-passwd.csv"), ("咖啡", "adlib-咖啡.csv"), ("", "adlib.csv")],
)
def test_a_file_name_stays_in_its_folder(name, expected):
    assert filename(name, extension="csv") == expected
