"""What models like to put around a line, taken off; knows no ads and no model."""

import re

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL | re.IGNORECASE)
_BULLET = re.compile(r"\A(?:[-–—*•·]\s+|\(?\d{1,2}[.)]\s+(?=\S))")
_QUOTES = (('"', '"'), ("“", "”"), ("„", "“"), ("«", "»"), ("「", "」"), ("'", "'"), ("‘", "’"))


def tidy(text: str) -> str:
    """Return a line without thoughts, outer spaces, a bullet or number, and wrapping quotes.

    >>> tidy('<think></think> 1. "Fresh coffee, daily" ')
    'Fresh coffee, daily'
    >>> tidy('"Fresh" and "daily"')
    '"Fresh" and "daily"'
    """
    line = _BULLET.sub("", _THOUGHT.sub("", text).strip(), count=1).strip()
    for opening, closing in _QUOTES:
        inner = line[1:-1]
        wrapped = len(line) > 1 and line[0] == opening and line[-1] == closing
        if wrapped and opening not in inner and closing not in inner:
            return inner.strip()
    return line
