"""The whole way of a marketer, from an empty form to a file that Google Ads Editor takes."""

import re

import pytest
from playwright.sync_api import expect

from creative.domain import DraftState
from creative.export.google_ads_editor import read_editor_file
from creative.ports import DraftFilter
from creative.studio.review import Review

pytestmark = pytest.mark.browser

HEADLINES, DESCRIPTIONS = 8, 12
LINES = HEADLINES + DESCRIPTIONS


def test_from_brief_to_file(visit, server, tmp_path):
    ada = visit(accept_downloads=True)
    brief_id = describe(ada)
    draft_with_a_stop(ada)
    review = Review(server.store)
    lines = review.find(DraftFilter(brief_id=brief_id))
    assert len(lines) == LINES
    edited = judge(ada)
    approved = review.find(DraftFilter(brief_id=brief_id, states=(DraftState.APPROVED,)))
    assert edited in {draft.line.text for draft in approved}
    (rated,) = review.find(DraftFilter(brief_id=brief_id, min_stars=4))
    assert rated.stars == 4
    row = export(ada, tmp_path / "ad.csv")
    texts = {name: row[name] for name in row if re.fullmatch(r"(Headline|Description) \d+", name)}
    assert {text for text in texts.values() if text} == {draft.line.text for draft in approved}
    assert (row["Campaign"], row["Ad Group"]) == ("Spring", "Coffee")
    pinned = next(name for name, text in texts.items() if text == edited)
    assert row[f"{pinned} position"] == "1"


def describe(ada) -> int:
    """Write a brief; the first save is refused, and nothing typed is lost."""
    ada.open("", "What to do next")
    ada.follow("Briefs", "Briefs")
    ada.press("New brief")
    ada.arrive("New brief")
    ada.fill("Product name", "Morning Box")
    ada.press("Save and draft")
    expect(ada.page.get_by_role("alert")).to_contain_text("Brand name is missing")
    expect(ada.page.get_by_label("Product name", exact=True)).to_have_value("Morning Box")
    ada.fill("Brand name", "Larkfield")
    ada.fill("What it is", "Freshly roasted coffee, delivered every two weeks.")
    ada.fill("Benefits, one per line", "Fresh coffee without planning\nNever run out of beans")
    ada.fill("Features, one per line", "Roasted to order\nWhole beans or ground\nCompostable bags")
    ada.fill("Offer", "15% off the first box")
    ada.fill("Landing page", "https://www.larkfield.example/box")
    ada.fill("Who they are", "Busy home office workers")
    ada.fill("What bothers them, one per line", "Running out of coffee mid-week")
    ada.follow("Home", "What to do next")
    ada.follow("Briefs", "New brief")
    expect(ada.page.get_by_label("Offer", exact=True)).to_have_value("15% off the first box")
    ada.press("Save and draft")
    ada.arrive("Draft")
    chosen = ada.page.get_by_role("combobox", name="Brief").input_value()
    return int(re.search(r"#(\d+)", chosen).group(1))


def draft_with_a_stop(ada) -> None:
    """Write, stop, see that what was written stays, and resume to the end."""
    ada.fill("Headline", str(HEADLINES))
    ada.fill("Description", str(DESCRIPTIONS))
    expect(ada.page.get_by_role("button", name=f"Write {LINES} lines")).to_be_enabled()
    ada.key("Control+Enter")
    lines = ada.lines()
    expect(lines.first).not_to_be_empty(timeout=120_000)
    first = lines.first.inner_text()
    ada.press("Stop")
    expect(ada.page.get_by_text("written, then stopped")).to_be_visible(timeout=120_000)
    ada.settle()
    assert 0 < lines.count() < LINES
    assert first in lines.all_inner_texts()
    ada.page.get_by_role("button", name="Resume").click()
    expect(ada.page.get_by_text(f"{LINES} of {LINES} written")).to_be_visible(timeout=180_000)


def judge(ada) -> str:
    """Rate, edit and approve by keyboard; returns the wording that was typed."""
    ada.press("Review these lines")
    ada.arrive("Review")
    ada.say_name("Ada")
    at = ada.page.get_by_text(f"of {LINES} ·")
    expect(at).to_contain_text(f"1 of {LINES}")
    approved = {"Description": 0, "Headline": 0}
    edited = ""
    for turn in range(1, LINES + 1):
        expect(at).to_contain_text(f"{turn} of {LINES}")
        field = "Headline" if "Headline" in at.inner_text() else "Description"
        if field == "Headline" and not edited:
            ada.key("4")
            expect(ada.page.get_by_text("Ada ★★★★☆")).to_be_visible()
            edited = "Coffee that is simply there"
            ada.key("e")
            ada.page.get_by_role("textbox", name="Wording").fill(edited)
            expect(ada.page.get_by_text(f"{len(edited)}/30")).to_be_visible()
            ada.press("Save")
            expect(ada.page.get_by_role("heading", name=edited)).to_be_visible()
        wanted = 3 if field == "Headline" else 2
        if approved[field] < wanted:
            approved[field] += 1
            ada.key("a")
        elif sum(approved.values()) == 5:
            break
        else:
            ada.key("n")
    return edited


def export(ada, target):
    """Make the Google Ads Editor file and read it back."""
    ada.follow("Export", "Export")
    ada.fill("Campaign", "Spring")
    ada.fill("Ad group", "Coffee")
    card = ada.page.locator('[class*="st-key-export_"]').filter(has_text="Coffee that is simply")
    ada.choose(card.get_by_role("combobox"), "Always in place 1")
    ada.press("Make the file")
    with ada.page.expect_download() as download:
        ada.press("Download")
    download.value.save_as(target)
    (row,) = read_editor_file(target.read_bytes())
    return row
