"""A real server, a real browser, a real library: what the tests of the pages share."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import Page, TimeoutError, expect, sync_playwright
from streamlit.testing.v1 import AppTest

from creative.domain import kept_id
from creative.studio.briefs import Briefs
from creative.studio.review import Review
from pages.parts.example import EXAMPLE
from storage.database import open_store

START_S = 60
OPENINGS = 4  #: how often a list of options is opened before it counts as broken
SHORTCUTS_MS = 600  #: a key pressed sooner after the first paint is lost; see the Streamlit notes
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
expect.set_options(timeout=20_000)


@dataclass
class Server:
    """A running app and the library it works on."""

    url: str
    home: Path

    @property
    def store(self):
        return open_store(f"sqlite:///{self.home / 'adlib.db'}", self.home)


class Visitor:
    """A person at a browser tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self._is_fresh = True

    def open(self, path: str, heading: str) -> None:
        self.page.goto(f"{self._url}/{path}")
        self.arrive(heading)

    def follow(self, link: str, heading: str) -> None:
        """Use the navigation."""
        self.page.get_by_role("link", name=link, exact=True).click()
        self.arrive(heading)

    def arrive(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading, exact=True, level=1)).to_be_visible()
        self.settle()
        self._is_fresh = True

    def settle(self) -> None:
        """Wait until the app has nothing more to show."""
        idle = '[data-testid="stApp"][data-test-script-state="notRunning"]'
        self.page.locator(idle).wait_for()

    def press(self, name: str) -> None:
        """Press a button of a page at rest: one that moves as the page is drawn loses the click."""
        self.settle()
        self.page.get_by_role("button", name=name).click()

    def key(self, key: str) -> None:
        """Press a shortcut, with nothing in focus that would take it as text."""
        self.settle()
        if self._is_fresh:
            self.page.wait_for_timeout(SHORTCUTS_MS)
            self._is_fresh = False
        self.page.keyboard.press(key)

    def fill(self, label: str, text: str) -> None:
        box = self.page.get_by_label(label, exact=True)
        box.fill(text)
        box.blur()
        self.settle()

    def choose(self, box, option: str) -> None:
        """Pick an option, opening the list again if a rerun has closed it."""
        choice = self.page.get_by_role("option", name=option)
        for _ in range(OPENINGS):
            box.click()
            with suppress(TimeoutError):
                choice.click(timeout=5_000)
                return self.settle()
        pytest.fail(f"The list never showed {option!r}.")

    def lines(self):
        """The lines on the page, as text."""
        return self.page.locator('[class*="st-key-card_"] [data-testid="stText"]')

    def say_name(self, name: str) -> None:
        """Tell Review who is rating."""
        box = self.page.get_by_role("combobox", name="You are")
        box.fill(name)
        box.press("Enter")
        self.page.get_by_role("heading", name="Review", level=1).click()
        self.settle()


@pytest.fixture(scope="session")
def browser(chromium):
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, headless=True, args=list(ARGUMENTS)
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(request, tmp_path_factory):
    """One app for all browser tests; each brings its own brief."""
    home = tmp_path_factory.mktemp("library")
    log = tmp_path_factory.mktemp("log") / "streamlit.log"
    with running(request.config.rootpath, home, log) as url:
        yield Server(url=url, home=home)


@contextmanager
def running(root: Path, home: Path, log: Path):
    """Serve the app on a free port until the block ends."""
    port = _free_port()
    command = (sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ADLIB_")}
    environment["ADLIB_HOME"] = str(home)
    environment["ADLIB_MAX_ROWS"] = "1"  # or a run is over before anybody can stop it
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=root, env=environment, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/_stcore/health", process, log)
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"Streamlit did not start:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def visit(browser, server):
    """Open tabs of people who share nothing but the library."""
    contexts = []

    def opened(**options) -> Visitor:
        context = browser.new_context(**options)
        contexts.append(context)
        return Visitor(context.new_page(), server.url)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def brief(server):
    """A brief of its own in the library of the running app."""
    return Briefs(server.store).keep(EXAMPLE)


@pytest.fixture
def draft(server, brief):
    """One headline of that brief, written by hand."""
    return Review(server.store).write(kept_id(brief), "headline", "Fresh coffee at your door")


@pytest.fixture
def app(home, request):
    """The app without a browser, on a library of its own."""
    st.cache_resource.clear()  # which closes the studio of the test before
    yield AppTest.from_file(str(request.config.rootpath / "app.py"), default_timeout=30)
    st.cache_resource.clear()
