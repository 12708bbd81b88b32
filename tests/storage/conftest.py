"""A real library in a folder of its own for every test."""

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


@pytest.fixture
def store(url, home):
    store = open_store(url, home)
    yield store
    store.close()


@pytest.fixture
def brief(store):
    with store.transaction() as records:
        return records.briefs.keep(a_brief())
