"""A server setting that leads to a web page, as the pages tell it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class _Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>It works!</title>")

    def log_message(self, *_):
        pass


@pytest.fixture
def web_page():
    """The address of a web server that knows nothing of models."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_settings_say_that_the_address_is_a_web_page(app, web_page, monkeypatch):
    monkeypatch.setenv("ADLIB_ENGINE", "openai")
    monkeypatch.setenv("ADLIB_OPENAI_URL", web_page)
    app.run()
    app.switch_page("pages/settings.py").run()
    assert not app.exception
    said = " ".join(markdown.value for markdown in app.markdown)
    assert "answers with a web page, not the OpenAI protocol" in said.replace("\\", "")
