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
    """One line to write.

    Attributes:
        messages: Its prompt.
        seed: What makes it reproducible.
        required: Words or phrases that this line has to carry, in any case.
        choices: Lines that this one has to be one of, each of which keeps the constraint; empty for
            a line in the model's own words.
    """

    messages: tuple[Message, ...]
    seed: int
    required: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Constraint:
    """What a line may look like; it holds while the line is written.

    Attributes:
        max_width: Longest line, in the unit `counting`; None for no bound.
        counting: Id of a unit of `creative.counting`.
        tags: Platform whose dynamic tags count as what they show; empty when tags are plain text.
        vocabulary: Words a line may use, or phrases of them; None allows every word.  A word in
            lower case may open with a capital; inner capitals are allowed as listed.
        forbidden: Characters that may not occur; a newline always ends a line.
        allows_emoji: Whether emoji may occur.
        banned: Words and phrases that may not occur, in any case, as whole words.
        figures: Numbers that may occur, each as it is written with its sign of currency or per
            cent: "24", "$14", "15%"; None allows every number.
        taken: Lines that may not be repeated.
        likeness: From which likeness on, 0 to 100, a line repeats another (see
            `creative.likeness`); 100 refuses equal lines only.
    """

    max_width: int | None = None
    counting: str = "chars"
    tags: str = ""
    vocabulary: frozenset[str] | None = None
    forbidden: str = ""
    allows_emoji: bool = True
    banned: tuple[str, ...] = ()
    figures: frozenset[str] | None = None
    taken: tuple[str, ...] = ()
    likeness: float = 100.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """Rows that are wanted together under one constraint.

    Attributes:
        id: Chosen by the caller, unique among the requests in flight.
        user: On whose behalf; the engine is shared fairly between users.
        temperature: Above 0; 0 takes the likeliest token.
        top_k: Likeliest tokens that a row chooses from; 0 for all of them.
        top_p: Nucleus mass in (0, 1].
        min_p: Least probability of a token as a share of the likeliest one's, in [0, 1].
        max_new_tokens: Bound per row.
        redraws: How often a row that got stuck, or repeats a line, is written anew.
        may_force: Whether a row that is written anew for the last time may take what the model
            finds unlikely, rather than get stuck.
        is_distinct: Whether no two rows may come out alike; rows are then handed out in order.
    """

    id: str
    rows: tuple[Row, ...]
    constraint: Constraint = field(default_factory=Constraint)
    user: str = ""
    temperature: float = 0.8
    top_k: int = 64
    top_p: float = 0.95
    min_p: float = 0.0
    max_new_tokens: int = 64
    redraws: int = 3
    may_force: bool = True
    is_distinct: bool = False


class Ending(StrEnum):
    """Why a row ended."""

    COMPLETE = "complete"  #: the model closed the line itself
    TOO_LONG = "too_long"  #: `max_new_tokens` was reached first
    STUCK = "stuck"  #: no way on that keeps the constraint, however often it was redrawn
    REPEATED = "repeated"  #: it is like another line, however often it was redrawn


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
class RequestQueued:
    """The request waits for its first row; `position` 1 is the next one to begin."""

    request_id: str
    position: int


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


Event = RequestQueued | RowFinished | RequestDone | RequestFailed


class EngineState(StrEnum):
    """Whether the engine can answer at once."""

    COLD = "cold"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class EngineStatus:
    """What runs where, and how well.

    Attributes:
        message: For people.
        method: How rows share a prompt: the rung of the ladder that the model takes.
        queued: Requests that wait for their first row.
        rows: Rows being written.
        tokens_per_s: Tokens written per second while rows were being written, lately.
        prompt_tokens: Prompt tokens asked for since the model was loaded.
        cached_tokens: Those of them that were remembered and not read again.
    """

    state: EngineState
    model: str
    device: str = ""
    dtype: str = ""
    message: str = ""
    method: str = ""
    queued: int = 0
    rows: int = 0
    tokens_per_s: float = 0.0
    prompt_tokens: int = 0
    cached_tokens: int = 0


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

    def close(self, drain_s: float = 0.0) -> None:
        """End the engine: no new requests; those in flight have so long to end, then they fail."""
