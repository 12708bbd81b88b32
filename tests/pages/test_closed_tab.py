"""A run does not need the tab it was started from."""

import pytest
from playwright.sync_api import expect

from creative.domain import kept_id

pytestmark = pytest.mark.browser


def test_lines_outlive_their_tab(visit, brief):
    first = visit()
    first.open(f"draft?brief={kept_id(brief)}", "Draft")
    first.fill("Headline", "15")
    first.press("Write 19 lines")
    expect(first.lines().first).not_to_be_empty(timeout=60_000)
    seen = first.lines().all_inner_texts()
    first.page.close()

    second = visit()
    second.open(f"draft?brief={kept_id(brief)}", "Draft")
    expect(second.page.get_by_text("19 of 19 written")).to_be_visible(timeout=120_000)
    second.settle()
    found = second.lines().all_inner_texts()
    assert len(found) == 19
    assert set(seen) <= set(found)
