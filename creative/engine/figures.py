"""Figures in a text, and which of them a line may hold; knows no briefs.

A figure is a number as it is written, with its sign of currency or per cent: "24", "$14", "15 %",
"1,000", "24/7".  Letters glued to it are no part of it: "24h" holds "24".  Numbers in words are no
figures.  Digits of every script count, full-width ones above all.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator

_SIGNS = "$£€¥￥₹₩₽₺₴₫฿₪¢"
_SIGNS_AFTER = _SIGNS + "%‰円元원"
_HALVES = "½¼¾⅓⅔"
_SPACE = "[ \u00a0\u202f]"
_NUMBER = (
    rf"(?:[0-9]{{1,3}}(?:[ \u00a0\u202f'][0-9]{{3}})+(?![0-9])(?:[.,][0-9]+)?"
    rf"|[0-9]+(?:[.,:/][0-9]+)*)[{_HALVES}]?|[{_HALVES}]"
)
_RUN = re.compile(rf"(?:[{_SIGNS}]{_SPACE}?)?(?:{_NUMBER})(?:{_SPACE}?[{_SIGNS_AFTER}])?")
_BEGUN_SIGN = re.compile(rf"[{_SIGNS}]{_SPACE}?\Z")
_LONE_SIGN = re.compile(rf"[{_SIGNS}]")
_GROWING = re.compile(rf"[{_SIGNS}]?{_SPACE}?[0-9{_HALVES}.,:/' \u00a0\u202f]+")
_ANY = re.compile(rf"[\d{_SIGNS}{_HALVES}]")
_FULLWIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0xFFE5: "¥", 0xFFE1: "£", 0xFFE0: "¢", 0xFFE6: "₩", ord("’"): "'", ord("٪"): "%",
}  # fmt: skip
_LONGEST = 24  #: characters that a figure may have
_MOST_RESTS = 4  #: ways in which a figure that has begun is completed, the shortest first


def figures_in(text: str) -> list[str]:
    """Return the figures of a text in their one spelling.

    >>> figures_in("24-hour beans from $ 14, 15% off, 1,000 cups")
    ['24', '$14', '15%', '1,000']
    """
    return [_spelt(found.group()) for found in _RUN.finditer(_plain(text))]


class Figures:
    """The figures that a line may hold."""

    def __init__(self, figures: Iterable[str]) -> None:
        """Take figures as they are written; "15%" allows "15 %", and "$14" allows "14 $"."""
        known = {spelt for figure in figures for spelt in figures_in(figure)}
        self._known = sorted({way for figure in known for way in _ways_to_write(figure)})
        self._set = frozenset(self._known)

    def allow(self, text: str) -> bool:
        """Tell whether every figure of a text may occur, the last one being whole.

        >>> Figures(["15%"]).allow("15 % off"), Figures(["15%"]).allow("15 off")
        (True, False)
        """
        if not _ANY.search(text):
            return True
        plain = _plain(text)
        runs = list(_RUN.finditer(plain))
        covered = sum(len(_LONE_SIGN.findall(run.group())) for run in runs)
        return len(_LONE_SIGN.findall(plain)) == covered and all(
            run.group() in self._set for run in runs
        )

    def rests(self, text: str) -> list[str]:
        r"""Return what makes the figure that a text ends in one that may occur, shortest first.

        >>> Figures(["15%", "150"]).rests("save 15")
        ['%', '0', ' %', '\xa0%']
        """
        if not _ANY.search(text[-_LONGEST:]):
            return []
        begun = self._begun(_plain(text[-_LONGEST:]))
        rests = {known[len(start) :] for start in begun for known in self._starting(start)}
        return sorted(rests - {""}, key=lambda rest: (len(rest), rest))[:_MOST_RESTS]

    def _begun(self, text: str) -> Iterator[str]:
        """Yield what may grow at the end of a text."""
        starts = [found.start() for found in _RUN.finditer(text)]
        # The last two, as the last may be part of a group: "1 0" on the way to "1 000".
        yield from (text[at:] for at in starts[-2:] if _GROWING.fullmatch(text, at))
        if sign := _BEGUN_SIGN.search(text):
            yield sign.group()

    def _starting(self, begun: str) -> Iterator[str]:
        for at in range(bisect_left(self._known, begun), len(self._known)):
            if not self._known[at].startswith(begun):
                return
            yield self._known[at]


def _plain(text: str) -> str:
    """Return a text of the same length with ASCII digits and one form of each sign."""
    if text.isascii():
        return text
    text = text.translate(_FULLWIDTH)
    return "".join(_digit(char) if char > "~" and char.isdecimal() else char for char in text)


def _digit(char: str) -> str:
    return str(unicodedata.decimal(char))


def _spelt(figure: str) -> str:
    """Return a figure without the space beside its sign."""
    number = re.search(_NUMBER, figure)
    assert number is not None, figure
    return figure[: number.start()].strip() + number.group() + figure[number.end() :].strip()


def _ways_to_write(figure: str) -> Iterator[str]:
    """Yield a figure with its sign before it, after it, and with a space between."""
    number = re.search(_NUMBER, figure)
    assert number is not None, figure
    before, after = figure[: number.start()], figure[number.end() :]
    if before and after:
        spaces = ("", " ", "\u00a0")
        yield from (
            f"{before}{one}{number.group()}{two}{after}" for one in spaces for two in spaces
        )
        return
    sign = before or after
    if not sign:
        yield number.group()
        return
    for space in ("", " ", "\u00a0", "\u202f"):
        yield f"{number.group()}{space}{sign}"
        if sign in _SIGNS:
            yield f"{sign}{space}{number.group()}"
