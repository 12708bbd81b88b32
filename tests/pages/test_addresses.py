"""Addresses that people keep, opened as the very first thing after a restart."""

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import Visitor, running

pytestmark = pytest.mark.browser


def test_a_kept_address_opens_inside_the_app(browser, request, tmp_path):
    root = request.config.rootpath
    with (
        running(root, tmp_path / "home", tmp_path / "log") as url,
        browser.new_context() as context,
    ):
        eve = Visitor(context.new_page(), url)
        eve.open("review", "Review")
        expect(eve.page.get_by_role("link", name="Models & settings")).to_be_visible()
        expect(eve.page.get_by_role("link", name="app", exact=True)).to_have_count(0)
