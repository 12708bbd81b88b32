"""Two people change the same line; neither wording is lost."""

import pytest
from playwright.sync_api import expect

from creative.domain import kept_id
from creative.studio.review import Review

pytestmark = pytest.mark.browser


def test_the_second_editor_chooses(visit, server, draft):
    ada, ben = visit(), visit()
    for person, name in ((ada, "Ada"), (ben, "Ben")):
        person.open(f"review?brief={draft.brief_id}", "Review")
        person.say_name(name)
        person.press("Edit")
        wording(person).fill(f"The wording of {name}")
    ada.press("Save")
    expect(ada.page.get_by_role("heading", name="The wording of Ada")).to_be_visible()
    ben.press("Save")
    expect(ben.page.get_by_role("alert")).to_contain_text("changed")
    expect(ben.page.get_by_text("The wording of Ada", exact=True)).to_be_visible()
    expect(wording(ben)).to_have_value("The wording of Ben")
    review = Review(server.store)
    assert review.get(kept_id(draft)).line.text == "The wording of Ada"
    ben.press("Save mine instead")
    expect(ben.page.get_by_role("heading", name="The wording of Ben")).to_be_visible()
    history = [(edit.text, edit.editor) for edit in review.history(kept_id(draft))]
    assert history[1:] == [("The wording of Ada", "Ada"), ("The wording of Ben", "Ben")]


def wording(person):
    return person.page.get_by_role("textbox", name="Wording")
