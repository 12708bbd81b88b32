"""A server that we did not write: `transformers serve` with the starter model.

It hands out one line whatever `n` says, refuses `top_k` and `min_p`, fails to list its models when
there is no connection, and cannot stream the capitals of the starter's tokenizer.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace

import pytest

from creative.engine.protocol import Constraint, Ending, EngineState
from creative.engine.remote.access import Access
from creative.engine.remote.checkup import check_up
from creative.engine.remote.engine import RemoteEngine
from creative.settings import ROOT

pytestmark = pytest.mark.slow

STARTER = str(ROOT / "models" / "starter")
BRIEF = "brand: Fenn & Fig\nproduct: coffee beans\nangle: benefit\nlimit: 60"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_up(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def access(tmp_path_factory):
    port = free_port()
    log = tmp_path_factory.mktemp("serve") / "log"
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--device", "cpu", "--port", str(port)],
            env=os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + 120
    while not is_up(port):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
    yield Access(address=f"http://127.0.0.1:{port}/v1", model=STARTER)
    process.terminate()
    process.wait(20)


@pytest.fixture
def connect(access):
    engines = []

    def connected(model):
        engines.append(RemoteEngine(replace(access, model=str(model)), pause_s=0.05))
        return engines[-1]

    yield connected
    for engine in engines:
        engine.close()


def test_the_starter_writes_on_a_real_server(connect, asking):
    engine = connect(STARTER)
    constraint = Constraint(max_width=90)
    *rows, _ = engine.submit(asking.request(6, prompt=BRIEF, constraint=constraint, redraws=30))
    assert sorted(row.row for row in rows) == list(range(6))
    written = [row for row in rows if row.ending is Ending.COMPLETE]
    assert written, "the server ignores seeds, so how many are accepted is left to chance"
    assert all(0 < len(row.text) <= 90 and "\n" not in row.text for row in written)
    assert all(row.logprob == 0.0 and row.tokens > 0 for row in written)
    assert engine.status().state is EngineState.READY


def test_a_real_stream_is_read_and_ended(connect, asking, qwen_folder):
    engine = connect(qwen_folder)
    ticket = engine.submit(asking.request(48, prompt=BRIEF))
    assert next(iter(ticket)).text
    began = time.monotonic()
    ticket.cancel()
    assert list(ticket)[-1].cancelled
    assert time.monotonic() - began < 5
    assert asking.lines(engine.submit(asking.request(prompt=BRIEF)))[0]


def test_what_fails_on_a_real_server_is_told(connect, asking, tmp_path):
    failure = asking.failure(connect(tmp_path / "nothing").submit(asking.request()))
    assert "failed (500)" in failure.message


def test_the_checkup_finds_it(access):
    assert not check_up(access).fix
