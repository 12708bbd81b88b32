"""Patterns for servers that hold a model to one, and servers that stop taking them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative.engine.protocol import Constraint, Ending
from creative.engine.remote.guidance import bound_of, pattern

CONSTRAINT = Constraint(max_width=30, forbidden="!")
PATTERN = r"[^\x0a\x0d\x21]{1,30}"


@pytest.mark.parametrize(
    ("owner", "version", "field", "value"),
    [
        ("vllm", "0.12.1", "structured_outputs", {"regex": PATTERN}),
        ("vllm", None, "structured_outputs", {"regex": PATTERN}),
        ("vllm", "0.9.2", "guided_regex", PATTERN),
        ("llamacpp", None, "grammar", f"root ::= {PATTERN}"),
    ],
)
def test_a_server_is_guided_its_own_way(server, connect, asking, owner, version, field, value):
    server.owner, server.version = owner, version
    assert asking.lines(connect().submit(asking.request(constraint=CONSTRAINT)))
    assert server.bodies[0][field] == value


def test_other_servers_are_not_guided(server, connect, asking):
    asking.lines(connect().submit(asking.request(constraint=CONSTRAINT)))
    assert not {"structured_outputs", "guided_regex", "grammar"} & set(server.bodies[0])


@pytest.mark.parametrize(
    ("owner", "field", "value"),
    [
        ("library", "reasoning_effort", "none"),
        ("vllm", "chat_template_kwargs", {"enable_thinking": False}),
    ],
)
def test_models_are_asked_not_to_think_aloud(server, connect, asking, owner, field, value):
    server.owner = owner
    asking.lines(connect().submit(asking.request()))
    assert server.bodies[0][field] == value


def test_guidance_that_is_refused_is_dropped_for_good(server, connect, asking):
    server.owner = "vllm"
    server.plan.append(lambda reply: reply.error(400, "structured_outputs: no such backend"))
    engine = connect()
    for _ in range(2):
        asking.lines(engine.submit(asking.request(constraint=CONSTRAINT)))
    assert ["structured_outputs" in body for body in server.bodies] == [True, False, False]


def test_a_guided_line_that_fills_its_room_was_cut(server, connect, asking):
    server.owner = "vllm"
    server.plan.append(lambda reply: [reply.begin(), reply.piece("x" * 30, reason="stop")])
    row, _ = connect().submit(asking.request(constraint=CONSTRAINT))
    assert (len(server.bodies), row.ending) == (2, Ending.COMPLETE)


def test_guidance_is_not_trusted(server, connect, asking):
    server.owner = "vllm"
    server.usual = lambda reply: reply.write("Fresh coffee!")
    row, _ = connect().submit(asking.request(constraint=CONSTRAINT))
    assert row.ending is Ending.STUCK


@pytest.mark.parametrize(
    "constraint",
    [
        Constraint(),
        Constraint(max_width=30, tags="google_ads"),
        Constraint(max_width=2, counting="sms_segments"),
        Constraint(max_width=280, counting="twitter_weighted"),
        Constraint(max_width=5000),
    ],
)
def test_what_code_points_do_not_tell_is_not_bounded(constraint):
    assert bound_of(constraint) is None
    assert pattern(constraint) == r"[^\x0a\x0d]+"


@given(st.text(max_size=6), st.text(max_size=12))
def test_a_pattern_takes_what_holds_no_forbidden_character(forbidden, text):
    found = re.fullmatch(pattern(Constraint(forbidden=forbidden)), text)
    assert bool(found) == (bool(text) and not {"\n", "\r", *forbidden} & set(text))
