"""Which characters a line may hold, and what a tokenizer shows for half a character.

Half a character is U+FFFD or a private-use mark at the end of a text.  Knows no words.
"""

import re

from creative.counting import emoji_in

CAPITAL_AFTER_SPACE = "\ue000"  #: what the starter's tokenizer writes before " Word"
CAPITAL_INSIDE = "\ue001"  #: and before a capital without a space

_PENDING = re.compile("(?:\ufffd+|[\ue000-\uf8ff])\\Z")
_FIRST_PENDING = "\ue000"  #: no half character sorts before it
_NEVER = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters, apart from the newline
    "\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # unseen
    "\ufffd\ue000-\uf8ff\ud800-\udfff]"  # broken
    r"|(?<=\S)\s\s"  # crowded
)
_HALF_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")  # a flag is two of these, one shows as a letter
_THINKING = re.compile(r"\s*<think", re.IGNORECASE)
_LOOK_BACK = 3  #: characters before a piece that may make an emoji with it, or a run of spaces


def pending_in(text: str) -> str:
    """Return the half character that a text ends in; empty when there is none."""
    if text[-1:] < _FIRST_PENDING:
        return ""
    found = _PENDING.search(text)
    return found.group() if found else ""


class Characters:
    """What single characters a line may hold."""

    def __init__(self, forbidden: str, *, allows_emoji: bool) -> None:
        self._forbidden = frozenset(forbidden) - {"\n"}
        self._allows_emoji = allows_emoji

    def allow(self, text: str, known: int = 0) -> bool:
        """Tell whether a text holds nothing that it may not.

        Args:
            known: How much of its beginning was found good before.
        """
        if _NEVER.search(text, max(0, known - _LOOK_BACK)):
            return False
        if self._forbidden and not self._forbidden.isdisjoint(text[known:]):
            return False
        if "<" in text and _THINKING.match(text):
            return False
        return self._allows_emoji or not _has_emoji(text, known)

    def spell(self, word: str) -> bool:
        """Tell whether a word holds no forbidden character."""
        return self._forbidden.isdisjoint(word)


def _has_emoji(text: str, known: int) -> bool:
    if text.isascii() or text[known:].isascii():
        return False  # an emoji begins outside ASCII or, as a keycap, ends there
    fresh = text[max(0, known - _LOOK_BACK) :]
    return bool(_HALF_FLAG.search(fresh) or emoji_in(fresh))
