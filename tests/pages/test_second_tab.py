"""The same brief in two tabs: one run, seen from both."""

import pytest
from playwright.sync_api import expect

from creative.domain import Run, RunState, kept_id

pytestmark = pytest.mark.browser

LINES = "Write 40 lines"


@pytest.fixture
def earlier(server, brief):
    """A run of that brief that ended long ago."""
    with server.store.transaction() as records:
        run = records.runs.add(
            Run(brief_id=kept_id(brief), wanted={"headline": 1}, templates={}, model="m", seed=1)
        )
        return records.runs.set_state(kept_id(run), RunState.DONE, "")


def test_write_in_a_second_tab_shows_the_run_of_the_first(visit, server, brief, earlier):
    ada, ben = visit(), visit()
    for person in (ada, ben):
        person.open(f"draft?brief={kept_id(brief)}", "Draft")
        person.fill("Headline", "0")
        person.fill("Description", "40")
    ada.press(LINES)
    expect(ada.lines().first).not_to_be_empty(timeout=120_000)
    ben.press(LINES)
    expect(ben.page.get_by_text("being drafted already")).to_be_visible()
    expect(ben.lines().first).not_to_be_empty()
    with server.store.transaction() as records:
        assert len(records.runs.of_brief(kept_id(brief))) == 2
    ada.press("Stop")
    for person in (ada, ben):
        expect(person.page.get_by_text("written, then stopped")).to_be_visible(timeout=120_000)
        expect(person.page.get_by_role("button", name=LINES)).to_be_enabled()
    expect(ben.page.get_by_text("being drafted already")).to_have_count(0)


def test_an_older_run_leads_to_the_one_being_written(visit, brief, earlier):
    ada, ben = visit(), visit()
    ada.open(f"draft?brief={kept_id(brief)}", "Draft")
    ada.fill("Headline", "0")
    ada.fill("Description", "40")
    ben.open(f"draft?brief={kept_id(brief)}", "Draft")
    ada.press(LINES)
    expect(ada.lines().first).not_to_be_empty(timeout=120_000)
    ben.fill("Headline", "0")
    ben.fill("Description", "39")
    expect(ben.page.get_by_text("is being written")).to_be_visible()
    ben.press("Show it")
    expect(ben.lines().first).not_to_be_empty()
    ben.choose(ben.page.get_by_role("combobox", name="Run"), f"Run {earlier.id} ")
    expect(ben.page.get_by_role("button", name="Write 39 lines")).to_be_disabled()
    ada.press("Stop")
    expect(ben.page.get_by_role("button", name="Write 39 lines")).to_be_enabled(timeout=120_000)
