"""How quick the pages are with 10,000 drafts, idle and while lines are being drafted.

    python -m benchmarks.pages --json

Rivals: the engine in a process of its own (the default) against the engine in a thread of the web
server, which shares Python's lock with every page.  A rerun is what a person waits for: from a
click on the next page of the Review list until the app has nothing more to show.
"""

import argparse
import json
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
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import ROOT, machine
from creative.channels import channel
from creative.checking import checked_line
from creative.domain import Brief, kept_id
from creative.studio.briefs import Briefs, brief_from_json
from storage.database import open_store

SAMPLE = ROOT / "docs" / "samples" / "briefs" / "01-coffee.json"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
FIRST_LINE = '[class*="st-key-card_"] [data-testid="stText"]'
#: Looked at in every frame, so that no polling interval hides in the figures.
HAS_SETTLED = """([line, idle, before]) => {
    const first = document.querySelector(line);
    return first && first.innerText !== before && document.querySelector(idle) !== null;
}"""
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def main() -> None:
    """Measure both engines and print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drafts", type=int, default=10_000)
    parser.add_argument("--lines", type=int, default=64, help="lines drafted meanwhile")
    parser.add_argument("--clicks", type=int, default=15)
    parser.add_argument("--json", action="store_true", help="print JSON; it is the only form")
    options = parser.parse_args()
    figures = {engine: _measure(engine, options) for engine in ("process", "thread")}
    print(json.dumps({"benchmark": "pages", **vars(options), **machine(), "engines": figures}))


def _measure(engine: str, options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        brief_id = _filled_library(home, options.drafts)
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS))
        begun = time.perf_counter()
        with _serving(home, engine) as url:
            ready_s = time.perf_counter() - begun
            first_s = _first_paint(browser, url)
            page = _review_list(browser, url)
            idle = _reruns(page, options.clicks)
            writer = _start_writing(browser, url, brief_id, options.lines)
            busy = _reruns(page, options.clicks)
            is_busy = writer.get_by_role("button", name="Stop").is_visible()
        browser.close()
    return {
        "server_ready_s": round(ready_s, 2),
        "first_paint_s": round(first_s, 2),
        "rerun_idle_ms": _summary(idle),
        "rerun_drafting_ms": _summary(busy),
        "slowdown": round(median(busy) / median(idle), 2),
        "was_drafting_to_the_end": is_busy,
    }


def _summary(seconds: list[float]) -> dict[str, int]:
    ordered = sorted(1000 * s for s in seconds)
    return {"median": round(median(ordered)), "worst": round(ordered[-1])}


def _filled_library(home: Path, drafts: int) -> int:
    store = open_store(f"sqlite:///{home / 'adlib.db'}", home)
    brief: Brief = Briefs(store).keep(brief_from_json(SAMPLE.read_text("utf-8")))
    place = channel(brief.channel)
    field = place.field("headline")
    with store.transaction() as records:
        for number in range(drafts):
            line = checked_line(f"Espresso beans {number}", brief=brief, channel=place, field=field)
            records.drafts.add(kept_id(brief), None, line)
    return kept_id(brief)


@contextmanager
def _serving(home: Path, engine: str) -> Iterator[str]:
    """Serve the app on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"ADLIB_HOME": str(home), "ADLIB_ENGINE": engine}
    command = (sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port))
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_healthy(f"{url}/_stcore/health")
            yield url
        finally:
            server.terminate()


def _wait_until_healthy(url: str, timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310  # our own address
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server did not start")


def _first_paint(browser: Browser, url: str) -> float:
    """Return the seconds from opening the address to the first heading."""
    page = browser.new_page()
    begun = time.perf_counter()
    page.goto(url)
    page.get_by_role("heading", level=1).first.wait_for()
    seconds = time.perf_counter() - begun
    page.close()
    return seconds


def _review_list(browser: Browser, url: str) -> Page:
    page = browser.new_page()
    page.goto(f"{url}/review")
    page.get_by_role("radio", name="List").click()
    page.get_by_role("button", name="Select these 25").wait_for()
    page.locator(IDLE).wait_for()
    return page


def _reruns(page: Page, clicks: int) -> list[float]:
    return [_rerun(page) for _ in range(clicks)]


def _rerun(page: Page) -> float:
    """Return the seconds from a click on the next page until all of it is there."""
    before = page.locator(FIRST_LINE).first.inner_text()
    begun = time.perf_counter()
    page.get_by_role("button", name="Next page").click()
    page.wait_for_function(HAS_SETTLED, arg=[FIRST_LINE, IDLE, before], timeout=60_000)
    return time.perf_counter() - begun


def _start_writing(browser: Browser, url: str, brief_id: int, lines: int) -> Page:
    """Start a run in another tab and wait until its first line is there."""
    page = browser.new_page()
    page.goto(f"{url}/draft?brief={brief_id}")
    for label, count in (("Headline", lines), ("Description", 0)):
        box = page.get_by_label(label, exact=True)
        box.fill(str(count))
        box.press("Enter")
        page.locator(IDLE).wait_for()
    page.get_by_role("button", name=f"Write {lines} lines").click()
    page.locator('[class*="st-key-card_"]').first.wait_for(timeout=180_000)
    return page


def _chromium() -> str:
    names = (os.environ.get("ADLIB_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    for name in names:
        if name and (path := shutil.which(name)):
            return path
    raise SystemExit("No Chromium here; `make test` finds or installs one.")


if __name__ == "__main__":
    main()
