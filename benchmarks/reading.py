"""A prompt read by the engine's own reader, at once and without being remembered."""

from typing import cast

from creative.engine.beginnings import Beginning, Prompt, Rung
from creative.engine.reading import Reader


def read_once(rung: Rung, prompt: Prompt) -> Beginning:
    """Return a prompt, read the way a rung of the ladder wants it."""
    pieces = Reader(rung, max_bytes=0).read([prompt], lambda: len(prompt))
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return cast(dict[Prompt, Beginning], end.value)[prompt]
