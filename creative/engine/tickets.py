"""A request on its way: events are put in by one thread and read by another; knows no model."""

import queue
import threading
from collections.abc import Callable, Iterator

from creative.engine.protocol import Event, Request, RequestDone, RequestFailed


class OpenTicket:
    """The caller's end of a request, and the engine's; events may be read once."""

    def __init__(self, request: Request, on_cancel: Callable[["OpenTicket"], None]) -> None:
        self.request = request
        self._on_cancel = on_cancel
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._closed = False
        self._read_to_end = False

    def __iter__(self) -> Iterator[Event]:
        while not self._read_to_end:
            event = self._events.get()
            self._read_to_end = isinstance(event, RequestDone | RequestFailed)
            yield event

    def cancel(self) -> None:
        """Ask for an early end; rows already finished still arrive."""
        self._cancelled.set()
        self._on_cancel(self)

    @property
    def is_cancelled(self) -> bool:
        return self._cancelled.is_set()

    @property
    def is_over(self) -> bool:
        """Whether the event that ends the request was put in."""
        return self._closed

    def put(self, event: Event) -> None:
        """Hand an event to the caller; whatever comes after done or failed is dropped."""
        with self._lock:
            if self._closed:
                return
            self._closed = isinstance(event, RequestDone | RequestFailed)
            self._events.put(event)

    def fail(self, message: str, *, retryable: bool) -> None:
        """End the request without the rest of its rows."""
        self.put(RequestFailed(request_id=self.request.id, message=message, retryable=retryable))

    def finish(self, *, cancelled: bool = False) -> None:
        """End the request as it should end."""
        self.put(RequestDone(request_id=self.request.id, cancelled=cancelled))
