"""Whether a text fits the length of a line; knows no words.

What counts is the line as a reader sees it, without outer spaces, bullets or quotes, in a unit of
`creative.counting`.  That costs more than a look at most texts needs, so a bound comes first.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from creative.counting import UNITS, width
from creative.engine.tidying import tidy

_MAY_COUNT_TWO = re.compile("[©®\u1100-\U0010ffff]")
_ONE_PART = 35  #: characters that fit one message part whatever they are


class Room:
    """The length that a line may have."""

    def __init__(self, most: int | None, unit: str) -> None:
        """Take the largest width, None for any, and the id of a unit."""
        self._most = most
        self._unit = unit
        self._bound = _BOUNDS.get(unit, _doubled)

    def holds(self, text: str, *, is_tidied: bool = True) -> bool:
        """Tell whether a line of this text fits.

        Args:
            is_tidied: Whether what is put around lines will be taken off it.
        """
        if self._most is None:
            return True
        bound = self._bound(text)
        if bound is not None and bound <= self._most:
            return True
        return width(tidy(text) if is_tidied else text, self._unit) <= self._most

    def of(self, text: str) -> int:
        """Return how wide a text is, for comparing words only."""
        return width(text, self._unit)


def _doubled(text: str) -> int | None:
    """Return an upper bound where a character counts 2 at most; composing may make more of one."""
    if text.isascii():
        return len(text)
    if not unicodedata.is_normalized("NFC", text):
        return None
    return len(text) + len(_MAY_COUNT_TWO.findall(text))


def _linked(text: str) -> int | None:
    """Return an upper bound where a web address, which has a full stop, counts 23."""
    return None if "." in text else _doubled(text)


def _in_parts(text: str) -> int | None:
    return 1 if len(text) <= _ONE_PART else None


def _in_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


#: An upper bound of the width of a text by unit; None where there is no quick one.
_BOUNDS: Mapping[str, Callable[[str], int | None]] = {
    "chars": len,
    "twitter_weighted": _linked,
    "sms_segments": _in_parts,
    "utf8_bytes": _in_bytes,
}

assert set(_BOUNDS) <= set(UNITS)
