"""The model's own process: requests in on stdin, events out on what was stdout.

Started by `EngineProcess` as `python -m creative.engine.serve`; ends when its stdin does, which
happens when the studio ends, however it ends.
"""

import os
import sys
import threading
from typing import Any, BinaryIO

from creative.engine.codec import event_line, fields_of, request_of, status_line
from creative.engine.local import LocalEngine
from creative.engine.protocol import EngineStatus
from creative.engine.tickets import OpenTicket

_NICENESS = 10  #: steps of priority below the pages


class _Server:
    """Answers the lines of one studio."""

    def __init__(self, channel: BinaryIO) -> None:
        self._channel = channel
        self._writing = threading.Lock()
        self._tickets: dict[str, OpenTicket] = {}
        self._engine: LocalEngine | None = None

    def answer(self, fields: dict[str, Any]) -> None:
        """Do what one line asks for."""
        match fields["kind"]:
            case "open":
                self._engine = LocalEngine(**fields["options"], on_status=self._tell)
            case "submit" if self._engine is not None:
                self._submit(self._engine, fields)
            case "cancel" if ticket := self._tickets.get(fields["id"]):
                ticket.cancel()
            case _:
                pass  # a cancel may cross with the end of its request

    def _submit(self, engine: LocalEngine, fields: dict[str, Any]) -> None:
        ticket = engine.submit(request_of(fields))
        self._tickets[ticket.request.id] = ticket
        threading.Thread(target=self._forward, args=(ticket,), daemon=True).start()

    def _forward(self, ticket: OpenTicket) -> None:
        for event in ticket:
            if ticket.is_over:
                self._tickets.pop(ticket.request.id, None)
            self._send(event_line(event))

    def _tell(self, status: EngineStatus) -> None:
        self._send(status_line(status))

    def _send(self, line: bytes) -> None:
        with self._writing:
            self._channel.write(line)
            self._channel.flush()


def _give_way() -> None:
    """Let the pages go first where both want a core: a person waits for them."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_NICENESS)


def _own_channel() -> BinaryIO:
    """Take stdout for events alone; whatever else is printed goes to stderr."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return channel


def main() -> None:
    """Serve until stdin ends."""
    _give_way()
    server = _Server(_own_channel())
    for line in sys.stdin.buffer:
        server.answer(fields_of(line))
    os._exit(0)  # the thread that computes cannot be interrupted, and nobody waits for it


if __name__ == "__main__":
    main()
