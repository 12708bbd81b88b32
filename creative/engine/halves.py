"""What half a character may become: tokens of single bytes write a character in several steps.

A tokenizer shows any half as U+FFFD; its bytes tell which characters it can still become, so that
none is begun that the line cannot hold.  Knows no model.
"""

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from itertools import product

_CONTINUATIONS = bytes(range(0x80, 0xC0))
_SAMPLED = (0x80, 0x8B, 0x95, 0x9F, 0xA0, 0xAC, 0xB7, 0xBF)  #: where more than one byte is missing
_MARKS = "–—‘’“”„…«»·¡¿、。，！？：；「」『』（）・ー％"  #: belong to no word, so always tried


def incomplete(text: bytes) -> bytes | None:
    r"""Return the bytes at the end of a text that make no whole character yet; None if broken.

    >>> incomplete("né".encode()[:2]), incomplete("né".encode()), incomplete(b"\xc3\xc3")
    (b'\xc3', b'', None)
    """
    decoder = getincrementaldecoder("utf-8")()
    try:
        decoder.decode(text)
    except UnicodeDecodeError:
        return None
    left, _ = decoder.getstate()
    return left


def _size(lead: int) -> int:
    """Return how many bytes a character has that begins with this one."""
    return 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4


class Halves:
    """The characters outside ASCII that the lines of a request may hold."""

    def __init__(self, vocabulary: frozenset[str] | None) -> None:
        """Take the words a line may use; None for any."""
        self._letters: list[tuple[bytes, str]] | None = None
        if vocabulary is not None:
            letters = {letter for word in vocabulary for letter in word if letter > "~"}
            both = {cased for letter in letters for cased in (letter, letter.upper())} | {*_MARKS}
            single = sorted(letter for letter in both if len(letter) == 1)
            self._letters = [(letter.encode(), letter) for letter in single]

    def may_become(self, half: bytes, is_allowed: Callable[[str], bool]) -> bool:
        """Tell whether a half can become a character that is allowed next."""
        return any(is_allowed(letter) for letter in self._candidates(half))

    def _candidates(self, half: bytes) -> Iterator[str]:
        if self._letters is not None:
            yield from (letter for spelt, letter in self._letters if spelt.startswith(half))
            return
        missing = _size(half[0]) - len(half)
        choices = _CONTINUATIONS if missing == 1 else _SAMPLED
        for rest in product(choices, repeat=missing):
            letter = (half + bytes(rest)).decode(errors="ignore")
            if len(letter) == 1:
                yield letter
