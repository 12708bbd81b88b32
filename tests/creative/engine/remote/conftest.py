"""A real server on this machine that speaks the OpenAI protocol, and badly when it is told to."""

import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from creative.engine.protocol import Message, Request, RequestDone, RequestFailed, Row, RowFinished
from creative.engine.remote.access import Access
from creative.engine.remote.engine import RemoteEngine

KEY = "sk-verysecret-0123456789"


class Reply:
    """One request at the server, and the means to answer it well or badly."""

    def __init__(self, handler, server, body=None):
        self._handler, self.server, self.body = handler, server, body

    @property
    def choices(self):
        return range(self.body.get("n", 1))

    def status(self, code, body, **headers):
        """Answer at once, without a stream."""
        self._head(code, "application/json", headers)
        self._handler.wfile.write(json.dumps(body).encode())

    def page(self, code=200):
        """Answer with a web page, as whatever else runs at an address does."""
        self._head(code, "text/html; charset=utf-8", {})
        self._handler.wfile.write(b"<!DOCTYPE html><html><body>It works!</body></html>")

    def error(self, code, message, **headers):
        self.status(code, {"error": {"message": message}}, **headers)

    def begin(self):
        self._head(200, "text/event-stream", {})

    def say(self, text):
        """Send a line of the stream as it is; a client that is gone is taken note of."""
        try:
            self._handler.wfile.write(f"{text}\n\n".encode())
            self._handler.wfile.flush()
        except OSError:
            self.server.hung_up.set()
            raise

    def chunk(self, choices):
        self.say("data: " + json.dumps({"object": "chat.completion.chunk", "choices": choices}))

    def piece(self, text, choice=0, reason=None, logprob=None):
        told = {"content": [{"token": text, "logprob": logprob, "top_logprobs": []}]}
        self.chunk(
            [
                {
                    "index": choice,
                    "delta": {"content": text},
                    "finish_reason": reason,
                    "logprobs": None if logprob is None else told,
                }
            ]
        )

    def line(self, text, choice=0, reason="stop"):
        for word in text.split():
            self.piece(f"{word} ", choice, logprob=-0.5 if self.body.get("logprobs") else None)
        self.piece("", choice, reason)

    def write(self, text):
        """Answer one choice well."""
        self.begin()
        self.line(text)
        self.end()

    def whole(self, text):
        """Answer every choice well, without a stream."""
        tokens = [{"token": word, "logprob": -0.5, "top_logprobs": []} for word in text.split()]
        message = {"role": "assistant", "content": text}
        told = {"message": message, "finish_reason": "stop", "logprobs": {"content": tokens}}
        self.status(200, {"choices": [told | {"index": choice} for choice in self.choices]})

    def end(self):
        self.say("data: [DONE]")

    def _head(self, code, kind, headers):
        self._handler.send_response(code)
        self._handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), str(value))
        self._handler.end_headers()


def well(reply):
    """Answer as asked: as many choices, one after the other."""
    reply.begin()
    for choice in reply.choices:
        reply.line(f"Fresh coffee {reply.body.get('seed', 0)} {choice}", choice)
    reply.end()


class LocalServer:
    """A server whose next answers are planned by a test; it answers well otherwise.

    Attributes:
        plan: What to do with the next requests for lines, each a function of a `Reply`.
        usual: What to do after those.
        bodies: The requests for lines so far.
        held: How many requests for lines wait for `release`.
        hung_up: Set once a client was gone before its answer ended.
    """

    def __init__(self):
        self.plan, self.usual = deque(), well
        self.models, self.owner, self.version = ["tiny", "other"], "somebody", None
        self.list_models = self._list_models
        self.bodies, self.keys, self.paths = [], set(), []
        self.hung_up, self._released = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self.held = self.most_held = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = False
        self._http.handle_error = lambda *_: None  # clients that hang up are part of the tests
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def hold(self, reply):
        """Answer well, but only after `release`."""
        with self._lock:
            self.held += 1
            self.most_held = max(self.most_held, self.held)
        self._released.wait(30)
        with self._lock:
            self.held -= 1
        well(reply)

    def release(self):
        self.usual = well
        self._released.set()

    def stop(self):
        self._released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, reply):
        with self._lock:
            self.bodies.append(reply.body)
            act = self.plan.popleft() if self.plan else self.usual
        act(reply)

    def _list_models(self, reply):
        told = [{"id": id, "object": "model", "owned_by": self.owner} for id in self.models]
        reply.status(200, {"object": "list", "data": told})

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                server.paths.append(self.path)
                server.keys.add(self.headers.get("Authorization"))
                if self.path == "/v1/models":
                    server.list_models(Reply(self, server))
                elif self.path == "/version" and server.version:
                    Reply(self, server).status(200, {"version": server.version})
                else:
                    Reply(self, server).error(404, "Not found")

            def do_POST(self):
                server.paths.append(self.path)
                server.keys.add(self.headers.get("Authorization"))
                length = int(self.headers["Content-Length"])
                server.answer(Reply(self, server, json.loads(self.rfile.read(length))))

        return Handler


@pytest.fixture
def server():
    server = LocalServer()
    yield server
    server.stop()


@pytest.fixture
def connect(server):
    """Return engines at the server; they are closed at the end."""
    engines = []

    def connected(max_rows=64, **changes):
        told = {"address": server.address, "key": SecretStr(KEY), "timeout_s": 20.0}
        engines.append(RemoteEngine(Access(**told | changes), max_rows, pause_s=0.05))
        return engines[-1]

    yield connected
    for engine in engines:
        engine.close()


class Asking:
    """What test files need of this one; conftest cannot be imported."""

    key = KEY

    @staticmethod
    def request(count=1, id="a", prompt="coffee", seed=100, **changes):
        """Return a request for some lines from one prompt."""
        messages = (Message(role="user", content=prompt),)
        rows = tuple(Row(messages=messages, seed=seed + number) for number in range(count))
        return Request(**{"id": id, "rows": rows, "redraws": 2} | changes)

    @staticmethod
    def lines(ticket):
        """Return the texts of a request by row; it must end well."""
        *rows, last = ticket
        assert last == RequestDone(request_id=last.request_id), last
        return {event.row: event.text for event in rows if isinstance(event, RowFinished)}

    @staticmethod
    def failure(ticket):
        """Return how a request failed."""
        *_, last = ticket
        assert isinstance(last, RequestFailed), last
        return last

    @staticmethod
    def until(claim, seconds=20):
        """Wait until something is so."""
        deadline = time.monotonic() + seconds
        while not claim() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert claim()


@pytest.fixture
def asking():
    return Asking
