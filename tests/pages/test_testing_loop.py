"""The whole way of a test: voted on, designed, started, fed with a report, judged, refreshed."""

import re
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import expect

from creative.domain import DraftState, kept_id
from creative.studio.experiments import Experiments
from creative.studio.refresh import CHALLENGERS
from creative.studio.review import Review
from creative.trials import ExperimentState
from tests.creative.studio.experiment_samples import report, sales, wearing

pytestmark = pytest.mark.browser

LINES = ("Fresh coffee without planning", "Never run out of beans", "Roasted to order for you")


@pytest.fixture
def lines(server, brief):
    """Three approved headlines, written by hand."""
    review = Review(server.store)
    ids = [kept_id(review.write(kept_id(brief), "headline", text)) for text in LINES]
    review.decide(ids, DraftState.APPROVED)
    return ids


def design(ada, brief, per_day: str) -> None:
    ada.open(f"experiments?brief={brief.id}", "Tests")
    ada.press("Design a test")
    ada.settle()
    ada.choose(ada.page.get_by_role("combobox", name="Control"), LINES[0])
    ada.fill("Impressions a day, all lines together", per_day)


def vote(ada, brief) -> None:
    """Choose between two of the lines, by keyboard."""
    ada.open(f"vote?brief={brief.id}", "Vote")
    box = ada.page.get_by_role("combobox", name="You are")
    box.fill("Ada")
    box.press("Enter")
    ada.page.get_by_role("heading", name="Vote", level=1).click()
    ada.key("ArrowLeft")
    expect(ada.page.get_by_text(re.compile("^1 vote"))).to_be_visible()


def count_early(ada) -> None:
    """Say that days before the start count, too: the tests of these pages begin today."""
    expect(ada.page.get_by_text(re.compile("of this file came before"))).to_be_visible()
    ada.page.get_by_text("The lines ran against each other").click()
    ada.settle()


def bring(ada, content: bytes, rows: int, **columns: str) -> None:
    """Import a report, naming the columns that were not found."""
    ada.page.get_by_text("Results", exact=True).click()
    ada.settle()
    file = {"name": "report.csv", "mimeType": "text/csv", "buffer": content}
    ada.page.locator('input[type="file"]').set_input_files(file)
    for field, header in columns.items():
        expect(ada.page.get_by_text(f"No column was found for “{field}”")).to_be_visible()
        ada.choose(ada.page.get_by_role("combobox", name=field, exact=True), header)
    count_early(ada)
    ada.press(f"Count {rows} rows")
    expect(ada.page.get_by_role("button", name="Undo").first).to_be_visible()
    ada.settle()


def label_gaps(ada) -> list[float]:
    """Return how far the names of lines stand below their bars in the picture of uplifts."""
    ys = []
    for marks in ('text[transform^="translate(-"][text-anchor=end]', ".layer_2_marks line"):
        found = ada.page.locator(f".st-key-picture_uplifts svg {marks}")
        expect(found).to_have_count(len(LINES) - 1)
        ys.append(found.evaluate_all("all => all.map(one => one.transform.baseVal[0].matrix.f)"))
    return [name - bar for name, bar in zip(*map(sorted, ys), strict=True)]


def test_from_vote_to_refresh(visit, server, brief, lines):
    ada = visit()
    vote(ada, brief)
    design(ada, brief, "6000")
    expect(ada.page.get_by_text(re.compile("Each line needs [0-9,]+ impressions"))).to_be_visible()
    expect(ada.page.get_by_text("Not enough traffic")).to_have_count(0)
    ada.press("Keep this design")
    ada.press("Start")
    expect(ada.page.get_by_text("No results yet")).to_be_visible()
    test = Experiments(server.store).all()[0]
    assert test.state is ExperimentState.RUNNING
    assert {arm.text for arm in test.arms} == set(LINES)
    assert test.arms[test.control].text == LINES[0]

    ada.press("Bring a report")
    expect(ada.page.get_by_text("No report was imported yet")).to_be_visible()
    bring(ada, report(LINES, (0.02, 0.02, 0.022), days=3), 9)
    ada.page.get_by_text("Traffic", exact=True).click()
    expect(ada.page.get_by_text("At the 6,000 impressions a day of the last week")).to_be_visible()
    ada.press("Use these shares")
    expect(ada.page.get_by_text(re.compile(r"From .*T\d+-A [\d.]+%"))).to_be_visible()

    bring(ada, report(LINES, (0.02, 0.02, 0.035)), 42)
    ada.page.get_by_text("Verdict", exact=True).click()
    expect(ada.page.get_by_text(f"{LINES[2]}” wins")).to_be_visible()
    assert {round(gap, 1) for gap in label_gaps(ada)} == {3.5}, "half of a letter's height"
    names = ada.page.locator(".st-key-picture_uplifts svg text", has_text=LINES[2])
    expect(names).to_have_attribute("fill", "#141b19")  # the colour of text by day
    with ada.page.expect_download() as saved:
        ada.press("Save as SVG: Clicks over the control")
    picture = ET.parse(saved.value.path())
    assert saved.value.suggested_filename == "uplifts.svg"
    assert LINES[2] in "".join(picture.getroot().itertext())
    ada.page.get_by_text("Traffic", exact=True).click()
    expect(
        ada.page.get_by_text(re.compile(f"{LINES[2]}” has won: nothing is left"))
    ).to_be_visible()
    expect(ada.page.get_by_text(re.compile("clicks a day more than the control"))).to_be_visible()

    ada.page.get_by_text("Verdict", exact=True).click()
    box = ada.page.get_by_role("combobox", name="You are")
    expect(box).to_have_value("Ada")  # as said under Vote
    ada.settle()
    ada.page.get_by_role("button", name="Clear value").click()
    ada.press("Decide")
    expect(ada.page.get_by_text("Say who decides")).to_be_visible()
    ada.settle()
    box.fill("Ada")
    box.press("Enter")
    expect(ada.page.get_by_text("Say who decides")).to_be_visible()
    ada.settle()
    expect(box).to_have_value("Ada")
    ada.fill("Why", "Clearest promise")
    ada.press("Decide")
    expect(ada.page.get_by_text("Decided by Ada")).to_be_visible()
    ada.page.get_by_text("Traffic", exact=True).click()
    expect(ada.page.get_by_text(f"{LINES[2]}” was chosen: give it all traffic")).to_be_visible()
    decided = Experiments(server.store).get(test.id)
    assert decided.decision.why == "Clearest promise"
    assert decided.arms[2 if decided.arms[2].text == LINES[2] else 1].text == LINES[2]
    assert decided.decision.arm_id == next(a.id for a in decided.arms if a.text == LINES[2])
    bring(ada, wearing(LINES), 135)
    ada.page.get_by_text("Freshness", exact=True).click()
    expect(ada.page.get_by_text("has worn out since")).to_be_visible()
    runs = studio_runs(server, brief)
    assert sum(runs[0].wanted.values()) == CHALLENGERS

    ada.page.get_by_text("Verdict", exact=True).click()
    ada.press("Draft challengers")
    ada.arrive("Draft")
    expect(ada.page.get_by_text(f"Headline to beat: “{LINES[2]}”")).to_be_visible()
    ada.page.go_back()
    ada.arrive("Tests")
    ada.press("Export")
    ada.arrive("Export")


def test_why_a_line_is_told_on_asking_and_no_more_than_is_known(visit, brief, lines):
    ada = visit()
    ada.open(f"review?brief={brief.id}", "Review")
    ada.page.get_by_text("Approved", exact=True).click()
    ada.settle()
    ada.page.get_by_text("Why this line?").click()
    expect(ada.page.get_by_text("Not tested on your kind of ad")).to_be_visible(timeout=60_000)
    expect(ada.page.get_by_text("What goes with clicks need not cause them")).to_be_visible()
    expect(ada.page.get_by_text("Expected:")).to_have_count(0)


def studio_runs(server, brief):
    with server.store.transaction() as records:
        return records.runs.of_brief(kept_id(brief))


def test_too_little_traffic_is_said_before_the_start(visit, brief, lines):
    ada = visit()
    design(ada, brief, "50")
    expect(ada.page.get_by_text("Not enough traffic")).to_be_visible()


def test_a_design_without_a_control_is_refused_in_words(visit, brief, lines):
    ada = visit()
    design(ada, brief, "6000")
    ada.choose(ada.page.get_by_role("combobox", name="Control"), "Another line: type it")
    ada.press("Keep this design")
    expect(ada.page.get_by_text(re.compile("Type the control"))).to_be_visible()


def test_a_report_with_other_headers_is_mapped_by_hand(visit, server, brief, lines):
    ada = visit()
    design(ada, brief, "6000")
    ada.press("Keep this design")
    ada.press("Start")
    ada.settle()
    ada.page.get_by_text("Results", exact=True).click()
    content = f"Tag;Anzeige;Gesehen;Geklickt\n2026-10-01;{LINES[0]};1000;10\n2026-10-01;X;99;1"
    file = {"name": "report.csv", "mimeType": "text/csv", "buffer": content.encode()}
    ada.page.locator('input[type="file"]').set_input_files(file)
    expect(ada.page.get_by_text("Or choose below what is what")).to_be_visible()
    columns = {"Name of the ad": "Anzeige", "Day": "Tag", "Impressions": "Gesehen"}
    for label, header in (columns | {"Clicks": "Geklickt"}).items():
        ada.choose(ada.page.get_by_role("combobox", name=label, exact=True), header)
    count_early(ada)
    expect(ada.page.get_by_text("1 ad fit no line")).to_be_visible()
    ada.choose(ada.page.get_by_role("combobox", name="X · 99 impressions"), "B · ")
    ada.press("Count 2 rows")
    expect(ada.page.get_by_role("button", name="Undo")).to_be_visible()


def test_what_a_report_leaves_open_is_asked_for(visit, brief, lines):
    ada = visit()
    design(ada, brief, "6000")
    ada.choose(ada.page.get_by_role("combobox", name="What counts"), "Conversions per impression")
    ada.press("Keep this design")
    ada.press("Start")
    ada.settle()
    ada.page.get_by_text("Results", exact=True).click()
    content = "Day,Ad name,Impressions,Amount spent (USD),Results,Result type\n" + "\n".join(
        f"03/04/2026,{LINES[0]},1000,3,{count},{action}"
        for action, count in (("link_click", 9), ("purchase", 2))
    )
    file = {"name": "meta.csv", "mimeType": "text/csv", "buffer": content.encode()}
    ada.page.locator('input[type="file"]').set_input_files(file)
    expect(ada.page.get_by_text("say whether day or month comes first").first).to_be_visible()
    for label, option in (
        ("How days are written", "Day first"),
        ("Which results are conversions", "purchase"),
    ):
        ada.choose(ada.page.get_by_role("combobox", name=label), option)
    expect(ada.page.get_by_text("before (03 Apr 2026)")).to_be_visible()
    count_early(ada)
    ada.press("Count 1 row")
    expect(ada.page.get_by_text(re.compile("Meta Ads Manager export · 1 row"))).to_be_visible()
    ada.page.set_viewport_size({"width": 390, "height": 900})
    for step in ("clicks_per_impression", "conversions_per_click"):
        picture = ada.page.locator(f".st-key-picture_{step} svg.marks")
        expect(picture).to_be_visible()
        ada.page.wait_for_function(
            "step => document.querySelector(`.st-key-picture_${step} svg.marks`)"
            ".getBoundingClientRect().right <= innerWidth",
            arg=step,
        )


def test_a_demonstration_plays_by_itself_and_says_that_it_is_made_up(visit, brief, lines):
    ada = visit()
    ada.open(f"experiments?brief={brief.id}", "Tests")
    ada.press("Play a demonstration")
    expect(ada.page.get_by_text("Simulated: these results are made up")).to_be_visible()
    expect(ada.page.get_by_text("Simulated day 3 of 30")).to_be_visible(timeout=60_000)
    ada.page.get_by_role("button", name="Pause").click()
    expect(ada.page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    ada.page.get_by_role("button", name="More").click()
    ada.page.get_by_text("Play a demonstration").click()
    expect(ada.page.get_by_text(re.compile("Simulated day [01] of 30"))).to_be_visible()
    ada.page.get_by_role("button", name="Pause").click()
    ada.settle()


def test_a_test_of_revenue_keeps_its_shares_and_its_currency(visit, server, brief, lines):
    ada = visit()
    design(ada, brief, "9000")
    ada.choose(ada.page.get_by_role("combobox", name="What counts"), "Revenue per impression")
    expect(ada.page.get_by_text(re.compile("A few large orders"))).to_be_visible()
    ada.press("Keep this design")
    ada.press("Start")
    few = sales(LINES, (0.0, 0.5, 0.0), days=5)
    bring(ada, few.replace(b"Purchases conversion value", b"Takings"), 15, Revenue="Takings")
    ada.page.get_by_text("Verdict", exact=True).click()
    expect(ada.page.get_by_text(re.compile("revenue is judged from day 7 on"))).to_be_visible()
    ada.page.get_by_text("Traffic", exact=True).click()
    expect(ada.page.get_by_text(re.compile("every line keeps the same share"))).to_be_visible()

    ada.page.get_by_text("Results", exact=True).click()
    ada.settle()
    dollars = sales(LINES, (0.0, 0.5, 0.0), days=6, currency="USD")
    file = {"name": "dollars.csv", "mimeType": "text/csv", "buffer": dollars}
    ada.page.locator('input[type="file"]').set_input_files(file)
    count_early(ada)
    expect(ada.page.get_by_text(re.compile("results of this test are in EUR"))).to_be_visible()
    ada.settle()
    ada.open(f"experiments?brief={brief.id}", "Tests")
    rows = sales(LINES, (0.0, 0.5, 0.0)).splitlines(keepends=True)
    del rows[31:40:4]  # each line was left out on one of three days
    bring(ada, b"".join(rows), 60)
    ada.page.get_by_text("Verdict", exact=True).click()
    expect(ada.page.get_by_text(f"{LINES[1]}” wins")).to_be_visible()
    expect(ada.page.get_by_text(re.compile("more revenue than with the control"))).to_be_visible()
    expect(ada.page.get_by_text(re.compile("cost about EUR [0-9,]+ of revenue"))).to_be_visible()
    table = ada.page.locator('[data-testid="stDataFrame"] .dvn-scroller')
    assert table.evaluate("one => one.scrollWidth <= one.clientWidth"), "a column is cut off"
    ada.page.get_by_text("Day by day", exact=True).click()
    expect(ada.page.get_by_text(re.compile("The band holds the truth"))).to_be_visible()
    ada.page.get_by_text("Traffic", exact=True).click()
    expect(
        ada.page.get_by_text(re.compile("of revenue a day more than the control"))
    ).to_be_visible()
