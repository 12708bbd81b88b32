import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from creative.engine.codec import event_line, event_of, fields_of, request_line, request_of
from creative.engine.local import LocalEngine
from creative.engine.process import EngineProcess
from creative.engine.protocol import (
    Constraint,
    Ending,
    EngineState,
    Request,
    RequestDone,
    RequestFailed,
    RequestQueued,
    RowFinished,
)
from creative.settings import ROOT

PARENT = """
import sys
from creative.engine.process import EngineProcess
from creative.engine.protocol import Message, Request, Row
rows = (Row(messages=(Message(role="user", content="coffee"),), seed=1),)
engine = EngineProcess(sys.argv[1], device="cpu", dtype="float32", threads=1)
for event in engine.submit(Request(id="a", rows=rows, max_new_tokens=4)):
    print(type(event).__name__, flush=True)
print("torch" in sys.modules, engine._child._process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def engine(qwen_folder):
    engine = EngineProcess(str(qwen_folder), device="cpu", dtype="float32", threads=1, max_rows=8)
    yield engine
    engine.close()


def request(making, id="a", times=1, tokens=10) -> Request:
    return Request(id=id, rows=making.rows() * times, max_new_tokens=tokens)


def child_of(engine) -> psutil.Process:
    return psutil.Process(engine._child._process.pid)


def test_values_survive_the_pipe(making):
    constraint = Constraint(
        max_width=9,
        counting="google_width",
        tags="google",
        vocabulary=frozenset({"é", "b"}),
        forbidden='"\n',
        allows_emoji=False,
        banned=("cheap",),
        figures=frozenset({"$14"}),
        taken=("Fresh",),
        likeness=85.0,
    )
    rows = tuple(replace(row, required=("Fenn & Fig",)) for row in making.rows())
    asked = Request(id="ü", user="ann", rows=rows, constraint=constraint, temperature=0, top_k=0)
    assert request_of(fields_of(request_line(asked))) == asked
    for event in (
        RowFinished(
            request_id="a", row=1, text="“é”\n", logprob=-1.5, tokens=3, ending=Ending.STUCK
        ),
        RequestQueued(request_id="a", position=3),
        RequestDone(request_id="a", cancelled=True),
        RequestFailed(request_id="a", message="no", retryable=True),
    ):
        assert event_of(fields_of(event_line(event))) == event


def test_the_child_writes_what_a_thread_writes(engine, making, qwen_folder):
    assert engine.status().state is EngineState.COLD
    local = LocalEngine(str(qwen_folder), device="cpu", dtype="float32", max_rows=8)
    expected = {e.row: e.text for e in local.submit(request(making)) if isinstance(e, RowFinished)}
    ticket = engine.submit(request(making))
    assert engine.status().state in (EngineState.LOADING, EngineState.READY)
    *rows, last = ticket
    assert {event.row: event.text for event in rows} == expected
    assert last == RequestDone(request_id="a")
    assert engine.status().state is EngineState.READY
    local.close()


def test_cancel_crosses_the_border(engine, making):
    ticket = engine.submit(request(making, times=100, tokens=30))
    started = time.monotonic()
    ticket.cancel()
    assert list(ticket)[-1] == RequestDone(request_id="a", cancelled=True)
    assert time.monotonic() - started < 60


def test_a_killed_child_fails_its_requests_and_is_replaced(engine, making):
    tickets = [engine.submit(request(making, id, times=100, tokens=30)) for id in "ab"]
    next(iter(tickets[0]))
    child_of(engine).kill()
    for ticket in tickets:
        failure = list(ticket)[-1]
        assert isinstance(failure, RequestFailed)
        assert failure.retryable
        assert "memory was full" in failure.message
    assert engine.status().state is EngineState.FAILED
    assert len(list(engine.submit(request(making)))) == 5


def test_close_ends_the_child(engine, making):
    assert len(list(engine.submit(request(making)))) == 5
    child = child_of(engine)
    ticket = engine.submit(request(making, times=100, tokens=30))
    engine.close()
    assert isinstance(list(ticket)[-1], RequestFailed)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
    (refused,) = engine.submit(request(making))
    assert isinstance(refused, RequestFailed)


def test_the_child_ends_with_a_killed_studio(qwen_folder):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(qwen_folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        told = [parent.stdout.readline().split() for _ in range(3)]
        assert told[:2] == [["RowFinished"], ["RequestDone"]]
        has_torch, child = told[2]
        assert has_torch == "False"
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while psutil.pid_exists(int(child)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(int(child))
