import csv
import io
import json

import pytest

from creative.__main__ import main
from creative.export.formulas import is_formula_like


@pytest.fixture
def files(tmp_path, impressions):
    table = tmp_path / "impressions.csv"
    table.write_bytes(impressions)
    return {"table": str(table), "model": str(tmp_path / "model"), "out": tmp_path / "scored.csv"}


def fit(files, *more):
    command = ["table", "fit", files["table"], "--target", "clicked", "--trials", "0"]
    return main([*command, "--out", files["model"], *more])


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_fit_score_and_drift(files, capsys):
    assert fit(files, "--group", "user_id", "--json") == 0
    report = json.loads(capsys.readouterr().out)
    assert report["test"]["auc"] > 0.65
    assert {leak["column"] for leak in report["leaks"]} == {"impression_id"}
    assert (
        main(
            ["table", "score", files["table"], "--from", files["model"], "--out", str(files["out"])]
        )
        == 0
    )
    assert "900 rows with a mean chance" in capsys.readouterr().out
    rows = rows_of(files["out"].read_bytes())
    best = [float(row["chance of clicked"]) for row in rows if row["decile"] == "1"]
    worst = [float(row["chance of clicked"]) for row in rows if row["decile"] == "10"]
    assert len(best) == len(worst) == 90
    assert min(best) >= max(worst)
    assert main(["table", "drift", files["table"], "--from", files["model"], "--json"]) == 0
    drift = json.loads(capsys.readouterr().out)
    assert {each["name"] for each in drift["columns"]} >= {"(score)", "age", "device"}


def test_the_report_is_told_in_words(files, capsys):
    assert fit(files, "--model", "linear", "--time", "shown_at") == 0
    said = capsys.readouterr().out
    for words in (
        "Warning: “impression_id”",
        "By time (shown_at)",
        "Chosen: linear",
        "The best tenth",
    ):
        assert words in said


def test_a_scored_file_starts_no_formula(files, csv_of, capsys):
    assert fit(files, "--model", "linear") == 0
    header = ("=HYPERLINK(1)", "shown_at", "device", "headline", "price", "age")
    row = ("+cmd|' /C calc'!A0", "2026-09-01", "@SUM(1)", "\t=1+1", "-3", "=2")
    hostile = files["out"].with_name("hostile.csv")
    hostile.write_bytes(csv_of(header, [row]))
    assert (
        main(["table", "score", str(hostile), "--from", files["model"], "--out", str(files["out"])])
        == 0
    )
    (scored,) = rows_of(files["out"].read_bytes())
    cells = [*scored, *scored.values()]
    assert [cell for cell in cells if is_formula_like(cell)] == ["-3"]  # a number runs nothing


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["fit", "none.csv", "--target", "y", "--out", "x"], "cannot be read"),
        (["score", "none.csv", "--from", "nowhere", "--out", "x"], "nowhere cannot be read"),
        (["drift", "none.csv", "--from", "nowhere"], "nowhere cannot be read"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(command, why, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["table", *command]) == 2
    assert why in capsys.readouterr().err


def test_a_folder_that_holds_something_is_not_overwritten(files, capsys, tmp_path):
    assert fit(files | {"model": str(tmp_path)}) == 2
    assert "holds something already" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--seconds", "nan"], ["--trials", "-1"], ["--seed", "-1"]])
def test_numbers_out_of_range_are_refused(files, arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        fit(files, *arguments)
    assert stopped.value.code == 2
