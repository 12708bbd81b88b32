import subprocess
import sys
import threading
import time
from dataclasses import replace

import pytest

from creative.engine.local import MAX_QUEUED, LocalEngine
from creative.engine.protocol import (
    EngineState,
    Message,
    Request,
    RequestDone,
    RequestFailed,
    RequestQueued,
    Row,
    RowFinished,
)
from creative.engine.scheduler import MAX_SERVED
from creative.settings import ROOT


@pytest.fixture(scope="module")
def engine(qwen_folder):
    engine = LocalEngine(str(qwen_folder), device="cpu", dtype="float32", threads=1, max_rows=8)
    yield engine
    engine.close()


def request(making, id="a", **changes) -> Request:
    return replace(Request(id=id, rows=making.rows(), max_new_tokens=10), **changes)


def test_importing_the_engine_does_not_import_torch():
    modules = "creative.engine.local, creative.engine.process, creative.engine.factory"
    code = (
        f"import {modules}, sys; sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_row_arrives_once_and_then_the_end(engine, making):
    *rows, last = engine.submit(request(making))
    assert sorted(event.row for event in rows) == [0, 1, 2, 3]
    assert all(isinstance(event, RowFinished) for event in rows)
    assert last == RequestDone(request_id="a")
    status = engine.status()
    assert (status.state, status.device, status.dtype) == (EngineState.READY, "cpu", "float32")


def test_an_id_may_be_used_again_but_not_twice_at_once(engine, making):
    slow = engine.submit(request(making, "slow", rows=making.rows() * 20, max_new_tokens=60))
    with pytest.raises(ValueError, match="in flight"):
        engine.submit(request(making, "slow"))
    slow.cancel()
    list(slow)
    assert len(list(engine.submit(request(making, "slow")))) == 5


def test_requests_from_several_threads_do_not_mix(engine, making):
    alone = {
        seed: sorted(
            e.text
            for e in engine.submit(request(making, rows=making.rows(seed=seed)))
            if isinstance(e, RowFinished)
        )
        for seed in (1, 50, 99)
    }
    got = {}

    def ask(seed):
        ticket = engine.submit(request(making, f"t{seed}", rows=making.rows(seed=seed)))
        got[seed] = sorted(e.text for e in ticket if isinstance(e, RowFinished))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in alone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == alone


def test_cancel_ends_a_running_request_soon(engine, making):
    ticket = engine.submit(request(making, rows=making.rows() * 60, max_new_tokens=30))
    events = []
    for event in ticket:
        events.append(event)
        ticket.cancel()
    assert events[-1] == RequestDone(request_id="a", cancelled=True)
    assert len(events) < 100


@pytest.fixture
def held(qwen_folder, making):
    """An engine whose thread is busy with request "r" until it is let go."""
    let_go = threading.Event()

    def hold(status):
        is_served = status.state is EngineState.READY and not status.queued
        if is_served and threading.current_thread().name == "adlib-engine":
            let_go.wait(60)

    engine = LocalEngine(str(qwen_folder), device="cpu", dtype="float32", on_status=hold)
    running = engine.submit(request(making, "r"))
    while engine.status().queued:
        time.sleep(0.01)
    yield engine
    let_go.set()
    list(running)
    engine.close()


def test_cancel_takes_a_waiting_request_out_at_once(held, making):
    waiting = held.submit(request(making, "w"))
    assert held.status().queued == 1
    waiting.cancel()
    assert list(waiting) == [RequestDone(request_id="w", cancelled=True)]
    assert held.status().queued == 0


def test_a_full_queue_refuses_plainly(held, making):
    waiting = [held.submit(request(making, f"w{number}")) for number in range(MAX_QUEUED)]
    (refusal,) = held.submit(request(making, "one too many"))
    assert isinstance(refusal, RequestFailed)
    assert refusal.retryable
    assert "waiting already" in refusal.message
    for ticket in waiting:
        ticket.cancel()


def test_a_bad_request_ends_alone(engine, making):
    row = Row(messages=(Message(role="user", content="coffee, then tea. " * 300),), seed=1)
    (failure,) = engine.submit(request(making, rows=(row,)))
    assert isinstance(failure, RequestFailed)
    assert "Shorten the brief" in failure.message
    assert not failure.retryable
    assert len(list(engine.submit(request(making)))) == 5


def test_an_unforeseen_error_ends_that_request_only(engine, making, caplog):
    broken = request(making, temperature="hot")
    (failure,) = engine.submit(broken)
    assert isinstance(failure, RequestFailed)
    assert "TypeError" in failure.message
    assert "request a failed" in caplog.text
    assert len(list(engine.submit(request(making)))) == 5


def test_a_model_that_does_not_load_fails_its_requests_and_may_be_tried_again(
    qwen_folder, tmp_path, making
):
    engine = LocalEngine(str(tmp_path / "later"), device="cpu", dtype="float32")
    (failure,) = engine.submit(request(making))
    assert isinstance(failure, RequestFailed)
    assert not failure.retryable
    assert engine.status().state is EngineState.FAILED
    (tmp_path / "later").symlink_to(qwen_folder)
    assert len(list(engine.submit(request(making)))) == 5
    engine.close()


def test_close_fails_what_is_left(qwen_folder, making):
    engine = LocalEngine(str(qwen_folder), device="cpu", dtype="float32", max_rows=4)
    big = request(making, rows=making.rows() * 40, max_new_tokens=40)
    tickets = [engine.submit(replace(big, id=id)) for id in "abc"]
    next(iter(tickets[0]))
    engine.close()
    assert all(isinstance(list(ticket)[-1], RequestFailed) for ticket in tickets)
    (refused,) = engine.submit(request(making))
    assert isinstance(refused, RequestFailed)
    engine.close()


def test_positions_arrive_while_others_are_served(engine, making):
    big = request(making, rows=making.rows() * 10, max_new_tokens=40)
    tickets = [engine.submit(replace(big, id=f"p{number}")) for number in range(MAX_SERVED + 3)]
    events = list(tickets[-1])
    positions = [event.position for event in events if isinstance(event, RequestQueued)]
    assert positions == sorted(positions, reverse=True)
    assert positions
    assert isinstance(events[-1], RequestDone)
    assert all(isinstance(list(ticket)[-1], RequestDone) for ticket in tickets[:-1])


def test_close_lets_lines_in_hand_be_finished_when_it_has_time(qwen_folder, making):
    engine = LocalEngine(str(qwen_folder), device="cpu", dtype="float32")
    ticket = engine.submit(request(making, rows=making.rows() * 3))
    closing = threading.Thread(target=engine.close, args=(60,))
    closing.start()
    while not engine._is_closing:
        time.sleep(0.001)
    (refused,) = engine.submit(request(making, "late"))
    assert isinstance(refused, RequestFailed)
    assert len(list(ticket)) == 13
    closing.join(60)
    assert not closing.is_alive()


def test_status_tells_what_was_done(engine, making):
    list(engine.submit(request(making)))
    list(engine.submit(request(making)))
    status = engine.status()
    assert status.tokens_per_s > 0
    assert status.method.startswith("cascade")
    assert 0 < status.cached_tokens < status.prompt_tokens
    assert (status.rows, status.queued) == (0, 0)
