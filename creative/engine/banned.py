"""Words and phrases that a line may not hold, in any case, as whole words.

What a tokenizer writes may end in the middle of a word, so a word that has only begun is no find:
a caller asks again once it has ended.
"""

import unicodedata
from collections.abc import Iterable, Sequence

from creative.phrases import any_of, with_plain_apostrophes, words_of

_APART = "\x00"  #: joins words so that no phrase reaches from one to the next


class Banned:
    """The words and phrases that are banned; hyphens and spaces stand for each other.

    Attributes:
        most_words: The words of the longest phrase.
    """

    def __init__(self, phrases: Sequence[str]) -> None:
        plain = tuple(unicodedata.normalize("NFC", phrase) for phrase in phrases)
        self._pattern = any_of(plain, is_loose=True)
        self.most_words = max((len(words_of(phrase)) for phrase in plain), default=0)

    def occurs(self, text: str) -> bool:
        """Tell whether a text holds any of them, its last word being whole.

        >>> Banned(["act now"]).occurs("Act-NOW!"), Banned(["act now"]).occurs("Act nowhere")
        (True, False)
        """
        if self._pattern is None:
            return False
        if not text.isascii():
            text = with_plain_apostrophes(unicodedata.normalize("NFC", text))
        return self._pattern.search(text) is not None

    def without(self, words: Iterable[str]) -> set[str]:
        """Return the words that hold none of them."""
        if self._pattern is None:
            return set(words)
        text = _APART.join(words)
        if not text:
            return set()
        spoilt = (self._word_at(text, found.start()) for found in self._pattern.finditer(text))
        return set(text.split(_APART)) - set(spoilt)

    @staticmethod
    def _word_at(text: str, at: int) -> str:
        end = text.find(_APART, at)
        return text[text.rfind(_APART, 0, at) + 1 : len(text) if end < 0 else end]
