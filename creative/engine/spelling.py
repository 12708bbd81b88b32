"""What a row's tokens spell, and what they would spell with one more; knows no constraint.

Most tokens add the same characters wherever they stand, so what they add is remembered and a
candidate costs a dictionary look-up.  Tokens that follow half a character or a case mark are
looked up together with those.  A few tokenizers spell some rows otherwise, so a caller confirms
the one candidate it takes by `text`.
"""

import re
from collections.abc import Sequence

from creative.engine.hub import Tokenizer

_CONTROL = re.compile(r"<[^<>\s]*>|\[[A-Z_/]+\]|<\|.*\|>")


class Speller:
    """Token ids to text, by one tokenizer."""

    def __init__(self, tokenizer: Tokenizer, endings: frozenset[int]) -> None:
        """Take a tokenizer and the tokens that end an answer."""
        self.endings = endings
        self._decode = tokenizer.decode
        self._never = _control_ids(tokenizer) | endings
        self._size = len(tokenizer)
        self._context = [int(id) for id in tokenizer.encode("a", add_special_tokens=False)][-1:]
        self._context_text = self.text(self._context)
        self._single: dict[int, str | None] = {}
        self._several: dict[tuple[bool, tuple[int, ...]], str | None] = {}

    def is_text(self, token: int) -> bool:
        """Tell whether a token may stand in a line at all."""
        return token < self._size and token not in self._never

    def text(self, tokens: Sequence[int]) -> str:
        """Decode a whole row."""
        return self._decode(
            list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )

    def added(self, tokens: tuple[int, ...], *, is_start: bool) -> str | None:
        """Return what tokens add to a text, or None when that depends on the text.

        Args:
            tokens: The pending ones and a candidate.
            is_start: Whether they open the row.
        """
        if len(tokens) == 1 and not is_start:
            token = tokens[0]
            if token not in self._single:
                self._single[token] = self._measured(tokens, self._context, self._context_text)
            return self._single[token]
        key = (is_start, tokens)
        if key not in self._several:
            context = ([], "") if is_start else (self._context, self._context_text)
            self._several[key] = self._measured(tokens, *context)
        return self._several[key]

    def _measured(self, tokens: tuple[int, ...], context: list[int], text: str) -> str | None:
        longer = self.text([*context, *tokens])
        return longer[len(text) :] if longer.startswith(text) else None


class Spelling:
    """The tokens of one row as text, with a cheap look at what a candidate would make of it."""

    def __init__(self, speller: Speller) -> None:
        self.tokens: list[int] = []
        self._speller = speller
        self._settled = ""
        self._pending: tuple[int, ...] = ()

    def with_next(self, candidate: int) -> str:
        """Return what the row would most likely spell with one more token."""
        is_start = len(self._pending) == len(self.tokens)
        added = self._speller.added((*self._pending, candidate), is_start=is_start)
        return self.confirmed(candidate) if added is None else self._settled + added

    def confirmed(self, candidate: int) -> str:
        """Return what the row does spell with one more token."""
        return self._speller.text([*self.tokens, candidate])

    def take(self, token: int, text: str, *, is_pending: bool) -> None:
        """Add a token, with the confirmed text and whether it ends inside a character."""
        self.tokens.append(token)
        if is_pending:
            self._pending = (*self._pending, token)
        else:
            self._settled, self._pending = text, ()


def _control_ids(tokenizer: Tokenizer) -> frozenset[int]:
    """Return ids that steer a model and are no text: special tokens, and tags such as <think>."""
    added = {
        int(id)
        for id, token in tokenizer.added_tokens_decoder.items()
        if token.special or _CONTROL.fullmatch(token.content)
    }
    return frozenset(added | {int(id) for id in tokenizer.all_special_ids})
