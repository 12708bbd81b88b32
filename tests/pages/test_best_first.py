"""Review shows the best lines first, and says by what."""

import pytest
from playwright.sync_api import expect

from creative.domain import kept_id
from creative.studio.review import Review

pytestmark = pytest.mark.browser

#: Of the example brief; the second says nothing new, the third nothing of the product.
LINES = ("Something for everyone", "Your door: fresh coffee", "Fresh coffee at your door")


def test_the_best_lines_come_first(visit, server, brief):
    for text in LINES:
        Review(server.store).write(kept_id(brief), "headline", text)
    ada = visit()
    ada.open(f"review?brief={brief.id}", "Review")
    ada.page.get_by_text("List", exact=True).click()
    ada.press("Filter and sort")
    ada.choose(ada.page.get_by_role("combobox", name="Order"), "Best first")
    expect(ada.page.get_by_text("The prediction has no say before your own tests")).to_be_visible()
    expect(ada.lines()).to_have_text([LINES[2], LINES[0], LINES[1]])
