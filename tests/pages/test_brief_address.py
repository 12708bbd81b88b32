"""The brief that a page is about stands in its address, however one got there."""

import re

import pytest
from playwright.sync_api import expect

from creative.domain import kept_id
from creative.studio.briefs import Briefs
from creative.studio.review import Review
from pages.parts.example import EXAMPLE

pytestmark = pytest.mark.browser


def at(person, brief) -> None:
    expect(person.page).to_have_url(re.compile(rf"\?brief={kept_id(brief)}$"))


def test_draft_of_the_list_leads_to_an_address_that_can_be_kept(visit, server, brief):
    newer = Briefs(server.store).keep(EXAMPLE)
    ada = visit()
    ada.open("briefs", "Briefs")
    card = ada.page.locator(f".st-key-brief_{kept_id(brief)}")
    card.get_by_role("button", name="Draft").click()
    ada.arrive("Draft")
    at(ada, brief)
    ada.page.reload()
    ada.arrive("Draft")
    expect(ada.page.get_by_role("combobox", name="Brief")).to_have_value(
        re.compile(rf"#{kept_id(brief)}\)")
    )
    assert newer.id != brief.id


def test_save_and_draft_leads_to_an_address_that_can_be_kept(visit, brief):
    ada = visit()
    ada.open("briefs", "Briefs")
    card = ada.page.locator(f".st-key-brief_{kept_id(brief)}")
    card.get_by_role("button", name="Edit").click()
    ada.arrive("Edit brief")
    ada.press("Save and draft")
    ada.arrive("Draft")
    at(ada, brief)


def test_the_brief_stays_in_the_address_from_page_to_page(visit, server, brief):
    Review(server.store).write(kept_id(brief), "headline", "Fresh coffee at your door")
    ada = visit()
    ada.open(f"draft?brief={kept_id(brief)}", "Draft")
    ada.follow("Export", "Export")
    at(ada, brief)
    ada.follow("Draft", "Draft")
    at(ada, brief)
    ada.follow("Review", "Review")
    at(ada, brief)


def test_home_opens_a_brief_at_its_address(visit, brief):
    ada = visit()
    ada.open("", "What to do next")
    ada.page.locator(f".st-key-recent_{kept_id(brief)}").get_by_role("button").click()
    ada.arrive("Draft")
    at(ada, brief)


def test_the_way_back_is_open(visit, brief):
    ada = visit()
    ada.open("briefs", "Briefs")
    ada.page.locator(f".st-key-brief_{kept_id(brief)}").get_by_role("button", name="Draft").click()
    ada.arrive("Draft")
    at(ada, brief)
    ada.page.go_back()
    ada.arrive("Briefs")
    ada.follow("Export", "Export")
    at(ada, brief)
    for _ in range(2):
        ada.page.go_back()
        ada.page.wait_for_timeout(1500)
    ada.arrive("Briefs")
