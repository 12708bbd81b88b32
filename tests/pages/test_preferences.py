"""Preferences on the settings page: counted, handed out, brought from elsewhere, given up."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from creative.domain import DraftState, kept_id
from creative.export.preferences import read_lines, read_pairs
from creative.studio.review import Review
from creative.studio.voting import Voting
from creative.trials import Choice

pytestmark = pytest.mark.browser
HOSTILE = "<b>x</b> **bold**.jsonl"


@pytest.fixture
def judged(server, brief):
    """Two lines of a brief, one preferred to the other and approved."""
    review = Review(server.store)
    lines = [review.write(kept_id(brief), "headline", f"Fresh coffee {at}") for at in range(2)]
    Voting(server.store).vote(*lines, Choice.FIRST, "Ada")
    review.decide([kept_id(lines[0])], DraftState.APPROVED)


@pytest.fixture
def visitor(visit):
    opened = visit(viewport={"width": 1280, "height": 1000})
    opened.open("settings", "Models & settings")
    return opened


def opened(visitor):
    visitor.page.get_by_text("What people prefer here", exact=True).click()
    visitor.settle()


def downloaded(visitor, label):
    with visitor.page.expect_download() as waited:
        visitor.press(label)
    return Path(waited.value.path()).read_bytes()


def bring(visitor, name, *rows):
    content = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    file = {"name": name, "mimeType": "application/jsonl", "buffer": content}
    visitor.page.locator('input[type="file"][accept*="jsonl"]').set_input_files(file)
    visitor.press("Take ")
    visitor.settle()


def test_preferences_are_handed_out(judged, visitor):
    opened(visitor)
    expect(visitor.page.get_by_text("of a better and a worse line")).to_be_visible()
    pairs = read_pairs(downloaded(visitor, "Download pairs"))
    assert ("Fresh coffee 0", "Fresh coffee 1") in {(each.chosen, each.rejected) for each in pairs}
    lines = read_lines(downloaded(visitor, "Download approved lines"))
    assert "Fresh coffee 0" in {each.text for each in lines}


def test_a_file_is_brought_and_given_up_and_put_back(judged, visitor):
    page = visitor.page
    opened(visitor)
    bring(visitor, HOSTILE, {"prompt": "brand: B", "chosen": "Better", "rejected": "Worse"})
    expect(page.get_by_text("1 pair taken.")).to_be_visible()
    expect(page.get_by_text("bold · 1 pair")).to_be_visible()
    visitor.press("Remove")
    expect(page.get_by_text("The file was removed.")).to_be_visible()
    visitor.press("Put it back")
    expect(page.get_by_text("bold · 1 pair")).to_be_visible()
    visitor.press("Remove")
    expect(page.get_by_text("The file was removed.")).to_be_visible()


def test_a_file_that_cannot_be_put_back_yet_keeps_its_button(judged, visitor, server, tmp_path):
    page = visitor.page
    opened(visitor)
    bring(visitor, "away.jsonl", {"prompt": "brand: A", "chosen": "Good", "rejected": "Bad"})
    page.locator('[class*="st-key-brought_away"]').get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The file was removed.")).to_be_visible()
    (aside,) = (server.home / "preferences" / ".removed").glob("away*")
    elsewhere = aside.rename(tmp_path / aside.name)
    visitor.press("Put it back")
    expect(page.get_by_text("is not there any more.")).to_be_visible()
    elsewhere.rename(aside)
    visitor.press("Put it back")
    expect(page.get_by_text("away · 1 pair")).to_be_visible()
    expect(page.get_by_text("The file was removed.")).not_to_be_visible()


def test_a_file_of_something_else_is_refused_in_words(judged, visitor):
    opened(visitor)
    bring(visitor, "other.jsonl", {"prompt": "brand: B"})
    expect(visitor.page.get_by_text("Line 1 is no pair")).to_be_visible()
