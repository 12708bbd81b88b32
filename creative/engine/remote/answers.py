"""What a server answers: one line, put together from the pieces of a stream.

A stream is read as hostile input: pieces of another shape than the protocol's are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from creative.engine.tidying import tidy
from creative.errors import EngineUnavailable

_THOUGHT = re.compile(r"\A\s*<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_LONGEST = 8_000  #: characters after which a server that knows no end is cut off
CUT = "length"  #: what the protocol calls an answer that ran out of tokens
WITHHELD = "content_filter"  #: and one that the server does not hand out


class Interrupted(EngineUnavailable):
    """An answer broke off, came too slowly or cannot be read; asking again may help."""


class Unreadable(Interrupted):
    """A stream held an error or something strange; the answer in one piece may be better."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of one choice: some text, the log-probabilities of its tokens, why it ended."""

    choice: int
    text: str
    logprobs: tuple[float, ...]
    reason: str


def pieces_of(chunk: object) -> Iterator[Piece]:
    """Yield the pieces in a chunk; thoughts that a server keeps apart are left out.

    Args:
        chunk: What the client made of an event of a stream, or of an answer in one piece, neither
            of which it checks.
    Raises:
        TypeError: If the chunk does not follow the protocol.
    """
    choices = getattr(chunk, "choices", None)
    if not isinstance(choices, list):
        raise TypeError("a chunk without choices")
    for choice in choices:
        index = getattr(choice, "index", None)
        said = getattr(choice, "delta", None) or getattr(choice, "message", None)
        text = getattr(said, "content", None)
        if not isinstance(index, int) or not isinstance(text, str | None):
            raise TypeError("a choice without a number or text")
        reason = str(getattr(choice, "finish_reason", None) or "")
        yield Piece(choice=index, text=text or "", logprobs=_logprobs(choice), reason=reason)


def _logprobs(choice: Any) -> tuple[float, ...]:
    told = getattr(getattr(choice, "logprobs", None), "content", None)
    found = [getattr(token, "logprob", None) for token in told or ()]
    return tuple(float(each) for each in found if isinstance(each, int | float))


@dataclass(kw_only=True, slots=True)
class Answer:
    """One line as far as it is known.

    Attributes:
        raw: All text, with thoughts and what follows the line.
        logprob: In nats, summed over the line's tokens; 0 when the server tells none.
        tokens: Tokens of the line, or pieces when the server tells no tokens.
        reason: Why the server ended it; empty while it has not.
    """

    raw: str = ""
    logprob: float = 0.0
    tokens: int = 0
    reason: str = ""

    def take(self, piece: Piece) -> None:
        """Take the next piece; what follows the line's end is dropped."""
        if self.is_over:
            return
        self.raw += piece.text
        self.reason = piece.reason or (CUT if len(self.raw) > _LONGEST else "")
        if not self._first_line()[0]:  # thoughts and blank lines are no part of the line
            self.logprob, self.tokens = 0.0, 0
        elif piece.text or piece.logprobs:
            self.logprob += sum(piece.logprobs)
            self.tokens += len(piece.logprobs) or 1

    @property
    def is_over(self) -> bool:
        """Whether the line has ended, though the server may go on."""
        return bool(self.reason) or self.is_closed

    @property
    def is_closed(self) -> bool:
        """Whether a newline ended the line."""
        return bool(self._first_line()[1])

    @property
    def line(self) -> str:
        """The line, tidy."""
        return tidy(self._first_line()[0])

    def _first_line(self) -> tuple[str, str]:
        """Return the first line that says something, and the newline after it."""
        said = _THOUGHT.sub("", self.raw, count=1).lstrip()
        line, newline, _ = said.partition("\n")
        return line.rstrip("\r"), newline
