"""Take the pictures of the guide: `python docs/screenshots/take.py` from the checkout.

Drafts two invented briefs with the starter model into a library of its own, judges some lines,
then photographs every page, light and dark.  Needs Chromium (ADLIB_CHROMIUM names another).
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from creative.domain import Audience, Brand, Brief, Draft, DraftState, Product, kept_id  # noqa: E402
from creative.ports import DraftFilter  # noqa: E402
from creative.settings import Settings  # noqa: E402
from creative.studio.studio import Studio  # noqa: E402
from creative.tables.plan import Plan  # noqa: E402
from creative.trials import Choice  # noqa: E402
from pages.parts.example import EXAMPLE  # noqa: E402
from storage.assemble import assemble  # noqa: E402

FOLDER = Path(__file__).parent
TESTED_DAYS = 14
WRITING_S = 900  #: a busy machine is slow
SECOND = Brief(
    brand=Brand(name="Norrlight", voice="Precise, outdoors, never loud."),
    product=Product(
        name="Trail Lamp",
        description="A rechargeable head lamp for running in the dark.",
        benefits=("See the trail ahead", "Forget that you wear it"),
        features=("60 grams light", "Charges by USB-C", "Waterproof"),
        offer="Free shipping until Sunday",
        price="€59",
        url="https://www.norrlight.example/trail-lamp",
    ),
    audience=Audience(name="Trail runners", pains=("Dark winter evenings",)),
    channel="meta_feed",
    tone="Calm",
)
#: Name, address, height of the window; width is 1280 unless the name says phone.
SHOTS = (
    ("home", "", 720),
    ("briefs", "briefs", 620),
    ("brief-form", "briefs", 1180),
    ("draft", "draft?brief={brief}", 1120),
    ("review", "review?brief={brief}", 760),
    ("review-list", "review?brief={brief}", 900),
    ("export", "export?brief={brief}", 1180),
    ("settings", "settings", 1100),
    ("phone-home", "", 844),
    ("phone-review", "review?brief={brief}", 1000),
    ("vote", "vote?brief={brief}", 1285),
    ("phone-vote", "vote?brief={brief}", 844),
    ("tests", "experiments?brief={brief}", 1420),
    ("phone-tests", "experiments?brief={brief}", 1200),
    ("audience", "tables", 1600),
)


def main() -> None:
    """Fill a library, serve it, photograph it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        brief_id = fill_library(Settings(home=home))
        with served(home) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            for scheme in ("light", "dark"):
                for name, path, height in SHOTS:
                    address = f"{url}/{path.format(brief=brief_id)}"
                    photograph(browser, name, address, height, scheme)
            browser.close()


def fill_library(settings: Settings) -> int:
    """Draft, rate and decide; returns the brief that the pictures are about."""
    studio = assemble(settings)
    try:
        second = kept_id(studio.briefs.keep(SECOND))
        first = kept_id(studio.briefs.keep(EXAMPLE))
        write(studio, second, {"primary_text": 3})
        write(studio, first, {"headline": 10, "description": 4})
        judge(studio, first)
        vote(studio, first)
        test(studio, first)
        learn(studio)
    finally:
        studio.close()
    return first


def write(studio: Studio, brief_id: int, wanted: dict[str, int]) -> None:
    """Draft with a fixed seed and wait for the end."""
    run = studio.drafting.start(brief_id, wanted, seed=7)
    studio.drafting.wait(kept_id(run), WRITING_S)


def judge(studio: Studio, brief_id: int) -> None:
    """Approve some lines of each field, reject one, rate a few, edit one."""
    for field, count in (("headline", 5), ("description", 2)):
        drafts = drafts_of(studio, brief_id, field)
        studio.review.decide([kept_id(draft) for draft in drafts[:count]], DraftState.APPROVED)
        for draft, ada, ben in zip(drafts, (5, 4, 4), (4, 4, 3), strict=False):
            studio.review.rate(kept_id(draft), "Ada", ada)
            studio.review.rate(kept_id(draft), "Ben", ben)
    last = drafts_of(studio, brief_id, "description")[-1]
    studio.review.rate(kept_id(last), "Ben", 4)
    studio.review.edit(last, "Fresh coffee at your door every two weeks, roasted to order.", "Ben")


def vote(studio: Studio, brief_id: int) -> None:
    """Have three people of much the same taste vote on the headlines."""
    taste = Random(7)
    liking = {draft.id: taste.gauss(0, 1.5) for draft in drafts_of(studio, brief_id, "headline")}
    for voter in ("Ada", "Ben", "Cleo") * 10:
        pair = studio.voting.next_pair(brief_id, "headline", voter)
        if pair is None:
            return
        apart = liking[pair.first.id] - liking[pair.second.id] + taste.gauss(0, 1)
        clear = Choice.FIRST if apart > 0 else Choice.SECOND
        choice = Choice.BOTH if abs(apart) < 0.3 else clear
        studio.voting.vote(pair.first, pair.second, choice, voter)


def test(studio: Studio, brief_id: int) -> None:
    """Let two weeks of a simulated test pass."""
    begun = kept_id(studio.demo.begin(brief_id))
    for _ in range(TESTED_DAYS):
        studio.demo.play(begun)


def learn(studio: Studio) -> None:
    """Learn from the example of a table."""
    plan = Plan(target="clicked", positive="yes", time="shown_at", families=("boosted",), trials=0)
    studio.tables.start(studio.tables.sample(), plan, "Coffee clicks")
    studio.tables.wait(WRITING_S)


def drafts_of(studio: Studio, brief_id: int, field: str) -> list[Draft]:
    """Return the lines of a field, the first one first."""
    wish = DraftFilter(brief_id=brief_id, field=field, order="oldest")
    return studio.review.find(replace(wish, limit=100))


def photograph(browser: Browser, name: str, address: str, height: int, scheme: str) -> None:
    """Open a page, wait until it rests, and save it as a PNG."""
    width = 390 if name.startswith("phone") else 1280
    viewport = {"width": width, "height": height}
    page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(address)
    rest(page)
    if name == "brief-form":
        page.get_by_role("button", name="Edit").first.click()
        page.get_by_role("heading", name="Edit brief").wait_for()
    if name == "review-list":
        page.get_by_text("List", exact=True).click()
        page.get_by_role("button", name="Select these").wait_for()
    if name.endswith("vote"):
        box = page.get_by_role("combobox", name="You are")
        box.fill("Ada")
        box.press("Enter")
        page.get_by_text("Ranking so far").click()
    rest(page)
    page.screenshot(path=FOLDER / f"{name}-{scheme}.png")
    page.close()


def rest(page: Page) -> None:
    """Wait until the script has run and no part of the page is still a placeholder."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(1_000)  # fonts and transitions


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the library on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    environment = os.environ | {"ADLIB_HOME": str(home)}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as server:  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(f"{url}/_stcore/health")
            yield url
        finally:
            server.terminate()


def wait_for(url: str) -> None:
    """Wait until a server answers, a minute at most."""
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(url)


def chromium() -> str | None:
    """Return the browser to use; None leaves it to Playwright."""
    names = (os.environ.get("ADLIB_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


if __name__ == "__main__":
    main()
