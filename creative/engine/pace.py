"""How fast tokens are written: steps taken lately, pauses between them left out."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

_STEPS = 64  #: steps that count as lately


class Pace:
    """Tokens per second over the latest steps."""

    def __init__(self) -> None:
        self._steps: deque[tuple[int, float]] = deque(maxlen=_STEPS)

    @contextmanager
    def of(self, tokens: int) -> Iterator[None]:
        """Time a step that writes so many tokens."""
        start = time.perf_counter()
        yield
        self._steps.append((tokens, time.perf_counter() - start))

    @property
    def per_second(self) -> float:
        """0 before the first step."""
        steps = list(self._steps)
        seconds = sum(taken for _, taken in steps)
        return sum(tokens for tokens, _ in steps) / seconds if seconds else 0.0
