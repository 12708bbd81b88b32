"""The engine in a process of its own: the studio never imports torch and survives its crashes.

The child speaks lines of JSON (codec.py) and is started by the first request, and again by the
first request after it died.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from creative.engine.catalog import ModelChoice
from creative.engine.closing import close_at_exit
from creative.engine.codec import event_of, fields_of, line_of, request_line, status_of
from creative.engine.placing import Device, Dtype, Weights
from creative.engine.protocol import EngineState, EngineStatus, Request, RequestDone, RequestFailed
from creative.engine.tickets import OpenTicket
from creative.errors import EngineUnavailable
from creative.settings import ROOT

_CLOSE_S = 5.0  #: how long the child may take to end before it is killed


class EngineProcess:
    """A model in a child process; safe to call from any thread."""

    def __init__(
        self,
        model: ModelChoice | str,
        device: Device = "auto",
        dtype: Dtype = "auto",
        weights: Weights = "full",
        threads: int = 0,
        max_rows: int = 64,
        cache_mb: int = 512,
    ) -> None:
        """Prepare an engine; arguments are those of LocalEngine."""
        self._options: dict[str, Any] = {
            "model": model if isinstance(model, str) else model.source,
            "device": device,
            "dtype": dtype,
            "weights": weights,
            "threads": threads,
            "max_rows": max_rows,
            "cache_mb": cache_mb,
        }
        name = model if isinstance(model, str) else model.name
        self._status = EngineStatus(state=EngineState.COLD, model=name)
        self._changed = threading.Condition()
        self._tickets: dict[str, tuple[_Child, OpenTicket]] = {}
        self._child: _Child | None = None
        self._is_closed = False
        close_at_exit(self)

    def submit(self, request: Request) -> OpenTicket:
        """Queue a request; the process is started and the model loaded first if need be.

        Raises:
            ValueError: If a request with this id is in flight.
        """
        ticket = OpenTicket(request, self._cancel)
        with self._changed:
            if request.id in self._tickets:
                raise ValueError(f"request {request.id} is in flight already")
            if self._is_closed:
                ticket.fail("The engine is closed. Start Adlib again.", retryable=False)
                return ticket
            child = self._living_child()
            self._tickets[request.id] = (child, ticket)
        child.send(request_line(request))
        return ticket

    def status(self) -> EngineStatus:
        """Tell what runs where, as the child last said."""
        with self._changed:
            return self._status

    def close(self, drain_s: float = 0.0) -> None:
        """End the process: no new requests; those in flight have so long to end, then they fail."""
        with self._changed:
            self._is_closed = True
            if drain_s:
                self._changed.wait_for(lambda: not self._tickets, drain_s)
            child, self._child = self._child, None
            tickets, self._tickets = self._tickets, {}
            self._status = EngineStatus(state=EngineState.COLD, model=self._status.model)
        for _, ticket in tickets.values():
            ticket.fail("The engine was closed before this was written.", retryable=True)
        if child is not None:
            child.end()

    def _living_child(self) -> "_Child":
        if self._child is None or not self._child.is_alive:
            try:
                self._child = _Child(self._hear, self._mourn)
            except OSError as error:
                raise EngineUnavailable(
                    f"The model's process cannot be started: {error.strerror}. Close other "
                    "programs and try again."
                ) from error
            self._status = replace(
                self._status, state=EngineState.LOADING, message="The model is loading."
            )
            self._child.send(line_of("open", options=self._options))
        return self._child

    def _cancel(self, ticket: OpenTicket) -> None:
        with self._changed:
            child, _ = self._tickets.get(ticket.request.id, (None, ticket))
        if child is not None:
            child.send(line_of("cancel", id=ticket.request.id))

    def _hear(self, child: "_Child", fields: dict[str, Any]) -> None:
        """Take one line of a child."""
        if fields["kind"] == "status":
            with self._changed:
                if child is self._child:
                    self._status = replace(status_of(fields), model=self._status.model)
            return
        event = event_of(fields)
        is_last = isinstance(event, RequestDone | RequestFailed)
        with self._changed:
            take = self._tickets.pop if is_last else self._tickets.get
            entry = take(event.request_id, None)
            self._changed.notify_all()
        if entry is not None:
            entry[1].put(event)

    def _mourn(self, child: "_Child") -> None:
        """Fail what a dead child leaves behind; the next request starts a new one.

        By then a new child may be at work already: its requests are not touched.
        """
        message = _cause(child.exit_code)
        with self._changed:
            left = {id: ticket for id, (owner, ticket) in self._tickets.items() if owner is child}
            for id in left:
                del self._tickets[id]
            self._changed.notify_all()
            if child is self._child:
                self._child = None
                model = self._status.model
                self._status = EngineStatus(state=EngineState.FAILED, model=model, message=message)
        for ticket in left.values():
            ticket.fail(message, retryable=True)


class _Child:
    """A child process and the thread that listens to it."""

    def __init__(
        self,
        hear: Callable[["_Child", dict[str, Any]], None],
        mourn: Callable[["_Child"], None],
    ) -> None:
        self._hear, self._mourn = hear, mourn
        self._writing = threading.Lock()
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "creative.engine.serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={"TOKENIZERS_PARALLELISM": "false", **os.environ, "PYTHONPATH": path},
        )
        threading.Thread(target=self._listen, name="adlib-engine-ear", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def send(self, line: bytes) -> None:
        """Write a line; a child that is gone is noticed by the listening thread."""
        channel = self._process.stdin
        assert channel is not None
        with self._writing, contextlib.suppress(OSError, ValueError):  # broken or closed
            channel.write(line)
            channel.flush()

    def end(self) -> None:
        """End the child by ending its input; kill it if it does not listen."""
        if self._writing.acquire(timeout=_CLOSE_S):
            self._writing.release()
            self._hang_up()
        else:  # it reads no more, and whoever writes to it waits
            self._process.kill()
        try:
            self._process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _listen(self) -> None:
        channel = self._process.stdout
        assert channel is not None
        is_understood = False
        try:
            with channel:
                for line in channel:
                    self._hear(self, fields_of(line))
            is_understood = True
        finally:
            self._hang_up()
            if not is_understood:  # it must not wait for a listener that is gone
                self._process.kill()
            self._process.wait()
            self._mourn(self)

    def _hang_up(self) -> None:
        channel = self._process.stdin
        assert channel is not None
        with self._writing, contextlib.suppress(OSError):  # a dead child reads nothing more
            channel.close()


def _cause(exit_code: int | None) -> str:
    if exit_code == -signal.SIGKILL:
        return (
            "The system ended the model's process, most likely because memory was full. Try "
            "again with fewer lines, or choose a smaller model."
        )
    return f"The model's process ended unexpectedly (code {exit_code}). Try again."
