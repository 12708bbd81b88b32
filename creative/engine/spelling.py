"""What a row's tokens spell, and what they would spell with one more; knows no constraint.

Most tokens add the same characters wherever they stand, so their surface is remembered and a
candidate costs a dictionary look-up.  The first token of a row, and whatever follows half a
character or a case mark, is decoded in full.  A caller confirms the one candidate it takes.
"""

import re
from collections.abc import Sequence

from creative.engine.hub import Tokenizer

_PARTIAL = re.compile("[\ufffd\ue000-\uf8ff]")
_CONTROL = re.compile(r"<[^<>\s]*>|\[[A-Z_/]+\]|<\|.*\|>")


class Speller:
    """Token ids to text, by one tokenizer."""

    def __init__(self, tokenizer: Tokenizer, endings: frozenset[int]) -> None:
        """Take a tokenizer and the tokens that end an answer."""
        self.endings = endings
        self._decode = tokenizer.decode
        self._never = _control_ids(tokenizer) - endings
        self._known = len(tokenizer)
        self._anchor = self._find_anchor(tokenizer)
        self._surfaces: dict[int, str | None] = {}
        self._first: dict[int, str] = {}

    def is_text(self, token: int) -> bool:
        """Tell whether a token may stand in a line at all."""
        return token < self._known and token not in self._never

    def text(self, tokens: Sequence[int]) -> str:
        """Decode a whole row."""
        return str(
            self._decode(list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False)
        )

    def with_next(self, tokens: Sequence[int], text: str, candidate: int) -> str:
        """Return the text of a row with one more token.

        Args:
            tokens: The row so far.
            text: What they spell, from `text`.
            candidate: The token to try; `is_text` holds for it.
        """
        if not tokens:
            if (first := self._first.get(candidate)) is None:
                first = self._first[candidate] = self.text([candidate])
            return first
        surface = self._surface(candidate)
        if surface is None or _PARTIAL.match(text[-1:]):
            return self.text([*tokens, candidate])
        return text + surface

    def _surface(self, token: int) -> str | None:
        """Return what a token adds to any text, or None when that depends on the text."""
        try:
            return self._surfaces[token]
        except KeyError:
            pass
        before = self.text(self._anchor)
        after = self.text([*self._anchor, token])
        surface = after[len(before) :] if after.startswith(before) else None
        if surface is not None and (surface == "" or _PARTIAL.search(surface)):
            surface = None
        self._surfaces[token] = surface
        return surface

    def _find_anchor(self, tokenizer: Tokenizer) -> list[int]:
        """Return tokens of a plain word, as the context that surfaces are measured in."""
        return [int(token) for token in tokenizer.encode("a", add_special_tokens=False)][-1:]


def _control_ids(tokenizer: Tokenizer) -> frozenset[int]:
    """Return ids that steer a model and are no text: special tokens, and tags such as <think>."""
    added = {
        int(id)
        for id, token in tokenizer.added_tokens_decoder.items()
        if token.special or _CONTROL.fullmatch(token.content)
    }
    return frozenset(added | {int(id) for id in tokenizer.all_special_ids})
