"""Text of users and models is shown as it is: no markup, no script, no request to anywhere."""

import pytest
from playwright.sync_api import expect

from creative.domain import Audience, Brand, Brief, Product, kept_id
from creative.studio.briefs import Briefs
from creative.studio.review import Review
from pages.parts.wording import plain

pytestmark = pytest.mark.browser

HOSTILE = (
    "![x](http://example.com/x.png)",
    "<script>document.title='hacked'</script>",
    "<img src=http://example.com/y onerror=alert(1)>",
    ":red[stop] :smile: :material/home:",
    "$x^2$ costs $5 -> [go](http://example.com)",
    "# one **two** `three` http://example.com www.example.com",
    "עברית مرحبا",
    "コーヒー ☕ 咖啡 👩‍🚀",
)


@pytest.fixture
def hostile(server):
    name = HOSTILE[0]
    brief = Briefs(server.store).keep(
        Brief(
            brand=Brand(name=name, banned_words=("stop",)),
            product=Product(name=HOSTILE[1], url="http://example.com"),
            audience=Audience(name=HOSTILE[2]),
            channel="google_rsa",
        )
    )
    for text in HOSTILE:
        Review(server.store).write(kept_id(brief), "description", text)
    return brief


def test_text_stays_text_and_nothing_leaves(visit, server, hostile):
    eve = visit()
    requests = []
    eve.page.on("request", lambda request: requests.append(request.url))
    eve.page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    brief = f"?brief={kept_id(hostile)}"
    eve.open(f"review{brief}", "Review")
    for at, text in enumerate(reversed(HOSTILE)):
        expect(eve.page.get_by_text(f"{at + 1} of {len(HOSTILE)}")).to_be_visible()
        expect(eve.page.get_by_role("heading", level=2)).to_have_text(as_shown(text))
        eve.press("Next")
    eve.page.get_by_text("List", exact=True).click()
    shown = eve.page.locator('[data-testid="stText"]')
    expect(shown).to_have_count(len(HOSTILE))
    assert shown.all_inner_texts() == list(reversed(HOSTILE))
    for path, heading in (
        ("", "What to do next"),
        ("briefs", "Briefs"),
        (f"draft{brief}", "Draft"),
        (f"export{brief}", "Export"),
        ("settings", "Models & settings"),
    ):
        eve.open(path, heading)
        main = eve.page.get_by_test_id("stMain")
        assert main.locator("img, script, a[href*='example.com']").count() == 0, path
    assert eve.page.title() != "hacked"
    local = (server.url, server.url.replace("http", "ws"), "data:", "blob:")
    assert [url for url in requests if not url.startswith(local)] == []


def as_shown(text: str) -> str:
    """The text itself, parted by joiners that nobody sees."""
    shown = plain(text).replace("\\", "")
    assert shown.replace("\u2060", "") == text
    return shown
