"""A model that judges, as the Vote page tells it: a server on this machine likes longer lines."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import combinations

import pytest

from creative.domain import kept_id
from creative.studio.briefs import Briefs
from creative.studio.review import Review
from creative.studio.voting import Voting
from creative.trials import Choice
from pages.parts.example import EXAMPLE
from storage.database import open_store

LINES = [f"Fresh coffee{' and more' * at}" for at in range(9)]  # 36 pairs
WAIT_S = 30


class _LikesLonger(BaseHTTPRequestHandler):
    def do_GET(self):
        self._answer(b'{"object": "list", "data": [{"id": "tiny", "object": "model"}]}')

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told = dict(re.findall(r"^([AB]): (.*)$", body["messages"][-1]["content"], re.MULTILINE))
        letter = max(told, key=lambda each: len(told[each]))
        choice = {"index": 0, "delta": {"content": letter}, "finish_reason": "stop"}
        chunk = json.dumps({"object": "chat.completion.chunk", "choices": [choice]})
        self._answer(f"data: {chunk}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")

    def _answer(self, content, kind="application/json"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def judge(monkeypatch):
    """A model on a server that the studio is told to use."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _LikesLonger)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    monkeypatch.setenv("ADLIB_ENGINE", "openai")
    monkeypatch.setenv("ADLIB_OPENAI_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("ADLIB_OPENAI_MODEL", "*tiny*")
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def library(home):
    """A brief with nine lines, and what has people vote on all pairs but for some errors."""
    store = open_store(f"sqlite:///{home / 'adlib.db'}", home)
    brief = Briefs(store).keep(EXAMPLE)
    drafts = [Review(store).write(kept_id(brief), "headline", text) for text in LINES]

    def vote(*voters):
        for at, (shorter, longer) in enumerate(combinations(drafts, 2)):
            for number, voter in enumerate(voters):
                is_error = at % 7 == number
                choice = Choice.FIRST if is_error else Choice.SECOND
                Voting(store).vote(shorter, longer, choice, voter)

    return vote


def opened(app):
    app.session_state["judge"] = True  # AppTest opens no expander
    app.run()
    app.switch_page("pages/vote.py").run()
    assert not app.exception
    return app


def words(app):
    return " ".join(part.value for part in (*app.markdown, *app.caption)).replace("\\", "")


def test_the_starter_says_that_it_cannot_judge(app, library):
    opened(app)
    assert "starter cannot judge" in words(app)
    assert not app.toggle


def test_it_is_looked_up_only_when_it_is_opened(app, library, judge):
    app.run()
    app.switch_page("pages/vote.py").run()
    assert not app.metric


def test_without_two_people_there_is_no_yardstick(app, library, judge):
    library("Ada")
    opened(app)
    assert "no yardstick" in words(app)
    assert [metric.value for metric in app.metric] == ["–", "–"]
    assert app.toggle(key="judge_counts").disabled


def test_a_model_is_asked_then_switched_on_and_off(app, library, judge):
    library("Ada", "Ben", "Cleo")
    opened(app)
    assert "Off: 0 of 30 pairs" in words(app)
    assert app.toggle(key="judge_counts").disabled
    app.button(key="judge_start").click().run()
    deadline = time.monotonic() + WAIT_S
    while "Judged 36 of 36 pairs: 36 votes" not in words(app) and time.monotonic() < deadline:
        time.sleep(0.2)
        app.run()
    assert "*tiny* agrees with people as they do with one another" in words(app)
    assert "108 votes by 3 people." in words(app)
    people, model = (float(metric.value) for metric in app.metric)
    assert people < model == 1.0
    app.toggle(key="judge_counts").set_value(True).run()
    assert "144 votes by 3 people and 1 model." in words(app)
    app.toggle(key="judge_counts").set_value(False).run()
    assert "108 votes by 3 people." in words(app)
