"""The ruler of copy quality: what it counts, and that marks come back to whom they belong."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.copy_quality.measures import counts_of, unknown_words
from benchmarks.copy_quality.sheets import (
    SheetUnreadable,
    Written,
    ratings,
    read_sheet,
    score,
    write_sheet,
)
from creative.studio.briefs import brief_from_json

BRIEFS = Path(__file__).parent.parent / "docs" / "samples" / "briefs"


@pytest.fixture
def brief():
    return brief_from_json((BRIEFS / "01-coffee.json").read_text("utf-8"))


def test_faults_are_counted_by_line(brief):
    texts = [
        "Halden Roasters espresso beans",
        "Haldon Roasters espresso beans",  # the brand is not exact, and it repeats the first
        "Espresso glorptangled daily",  # garbled
        "Now 40% cheaper espresso beans",  # unsupported
        "A tidy way to live",  # thin
        "An beans for for espresso",  # grammar
        "No bitter aftertaste, cup after cup after cup",  # over 30
    ]
    counts = counts_of(brief, texts, wanted=8, limit=30)
    assert (counts.lines, counts.named, counts.exact) == (7, 2, 1)
    assert (counts.garbled, counts.unsupported_claims, counts.over_limit) == (2, 1, 1)
    assert (counts.near_duplicates, counts.thin, counts.grammar) == (1, 1, 1)
    assert counts.report()["delivered"] == "7 of 8"
    assert 0.8 < float(str(counts.report()["distinct_2"])) < 1


def test_words_of_the_brief_and_their_parts_are_known(brief):
    odd = replace(brief, product=replace(brief.product, name="zorble-proof mug"))
    assert unknown_words("A zorble-proof mug's best friend", odd) == set()
    assert unknown_words("A zorblo mug", odd) == {"zorblo"}


def filled(sheet: Path, to: Path, marks: dict[str, str]) -> None:
    with sheet.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with to.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows({**row, "mark": marks[row["line"].lstrip("'")]} for row in rows)


@pytest.fixture
def sheets(tmp_path, brief):
    written = [
        Written(arm="full", brief="coffee", text="Beans that taste of chocolate"),
        Written(arm="full", brief="coffee", text="=Chocolate in a cup"),
        Written(arm="raw", brief="coffee", text="Beans that taste of chocolate"),
        Written(arm="raw", brief="coffee", text="Get enjoy the beans"),
    ]
    write_sheet(tmp_path, written, {"coffee": brief}, seed=1)
    return tmp_path


def test_a_sheet_names_no_source_and_asks_about_each_line_once(sheets):
    text = (sheets / "sheet.csv").read_text("utf-8")
    assert "raw" not in text
    assert "full" not in text
    assert text.count("taste of chocolate") == 1
    assert "'=Chocolate" in text
    assert "brand: Halden Roasters" in (sheets / "briefs.txt").read_text("utf-8")


def test_marks_go_back_to_the_arms_that_wrote_the_line(sheets, brief):
    good = "Beans that taste of chocolate"
    first = {good: "good", "=Chocolate in a cup": "thin", "Get enjoy the beans": "bad"}
    filled(sheets / "sheet.csv", sheets / "reader-1.csv", first)
    second = {**first, "=Chocolate in a cup": "Good"}
    filled(sheets / "sheet.csv", sheets / "reader-2.csv", second)
    readers = [read_sheet(sheets / f"reader-{n}.csv", sheets / "key.json") for n in (1, 2)]
    result = score(*readers)
    assert result["arms"]["full"][0] == {"accepted": 1.0, "good": 0.5, "thin": 0.5, "bad": 0.0}
    assert result["arms"]["raw"][1] == {"accepted": 0.5, "good": 0.5, "thin": 0.0, "bad": 0.5}
    assert result["same_mark"] == pytest.approx(2 / 3, abs=0.001)
    assert 0 < result["kappa"] < 1
    kept = [json.loads(line) for line in ratings(readers[0], {"coffee": brief})]
    assert {(each["text"], each["stars"]) for each in kept} == {
        (good, 5),
        ("=Chocolate in a cup", 3),
        ("Get enjoy the beans", 1),
    }
    assert {each["rater"] for each in kept} == {"reader-1"}


def test_a_sheet_with_an_empty_mark_is_refused(sheets):
    with pytest.raises(SheetUnreadable, match="number 1"):
        read_sheet(sheets / "sheet.csv", sheets / "key.json")
