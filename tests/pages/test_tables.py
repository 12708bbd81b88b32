"""The Audience page: from a table to a report, to the chances of another one, and back."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from creative.export.formulas import is_formula_like
from creative.tables.sample import sample_table, sample_to_score

HOSTILE = "=1+1 **bold** <b>x</b> [a](javascript:alert(1))"
LEARNT_MS = 120_000


@pytest.fixture
def visitor(visit):
    opened = visit(viewport={"width": 1280, "height": 1000})
    opened.open("tables", "Audience")
    return opened


def begin_new(visitor):
    """Leave the models that other tests have made."""
    new = visitor.page.get_by_role("button", name="New model")
    expect(new.or_(visitor.page.get_by_text("Who will click or buy?")).first).to_be_visible()
    if new.count():
        new.click()
        visitor.settle()


def bring(visitor, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    visitor.page.locator('input[type="file"]').first.set_input_files(file)
    visitor.settle()


def learn(visitor, name: str) -> None:
    page = visitor.page
    page.get_by_text("More choices").click()
    visitor.choose(page.get_by_role("combobox", name="Kind of model"), "A linear model")
    visitor.choose(page.get_by_role("combobox", name="How thorough"), "Quick")
    visitor.fill("Name of the model", name)
    visitor.press("Learn from this table")
    page.get_by_text("Can its chances be trusted?").wait_for(timeout=LEARNT_MS)
    visitor.settle()


def downloaded(visitor, label: str) -> bytes:
    with visitor.page.expect_download() as waited:
        visitor.press(label)
    return Path(waited.value.path()).read_bytes()


@pytest.mark.browser
def test_from_the_example_to_scored_rows(visitor):
    begin_new(visitor)
    page = visitor.page
    expect(page.get_by_text("Who will click or buy?")).to_be_visible()
    visitor.press("Try an example")
    expect(page.get_by_text("“seconds_on_page” tells the outcome by itself")).to_be_visible()
    expect(page.get_by_text("“visitor_id” looks like an id")).to_be_visible()
    learn(visitor, "Coffee clicks")
    expect(page.get_by_text("Better than any single column.")).to_be_visible()
    expect(page.get_by_text("days_since_visit").first).to_be_visible()
    page.get_by_text("Score a table", exact=True).click()
    visitor.press("Try example rows")
    expect(page.get_by_text("300 rows scored.")).to_be_visible()
    expect(page.get_by_text("These rows are like those that were learnt from.")).to_be_visible()
    expect(page.get_by_text("all columns together make it")).to_be_visible()
    scored = downloaded(visitor, "Download with chances").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(scored)))
    assert len(rows) == 300
    assert {"chance of clicked", "decile", "reasons"} <= set(rows[0])


@pytest.mark.browser
def test_names_of_strangers_are_shown_as_they_are_and_run_nowhere(visitor):
    page = visitor.page
    begin_new(visitor)
    bring(visitor, "own.csv", sample_table().replace(b"source", HOSTILE.encode(), 1))
    learn(visitor, HOSTILE)
    expect(page.get_by_text("1+1 **bold**").first).to_be_visible()
    assert not page.locator("b", has_text="x").count()
    assert not page.locator('a[href^="javascript"]').count()
    page.get_by_text("Score a table", exact=True).click()
    visitor.settle()
    drifted = sample_to_score().replace(b"source", HOSTILE.encode(), 1).replace(b"phone", b"tablet")
    bring(visitor, "=new.csv", drifted)
    expect(page.get_by_text("“device” has moved much")).to_be_visible()
    scored = downloaded(visitor, "Download with chances").decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(scored)) for cell in row]
    assert not [cell for cell in cells if is_formula_like(cell)]


@pytest.mark.browser
def test_a_fit_is_stopped_and_leaves_the_form(visitor):
    begin_new(visitor)
    visitor.press("Try an example")
    visitor.fill("Name of the model", "Never ready")
    visitor.press("Learn from this table")
    expect(visitor.page.get_by_text("Learning “Never ready”")).to_be_visible()
    visitor.press("Stop")
    expect(visitor.page.get_by_text("Stopped; nothing was kept.")).to_be_visible()
    expect(visitor.page.get_by_role("button", name="Learn from this table")).to_be_visible()


@pytest.mark.browser
def test_a_removed_model_can_be_put_back(visitor):
    begin_new(visitor)
    visitor.press("Try an example")
    learn(visitor, "For a moment")
    visitor.press("Remove")
    expect(visitor.page.get_by_text("The model was removed.")).to_be_visible()
    visitor.press("Put it back")
    expect(visitor.page.get_by_text("The model was removed.")).to_be_hidden()
    visitor.settle()
    box = visitor.page.get_by_role("combobox", name="Model")
    expect(box).to_have_value("For a moment · just now")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"a,b\n1.5,2.5\n3.5,4.5\n", "too few to learn from"),
        (b"a,b\n" + b"".join(b"%d,%d\n" % (at, at) for at in range(50)), "none says who succeeded"),
        (b"a,clicked\n1,yes\n2,no\n", "too few to learn from"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused_in_words(visitor, content, said):
    begin_new(visitor)
    bring(visitor, "bad.csv", content)
    expect(visitor.page.get_by_text(said)).to_be_visible()
    assert not visitor.page.get_by_role("button", name="Learn from this table").count()
