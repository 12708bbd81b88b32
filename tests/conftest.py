"""What every test starts from: no settings of the developer's, and a home of its own."""

import os
import shutil

import hypothesis
import pytest

from creative.settings import Settings

# a busy machine makes no test wrong
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


def pytest_collection_modifyitems(items):
    """Let tests in a browser come last: Playwright's loop goes on running in the main thread."""
    items.sort(key=lambda item: "pages" in item.path.parts)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """Forget `ADLIB_…` variables and `.env`; the studio's home is a fresh folder."""
    for name in [name for name in os.environ if name.startswith("ADLIB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    folder = tmp_path / "home"
    monkeypatch.setenv("ADLIB_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def chromium():
    """Return the path of the browser; `make test` sees to it that there is one."""
    names = (os.environ.get("ADLIB_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    path = next((path for name in names if name and (path := shutil.which(name))), None)
    if path is None:
        pytest.fail("No Chromium here; `make test` finds or installs one.")
    return path
