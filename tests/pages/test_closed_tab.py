"""A run does not need the tab it was started from."""

import pytest
from playwright.sync_api import expect

from creative.domain import kept_id

pytestmark = pytest.mark.browser


def test_lines_outlive_their_tab(visit, server, brief):
    first = visit()
    first.open(f"draft?brief={kept_id(brief)}", "Draft")
    first.fill("Headline", "6")
    first.fill("Description", "2")
    first.press("Advanced")
    first.fill("Seed", "7")
    first.page.keyboard.press("Escape")
    first.press("Write 8 lines")
    expect(first.lines().first).not_to_be_empty(timeout=120_000)
    seen = first.lines().all_inner_texts()
    first.page.close()

    second = visit()
    second.open(f"draft?brief={kept_id(brief)}", "Draft")
    expect(second.page.get_by_text("8 of 8 written")).to_be_visible(timeout=180_000)
    second.settle()
    found = second.lines().all_inner_texts()
    assert len(found) == 8
    assert set(seen) <= set(found)
    with server.store.transaction() as records:
        (run,) = records.runs.of_brief(kept_id(brief))
    assert run.seed == 7
