"""The narrow door to any language model: requests in, events out.

A request is a batch of rows; rows of one request usually share most of their prompt, which an
engine should compute once.  Knows no ads: what a line may say comes in as plain constraints.
Everything here crosses process borders, so it is data only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One turn of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line to write: its prompt and the seed that makes it reproducible."""

    messages: tuple[Message, ...]
    seed: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraint:
    """What a line may look like while it is written.

    Attributes:
        max_chars: Code points after which a row is given up as too long; None for no bound.
        vocabulary: Words a line may use, or phrases of them; None allows every word.  A word in
            lower case may open with a capital; inner capitals are allowed as listed.
        forbidden: Characters that may not occur; a newline always ends a line.
    """

    max_chars: int | None = None
    vocabulary: frozenset[str] | None = None
    forbidden: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Rows that are wanted together under one constraint.

    Attributes:
        id: Chosen by the caller, unique among the requests in flight.
        temperature: Above 0; 0 takes the likeliest token.
        top_p: Nucleus mass in (0, 1].
        max_new_tokens: Bound per row.
    """

    id: str
    rows: tuple[Row, ...]
    constraint: Constraint = field(default_factory=Constraint)
    temperature: float = 0.8
    top_p: float = 0.95
    max_new_tokens: int = 64


class Ending(StrEnum):
    """Why a row ended."""

    COMPLETE = "complete"  #: the model closed the line itself
    TOO_LONG = "too_long"  #: `max_chars` or `max_new_tokens` was reached first
    STUCK = "stuck"  #: no token was both likely and allowed


@dataclass(frozen=True, kw_only=True, slots=True)
class RowFinished:
    """A row is written.  `logprob` is in nats, summed over `tokens` sampled tokens."""

    request_id: str
    row: int
    text: str
    logprob: float
    tokens: int
    ending: Ending


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestDone:
    """No further event of this request follows; `cancelled` when its caller stopped it."""

    request_id: str
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestFailed:
    """The request ended without all its rows; `message` says in plain words what to do."""

    request_id: str
    message: str
    retryable: bool


Event = RowFinished | RequestDone | RequestFailed


class EngineState(StrEnum):
    """Whether the engine can answer at once."""

    COLD = "cold"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineStatus:
    """What runs where.  `queued` counts requests that wait; `message` is for people."""

    state: EngineState
    model: str
    device: str = ""
    dtype: str = ""
    message: str = ""
    queued: int = 0


class Ticket(Protocol):
    """A submitted request: iterate it for its events, which end with done or failed."""

    def __iter__(self) -> Iterator[Event]: ...

    def cancel(self) -> None:
        """Ask for an early end; rows already finished still arrive."""


class Engine(Protocol):
    """A language model that writes rows; safe to call from any thread."""

    def submit(self, request: Request) -> Ticket:
        """Queue a request; loading the model first if need be."""

    def status(self) -> EngineStatus:
        """Tell what runs where, without waiting for the model."""

    def close(self) -> None:
        """End the engine; requests in flight fail."""
