"""Lines that may not be repeated, exactly or nearly."""

from collections.abc import Sequence

from creative.likeness import in_order, is_like

_EQUAL = 100.0


class Lines:
    """The lines that are taken, ready to compare; knows nothing of how a new one comes about."""

    def __init__(self, taken: Sequence[str], likeness: float) -> None:
        """Take lines, and from which likeness on, 0 to 100, another one repeats them."""
        self._likeness = likeness
        self._ordered: list[str] = []
        self._equal: set[str] = set()
        for text in taken:
            self.add(text)

    def repeats(self, text: str) -> bool:
        """Tell whether a line is like one of them.

        >>> Lines(["Fresh bread daily"], 85).repeats("Daily fresh breads")
        True
        """
        ordered = in_order(text)
        if _plain(text) in self._equal:
            return True
        return self._likeness < _EQUAL and is_like(ordered, self._ordered, self._likeness)

    def add(self, text: str) -> None:
        """Take one more line."""
        self._ordered.append(in_order(text))
        self._equal.add(_plain(text))


def _plain(text: str) -> str:
    """Return a line as platforms compare two, which see neither case nor the width of spaces."""
    return " ".join(text.casefold().split())
