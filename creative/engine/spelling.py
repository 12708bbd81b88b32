"""What a row's tokens spell, and what they would spell with one more; knows no constraint.

Most tokens add the same characters wherever they stand, so what they add is remembered and a
candidate costs a dictionary look-up.  Tokens that follow half a character or a case mark are
looked up together with those.  A few tokenizers spell some rows otherwise, so a caller confirms
the one candidate it takes by `text`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property

from creative.engine.halves import incomplete
from creative.engine.hub import Tokenizer

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")  #: how sentencepiece names a byte
_SHOWN = (*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100))  #: bytes shown as they are
_HIDDEN = sorted({*range(0x100)} - {*_SHOWN})
_BYTES = {chr(b): b for b in _SHOWN} | {chr(0x100 + n): b for n, b in enumerate(_HIDDEN)}
_REMEMBERED = 20_000  #: beginnings, of a few hundred bytes each
_CONTROL = re.compile(r"<[^<>\s]*>|\[[A-Z_/]+\]|<\|.*\|>")


class Speller:
    """Token ids to text, by one tokenizer."""

    def __init__(self, tokenizer: Tokenizer, endings: frozenset[int]) -> None:
        """Take a tokenizer and the tokens that end an answer."""
        self.endings = endings
        self._tokenizer = tokenizer
        self._never = _control_ids(tokenizer) | endings
        self._size = len(tokenizer)
        self._context = [int(id) for id in tokenizer.encode("a", add_special_tokens=False)][-1:]
        self._context_text = self.text(self._context)
        self._single: dict[int, str | None] = {}
        self._several: dict[tuple[bool, tuple[int, ...]], str | None] = {}
        self._beginnings: dict[str, list[int]] = {}

    def is_text(self, token: int) -> bool:
        """Tell whether a token may stand in a line at all."""
        return token < self._size and token not in self._never

    def text(self, tokens: Sequence[int]) -> str:
        """Decode a whole row."""
        return self._tokenizer.decode(
            list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )

    def beginning(self, text: str) -> list[int]:
        """Return the tokens that may write the start of a text, or all of it."""
        if text not in self._beginnings:
            if len(self._beginnings) > _REMEMBERED:
                self._beginnings.clear()
            self._beginnings[text] = self._begun(text)
        return self._beginnings[text]

    def _begun(self, text: str) -> list[int]:
        starts = (text[:end] for end in range(1, len(text) + 1))
        spelt = [token for start in starts for token in self._by_text.get(start, ())]
        encoded = self._tokenizer.encode(text, add_special_tokens=False)[:1]
        return list(dict.fromkeys([*spelt, *map(int, encoded)]))

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

    def bytes_of(self, tokens: Sequence[int]) -> bytes | None:
        """Return the bytes of tokens, None where a tokenizer does not spell in bytes."""
        named = self._tokenizer.convert_ids_to_tokens(list(tokens))
        single = [_BYTE.fullmatch(name) for name in named]
        if all(single):
            return bytes(int(found.group(1), 16) for found in single if found)
        if self._is_byte_level and all(letter in _BYTES for name in named for letter in name):
            return bytes(_BYTES[letter] for name in named for letter in name)
        return None

    @cached_property
    def _is_byte_level(self) -> bool:
        """Whether pieces are written in the letters that GPT-2 gave to bytes."""
        (space,) = (letter for letter, byte in _BYTES.items() if byte == ord(" "))
        ids = self._tokenizer.encode(" a", add_special_tokens=False)
        return self._tokenizer.convert_ids_to_tokens(ids)[0].startswith(space)

    @cached_property
    def _by_text(self) -> Mapping[str, Sequence[int]]:
        """Every token by what it adds inside a line."""
        found: dict[str, list[int]] = defaultdict(list)
        for token in filter(self.is_text, range(self._size)):
            if added := self.added((token,), is_start=False):
                found[added].append(token)
        return found

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

    def copied(self) -> "Spelling":
        """Return this row as it is now, whatever is added later."""
        other = copy(self)
        other.tokens = list(self.tokens)
        return other

    def with_next(self, candidate: int) -> str:
        """Return what the row would most likely spell with one more token."""
        is_start = len(self._pending) == len(self.tokens)
        added = self._speller.added((*self._pending, candidate), is_start=is_start)
        return self.confirmed(candidate) if added is None else self._settled + added

    def confirmed(self, candidate: int) -> str:
        """Return what the row does spell with one more token."""
        return self._speller.text([*self.tokens, candidate])

    def half(self, candidate: int) -> bytes | None:
        """Return the bytes of the character that a candidate leaves unfinished.

        Empty where the tokenizer tells no bytes, None where they can become no character.
        """
        spelt = self._speller.bytes_of((*self._pending, candidate))
        return b"" if spelt is None else incomplete(spelt)

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
