"""The training command from nothing, at a tenth of the budget: takes 15 minutes, so not part of CI.

ADLIB_REPRODUCE=1 python -m pytest tests/models/test_reproduction.py
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MINUTES = 12

pytestmark = pytest.mark.skipif(
    not os.environ.get("ADLIB_REPRODUCE"), reason="takes 15 minutes; ADLIB_REPRODUCE=1 runs it"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("starter")
    command = [sys.executable, "-m", "models.training.train", "--minutes", str(MINUTES)]
    subprocess.run([*command, "--run", out / "run", "--out", out / "model"], cwd=ROOT, check=True)
    return out


def test_a_tenth_of_the_budget_learns_to_write(folder):
    log = json.loads((folder / "run" / "log.json").read_text("utf-8"))
    assert log[-1]["held_out"]["made"] < 0.4 * log[0]["held_out"]["made"]
    assert log[-1]["held_out"]["written"] < 0.6 * log[0]["held_out"]["written"]


def test_what_it_learnt_drafts_sixteen_lines(folder):
    brief = ROOT / "docs" / "samples" / "briefs" / "01-coffee.json"
    command = [sys.executable, "-m", "creative", "draft", brief, "--json", "--n", "16"]
    command += ["--field", "headline", "--model", folder / "model"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 16
    assert all(line["width"] <= line["limit"] for line in lines)
