"""The engine in this process: one thread owns the model and serves requests in their order.

Importing this file does not import torch; the thread does, with the first request.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from creative.engine.catalog import ModelChoice
from creative.engine.closing import close_at_exit
from creative.engine.loading import load
from creative.engine.placing import Device, Dtype
from creative.engine.protocol import EngineState, EngineStatus, Request
from creative.engine.rewording import is_out_of_memory
from creative.engine.tickets import OpenTicket
from creative.errors import EngineUnavailable, StudioError

if TYPE_CHECKING:
    from creative.engine.decoding import Decoder

MAX_QUEUED = 64  #: requests that may wait
_CLOSE_S = 10.0  #: how long `close` waits for the token being computed

log = logging.getLogger(__name__)


class LocalEngine:
    """A model in a thread of this process; safe to call from any thread."""

    def __init__(
        self,
        model: ModelChoice | str,
        device: Device = "auto",
        dtype: Dtype = "auto",
        threads: int = 0,
        max_rows: int = 64,
        on_status: Callable[[EngineStatus], None] = lambda _: None,
    ) -> None:
        """Prepare an engine; nothing is loaded before the first request.

        Args:
            model: A choice from the catalog, a folder, or a hub id.
            device: Where it runs; auto takes the fastest there is.
            dtype: Number format of the weights; auto takes what is faster there.
            threads: CPU threads, 0 takes one less than there are cores.
            max_rows: Rows decoded together, at most.
            on_status: Called in some thread of the engine at every change; must not block.
        """
        self._source = model if isinstance(model, str) else model.source
        self._device, self._dtype, self._threads = device, dtype, threads
        self._max_rows = max_rows
        self._on_status = on_status
        name = model if isinstance(model, str) else model.name
        self._status = EngineStatus(state=EngineState.COLD, model=name)
        self._changed = threading.Condition()
        self._waiting: deque[OpenTicket] = deque()
        self._serving: OpenTicket | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._decoder: Decoder | None = None
        close_at_exit(self)

    def submit(self, request: Request) -> OpenTicket:
        """Queue a request; the model is loaded first if need be.

        Raises:
            ValueError: If a request with this id is in flight.
        """
        ticket = OpenTicket(request, self._withdraw)
        with self._changed:
            if any(other.request.id == request.id for other in self._in_flight()):
                raise ValueError(f"request {request.id} is in flight already")
            if self._is_closed:
                ticket.fail("The engine is closed. Start Adlib again.", retryable=False)
            elif len(self._waiting) >= MAX_QUEUED:
                ticket.fail(
                    f"{MAX_QUEUED} requests are waiting already. Try again in a moment.",
                    retryable=True,
                )
            else:
                self._waiting.append(ticket)
                self._start_thread()
                self._changed.notify_all()
        self._tell()
        return ticket

    def status(self) -> EngineStatus:
        """Tell what runs where, without waiting for the model."""
        with self._changed:
            return replace(self._status, queued=len(self._waiting))

    def close(self) -> None:
        """End the engine; requests in flight fail."""
        with self._changed:
            for ticket in self._in_flight():
                ticket.fail("The engine was closed before this was written.", retryable=True)
            self._waiting.clear()
            self._is_closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_CLOSE_S)

    def _in_flight(self) -> list[OpenTicket]:
        serving = [self._serving] if self._serving and not self._serving.is_over else []
        return [*serving, *self._waiting]

    def _withdraw(self, ticket: OpenTicket) -> None:
        """Take a cancelled request out of the queue, if it still waits there."""
        with self._changed:
            if ticket not in self._waiting:
                return
            self._waiting.remove(ticket)
        ticket.finish(cancelled=True)
        self._tell()

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="adlib-engine", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (ticket := self._next()) is not None:
            self._serve(ticket)
            with self._changed:
                self._serving = None
        self._decoder = None

    def _next(self) -> OpenTicket | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            if self._is_closed:
                return None
            self._serving = self._waiting.popleft()
            return self._serving

    def _serve(self, ticket: OpenTicket) -> None:
        """Write one request.  Whatever goes wrong ends that request, never the thread."""
        self._tell()
        try:
            decoder = self._ready_decoder()
            self._write(decoder, ticket)
        except StudioError as error:
            ticket.fail(str(error), retryable=error.retryable)
        except Exception as error:
            log.exception("request %s failed", ticket.request.id)
            ticket.fail(_in_plain_words(error), retryable=True)

    def _write(self, decoder: "Decoder", ticket: OpenTicket) -> None:
        unwritten = len(ticket.request.rows)
        for event in decoder.write(ticket.request, lambda: ticket.is_cancelled or ticket.is_over):
            ticket.put(event)
            unwritten -= 1
        ticket.finish(cancelled=unwritten > 0)

    def _ready_decoder(self) -> "Decoder":
        if self._decoder is None:
            self._decoder = self._load()
        return self._decoder

    def _load(self) -> "Decoder":
        self._set(EngineState.LOADING, message="The model is loading.")
        try:
            loaded = load(self._source, self._device, self._dtype, self._threads)
        except EngineUnavailable as error:
            self._set(EngineState.FAILED, message=str(error))
            raise
        from creative.engine.decoding import Decoder

        self._set(EngineState.READY, device=loaded.device, dtype=loaded.dtype)
        return Decoder(loaded, self._max_rows)

    def _set(
        self, state: EngineState, device: str = "", dtype: str = "", message: str = ""
    ) -> None:
        with self._changed:
            self._status = replace(
                self._status, state=state, device=device, dtype=dtype, message=message
            )
        self._tell()

    def _tell(self) -> None:
        self._on_status(self.status())


def _in_plain_words(error: Exception) -> str:
    if is_out_of_memory(error):
        return "Memory is full. Ask for fewer lines, or choose a smaller model."
    return f"The model failed: {type(error).__name__}: {str(error)[:200]}. Try again."
