"""What is asked of the drafter, what it could not deliver, and how it is told to end."""

import itertools
import math
import threading
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass

from creative.channels import Channel, Field
from creative.domain import Angle, Brief, Sampling, Taste
from creative.engine.protocol import (
    Engine,
    Request,
    RequestFailed,
    RequestQueued,
    RowFinished,
    Ticket,
)
from creative.errors import EngineUnavailable
from creative.templates import Template

_ROOMY = 60  #: width from which fields hold more than one sentence

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Lines wanted for one field.

    Attributes:
        count: Lines wanted in all, those already delivered among them.
        angles: To write from in turn; empty for the usual ones.
        taste: What to prefer among lines that are as good.
        delivered: Angles of the lines that a stopped run delivered before it goes on.
        taken: Texts that must not be repeated.
        examples: Lines that did well before, for models that read them; not to be repeated.
        user: Who asked; the engine is shared fairly between users.
    """

    brief: Brief
    channel: Channel
    field: Field
    count: int
    seed: int
    template: Template
    sampling: Sampling = Sampling()  # noqa: RUF009  # frozen
    angles: tuple[Angle, ...] = ()
    taste: Taste = Taste()  # noqa: RUF009  # frozen
    delivered: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    user: str = ""

    @property
    def is_framed(self) -> bool:
        """Whether lines in frames can be made: in English, in a field of one sentence."""
        room = self.field.target or math.inf
        return room <= _ROOMY and self.brief.primary_language == "en"


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortfall:
    """Lines that could not be delivered; `reasons` counts why candidates were refused."""

    field: str
    missing: int
    reasons: Counter[str]

    def __str__(self) -> str:
        causes = ", ".join(f"{count} {reason}" for reason, count in self.reasons.most_common(3))
        return (
            f"{self.missing} more for {self.field} could not be written: of the candidates, "
            f"{causes or 'none was finished'}. Give the brief more to say, or ask for fewer."
        )


class Stop:
    """The caller's hold on a running job: ends it early, from any thread, and sees where it waits.

    Lines already yielded stay valid.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ticket: Ticket | None = None
        self.is_wanted = False
        self.position = 0  #: in the engine's queue, when it was last told; 0 once it is served

    def now(self) -> None:
        """End the request that is in flight, and ask for no more."""
        with self._lock:
            self.is_wanted = True
            ticket = self._ticket
        if ticket is not None:
            ticket.cancel()

    def wait_at(self, position: int) -> None:
        """Note the place of the request in flight in the engine's queue; 0 when it is served."""
        self.position = position

    def watch(self, ticket: Ticket) -> None:
        """Name the request that `now` must end."""
        with self._lock:
            self._ticket = ticket
            is_late = self.is_wanted
        if is_late:
            ticket.cancel()


def request_id(purpose: str) -> str:
    """Return an id that no other request of this process has."""
    return f"{purpose}-{next(_numbers)}"


def finished_rows(
    engine: Engine, request: Request, stop: Stop
) -> Generator[RowFinished, None, None]:
    """Submit a request and yield its rows as they finish; `stop` ends it and sees where it waits.

    Raises:
        EngineUnavailable: If the engine fails; rows yielded before stay valid.
    """
    ticket = engine.submit(request)
    stop.watch(ticket)
    try:
        for event in ticket:
            if isinstance(event, RequestFailed):
                raise EngineUnavailable(event.message)
            if isinstance(event, RequestQueued):
                stop.wait_at(event.position)
                continue
            if not isinstance(event, RowFinished):
                return
            stop.wait_at(0)
            yield event
    finally:  # whoever stops listening wants no more rows; after the end this does nothing
        ticket.cancel()
