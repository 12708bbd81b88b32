"""What counts as a word, and which words a line may use; knows no tokens and no model.

A word is a run of letters, digits and combining marks.  `-`, `–`, `&`, `/` and `+` between two
runs join them into a compound, which is known when it is listed itself or when all its parts are
("24-hour", "AT&T").  An apostrophe, a full stop, an at sign, and a comma or colon between digits
join them into one word that has to be listed itself: "don't", "fenn.com", "19.99" are no sum of
their parts.  Anything else, such as the "&" of "Fenn & Fig", is punctuation and free.
"""

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

SOFT_JOINTS = "-‐‑–&/+"  #: join words that may also stand alone
HARD_JOINTS = "'’.@"  #: join letters into a new word


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of a word, and of a last word that may still grow."""
    letter = rf"(?:[^\W_]|[{_combining_marks()}])"
    joint = rf"(?:[{re.escape(SOFT_JOINTS + HARD_JOINTS)}]|(?<=\d)[,:](?=\d))"
    word = rf"{letter}+(?:{joint}{letter}+)*"
    growing = rf"{word}(?:[{re.escape(SOFT_JOINTS + HARD_JOINTS)}]|(?<=\d)[,:])?\Z"
    return re.compile(word), re.compile(growing)


def _combining_marks() -> str:
    """Return the ranges of a character class that holds every combining mark."""
    points = [p for p in range(0x300, 0x1F000) if unicodedata.category(chr(p))[0] == "M"]
    runs = groupby(enumerate(points), key=lambda pair: pair[1] - pair[0])
    ends = [[point for _, point in run] for _, run in runs]
    return "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in ends)


def words_of(text: str) -> list[str]:
    """Return the words of a text as a vocabulary should list them.

    >>> words_of("Fenn & Fig's 24-hour offer: $19.99 at fenn.com.")
    ['fenn', "fig's", '24-hour', 'offer', '19.99', 'at', 'fenn.com']
    """
    return [_folded(found.group()) for found in _patterns()[0].finditer(text)]


def growing_word(text: str) -> int:
    """Return where the last word starts that more text could still change.

    >>> growing_word("Shop the 24-"), growing_word("Shop now!")
    (9, 9)
    """
    found = _patterns()[1].search(text)
    return found.start() if found else len(text)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFC", word).lower().replace("’", "'")


class Lexicon:
    """The words a line may use, with every beginning of them."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Take words or phrases; phrases are split by `words_of`."""
        self._words = {sys.intern(word) for entry in entries for word in words_of(entry)}
        self._beginnings = {word[:end] for word in self._words for end in range(1, len(word) + 1)}

        self._before_foreign = {
            word[:at] for word in self._words for at, letter in enumerate(word) if letter > "~"
        }

    def knows(self, word: str) -> bool:
        """Tell whether a folded word, or each part of a compound, is listed."""
        return word in self._words or all(part in self._words for part in _parts(word))

    def may_become_known(self, word: str) -> bool:
        """Tell whether a folded word could grow into a known one."""
        if word in self._beginnings or (_is_joint(word[-1]) and self.knows(word[:-1])):
            return True
        *done, last = _parts(word)
        return last in self._beginnings and all(part in self._words for part in done)

    def allows(self, text: str) -> bool:
        """Tell whether every finished word is known and the last one may become so.

        >>> Lexicon(["fresh", "coffee"]).allows("Fresh cof")
        True
        """
        start = growing_word(text)
        return self.allows_whole(text[:start]) and (
            start == len(text) or self.may_become_known(_folded(text[start:]))
        )

    def allows_foreign(self, text: str) -> bool:
        """Tell whether a text may go on with a character outside ASCII, not known yet.

        >>> Lexicon(["fresh", "café"]).allows_foreign("fresh caf")
        True
        >>> Lexicon(["fresh", "café"]).allows_foreign("fre")
        False
        """
        word = _folded(text[growing_word(text) :])
        return not word or word in self._before_foreign or self.allows_whole(word)

    def allows_whole(self, text: str) -> bool:
        """Tell whether every word is known, the last one too.

        >>> Lexicon(["fresh", "coffee"]).allows_whole("Fresh cof")
        False
        """
        return all(self.knows(word) for word in words_of(text))


_AT_SOFT_JOINTS = re.compile(f"[{re.escape(SOFT_JOINTS)}]")


def _parts(word: str) -> list[str]:
    return _AT_SOFT_JOINTS.split(word)


def _is_joint(character: str) -> bool:
    return character in SOFT_JOINTS + HARD_JOINTS + ",:"
