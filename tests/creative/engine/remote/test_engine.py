"""Lines from a server that behaves: what is sent, how rows share it, who is served when."""

import itertools
import subprocess
import sys
import threading

import pytest

from creative.engine.protocol import (
    Constraint,
    Ending,
    EngineState,
    Message,
    RequestDone,
    RequestFailed,
    RequestQueued,
    Row,
)
from creative.engine.waiting import MAX_QUEUED
from creative.settings import ROOT


def test_rows_of_one_prompt_are_asked_for_together(server, connect, asking):
    lines = asking.lines(connect().submit(asking.request(3)))
    assert lines == {number: f"Fresh coffee 100 {number}" for number in range(3)}
    (body,) = server.bodies
    assert body["n"] == 3
    assert body["stream"] is True
    assert body["model"] == "tiny"
    assert body["messages"] == [{"role": "user", "content": "coffee"}]
    assert (body["seed"], body["temperature"], body["top_p"]) == (100, 0.8, 0.95)
    assert (body["max_tokens"], body["top_k"], body["min_p"]) == (64, 64, 0.0)
    assert server.keys == {f"Bearer {asking.key}"}


def test_log_probabilities_are_summed_over_the_line(connect, asking):
    row, _ = connect().submit(asking.request())
    assert (row.logprob, row.tokens, row.ending) == (-2.0, 4, Ending.COMPLETE)


def test_without_log_probabilities_they_are_zero(server, connect, asking):
    server.plan.append(lambda reply: [reply.begin(), reply.piece("Fresh coffee", reason="stop")])
    row, _ = connect().submit(asking.request())
    assert (row.text, row.logprob, row.tokens) == ("Fresh coffee", 0.0, 1)


def test_each_prompt_is_asked_for_by_itself(server, connect, asking):
    rows = tuple(
        Row(messages=(Message(role="user", content=f"angle {number % 2}"),), seed=number)
        for number in range(4)
    )
    assert set(asking.lines(connect().submit(asking.request(rows=rows)))) == {0, 1, 2, 3}
    asked = sorted((body["messages"][0]["content"], body["n"]) for body in server.bodies)
    assert asked == [("angle 0", 2), ("angle 1", 2)]


def test_no_more_rows_are_asked_for_than_settings_allow(server, connect, asking):
    server.usual = server.hold
    ticket = connect(max_rows=3).submit(asking.request(7))
    asking.until(lambda: server.held == 1)
    server.release()
    assert len(asking.lines(ticket)) == 7
    assert server.most_held == 1
    assert [body.get("n", 1) for body in server.bodies] == [3, 3, 1]


def test_a_named_model_is_asked_for(server, connect, asking):
    engine = connect(model="other")
    asking.lines(engine.submit(asking.request()))
    assert server.bodies[0]["model"] == "other"
    assert engine.status().model == "other"


def test_status_follows_the_server(server, connect, asking):
    engine = connect()
    assert engine.status().state is EngineState.COLD
    assert (engine.status().device, server.paths) == ("server", [])
    server.plan.append(server.hold)
    ticket = engine.submit(asking.request(5))
    asking.until(lambda: engine.status().rows == 5)
    server.release()
    asking.lines(ticket)
    assert engine.status().state is EngineState.READY
    assert (engine.status().model, engine.status().message) == ("tiny", "")
    asking.until(lambda: engine.status().rows == 0)


def test_a_line_ends_at_a_newline_and_the_rest_is_not_waited_for(server, connect, asking):
    def endless(reply):
        reply.begin()
        reply.piece("Fresh coffee\n")
        while True:
            reply.piece("and more ")

    server.plan.append(endless)
    assert asking.lines(connect().submit(asking.request())) == {0: "Fresh coffee"}
    assert server.hung_up.wait(20)


def test_thoughts_are_dropped(server, connect, asking):
    def thinking(reply):
        reply.begin()
        reply.chunk([{"index": 0, "delta": {"reasoning_content": "Hm.\nCoffee?"}}])
        reply.piece("<think>\nThey want\ncoffee.\n")
        reply.piece("</think>\n\n", logprob=-9.0)
        reply.line('1. "Fresh coffee"')
        reply.end()

    server.plan.append(thinking)
    row, _ = connect().submit(asking.request())
    assert (row.text, row.logprob) == ("Fresh coffee", -1.5)


def test_a_line_without_room_is_too_long(server, connect, asking):
    server.plan.append(lambda reply: [reply.begin(), reply.line("Fresh", reason="length")])
    row, _ = connect().submit(asking.request())
    assert (row.text, row.ending) == ("Fresh", Ending.TOO_LONG)


def test_a_line_that_breaks_the_constraint_is_drawn_again(server, connect, asking):
    server.plan.append(lambda reply: reply.write("Fresh coffee for everybody on this planet"))
    request = asking.request(constraint=Constraint(max_width=30))
    lines = asking.lines(connect().submit(request))
    assert lines == {0: f"Fresh coffee {server.bodies[1]['seed']} 0"}


@pytest.mark.parametrize(
    ("text", "constraint", "required"),
    [
        ("Fresh tea daily", {"vocabulary": frozenset({"fresh", "coffee", "daily"})}, ()),
        ("The best coffee daily", {"banned": ("best",)}, ()),
        ("Fresh coffee, 50% off", {"figures": frozenset({"20%"})}, ()),
        ("Fresh coffee 🚀", {"allows_emoji": False}, ()),
        ("Fresh tea daily", {}, ("coffee",)),
        ("Fresh\u200bcoffee", {}, ()),
        ("コーヒー豆を毎日", {"max_width": 15, "counting": "google_width"}, ()),
        ("", {}, ()),
    ],
)
def test_every_rule_of_a_constraint_is_kept(server, connect, asking, text, constraint, required):
    server.plan.append(lambda reply: [reply.begin(), reply.piece(text, reason="stop")])
    server.usual = lambda reply: reply.write("Fresh coffee")
    messages = (Message(role="user", content="coffee"),)
    rows = (Row(messages=messages, seed=1, required=required),)
    row, _ = connect().submit(asking.request(rows=rows, constraint=Constraint(**constraint)))
    assert (row.ending, len(server.bodies)) == (Ending.COMPLETE, 2)


def test_a_row_that_never_keeps_the_constraint_is_stuck(server, connect, asking):
    request = asking.request(2, constraint=Constraint(forbidden="c"), redraws=1)
    *rows, last = connect().submit(request)
    assert [row.ending for row in rows] == [Ending.STUCK] * 2
    assert all(row.text.startswith("Fresh coffee") for row in rows)
    assert last == RequestDone(request_id="a")
    assert len({body["seed"] for body in server.bodies}) == 3


def test_a_taken_line_is_drawn_again(server, connect, asking):
    request = asking.request(constraint=Constraint(taken=("Fresh coffee 100 0",)))
    lines = asking.lines(connect().submit(request))
    assert lines == {0: f"Fresh coffee {server.bodies[1]['seed']} 0"}


def test_distinct_rows_come_in_order_and_differ(server, connect, asking):
    def alike(reply):
        reply.begin()
        for choice in reversed(reply.choices):
            reply.line("Fresh coffee" if choice < 2 else "Strong tea", choice)
        reply.end()

    server.plan.append(alike)
    *rows, _ = connect().submit(asking.request(3, is_distinct=True))
    assert [row.row for row in rows] == [0, 1, 2]
    assert [row.text for row in rows] == [
        "Fresh coffee", f"Fresh coffee {server.bodies[1]['seed']} 0", "Strong tea",
    ]  # fmt: skip


def test_a_row_that_only_repeats_is_handed_out_as_such(server, connect, asking):
    server.usual = lambda reply: reply.write("Fresh coffee")
    *rows, _ = connect().submit(asking.request(2, is_distinct=True))
    assert [row.ending for row in rows] == [Ending.COMPLETE, Ending.REPEATED]
    assert len(server.bodies) == 1 + 1 + 2  # both together, the one left out, two redraws


def test_newcomers_are_served_before_more_of_an_old_request(server, connect, asking):
    server.usual = server.hold
    engine = connect(max_rows=16)
    old = engine.submit(asking.request(64, "old", user="ann"))
    asking.until(lambda: server.held == 1)
    second = engine.submit(asking.request(16, "second", "tea", user="ann"))
    other = engine.submit(asking.request(16, "other", "milk", user="bob"))
    server.release()
    for ticket, count in ((old, 64), (second, 16), (other, 16)):
        assert len(asking.lines(ticket)) == count
    asked = [body["messages"][0]["content"] for body in server.bodies]
    assert asked == ["coffee", "tea", "milk", "coffee", "coffee", "coffee"]


def test_who_waits_is_told_the_place(server, connect, asking):
    server.usual = server.hold
    engine = connect(max_rows=1)
    tickets = [engine.submit(asking.request(id=str(number))) for number in range(3)]
    asking.until(lambda: server.held == 1 and engine.status().queued == 2)
    server.release()
    places = [
        [event.position for event in ticket if isinstance(event, RequestQueued)]
        for ticket in tickets
    ]
    assert places == [[], [1], [2, 1]]


def test_a_full_queue_refuses_plainly(server, connect, asking):
    server.usual = server.hold
    engine = connect(max_rows=1)
    tickets = [engine.submit(asking.request(id="0"))]
    asking.until(lambda: server.held == 1)
    tickets += [engine.submit(asking.request(id=str(n))) for n in range(1, MAX_QUEUED + 1)]
    failure = asking.failure(engine.submit(asking.request(id="one too many")))
    assert failure.retryable
    assert "waiting already" in failure.message
    server.release()
    assert all(len(asking.lines(ticket)) == 1 for ticket in tickets)


def test_two_requests_in_flight_cannot_share_an_id(server, connect, asking):
    server.plan.append(server.hold)
    engine = connect()
    ticket = engine.submit(asking.request())
    with pytest.raises(ValueError, match="in flight"):
        engine.submit(asking.request())
    server.release()
    asking.lines(ticket)
    assert asking.lines(engine.submit(asking.request()))


def test_cancelling_ends_the_stream(server, connect, asking):
    def dripping(reply):
        reply.begin()
        reply.line("Fresh coffee", 0)
        while True:
            reply.piece("and ", 1)

    server.plan.append(dripping)
    ticket = connect().submit(asking.request(2))
    events = iter(ticket)
    assert next(events).text == "Fresh coffee"
    ticket.cancel()
    assert list(events) == [RequestDone(request_id="a", cancelled=True)]
    assert server.hung_up.wait(20)


def test_closing_fails_what_is_in_flight_and_leaves_no_thread(server, connect, asking):
    before = set(threading.enumerate())
    server.usual = server.hold
    engine = connect(max_rows=1)
    tickets = [engine.submit(asking.request(id=id)) for id in "ab"]
    asking.until(lambda: server.held == 1)
    engine.close()
    engine.close()
    assert all(asking.failure(ticket).retryable for ticket in tickets)
    left = {thread.name.partition("_")[0] for thread in set(threading.enumerate()) - before}
    assert not left & {"adlib-server", "asyncio"}  # what else is new serves the test
    (refused,) = engine.submit(asking.request())
    assert isinstance(refused, RequestFailed)
    assert engine.status().queued == 0


def test_closing_may_wait_for_what_is_in_flight(server, connect, asking):
    server.usual = server.hold
    engine = connect(max_rows=1)
    tickets = [engine.submit(asking.request(id=id)) for id in "ab"]
    asking.until(lambda: server.held == 1)
    closing = threading.Thread(target=engine.close, args=(30,))
    closing.start()
    late = (engine.submit(asking.request(id=f"late {number}")) for number in itertools.count())
    asking.until(lambda: next(late).is_over)
    server.release()
    closing.join()
    assert all(len(asking.lines(ticket)) == 1 for ticket in tickets)


def test_closing_does_not_wait_for_ever(server, connect, asking):
    server.usual = server.hold
    engine = connect()
    ticket = engine.submit(asking.request())
    engine.close(0.1)
    assert asking.failure(ticket).retryable
    server.release()


def test_many_threads_may_ask_at_once(connect, asking):
    engine = connect()
    found = {}

    def ask(number):
        request = asking.request(4, str(number), f"prompt {number % 3}", user=str(number % 2))
        found[number] = asking.lines(engine.submit(request))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {len(lines) for lines in found.values()} == {4}
    assert len(found) == 12


def test_an_empty_request_is_done_at_once(connect, asking):
    assert list(connect().submit(asking.request(0))) == [RequestDone(request_id="a")]


def test_the_client_is_imported_only_when_a_server_is_asked():
    program = "import sys, creative.engine.factory; print({'openai', 'torch'} & set(sys.modules))"
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert told.stdout.strip() == "set()"
