"""What is pasted into the form of a brief stays there, and what is wrong is said below it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LONG = "word " * 432  # 2,160 characters, 2,159 of them without the last space


@pytest.fixture
def ada(visit):
    ada = visit(permissions=["clipboard-read", "clipboard-write"])
    ada.open("briefs", "Briefs")
    ada.press("New brief")
    ada.arrive("New brief")
    ada.fill("Brand name", "Larkfield")
    return ada


def paste(ada, label: str, text: str):
    ada.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    box = ada.page.get_by_label(label, exact=True)
    box.click()
    ada.page.keyboard.press("Control+V")
    box.blur()
    ada.settle()
    return box


def told(sentence: str) -> re.Pattern[str]:
    """Match a sentence as pages show it: harmless, with joiners that nobody sees."""
    return re.compile(re.escape(sentence).replace(":", ":\u2060?"))


def test_a_paste_that_is_too_long_is_kept_and_told(ada):
    box = paste(ada, "What it is", LONG)
    expect(box).to_have_value(LONG)
    said = told("“What it is” is too long: 2,159 characters, and at most 2,000 are kept.")
    expect(ada.page.get_by_text(said)).to_be_visible()
    expect(ada.page.get_by_role("alert")).to_have_count(0)


def test_an_item_that_is_too_long_is_named_as_people_do(ada):
    ada.fill("Product name", "Morning Box")
    paste(ada, "Benefits, one per line", f"Short\n{'long ' * 49}\nShort again")
    said = told("Benefit 2 is too long: 244 characters, and at most 200 are kept. Shorten it")
    expect(ada.page.get_by_text(said)).to_be_visible()
    ada.press("Save and draft")
    expect(ada.page.get_by_role("alert")).to_contain_text(said)
    expect(ada.page.get_by_text("product.benefits")).to_have_count(0)
    ada.fill("Benefits, one per line", "Short\nShort again")
    expect(ada.page.get_by_role("alert")).to_have_count(0)
    ada.press("Save and draft")
    ada.arrive("Draft")


def test_an_empty_field_is_a_fault_only_once_a_save_was_tried(ada):
    expect(ada.page.get_by_text("Product name is missing")).to_have_count(0)
    ada.page.get_by_role("button", name="Save", exact=True).click()
    expect(ada.page.get_by_text("Product name is missing")).to_have_count(2)
    ada.fill("Product name", "Morning Box")
    expect(ada.page.get_by_text("Product name is missing")).to_have_count(0)
