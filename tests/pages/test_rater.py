"""Who you are: kept by the browser, and by no other one."""

import pytest
from playwright.sync_api import expect

from tests.pages.test_hostile_text import HOSTILE

pytestmark = pytest.mark.browser


def test_a_browser_keeps_the_name_when_the_page_is_reloaded(visit, brief, draft):
    ada, ben = visit(), visit()
    address = f"review?brief={brief.id}"
    name = f"Zoë; {HOSTILE[0]}"
    for person in (ada, ben):
        person.open(address, "Review")
    ada.say_name(name)
    ada.page.wait_for_function("document.cookie.includes('adlib_rater=Zo')")
    ada.open(address, "Review")
    box = ada.page.get_by_role("combobox", name="You are")
    expect(box).to_have_value(" ".join(name.split()))
    ben.open(address, "Review")
    expect(ben.page.get_by_role("combobox", name="You are")).to_have_value("")

    ada.page.get_by_role("button", name="Clear value").click()
    ada.page.wait_for_function("!document.cookie.includes('adlib_rater')")
    ada.open(address, "Review")
    expect(ada.page.get_by_role("combobox", name="You are")).to_have_value("")
