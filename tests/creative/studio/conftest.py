"""A whole studio over a real library and the starter model."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from creative.domain import Brief
from creative.settings import ROOT, Settings
from creative.studio.briefs import brief_from_json
from creative.studio.studio import Studio
from storage.assemble import assemble

SAMPLE = ROOT / "docs" / "samples" / "briefs" / "01-coffee.json"


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One studio for all tests, since its model takes seconds to load; briefs are not shared."""
    home: Path = tmp_path_factory.mktemp("home")
    built = assemble(Settings(home=home, database_url="", engine="thread", model="starter"))
    yield built
    built.close()


@pytest.fixture
def brief(studio: Studio) -> Brief:
    return studio.briefs.keep(replace(brief_from_json(SAMPLE.read_text("utf-8")), id=None))
