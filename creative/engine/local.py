"""The engine in this process: one thread owns the model, and serves all requests together.

Importing this file does not import torch; the thread does, with the first request.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from creative.engine.catalog import ModelChoice
from creative.engine.closing import close_at_exit
from creative.engine.loading import load
from creative.engine.placing import Device, Dtype, Weights
from creative.engine.protocol import EngineState, EngineStatus, Request
from creative.engine.rewording import plain_words
from creative.engine.tickets import OpenTicket
from creative.engine.waiting import MAX_QUEUED, Waiting
from creative.errors import EngineUnavailable, StudioError

if TYPE_CHECKING:
    from creative.engine.scheduler import Scheduler

_CLOSE_S = 10.0  #: how long `close` waits for the step being computed
_TELL_S = 0.5  #: how often the status is told while rows are written
_PIECE = 256  #: prompt tokens read between two steps on a processor
_GPU_PIECE = 2048  #: and on a graphics card


class LocalEngine:
    """A model in a thread of this process; safe to call from any thread."""

    def __init__(
        self,
        model: ModelChoice | str,
        device: Device = "auto",
        dtype: Dtype = "auto",
        weights: Weights = "full",
        threads: int = 0,
        max_rows: int = 64,
        cache_mb: int = 512,
        on_status: Callable[[EngineStatus], None] = lambda _: None,
    ) -> None:
        """Prepare an engine; nothing is loaded before the first request.

        Args:
            model: A choice from the catalog, a folder, or a hub id.
            device: Where it runs; auto takes the fastest there is.
            dtype: Number format of the weights; auto takes what is faster there.
            weights: Whether weights are rounded to save memory.
            threads: CPU threads, 0 takes one less than there are cores.
            max_rows: Rows decoded together, at most.
            cache_mb: Memory for prompts that were read, in MB.
            on_status: Called in some thread of the engine at every change; must not block.
        """
        self._source = model if isinstance(model, str) else model.source
        self._device, self._dtype, self._weights = device, dtype, weights
        self._threads = threads
        self._max_rows, self._cache_bytes = max_rows, cache_mb * 10**6
        self._on_status = on_status
        name = model if isinstance(model, str) else model.name
        self._status = EngineStatus(state=EngineState.COLD, model=name)
        self._changed = threading.Condition()
        self._waiting = Waiting()
        self._served: dict[str, OpenTicket] = {}
        self._thread: threading.Thread | None = None
        self._is_closing = False
        self._is_closed = False
        self._scheduler: Scheduler | None = None
        self._told_at = 0.0
        self._telling = threading.Lock()
        self._has_news = False
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
            if self._is_closing:
                ticket.fail("The engine is closed. Start Adlib again.", retryable=False)
            elif self._waiting.is_full:
                ticket.fail(
                    f"{MAX_QUEUED} requests are waiting already. Try again in a moment.",
                    retryable=True,
                )
            else:
                self._waiting.add(ticket)
                self._start_thread()
                self._changed.notify_all()
        self._tell()
        return ticket

    def status(self) -> EngineStatus:
        """Tell what runs where, without waiting for the model."""
        with self._changed:
            status = replace(self._status, queued=len(self._waiting))
        scheduler = self._scheduler
        if scheduler is None:
            return status
        asked, found = scheduler.prompt_tokens
        return replace(
            status,
            rows=scheduler.rows,
            tokens_per_s=scheduler.pace.per_second,
            prompt_tokens=asked,
            cached_tokens=found,
        )

    def close(self, drain_s: float = 0.0) -> None:
        """End the engine: no new requests; those in flight have so long to end, then they fail."""
        with self._changed:
            self._is_closing = True
            if drain_s:
                self._changed.wait_for(lambda: not self._in_flight(), drain_s)
            for ticket in self._in_flight():
                ticket.fail("The engine was closed before this was written.", retryable=True)
            self._waiting.clear()
            self._is_closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_CLOSE_S)

    def _in_flight(self) -> list[OpenTicket]:
        return [*(t for t in self._served.values() if not t.is_over), *self._waiting]

    def _withdraw(self, ticket: OpenTicket) -> None:
        """Take a cancelled request out of the queue, if it still waits there."""
        with self._changed:
            if ticket not in self._waiting:
                return
            self._waiting.remove(ticket)
            self._changed.notify_all()
        ticket.finish(cancelled=True)
        self._tell()

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="adlib-engine", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while self._has_work():
            scheduler = self._ready_scheduler()
            if scheduler is not None:
                self._serve(scheduler)
        self._scheduler = None

    def _has_work(self) -> bool:
        """Wait for something to do; False when there never will be."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._served or self._is_closed)
            return not self._is_closed

    def _serve(self, scheduler: "Scheduler") -> None:
        """Take new requests in, and do the next part of everybody's work."""
        is_news = False
        while (ticket := self._next(scheduler)) is not None:
            scheduler.submit(ticket)
            is_news = True
        if is_news:
            self._tell()
        try:
            scheduler.turn()
        except Exception as error:  # noqa: BLE001 - it ends requests, never the thread
            scheduler.fail_all(error)
        if self._forget_finished() or time.monotonic() - self._told_at > _TELL_S:
            self._tell()

    def _next(self, scheduler: "Scheduler") -> OpenTicket | None:
        """Return the next waiting request that there is a place for; tell the others theirs."""
        with self._changed:
            if self._waiting and scheduler.has_place:
                ticket = self._waiting.take(scheduler.served)
                self._served[ticket.request.id] = ticket
                return ticket
            self._waiting.tell(scheduler.served)
            return None

    def _forget_finished(self) -> bool:
        """Forget requests that have ended, and tell whether there were any."""
        with self._changed:
            over = [id for id, ticket in self._served.items() if ticket.is_over]
            for id in over:
                del self._served[id]
            if over:
                self._changed.notify_all()
        return bool(over)

    def _ready_scheduler(self) -> "Scheduler | None":
        """Return what serves, loading the model first; if that fails, so does all that waits."""
        if self._scheduler is None:
            try:
                self._scheduler = self._load()
            except StudioError as error:
                self._fail_waiting(str(error), retryable=error.retryable)
        return self._scheduler

    def _fail_waiting(self, message: str, *, retryable: bool) -> None:
        with self._changed:
            tickets = list(self._waiting)
            self._waiting.clear()
            self._changed.notify_all()
        for ticket in tickets:
            ticket.fail(message, retryable=retryable)

    def _load(self) -> "Scheduler":
        self._set(EngineState.LOADING, message="The model is loading.")
        try:
            with plain_words(self._source):
                return self._loaded()
        except EngineUnavailable as error:
            self._set(EngineState.FAILED, message=str(error))
            raise

    def _loaded(self) -> "Scheduler":
        loaded = load(self._source, self._device, self._dtype, self._weights, self._threads)
        from creative.engine.ladder import climb
        from creative.engine.scheduler import Scheduler

        self._set(EngineState.LOADING, message="The model is tried out.")
        rung = climb(loaded.forward)
        rung.warm_up(self._tell_warming)
        self._set(EngineState.READY, device=loaded.device, dtype=loaded.dtype, method=rung.name)
        return Scheduler(
            loaded,
            rung,
            max_rows=self._max_rows,
            piece=_PIECE if loaded.device == "cpu" else _GPU_PIECE,
            cache_bytes=self._cache_bytes,
        )

    def _tell_warming(self, done: int, wanted: int) -> None:
        self._set(EngineState.LOADING, message=f"The model warms up: {done} of {wanted}.")

    def _set(self, state: EngineState, message: str = "", **where: str) -> None:
        told: dict[str, Any] = {"device": "", "dtype": "", "method": ""} | where
        with self._changed:
            self._status = replace(self._status, state=state, message=message, **told)
        self._tell()

    def _tell(self) -> None:
        """Tell the status; one thread at a time, or an older one could follow a newer one.

        A thread that finds another telling leaves its news to that one.
        """
        self._has_news = True
        while self._has_news and self._telling.acquire(blocking=False):
            try:
                self._has_news = False
                self._told_at = time.monotonic()
                self._on_status(self.status())
            finally:
                self._telling.release()
