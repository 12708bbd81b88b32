"""Servers that misbehave: what is tried again, what fails, and in which words."""

import json
import logging
import socket
import threading
import time

import pytest

from creative.engine.protocol import Ending, EngineState, RowFinished


def silent_n(reply):
    """Answer one choice, however many are asked for."""
    reply.write(f"Fresh coffee {reply.body['seed']}")


def picky(*names, words="Unknown field: {}", status=400):
    """Return a server that refuses some fields."""

    def answer(reply):
        found = [name for name in names if name in reply.body]
        if found:
            reply.error(status, words.format(found))
        else:
            reply.write(f"Fresh coffee {reply.body.get('seed', 0)}")

    return answer


def test_what_a_server_leaves_out_is_asked_for_one_by_one(server, connect, asking):
    server.usual = silent_n
    engine = connect()
    expected = {number: f"Fresh coffee {100 + number}" for number in range(4)}
    assert asking.lines(engine.submit(asking.request(4))) == expected
    assert [body.get("n", 1) for body in server.bodies] == [4, 1, 1, 1]
    assert asking.lines(engine.submit(asking.request(4))) == expected
    assert {body.get("n", 1) for body in server.bodies[4:]} == {1}


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "Unrecognized request argument supplied: {}"), (422, "Unexpected fields: {}")],
)
def test_fields_that_a_server_refuses_are_left_out_for_good(server, connect, asking, status, words):
    server.usual = picky("top_k", "min_p", words=words, status=status)
    engine = connect()
    for _ in range(2):
        assert asking.lines(engine.submit(asking.request()))
    refused, *others = server.bodies
    assert {"top_k", "min_p"} < set(refused)
    assert len(others) == 2
    assert all(set(body) == set(refused) - {"top_k", "min_p"} for body in others)


def test_a_refusal_without_a_name_leaves_out_all_that_is_not_needed(server, connect, asking):
    server.usual = picky("chat_template_kwargs", words="Bad request")
    assert asking.lines(connect().submit(asking.request()))
    assert set(server.bodies[-1]) == {"messages", "model", "stream", "max_tokens"}


def test_a_refusal_that_no_field_explains_fails_in_the_servers_words(server, connect, asking):
    def too_long(reply):
        reply.error(400, "This model's context is 512 tokens.")

    server.plan.extend([too_long] * 2)
    engine = connect()
    failure = asking.failure(engine.submit(asking.request()))
    assert not failure.retryable
    assert "context is 512 tokens" in failure.message
    asking.lines(engine.submit(asking.request(id="b")))
    assert "top_k" in server.bodies[-1]  # nothing was learnt from it


def test_the_newer_name_of_the_token_bound_is_used_where_it_must(server, connect, asking):
    server.usual = picky(
        "max_tokens", words="Unsupported parameter {}: use 'max_completion_tokens' instead."
    )
    assert asking.lines(connect().submit(asking.request()))
    assert server.bodies[-1]["max_completion_tokens"] == 64


def test_a_server_that_fails_on_n_is_asked_one_by_one(server, connect, asking):
    server.usual = picky("n", words="Only one completion choice is allowed", status=500)
    assert len(asking.lines(connect().submit(asking.request(3)))) == 3
    assert {body.get("n", 1) for body in server.bodies[-3:]} == {1}


def test_a_busy_server_is_asked_again_when_it_says(server, connect, asking):
    server.plan.append(lambda reply: reply.error(429, "busy", Retry_After=1))
    began = time.monotonic()
    assert asking.lines(connect().submit(asking.request()))
    assert time.monotonic() - began >= 1
    assert len(server.bodies) == 2


def test_a_server_that_stays_busy_fails_for_now(server, connect, asking):
    server.usual = lambda reply: reply.error(429, "quota used up", Retry_After=0.01)
    failure = asking.failure(connect().submit(asking.request()))
    assert failure.retryable
    assert "no more requests for now" in failure.message
    assert "quota used up" in failure.message
    assert len(server.bodies) == 3


def test_a_server_error_is_tried_again(server, connect, asking):
    server.plan.append(lambda reply: reply.error(500, "oops"))
    assert asking.lines(connect().submit(asking.request()))


def test_a_broken_server_fails_for_now(server, connect, asking):
    server.usual = lambda reply: reply.error(503, "loading")
    engine = connect()
    failure = asking.failure(engine.submit(asking.request()))
    assert failure.retryable
    assert "failed (503)" in failure.message
    assert engine.status().state is EngineState.FAILED
    assert engine.status().message == failure.message
    server.usual = silent_n
    asking.lines(engine.submit(asking.request()))
    assert engine.status().state is EngineState.READY


def test_only_what_a_cut_stream_left_out_is_asked_for_again(server, connect, asking):
    def half(reply):
        reply.begin()
        reply.line("Fresh coffee", 0)
        reply.piece("Strong t", 1)

    server.plan.append(half)
    lines = asking.lines(connect().submit(asking.request(3)))
    assert lines[0] == "Fresh coffee"
    assert set(lines) == {0, 1, 2}
    assert [(body["n"], body["seed"]) for body in server.bodies] == [(3, 100), (2, 101)]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (lambda reply: reply.say('data: {"error": {"message": "GPU fell off"}}'), "GPU fell off"),
        (lambda reply: reply.say('data: {"error": "logit_bias"}'), "logit_bias"),
        (lambda reply: reply.say('data: {"choices": [{"ind'), "not the OpenAI protocol"),
        (lambda reply: reply.say('data: {"surprise": 1}'), "not the OpenAI protocol"),
        (lambda reply: reply.say("data: [1, 2]"), "not the OpenAI protocol"),
        (lambda reply: reply.chunk([{"index": "x", "delta": {}}]), "not the OpenAI protocol"),
        (lambda reply: reply.chunk([{"index": 0, "delta": {"content": 1}}]), "not the OpenAI"),
        (lambda reply: reply.chunk([{"index": 0}]), "broke off"),
        (lambda reply: reply.piece("Fresh cof"), "broke off"),
        (lambda reply: reply.end(), "not the OpenAI protocol"),
        (lambda reply: reply.chunk([{"index": 7, "delta": {"content": "x"}}]), "not the OpenAI"),
    ],
)
def test_a_bad_stream_is_tried_again_and_then_told(server, connect, asking, bad, words):
    def badly(reply):
        reply.begin()
        bad(reply)

    server.plan.extend([badly] * 3)
    engine = connect()
    failure = asking.failure(engine.submit(asking.request()))
    assert failure.retryable
    assert words in failure.message
    assert len(server.bodies) == 3
    server.plan.append(badly)
    assert asking.lines(engine.submit(asking.request()))


@pytest.mark.parametrize("bad", ['data: {"error": "Invalid prefix"}', "{}", "data: {"])
def test_a_server_that_cannot_stream_is_asked_without(server, connect, asking, bad):
    def streamless(reply):
        if reply.body["stream"]:
            reply.begin()
            reply.say(bad)
        else:
            reply.whole("Fresh coffee")

    server.usual = streamless
    engine = connect()
    first, *_ = engine.submit(asking.request(2))
    assert (first.text, first.logprob, first.tokens) == ("Fresh coffee", -1.0, 2)
    assert len(asking.lines(engine.submit(asking.request(id="b")))) == 1
    assert [body["stream"] for body in server.bodies] == [True, True, False, False]


def test_a_page_instead_of_a_stream_is_told(server, connect, asking):
    server.usual = lambda reply: reply.status(200, "<html>Log in</html>")
    assert "usually ends in /v1" in asking.failure(connect().submit(asking.request())).message


@pytest.mark.parametrize("is_noisy", [False, True])
def test_a_server_that_stops_talking_is_given_up(server, connect, asking, is_noisy):
    is_over = threading.Event()

    def dozing(reply):
        reply.begin()
        reply.piece("Fresh ")
        while not is_over.wait(0.05):
            if is_noisy:
                reply.say(": still here")

    server.usual = dozing
    failure = asking.failure(connect(timeout_s=0.4).submit(asking.request()))
    assert failure.retryable
    assert "within 0.4 seconds" in failure.message
    assert "ADLIB_OPENAI_TIMEOUT" in failure.message
    is_over.set()


def test_a_server_that_never_begins_is_given_up(server, connect, asking):
    server.usual = server.hold
    failure = asking.failure(connect(timeout_s=0.3).submit(asking.request()))
    assert failure.retryable
    assert "ADLIB_OPENAI_TIMEOUT" in failure.message
    server.release()


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("at_the_door", [True, False])
def test_a_refused_key_is_told_and_not_tried_again(server, connect, asking, status, at_the_door):
    def refuse(reply):
        reply.error(status, f"Incorrect API key {asking.key}")

    if at_the_door:
        server.list_models = refuse
    server.usual = refuse
    failure = asking.failure(connect().submit(asking.request()))
    assert not failure.retryable
    assert "check ADLIB_OPENAI_KEY" in failure.message
    assert len(server.bodies) == (0 if at_the_door else 1)


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_the_key_is_never_shown(server, connect, asking, status, caplog):
    caplog.set_level(logging.DEBUG)
    server.usual = lambda reply: reply.error(
        status, f"Bearer {asking.key} is bad", Retry_After=0.01
    )
    engine = connect()
    failure = asking.failure(engine.submit(asking.request()))
    shown = [failure.message, caplog.text, repr(engine), repr(vars(engine)), str(engine.status())]
    assert server.keys == {f"Bearer {asking.key}"}
    assert all(asking.key not in text for text in shown)


def test_an_error_in_the_stream_does_not_show_the_key(server, connect, asking):
    def leak(reply):
        reply.begin()
        reply.say("data: " + json.dumps({"error": {"message": f"bad {asking.key}"}}))

    server.usual = leak
    message = asking.failure(connect().submit(asking.request())).message
    assert "bad (key)" in message


def test_a_missing_model_names_those_there_are(server, connect, asking):
    server.usual = lambda reply: reply.error(404, "The model does not exist.")
    failure = asking.failure(connect(model="huge").submit(asking.request()))
    assert not failure.retryable
    assert "no model huge" in failure.message
    assert "tiny, other: set ADLIB_OPENAI_MODEL" in failure.message


def test_a_server_that_lists_no_models_needs_a_name(server, connect, asking):
    server.list_models = lambda reply: reply.error(404, "no such path")
    failure = asking.failure(connect().submit(asking.request()))
    assert not failure.retryable
    assert "Set ADLIB_OPENAI_MODEL" in failure.message
    assert asking.lines(connect(model="tiny").submit(asking.request()))


def test_models_listed_in_another_shape_are_no_models(server, connect, asking):
    server.list_models = lambda reply: reply.status(200, {"data": "tiny"})
    assert asking.lines(connect(model="tiny").submit(asking.request()))


def test_a_web_page_is_told_and_nothing_is_sent_to_it(server, connect, asking):
    server.list_models = lambda reply: reply.page()
    failed = asking.failure(connect().submit(asking.request()))
    assert "answers with a web page, not the OpenAI protocol" in failed.message
    assert "ADLIB_OPENAI_URL" in failed.message
    assert not failed.retryable
    assert server.bodies == []


def test_models_are_read_whatever_kind_of_text_they_are_called(server, connect, asking):
    def mislabelled(reply):
        reply._head(200, "text/plain", {})
        reply._handler.wfile.write(b'{"data": [{"id": "tiny"}]}')

    server.list_models = mislabelled
    assert asking.lines(connect().submit(asking.request()))
    assert server.bodies[0]["model"] == "tiny"


def test_the_markup_of_an_error_page_is_not_repeated(server, connect, asking):
    server.usual = lambda reply: reply.page(503)
    failed = asking.failure(connect().submit(asking.request()))
    assert "failed (503)" in failed.message
    assert "<" not in failed.message


def test_nobody_at_the_address_is_told_with_the_address(connect, asking):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        engine = connect(address=address)
        failure = asking.failure(engine.submit(asking.request()))
    assert failure.retryable
    assert address in failure.message
    assert asking.key not in failure.message


def test_a_server_that_sends_elsewhere_is_not_followed(server, connect, asking):
    server.usual = lambda reply: reply.status(
        307, {}, Location=server.address.replace("/v1", "/elsewhere")
    )
    failure = asking.failure(connect().submit(asking.request()))
    assert "Nothing was sent there" in failure.message
    assert not any(path.startswith("/elsewhere") for path in server.paths)


def test_one_failed_ask_ends_its_request_alone(server, connect, asking):
    server.usual = lambda reply: (
        reply.error(400, "no tea") if "tea" in str(reply.body) else silent_n(reply)
    )
    engine = connect()
    tea = engine.submit(asking.request(4, "tea", "tea"))
    coffee = engine.submit(asking.request(4, "coffee", "coffee"))
    assert "no tea" in asking.failure(tea).message
    assert len(asking.lines(coffee)) == 4


def test_rows_written_before_a_failure_arrive(server, connect, asking):
    def half(reply):
        reply.begin()
        reply.line("Fresh coffee", 0)

    server.plan.append(half)
    server.usual = lambda reply: reply.error(503, "gone")
    first, *_, last = connect().submit(asking.request(2))
    assert isinstance(first, RowFinished)
    assert last.retryable


def test_a_server_that_changed_its_model_is_met_anew(server, connect, asking):
    engine = connect()
    asking.lines(engine.submit(asking.request()))
    server.models = ["newer"]
    server.plan.append(lambda reply: reply.error(404, "no such model"))
    assert "tiny, other" in asking.failure(engine.submit(asking.request())).message
    asking.lines(engine.submit(asking.request()))
    assert server.bodies[-1]["model"] == engine.status().model == "newer"


def test_a_line_without_end_is_cut_off(server, connect, asking):
    def endless(reply):
        reply.begin()
        while True:
            reply.piece("coffee " * 50)

    server.plan.append(endless)
    row, _ = connect().submit(asking.request())
    assert row.ending is Ending.TOO_LONG
    assert server.hung_up.wait(20)
