"""A real library in a folder of its own for every test."""

import shutil

import pytest
from sqlalchemy import URL

from storage.database import open_store
from tests.storage.samples import a_brief


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def file(home):
    return home / "adlib.db"


@pytest.fixture
def url(file):
    return URL.create("sqlite", database=str(file)).render_as_string()


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory):
    """A library that was migrated once, for all tests to copy."""
    home = tmp_path_factory.mktemp("empty")
    open_store(f"sqlite:///{home / 'adlib.db'}", home).close()
    return home / "adlib.db"


@pytest.fixture
def store(url, home, file, empty_library):
    home.mkdir()
    shutil.copyfile(empty_library, file)
    store = open_store(url, home)
    yield store
    store.close()


@pytest.fixture
def brief(store):
    with store.transaction() as records:
        return records.briefs.keep(a_brief())
